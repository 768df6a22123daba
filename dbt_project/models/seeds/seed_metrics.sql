select
    metric_id,
    cast(metric_no as integer) as metric_no,
    label_zh,
    label_en,
    definition,
    unit_std,
    kind,
    family,
    comparability,
    comparability_note
from {{ read_seed('metrics') }}
