-- Every check that applies to a report, a pair of reports or an area: pass, fail or not_assessable, with both sides.
-- Only exact values are compared, and of one basis where the check asks for it: words and table may speak of different things.
with terms as (
    select * from {{ ref('int_check_terms') }}
),

sides as (
    select
        report_id,
        other_report_id,
        check_id,
        instance,
        round(sum(term_value) filter (where side = 'left'), 6) as left_value,
        round(sum(term_value) filter (where side = 'right'), 6) as right_value,
        round(sum(term_value) filter (where side = 'whole'), 6) as whole_value,
        count(*) filter (where not is_optional) as term_count,
        count(term_value) filter (where not is_optional) as value_count,
        count(term_value) filter (where side = 'right') as right_count,
        coalesce(min(basis) <> max(basis), false) as has_two_bases,
        coalesce(min(definition_group) <> max(definition_group), false) as has_two_definitions,
        count(distinct if(is_division and term_value is not null, value_report_id, null)) as present_part_count,
        bool_or(qualifier <> 'exact') as has_inexact,
        max(rounding) as rounding,
        -- a row of a variant of the form that this report does not have
        bool_or(is_variant and term_value is null) and not bool_or(is_variant and term_value is not null) as lacks_variant,
        min(basis) as basis
    from terms
    group by report_id, other_report_id, check_id, instance
),

compared as (
    select
        sides.*,
        checks.between_reports,
        checks.terms_are,
        checks.relation,
        checks.severity,
        checks.reported_side,
        checks.basis as basis_wanted,
        checks.factor,
        subjects.part_count,
        -- a share is right as rounded in print
        coalesce(
            checks.tolerance + sides.rounding,
            greatest(
                checks.tolerance,
                if(
                    checks.relation = 'share',
                    0.5 * power(10, -length(regexp_extract(cast(sides.left_value as varchar), '[.]([0-9]*[1-9])0*$', 1))),
                    0
                )
            )
        ) as tolerance,
        if(
            checks.relation = 'share',
            round(100 * sides.right_value / nullif(sides.whole_value, 0), 6),
            sides.right_value
        ) as target_value,
        greatest(abs(sides.left_value), abs(sides.right_value), 1) as larger_value,
        greatest(least(abs(sides.left_value), abs(sides.right_value)), 1) as smaller_value
    from sides
    inner join {{ ref('seed_checks') }} as checks
        on sides.check_id = checks.check_id
    inner join {{ ref('int_check_subjects') }} as subjects
        on
            sides.report_id = subjects.report_id
            and sides.check_id = subjects.check_id
            and sides.other_report_id is not distinct from subjects.other_report_id
    where not sides.lacks_variant
),

judged as (
    select
        *,
        case
            when value_count = 0 and right_count = 0 then 'no_values'
            when between_reports = 'children' and present_part_count < greatest(part_count, 1) then 'missing_reports'
            when right_count = 0 then 'missing_terms'
            when between_reports <> 'children' and value_count < term_count then 'missing_terms'
            when left_value is null then 'missing_terms'
            when basis_wanted <> 'any' and has_two_bases then 'mixed_basis'
            when has_inexact then 'inexact_values'
            when terms_are = 'metrics' and relation = 'within' and has_two_definitions
                then 'other_definition'
            when relation = 'share' and whole_value = 0 then 'nothing_to_share'
        end as reason_code,
        case relation
            when 'eq' then abs(left_value - target_value) <= tolerance
            when 'share' then abs(left_value - target_value) <= tolerance
            when 'ge' then left_value >= target_value - tolerance
            when 'le' then left_value <= target_value + tolerance
            when 'within' then larger_value <= factor * smaller_value
        end as is_true
    from compared
),

words as (
    select
        report_id,
        cast(null as varchar) as other_report_id,
        'N_table' as check_id,
        field_id as instance,
        if(bool_or(is_contradiction), 'fail', 'pass') as check_status,
        cast(null as varchar) as reason_code,
        'eq' as relation,
        cast(null as varchar) as basis,
        coalesce(arg_min(words_value, figure_no) filter (where is_contradiction), arg_min(words_value, figure_no))
            as reported_value,
        coalesce(arg_min(table_value, figure_no) filter (where is_contradiction), arg_min(table_value, figure_no))
            as recomputed_value,
        0 as missing_term_count
    from {{ ref('int_words_against_table') }}
    group by report_id, field_id
)

select
    report_id,
    other_report_id,
    check_id,
    instance,
    case
        when reason_code is not null then 'not_assessable'
        when is_true then 'pass'
        else 'fail'
    end as check_status,
    reason_code,
    relation,
    severity,
    case when reason_code is null and not has_two_bases then basis end as basis,
    case when reason_code is null then if(reported_side = 'left', left_value, target_value) end as reported_value,
    case when reason_code is null then if(reported_side = 'left', target_value, left_value) end as recomputed_value,
    cast(term_count - value_count as integer) as missing_term_count
from judged
union all
select
    words.report_id,
    words.other_report_id,
    words.check_id,
    words.instance,
    words.check_status,
    words.reason_code,
    words.relation,
    checks.severity,
    words.basis,
    words.reported_value,
    words.recomputed_value,
    words.missing_term_count
from words
inner join {{ ref('seed_checks') }} as checks
    on words.check_id = checks.check_id
