-- The metrics with their labels, for choosing and for titles.
with found as (
    select
        metric_id,
        count(*) as value_count
    from {{ ref('fct_year_values') }}
    group by metric_id
)

select
    metrics.metric_id,
    metrics.metric_no,
    metrics.family,
    metrics.label_zh,
    metrics.label_en,
    metrics.definition,
    metrics.unit_std,
    metrics.kind,
    metrics.comparability,
    metrics.comparability_note,
    coalesce(found.value_count, 0) as value_count
from {{ ref('dim_metrics') }} as metrics
left join found
    on metrics.metric_id = found.metric_id
