-- Runs up to the one that made this build, with what the gate said.
select
    run_id,
    source,
    started_at,
    ended_at,
    outcome,
    pages_seen,
    pages_landed,
    reports_read,
    pages_set_aside,
    metric_values,
    checks_failed,
    build_id,
    message,
    data_origin
from {{ ref('ops_runs') }}
