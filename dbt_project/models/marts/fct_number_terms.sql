-- What sums and rates are made of: a row for each term of each derived value and of each rate.
with derived_values as (
    select * from {{ ref('int_derived_values') }}
),

metric_values as (
    select * from {{ ref('int_values_used') }}
    where is_preferred
),

rates as (
    select * from {{ ref('int_rates') }}
),

rate_terms as (
    select * from {{ ref('seed_rate_terms') }}
),

reports as (
    select * from {{ ref('int_reports') }}
),

own_groups as (
    select * from {{ ref('seed_metric_groups') }}
    where field_id is null
),

choices as (
    select * from {{ ref('int_metric_choices') }}
),

sum_terms as (
    select
        report_id,
        metric_id,
        definition_group,
        form_id,
        applicant_type,
        applicant_key,
        unnest(derived_from) as field_id
    from derived_values
),

of_sums as (
    select
        sum_terms.report_id,
        'sum' as number_kind,
        sum_terms.metric_id as number_id,
        sum_terms.definition_group,
        sum_terms.applicant_type,
        'part' as side,
        sum_terms.field_id as term_id,
        false as is_optional,
        metric_values.value_std,
        metric_values.value_used,
        metric_values.correction_id,
        metric_values.unit_std,
        false as is_sum,
        metric_values.document_id,
        metric_values.figure_no
    from sum_terms
    left join metric_values
        on
            sum_terms.report_id = metric_values.report_id
            and sum_terms.form_id = metric_values.form_id
            and sum_terms.field_id = metric_values.field_id
            and sum_terms.applicant_key = metric_values.applicant_key
),

of_rates as (
    select
        rates.report_id,
        'rate' as number_kind,
        rates.rate_id as number_id,
        own_groups.definition_group,
        cast(null as varchar) as applicant_type,
        rate_terms.side,
        rate_terms.metric_id as term_id,
        rate_terms.is_optional,
        choices.value_std,
        choices.value_used,
        metric_values.correction_id,
        choices.unit_std,
        coalesce(choices.is_derived, false) as is_sum,
        metric_values.document_id,
        metric_values.figure_no
    from rates
    inner join rate_terms
        on rates.rate_id = rate_terms.rate_id
    inner join reports
        on rates.report_id = reports.report_id
    left join own_groups
        on
            rate_terms.metric_id = own_groups.metric_id
            and reports.report_format = own_groups.form_id
    left join choices
        on
            rates.report_id = choices.report_id
            and rate_terms.metric_id = choices.metric_id
            and own_groups.definition_group = choices.definition_group
    left join metric_values
        on
            choices.report_id = metric_values.report_id
            and choices.metric_id = metric_values.metric_id
            -- a condition on one side alone would compare every row with every other
            and case when not choices.is_derived then choices.field_id end = metric_values.field_id
            and metric_values.applicant_key = 'total'
)

select
    *,
    {{ data_origin() }} as data_origin
from of_sums
union all
select
    *,
    {{ data_origin() }} as data_origin
from of_rates
