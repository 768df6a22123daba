-- The value of each metric for each year of a place or agency, with the words a reader needs beside it.
with corrected as (
    select
        report_id,
        metric_id,
        field_id,
        arg_min_null(value_std, (not is_preferred, document_id, figure_no)) as printed_std,
        arg_min(correction_id, (not is_preferred, document_id, figure_no)) as correction_id
    from {{ ref('fct_metric_values') }}
    where
        correction_id is not null
        and coalesce(applicant_type, 'total') = 'total'
    group by report_id, metric_id, field_id
)

select
    year_values.unit_id as place_id,
    year_values.agency_name,
    year_values.report_year,
    year_values.metric_id,
    metrics.metric_no,
    metrics.family,
    metrics.label_zh,
    metrics.label_en,
    year_values.definition_group,
    year_values.report_id,
    year_values.scope,
    year_values.report_format,
    year_values.trust,
    year_values.value_std,
    year_values.unit_std,
    year_values.basis,
    year_values.qualifier,
    year_values.value_state,
    year_values.is_derived,
    year_values.is_break,
    year_values.has_correction,
    corrected.printed_std,
    corrected.correction_id,
    corrections.said_by,
    corrections.reason as correction_reason,
    year_values.data_origin
from {{ ref('fct_year_values') }} as year_values
inner join {{ ref('dim_metrics') }} as metrics
    on year_values.metric_id = metrics.metric_id
left join corrected
    on
        case when year_values.has_correction then year_values.report_id end = corrected.report_id
        and year_values.metric_id = corrected.metric_id
        and year_values.field_id = corrected.field_id
left join {{ ref('fct_corrections') }} as corrections
    on corrected.correction_id = corrections.correction_id
