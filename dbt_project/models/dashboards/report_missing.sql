-- The fields of a report's form that have no value, and why.
select
    missing.report_id,
    fields.field_no,
    coalesce(fields.label_zh, metrics.label_zh) as label_zh,
    metrics.label_en,
    missing.applicant_type,
    missing.why,
    missing.data_origin
from {{ ref('fct_missing') }} as missing
left join {{ ref('dim_fields') }} as fields
    on
        missing.form_id = fields.form_id
        and missing.field_id = fields.field_id
left join {{ ref('dim_metrics') }} as metrics
    on missing.metric_id = metrics.metric_id
