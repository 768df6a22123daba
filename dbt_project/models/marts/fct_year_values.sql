-- What stands in the wide marts, one row a value: the total that the chosen report of a place or agency gives for a metric.
with chosen as (
    select * from {{ ref('int_wide_reports') }}
),

choices as (
    select * from {{ ref('int_metric_choices') }}
    where value_used is not null
),

changes as (
    select * from {{ ref('int_changes') }}
),

reports as (
    select * from {{ ref('fct_reports') }}
)

select
    reports.unit_id,
    chosen.agency_name,
    chosen.report_year,
    choices.metric_id,
    choices.definition_group,
    chosen.report_id,
    chosen.jurisdiction_id,
    chosen.jurisdiction_level,
    chosen.scope,
    chosen.report_format,
    chosen.trust,
    choices.value_used as value_std,
    choices.unit_std,
    choices.basis,
    choices.qualifier,
    choices.value_state,
    choices.field_id,
    choices.is_derived,
    choices.has_correction,
    coalesce(changes.is_break, false) as is_break,
    {{ data_origin() }} as data_origin
from chosen
inner join choices
    on chosen.report_id = choices.report_id
inner join reports
    on chosen.report_id = reports.report_id
left join changes
    on
        choices.report_id = changes.report_id
        and choices.metric_id = changes.metric_id
        and choices.definition_group = changes.definition_group
