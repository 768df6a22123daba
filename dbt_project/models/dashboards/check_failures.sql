-- Every failed check with its report, for reading them one by one.
with reports as (
    select
        *,
        coalesce(report_year, 9999) as span_year
    from {{ ref('fct_reports') }}
),

spans as (
    select
        *,
        coalesce(valid_from, 0) as since
    from {{ ref('dim_jurisdictions') }}
),

-- both names of the place are those of the year
named as (
    select
        reports.report_id,
        reports.report_year,
        reports.agency_name,
        reports.jurisdiction_name as name_zh,
        spans.jurisdiction_name_en as name_en
    from reports
    asof left join spans
        on
            reports.jurisdiction_id = spans.jurisdiction_id
            and reports.span_year >= spans.since
)

select
    results.report_id,
    named.name_zh,
    named.name_en,
    named.agency_name,
    named.report_year,
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
inner join named
    on results.report_id = named.report_id
left join {{ ref('dim_metrics') }} as metrics
    on results.instance = metrics.metric_id
where results.check_status = 'fail'
