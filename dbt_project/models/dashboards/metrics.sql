-- The metrics of each family with their labels, to say which of them a place never states.
select
    metric_id,
    metric_no,
    family,
    label_zh,
    label_en
from {{ ref('dim_metrics') }}
