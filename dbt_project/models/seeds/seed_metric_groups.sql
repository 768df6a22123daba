select
    metric_id,
    form_id,
    field_id,
    definition_group,
    column_name
from {{ read_seed('metric_groups') }}
