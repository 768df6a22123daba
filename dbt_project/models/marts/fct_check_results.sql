select
    results.report_id,
    results.other_report_id,
    results.check_id,
    results.instance,
    results.check_status,
    failures.failure_class,
    coalesce(failures.reason_code, results.reason_code) as reason_code,
    case
        when failures.reason is not null then failures.reason
        when results.reason_code = 'no_values' then 'None of the numbers has a value'
        when results.reason_code = 'missing_terms' then concat(results.missing_term_count, ' of the numbers have no value')
        when results.reason_code = 'missing_reports' then 'Not every part of the area has a report with the number'
        when results.reason_code = 'mixed_basis' then 'Some numbers stand in words and some in a table'
        when results.reason_code = 'inexact_values' then 'A number is printed as about or at least'
        when results.reason_code = 'other_definition' then 'The forms of the two years define the number differently'
        when results.reason_code = 'nothing_to_share' then 'The whole is zero, so it has no shares'
    end as reason,
    results.basis,
    results.reported_value,
    results.recomputed_value,
    results.recomputed_value - results.reported_value as difference,
    results.missing_term_count,
    {{ data_origin() }} as data_origin
from {{ ref('int_check_results') }} as results
left join {{ ref('int_check_failures') }} as failures
    on
        results.report_id = failures.report_id
        and results.check_id = failures.check_id
        and results.instance = failures.instance
        and results.other_report_id is not distinct from failures.other_report_id
