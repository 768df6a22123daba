-- Issues of reports by code and severity.
select
    issues.issue_code,
    names.label_zh as issue_zh,
    names.label_en as issue_en,
    issues.severity,
    issues.issue_source,
    count(*) as issue_count,
    count(distinct issues.report_id) as report_count,
    any_value(issues.detail order by issues.report_id, issues.issue_no) as example,
    any_value(issues.report_id order by issues.report_id, issues.issue_no) as example_report_id,
    any_value(issues.data_origin) as data_origin
from {{ ref('fct_report_issues') }} as issues
left join {{ ref('dim_issues') }} as names
    on issues.issue_code = names.issue_code
group by
    issues.issue_code,
    names.label_zh,
    names.label_en,
    issues.severity,
    issues.issue_source
