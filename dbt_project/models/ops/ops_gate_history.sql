{{ config(alias='gate_history') }}

select
    run_id,
    build_id,
    suite,
    check_id,
    description,
    severity,
    success,
    observed,
    unexpected_count,
    checked_at,
    {{ data_origin() }} as data_origin
from {{ ref('stg_ops__gate_results') }}
