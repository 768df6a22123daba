select
    issue_code,
    cast(issue_no as integer) as issue_no,
    said_by,
    label_zh,
    label_en
from {{ read_seed('issues') }}
