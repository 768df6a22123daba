-- Each number that a correction holds for, with the corrected one in its own unit and in that of the metric.
with applied as (
    select
        correction_id,
        corrected,
        corrected_unit,
        unnest(applied_to) as mention
    from {{ ref('int_corrections') }}
),

metric_values as (
    select * from {{ ref('int_metric_values') }}
),

units as (
    select * from {{ ref('seed_units') }}
)

select
    metric_values.document_id,
    metric_values.figure_no,
    metric_values.report_id,
    metric_values.field_id,
    applied.correction_id,
    metric_values.value,
    metric_values.unit,
    applied.corrected as corrected_value,
    coalesce(applied.corrected_unit, metric_values.unit) as corrected_unit,
    case
        -- as a printed value: a count needs no unit, money does
        when coalesce(applied.corrected_unit, metric_values.unit) is null and std_units.unit_class = 'count'
            then applied.corrected
        when own_units.unit_class = std_units.unit_class
            then round(applied.corrected * own_units.factor / std_units.factor, 6)
    end as value_used
from applied
inner join metric_values
    on
        applied.mention['document_id'] = metric_values.document_id
        and applied.mention['figure_no'] = metric_values.figure_no
left join units as own_units
    on coalesce(applied.corrected_unit, metric_values.unit) = own_units.unit
left join units as std_units
    on metric_values.unit_std = std_units.unit
