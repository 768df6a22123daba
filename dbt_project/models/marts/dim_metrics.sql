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
),

measured as (
    select
        metric_id,
        any_value(measured_on) as accuracy_measured_on,
        any_value(measured_set) as accuracy_set,
        any_value(reader_version) as accuracy_reader_version,
        max(sample_size) filter (where form_id = '*' and basis = 'table') as table_sample_size,
        max(precision_share) filter (where form_id = '*' and basis = 'table') as table_precision,
        max(recall_share) filter (where form_id = '*' and basis = 'table') as table_recall,
        max(sample_size) filter (where form_id = '*' and basis = 'narrative') as narrative_sample_size,
        max(precision_share) filter (where form_id = '*' and basis = 'narrative') as narrative_precision,
        max(recall_share) filter (where form_id = '*' and basis = 'narrative') as narrative_recall,
        list(
            struct_pack(
                form_id := form_id,
                basis := basis,
                sample_size := sample_size,
                precision_share := precision_share,
                recall_share := recall_share
            )
            order by form_id, basis
        ) filter (where form_id <> '*') as accuracy_by_form
    from {{ ref('seed_accuracy') }}
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
    metrics.family,
    metrics.comparability,
    metrics.comparability_note,
    groups.definition_groups,
    groups.wide_columns,
    coalesce(fields.form_ids, cast([] as varchar[])) as form_ids,
    measured.accuracy_measured_on,
    measured.accuracy_set,
    measured.accuracy_reader_version,
    measured.table_sample_size,
    measured.table_precision,
    measured.table_recall,
    measured.narrative_sample_size,
    measured.narrative_precision,
    measured.narrative_recall,
    coalesce(measured.accuracy_by_form, []) as accuracy_by_form,
    {{ data_origin() }} as data_origin
from {{ ref('seed_metrics') }} as metrics
left join {{ ref('seed_units') }} as units
    on metrics.unit_std = units.unit
left join groups
    on metrics.metric_id = groups.metric_id
left join fields
    on metrics.metric_id = fields.metric_id
left join measured
    on metrics.metric_id = measured.metric_id
