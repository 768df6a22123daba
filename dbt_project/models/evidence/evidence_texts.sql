{{ config(
    alias='texts',
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('page_sha256', 'int_read_stamps', 'page') }}"
) }}

with pages as (
    {{ keys_to_make('int_read_stamps', 'page') }}
)

select
    texts.page_sha256,
    texts.media_type,
    texts.encoding,
    texts.script,
    texts.text,
    texts.text_normalised,
    texts.normal_runs,
    texts.meta,
    {{ data_origin() }} as data_origin
from {{ ref('stg_raw__texts') }} as texts
inner join pages
    on texts.page_sha256 = pages.stamp_key
