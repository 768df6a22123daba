-- Every check of a report with its words.
select
    results.report_id,
    results.other_report_id,
    results.check_id,
    checks.check_no,
    checks.between_reports,
    checks.description as description_en,
    checks.description_zh,
    results.instance,
    metrics.label_zh as instance_zh,
    metrics.label_en as instance_en,
    results.check_status,
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
left join {{ ref('dim_metrics') }} as metrics
    on results.instance = metrics.metric_id
