-- Rates of one report: the sum of the numerator's metrics over that of the denominator's. Each value is the one of the
-- metric's own definition group in the report's form. Without a value for a part that must be there, or of nothing, the
-- rate is NULL and why_null says which.
with terms as (
    select * from {{ ref('seed_rate_terms') }}
),

reports as (
    select * from {{ ref('int_reports') }}
    where
        document_kind = 'annual_report'
        and report_format is not null
),

own_groups as (
    select * from {{ ref('seed_metric_groups') }}
    where field_id is null
),

choices as (
    select * from {{ ref('int_metric_choices') }}
),

valued as (
    select
        reports.report_id,
        terms.rate_id,
        terms.side,
        terms.metric_id,
        terms.is_optional,
        choices.value_used as value_std,
        choices.has_correction,
        choices.qualifier,
        choices.basis
    from reports
    cross join terms
    left join own_groups
        on
            terms.metric_id = own_groups.metric_id
            and reports.report_format = own_groups.form_id
    left join choices
        on
            reports.report_id = choices.report_id
            and terms.metric_id = choices.metric_id
            and own_groups.definition_group = choices.definition_group
),

summed as (
    select
        report_id,
        rate_id,
        sum(value_std) filter (where side = 'numerator') as numerator,
        sum(value_std) filter (where side = 'denominator') as denominator,
        string_agg(metric_id, ', ' order by metric_id) filter (
            where not is_optional and value_std is null
        ) as missing_parts,
        count(value_std) as value_count,
        coalesce(bool_or(has_correction), false) as has_correction,
        coalesce(bool_and(qualifier = 'exact') filter (where value_std is not null), true) as is_exact,
        case
            when count(distinct basis) > 1 then 'mixed'
            else any_value(basis)
        end as basis
    from valued
    group by report_id, rate_id
)

select
    report_id,
    rate_id,
    numerator,
    denominator,
    case
        when missing_parts is null and denominator > 0 then round(100 * numerator / denominator, 4)
    end as rate_percent,
    case
        when missing_parts is not null then concat('no value: ', missing_parts)
        when denominator = 0 then 'of nothing: the denominator is zero'
    end as why_null,
    is_exact,
    has_correction,
    basis
from summed
where value_count > 0
