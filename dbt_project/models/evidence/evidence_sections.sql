{{ config(
    alias='sections',
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('document_id', 'int_read_stamps', 'document') }}"
) }}

select
    sections.document_id,
    documents.page_sha256,
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
inner join {{ ref('int_documents') }} as documents
    on sections.document_id = documents.document_id
{{ if_changed('where', 'sections.document_id', 'int_read_stamps', 'document') }}
