select
    report_id,
    check_id,
    instance,
    check_status,
    reason,
    basis,
    reported_value,
    recomputed_value,
    recomputed_value - reported_value as difference,
    missing_term_count,
    {{ data_origin() }} as data_origin
from {{ ref('int_check_results') }}
