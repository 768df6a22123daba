select
    form_id,
    cast(field_no as integer) as field_no,
    field_id,
    metric_id,
    label_zh,
    unit,
    table_id,
    table_kind,
    row_label,
    column_label,
    parent,
    cast(is_variant as boolean) as is_variant,
    verified
from {{ read_seed('fields') }}
