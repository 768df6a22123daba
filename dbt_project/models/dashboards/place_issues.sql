-- What a user of the reports of a place should know.
select
    reports.unit_id as place_id,
    reports.report_year,
    issues.report_id,
    issues.issue_no,
    issues.issue_code,
    names.label_zh as issue_zh,
    names.label_en as issue_en,
    issues.severity,
    issues.detail,
    issues.data_origin
from {{ ref('fct_report_issues') }} as issues
inner join {{ ref('fct_reports') }} as reports
    on issues.report_id = reports.report_id
left join {{ ref('dim_issues') }} as names
    on issues.issue_code = names.issue_code
