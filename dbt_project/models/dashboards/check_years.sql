-- Results of checks by year, status and class of failure.
select
    reports.report_year,
    results.check_id,
    checks.check_no,
    checks.description as description_en,
    checks.description_zh,
    checks.between_reports,
    results.check_status,
    results.failure_class,
    results.reason_code,
    count(*) as result_count,
    count(distinct results.report_id) as report_count,
    any_value(results.data_origin) as data_origin
from {{ ref('fct_check_results') }} as results
inner join {{ ref('dim_checks') }} as checks
    on results.check_id = checks.check_id
inner join {{ ref('fct_reports') }} as reports
    on results.report_id = reports.report_id
group by
    reports.report_year,
    results.check_id,
    checks.check_no,
    checks.description,
    checks.description_zh,
    checks.between_reports,
    results.check_status,
    results.failure_class,
    results.reason_code
