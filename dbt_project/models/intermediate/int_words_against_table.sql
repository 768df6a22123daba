-- Words and table that state the same field, else the same metric, and whether the table excludes the words.
-- "at least" contradicts only a smaller table value, "about" one that is more than a tenth away; a number rounded to 万
-- in print contradicts only beyond its last printed digit.
with words as (
    select
        *,
        if(
            regexp_matches(printed, '[0-9.][万千百亿]'),
            power(10, -length(regexp_extract(printed, '[.]([0-9]+)', 1)))
            * case regexp_extract(printed, '[0-9.]([万千百亿])', 1)
                when '百' then 100
                when '千' then 1000
                when '万' then 10000
                when '亿' then 100000000
                else 1
            end,
            0
        ) as printed_step
    from {{ ref('int_metric_values') }}
    where
        basis = 'narrative'
        and applicant_key = 'total'
        and value_std is not null
),

table_fields as (
    select *
    from {{ ref('int_metric_values') }}
    where
        basis = 'table'
        and is_preferred
        and applicant_key = 'total'
        and value_std is not null
),

table_choices as (
    select *
    from {{ ref('int_metric_choices') }}
    where basis = 'table'
),

pairs as (
    select
        words.*,
        coalesce(table_fields.value_std, table_choices.value_std) as table_value
    from words
    left join table_fields
        on
            words.report_id = table_fields.report_id
            and words.metric_id = table_fields.metric_id
            and words.field_id = table_fields.field_id
    left join table_choices
        on
            words.report_id = table_choices.report_id
            and words.metric_id = table_choices.metric_id
            and words.definition_group = table_choices.definition_group
)

select
    report_id,
    document_id,
    figure_no,
    field_id,
    metric_id,
    value_std as words_value,
    table_value,
    qualifier,
    evidence,
    case qualifier
        when 'at_least' then table_value < value_std
        when 'about' then abs(table_value - value_std) > 0.1 * greatest(abs(table_value), abs(value_std))
        else abs(table_value - value_std) > 0 and abs(table_value - value_std) >= printed_step
    end as is_contradiction
from pairs
where table_value is not null
