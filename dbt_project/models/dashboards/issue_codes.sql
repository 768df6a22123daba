-- Issues of reports by code and severity.
select
    issues.issue_code,
    issues.severity,
    issues.issue_source,
    count(*) as issue_count,
    count(distinct issues.report_id) as report_count,
    any_value(issues.detail order by issues.report_id, issues.issue_no) as example,
    any_value(issues.report_id order by issues.report_id, issues.issue_no) as example_report_id,
    any_value(issues.data_origin) as data_origin
from {{ ref('fct_report_issues') }} as issues
group by
    issues.issue_code,
    issues.severity,
    issues.issue_source
