{{ config(materialized='view') }}

-- Every figure with the value that counts: the corrected one where a correction holds, else the printed one. Checks judge what
-- is printed (int_metric_values); sums, wide marts, rates and changes take value_used.
select
    metric_values.*,
    corrections.correction_id,
    corrections.corrected_value,
    corrections.corrected_unit,
    if(corrections.correction_id is null, metric_values.value_std, corrections.value_used) as value_used
from {{ ref('int_metric_values') }} as metric_values
left join {{ ref('int_applied_corrections') }} as corrections
    on
        metric_values.document_id = corrections.document_id
        and metric_values.figure_no = corrections.figure_no
