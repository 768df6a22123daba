-- Every failed check with its report, for reading them one by one.
select
    results.report_id,
    reports.jurisdiction_name,
    reports.agency_name,
    reports.report_year,
    results.check_id,
    checks.description as description_en,
    checks.description_zh,
    results.instance,
    metrics.label_zh as instance_zh,
    metrics.label_en as instance_en,
    results.failure_class,
    results.reason_code,
    results.reason,
    results.reported_value,
    results.recomputed_value,
    results.difference,
    results.data_origin
from {{ ref('fct_check_results') }} as results
inner join {{ ref('dim_checks') }} as checks
    on results.check_id = checks.check_id
inner join {{ ref('fct_reports') }} as reports
    on results.report_id = reports.report_id
left join {{ ref('dim_metrics') }} as metrics
    on results.instance = metrics.metric_id
where results.check_status = 'fail'
