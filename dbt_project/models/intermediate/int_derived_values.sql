{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('report_id', 'int_used_stamps', 'report') }}"
) }}

-- Sums over fields: per report, metric, definition group and applicant; null where a part is missing. value_std adds up what is
-- printed, value_used what counts after corrections.
with terms as (
    select * from {{ ref('seed_derived_terms') }}
),

metrics as (
    select * from {{ ref('seed_metrics') }}
),

preferred as (
    select *
    from {{ ref('int_values_used') }}
    where
        is_preferred
        and report_id in ({{ keys_to_make('int_used_stamps', 'report') }})
),

-- the parts of which at least one has a value, per form of the document that holds it
started as (
    select distinct
        preferred.report_id,
        preferred.form_id,
        preferred.applicant_key,
        terms.metric_id,
        terms.definition_group
    from preferred
    inner join terms
        on
            preferred.form_id = terms.form_id
            and preferred.field_id = terms.field_id
),

parts as (
    select
        started.report_id,
        started.form_id,
        started.applicant_key,
        started.metric_id,
        started.definition_group,
        metrics.unit_std,
        terms.term_no,
        terms.field_id,
        -- a part may be stored in another unit of the same class
        round(preferred.value_std * part_units.factor / sum_units.factor, 6) as part_value,
        round(preferred.value_used * part_units.factor / sum_units.factor, 6) as part_used,
        preferred.correction_id,
        preferred.qualifier,
        preferred.basis
    from started
    inner join terms
        on
            started.form_id = terms.form_id
            and started.metric_id = terms.metric_id
            and started.definition_group = terms.definition_group
    inner join metrics
        on started.metric_id = metrics.metric_id
    left join preferred
        on
            started.report_id = preferred.report_id
            and started.form_id = preferred.form_id
            and started.applicant_key = preferred.applicant_key
            and terms.field_id = preferred.field_id
    left join {{ ref('seed_units') }} as part_units
        on preferred.unit_std = part_units.unit
    left join {{ ref('seed_units') }} as sum_units
        on
            metrics.unit_std = sum_units.unit
            and part_units.unit_class = sum_units.unit_class
)

select
    report_id,
    metric_id,
    definition_group,
    form_id,
    case when applicant_key = 'total' then null else applicant_key end as applicant_type,
    applicant_key,
    case when count(part_value) = count(*) then round(sum(part_value), 6) end as value_std,
    case when count(part_used) = count(*) then round(sum(part_used), 6) end as value_used,
    count(correction_id) > 0 as has_correction,
    any_value(unit_std) as unit_std,
    list(
        field_id
        order by term_no
    ) as derived_from,
    coalesce(
        list(
            field_id
            order by term_no
        ) filter (where part_value is null),
        cast([] as varchar[])
    ) as missing_parts,
    case
        when count(part_value) < count(*) then null
        when bool_or(qualifier = 'about') then 'about'
        when bool_or(qualifier = 'at_least') then 'at_least'
        else 'exact'
    end as qualifier,
    case
        when count(part_value) < count(*) then null
        when bool_and(basis = 'table') then 'table'
        else 'narrative'
    end as basis
from parts
group by report_id, metric_id, definition_group, form_id, applicant_key
