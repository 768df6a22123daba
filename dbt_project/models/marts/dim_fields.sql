select
    fields.form_id,
    fields.field_no,
    fields.field_id,
    fields.metric_id,
    coalesce(own_groups.definition_group, form_groups.definition_group) as definition_group,
    fields.label_zh,
    fields.unit,
    fields.table_id,
    fields.row_label,
    fields.column_label,
    fields.parent,
    fields.is_variant,
    fields.verified,
    {{ data_origin() }} as data_origin
from {{ ref('seed_fields') }} as fields
left join {{ ref('seed_metric_groups') }} as own_groups
    on
        fields.metric_id = own_groups.metric_id
        and fields.form_id = own_groups.form_id
        and fields.field_id = own_groups.field_id
left join {{ ref('seed_metric_groups') }} as form_groups
    on
        fields.metric_id = form_groups.metric_id
        and fields.form_id = form_groups.form_id
        and form_groups.field_id is null
