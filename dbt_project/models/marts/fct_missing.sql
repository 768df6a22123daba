select
    report_id,
    form_id,
    field_id,
    metric_id,
    table_id,
    applicant_type,
    why,
    document_id,
    printed,
    evidence_start,
    evidence_end,
    {{ data_origin() }} as data_origin
from {{ ref('int_missing') }}
