-- Every report of a place or of its agencies, copies and older versions too; under the name by which place_values knows it.
with reports as (
    select * from {{ ref('fct_reports') }}
    where
        document_kind = 'annual_report'
        and jurisdiction_id is not null
),

issues as (
    select
        report_id,
        count(*) filter (where severity <> 'info') as issue_count
    from {{ ref('fct_report_issues') }}
    group by report_id
)

select
    reports.unit_id as place_id,
    reports.report_id,
    reports.standing_agency_name as agency_name,
    reports.report_year,
    reports.title,
    reports.report_format,
    reports.trust,
    reports.is_current,
    reports.duplicate_of,
    reports.is_chosen,
    reports.figure_count,
    coalesce(issues.issue_count, 0) as issue_count,
    reports.data_origin
from reports
left join issues
    on reports.report_id = issues.report_id
