-- The columns that both wide marts have before the values: the chosen report, its counts and its flags.
with chosen as (
    select * from {{ ref('int_year_reports') }}
),

reports as (
    select * from {{ ref('int_reports') }}
),

documents as (
    select
        report_id,
        count(*) as document_count
    from {{ ref('int_report_documents') }}
    where is_current
    group by report_id
),

expected as (
    select distinct
        form_id,
        metric_id
    from {{ ref('seed_fields') }}
    where not is_variant
),

choices as (
    select distinct
        report_id,
        metric_id
    from {{ ref('int_metric_choices') }}
    where value_used is not null
),

counts as (
    select
        reports.report_id,
        count(expected.metric_id) as metrics_expected,
        count(choices.metric_id) as metrics_found
    from reports
    inner join expected
        on reports.report_format = expected.form_id
    left join choices
        on
            reports.report_id = choices.report_id
            and expected.metric_id = choices.metric_id
    group by reports.report_id
),

value_counts as (
    select
        report_id,
        count(*) as value_count,
        count(*) filter (where basis = 'table') as table_value_count
    from {{ ref('int_metric_choices') }}
    where value_used is not null
    group by report_id
),

issues as (
    select
        report_id,
        count(*) as issue_count,
        count(*) filter (where severity = 'error') as error_count,
        bool_or(issue_code = 'sum_mismatch') as has_sum_mismatch,
        bool_or(issue_code = 'narrative_contradicts_table') as has_contradiction,
        bool_or(issue_code = 'tables_lost') as has_tables_lost,
        bool_or(issue_code = 'revised') as has_revision,
        bool_or(issue_code = 'conflicting_copies') as has_conflicting_copies,
        bool_or(issue_code = 'corrected') as has_correction
    from {{ ref('int_report_issues') }}
    group by report_id
)

select
    chosen.wide_mart,
    chosen.jurisdiction_id,
    chosen.report_year,
    chosen.agency_name,
    chosen.report_id,
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
    cast(chosen.copy_count as integer) as copy_count,
    cast(coalesce(documents.document_count, 0) as integer) as document_count,
    cast(counts.metrics_expected as integer) as metrics_expected,
    cast(counts.metrics_found as integer) as metrics_found,
    cast(counts.metrics_expected - counts.metrics_found as integer) as metrics_missing,
    cast(coalesce(value_counts.value_count, 0) as integer) as value_count,
    cast(coalesce(value_counts.table_value_count, 0) as integer) as table_value_count,
    cast(coalesce(issues.issue_count, 0) as integer) as issue_count,
    cast(coalesce(issues.error_count, 0) as integer) as error_count,
    reports.trust = 'hijacked' as is_hijacked,
    coalesce(issues.has_sum_mismatch, false) as has_sum_mismatch,
    coalesce(issues.has_contradiction, false) as has_contradiction,
    coalesce(issues.has_tables_lost, false) as has_tables_lost,
    coalesce(issues.has_revision, false) as has_revision,
    coalesce(issues.has_conflicting_copies, false) as has_conflicting_copies,
    coalesce(issues.has_correction, false) as has_correction
from chosen
inner join reports
    on chosen.report_id = reports.report_id
left join documents
    on chosen.report_id = documents.report_id
left join counts
    on chosen.report_id = counts.report_id
left join value_counts
    on chosen.report_id = value_counts.report_id
left join issues
    on chosen.report_id = issues.report_id
