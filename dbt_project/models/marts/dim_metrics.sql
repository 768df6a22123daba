with groups as (
    select
        metric_id,
        list(distinct definition_group order by definition_group) as definition_groups,
        list(distinct column_name order by column_name) as wide_columns
    from {{ ref('seed_metric_groups') }}
    group by metric_id
),

fields as (
    select
        metric_id,
        list(distinct form_id order by form_id) as form_ids
    from {{ ref('seed_fields') }}
    group by metric_id
)

select
    metrics.metric_id,
    metrics.metric_no,
    metrics.label_zh,
    metrics.label_en,
    metrics.definition,
    metrics.unit_std,
    units.unit_class,
    metrics.kind,
    metrics.comparability,
    metrics.comparability_note,
    groups.definition_groups,
    groups.wide_columns,
    coalesce(fields.form_ids, cast([] as varchar[])) as form_ids,
    {{ data_origin() }} as data_origin
from {{ ref('seed_metrics') }} as metrics
left join {{ ref('seed_units') }} as units
    on metrics.unit_std = units.unit
left join groups
    on metrics.metric_id = groups.metric_id
left join fields
    on metrics.metric_id = fields.metric_id
