with reports as (
    select *
    from {{ ref('int_wide_reports') }}
    where wide_mart = 'jurisdiction'
),

report_values as (
    select
        report_id,
        {{ wide_values() }}
    from {{ ref('int_metric_choices') }}
    group by report_id
)

select
    reports.jurisdiction_id,
    reports.report_year,
    reports.report_id,
    reports.jurisdiction_code,
    reports.jurisdiction_name,
    reports.jurisdiction_level,
    reports.parent_code,
    reports.scope,
    reports.report_format,
    reports.trust,
    reports.published_on,
    reports.source_file,
    reports.source_url,
    reports.page_sha256,
    reports.copy_count,
    reports.document_count,
    reports.metrics_expected,
    reports.metrics_found,
    reports.metrics_missing,
    reports.value_count,
    reports.table_value_count,
    reports.issue_count,
    reports.error_count,
    reports.is_hijacked,
    reports.has_sum_mismatch,
    reports.has_contradiction,
    reports.has_tables_lost,
    reports.has_revision,
    reports.has_conflicting_copies,
    reports.has_correction,
    {{ data_origin() }} as data_origin,
    {{ wide_value_names('report_values') }}
from reports
left join report_values
    on reports.report_id = report_values.report_id
