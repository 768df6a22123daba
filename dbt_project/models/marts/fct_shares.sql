select
    report_id,
    document_id,
    share_no,
    share_kind,
    value_percent,
    share_name as name,
    metric_id,
    printed,
    share_start as evidence_start,
    share_end as evidence_end,
    section,
    {{ data_origin() }} as data_origin
from {{ ref('int_shares') }}
