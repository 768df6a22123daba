-- From one year to the next: the totals of the chosen report of a place or agency and of the one before. Numbers are compared
-- inside one definition group only; where the group changed the row says so and compares nothing.
with pairs as (
    select * from {{ ref('int_report_pairs') }}
    where pair_kind = 'years'
),

choices as (
    select
        report_id,
        metric_id,
        definition_group,
        value_used as value_std,
        unit_std,
        qualifier,
        has_correction
    from {{ ref('int_metric_choices') }}
    where value_used is not null
),

metrics as (
    select distinct
        pairs.report_id,
        pairs.other_report_id,
        pairs.has_same_scope,
        choices.metric_id
    from (
        select
            *,
            unnest([report_id, other_report_id]) as either_id
        from pairs
    ) as pairs
    inner join choices
        on pairs.either_id = choices.report_id
),

now_values as (
    select
        metrics.report_id,
        metrics.other_report_id as previous_report_id,
        metrics.has_same_scope,
        metrics.metric_id,
        choices.definition_group,
        choices.value_std,
        choices.qualifier,
        choices.has_correction,
        choices.unit_std
    from metrics
    inner join choices
        on
            metrics.report_id = choices.report_id
            and metrics.metric_id = choices.metric_id
),

groups_of_year as (
    select
        report_id,
        metric_id,
        list(definition_group order by definition_group) as definition_groups
    from choices
    group by report_id, metric_id
),

compared as (
    select
        now_values.*,
        same_group.value_std as previous_value,
        same_group.qualifier as previous_qualifier,
        same_group.has_correction as previous_has_correction,
        other_groups.definition_groups as previous_groups
    from now_values
    left join choices as same_group
        on
            now_values.previous_report_id = same_group.report_id
            and now_values.metric_id = same_group.metric_id
            and now_values.definition_group = same_group.definition_group
    left join groups_of_year as other_groups
        on
            now_values.previous_report_id = other_groups.report_id
            and now_values.metric_id = other_groups.metric_id
)

select
    report_id,
    previous_report_id,
    metric_id,
    definition_group,
    previous_groups,
    value_std,
    previous_value,
    unit_std,
    previous_value is null and previous_groups is not null as is_break,
    not has_same_scope as is_other_scope,
    case when has_same_scope then round(value_std - previous_value, 6) end as difference,
    case
        when has_same_scope and previous_value > 0 then round(100 * (value_std / previous_value - 1), 4)
    end as growth_percent,
    coalesce(qualifier = 'exact' and previous_qualifier = 'exact', false) as is_exact,
    has_correction or coalesce(previous_has_correction, false) as has_correction
from compared
where previous_groups is not null
