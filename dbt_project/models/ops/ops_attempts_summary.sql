{{ config(alias='attempts_summary') }}

select
    source_id,
    outcome,
    count(*) as attempt_count,
    count(distinct coalesce(source_url, source_file)) as page_count,
    min(attempted_at) as first_attempted_at,
    max(attempted_at) as last_attempted_at,
    {{ data_origin() }} as data_origin
from {{ ref('stg_raw__attempts') }}
group by source_id, outcome
