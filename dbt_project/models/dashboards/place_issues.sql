-- What a user of the reports of a place should know.
select
    reports.unit_id as place_id,
    reports.agency_name,
    reports.report_year,
    issues.report_id,
    issues.issue_no,
    issues.issue_code,
    issues.severity,
    issues.detail,
    issues.reported_value,
    issues.recomputed_value,
    issues.issue_source,
    issues.data_origin
from {{ ref('fct_report_issues') }} as issues
inner join {{ ref('fct_reports') }} as reports
    on issues.report_id = reports.report_id
