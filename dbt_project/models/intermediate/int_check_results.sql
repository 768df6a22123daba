-- Every arithmetic identity of the report's form: pass, fail or not_assessable, with both sides where all terms are there.
-- Only exact values of one basis are compared: words and table may speak of different things.
with checks as (
    select * from {{ ref('seed_checks') }}
),

terms as (
    select * from {{ ref('seed_check_terms') }}
),

reports as (
    select
        report_id,
        report_format
    from {{ ref('int_reports') }}
    where document_kind = 'annual_report'
),

preferred as (
    select *
    from {{ ref('int_metric_values') }}
    where is_preferred
),

term_values as (
    select
        reports.report_id,
        terms.check_id,
        terms.instance,
        terms.side,
        terms.is_variant,
        terms.sign * preferred.value_std as term_value,
        preferred.basis,
        preferred.qualifier
    from reports
    inner join terms
        on reports.report_format = terms.form_id
    left join preferred
        on
            reports.report_id = preferred.report_id
            and terms.field_id = preferred.field_id
            and terms.applicant_key = preferred.applicant_key
            and terms.form_id = preferred.form_id
),

sides as (
    select
        report_id,
        check_id,
        instance,
        round(sum(term_value) filter (where side = 'left'), 6) as left_value,
        round(sum(term_value) filter (where side = 'right'), 6) as right_value,
        count(*) as term_count,
        count(term_value) as value_count,
        count(distinct basis) as basis_count,
        bool_or(qualifier <> 'exact') as has_inexact,
        bool_and(is_variant) as is_variant,
        min(basis) as basis
    from term_values
    group by report_id, check_id, instance
),

judged as (
    select
        sides.*,
        checks.relation,
        checks.severity,
        checks.reported_side,
        case
            when sides.value_count = 0 then 'no_values'
            when sides.value_count < sides.term_count then 'missing_terms'
            when sides.basis_count > 1 then 'mixed_basis'
            when sides.has_inexact then 'inexact_values'
        end as reason,
        case checks.relation
            when 'eq' then abs(sides.left_value - sides.right_value) <= checks.tolerance
            when 'ge' then sides.left_value >= sides.right_value - checks.tolerance
            when 'le' then sides.left_value <= sides.right_value + checks.tolerance
        end as is_true
    from sides
    inner join checks
        on sides.check_id = checks.check_id
    -- a row that only a variant of the form has
    where not (sides.is_variant and sides.value_count = 0)
)

select
    report_id,
    check_id,
    instance,
    case
        when reason is not null then 'not_assessable'
        when is_true then 'pass'
        else 'fail'
    end as check_status,
    reason,
    relation,
    severity,
    case when reason is null then basis end as basis,
    case when reason is null then if(reported_side = 'left', left_value, right_value) end as reported_value,
    case when reason is null then if(reported_side = 'left', right_value, left_value) end as recomputed_value,
    cast(term_count - value_count as integer) as missing_term_count
from judged
