-- Every failed check with its report, for reading them one by one.
with places as (
    select
        unit_id,
        arg_max(jurisdiction_name_en, coalesce(valid_from, 0)) as name_en
    from {{ ref('dim_jurisdictions') }}
    group by unit_id
)

select
    results.report_id,
    reports.jurisdiction_name as name_zh,
    places.name_en,
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
left join places
    on reports.unit_id = places.unit_id
where results.check_status = 'fail'
