-- Fields without a value by year, form, metric and reason.
select
    reports.report_year,
    missing.form_id,
    missing.metric_id,
    metrics.label_zh,
    metrics.label_en,
    missing.why,
    count(*) as field_count,
    count(distinct missing.report_id) as report_count,
    any_value(missing.data_origin) as data_origin
from {{ ref('fct_missing') }} as missing
inner join {{ ref('fct_reports') }} as reports
    on missing.report_id = reports.report_id
left join {{ ref('dim_metrics') }} as metrics
    on missing.metric_id = metrics.metric_id
group by
    reports.report_year,
    missing.form_id,
    missing.metric_id,
    metrics.label_zh,
    metrics.label_en,
    missing.why
