-- Every figure of a report with its labels, for the list beside the text.
select
    figures.report_id,
    figures.document_id,
    figures.figure_no,
    figures.metric_id,
    metrics.metric_no,
    metrics.family,
    coalesce(fields.label_zh, metrics.label_zh) as label_zh,
    metrics.label_en,
    figures.field_id,
    figures.applicant_type,
    figures.value,
    figures.unit,
    figures.value_std,
    figures.unit_std,
    figures.value_used,
    figures.correction_id,
    figures.corrected_value,
    figures.corrected_unit,
    corrections.said_by,
    corrections.said_by_url,
    corrections.said_on,
    corrections.reason as correction_reason,
    figures.value_state,
    figures.qualifier,
    figures.basis,
    figures.is_preferred,
    figures.printed,
    figures.evidence,
    figures.evidence_start,
    figures.evidence_end,
    figures.section,
    figures.grid_no,
    figures.table_row,
    figures.table_column,
    figures.data_origin
from {{ ref('fct_metric_values') }} as figures
inner join {{ ref('fct_reports') }} as reports
    on figures.report_id = reports.report_id
inner join {{ ref('dim_metrics') }} as metrics
    on figures.metric_id = metrics.metric_id
left join {{ ref('dim_fields') }} as fields
    on
        reports.report_format = fields.form_id
        and figures.field_id = fields.field_id
left join {{ ref('fct_corrections') }} as corrections
    on figures.correction_id = corrections.correction_id
