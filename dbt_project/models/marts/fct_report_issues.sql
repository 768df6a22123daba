select
    report_id,
    cast(issue_no as integer) as issue_no,
    document_id,
    issue_code,
    severity,
    detail,
    reported_value,
    recomputed_value,
    issue_source,
    {{ data_origin() }} as data_origin
from {{ ref('int_report_issues') }}
