{{ config(alias='runs') }}

select
    run_id,
    flow,
    deployment,
    prefect_flow_run_id,
    source,
    started_at,
    ended_at,
    outcome,
    pages_seen,
    pages_fetched,
    pages_landed,
    reports_read,
    pages_set_aside,
    metric_values,
    checks_failed,
    build_id,
    reader_version,
    message,
    {{ data_origin() }} as data_origin
from {{ ref('stg_ops__runs') }}
