{{ config(
    alias='sections',
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('document_id', 'int_read_stamps', 'document') }}"
) }}

with documents as (
    {{ keys_to_make('int_read_stamps', 'document') }}
)

select
    sections.document_id,
    landed.page_sha256,
    sections.section_no,
    sections.level,
    sections.label,
    sections.heading,
    sections.section_kind,
    sections.section_start,
    sections.section_end,
    sections.body_start,
    {{ data_origin() }} as data_origin
from {{ ref('stg_raw__sections') }} as sections
inner join documents
    on sections.document_id = documents.stamp_key
inner join {{ ref('stg_raw__documents') }} as landed
    on sections.document_id = landed.document_id
