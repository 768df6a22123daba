select
    issue_code,
    issue_no,
    said_by,
    label_zh,
    label_en,
    {{ data_origin() }} as data_origin
from {{ ref('seed_issues') }}
