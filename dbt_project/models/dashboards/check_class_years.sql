-- Results of checks by year: passed, not assessable, or the class of the failure.
select
    reports.report_year,
    coalesce(results.failure_class, results.check_status) as result,
    count(*) as result_count,
    any_value(results.data_origin) as data_origin
from {{ ref('fct_check_results') }} as results
inner join {{ ref('fct_reports') }} as reports
    on results.report_id = reports.report_id
group by
    reports.report_year,
    coalesce(results.failure_class, results.check_status)
