-- The value of each metric for each year of a place or agency, with the words a reader needs beside it.
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
    year_values.data_origin
from {{ ref('fct_year_values') }} as year_values
inner join {{ ref('dim_metrics') }} as metrics
    on year_values.metric_id = metrics.metric_id
