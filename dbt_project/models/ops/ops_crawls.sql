{{ config(alias='crawls') }}

select
    crawl_id,
    run_id,
    source_id,
    started_at,
    ended_at,
    ended_at is not null as is_whole,
    reports_found,
    previous_found,
    expected_minimum,
    {{ data_origin() }} as data_origin
from {{ ref('stg_ops__crawls') }}
