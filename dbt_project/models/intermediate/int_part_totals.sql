-- Which metric is a part of which: as the checks of a report compare parts with one total, as the rows of a form stand under
-- one another, and parts of parts.
with recursive terms as (
    select
        terms.check_id,
        terms.form_id,
        terms.instance,
        terms.side,
        checks.relation,
        coalesce(fields.metric_id, terms.term_id) as metric_id,
        count(*) over (partition by terms.check_id, terms.form_id, terms.instance, terms.side) as side_count
    from {{ ref('seed_check_terms') }} as terms
    inner join {{ ref('seed_checks') }} as checks
        on terms.check_id = checks.check_id
    left join {{ ref('seed_fields') }} as fields
        on
            terms.form_id = fields.form_id
            and terms.term_id = fields.field_id
            and checks.terms_are = 'fields'
    where
        checks.between_reports = 'report'
        and checks.per <> 'row'
        and terms.applicant_key = 'total'
),

direct as (
    select
        parts.metric_id as part_id,
        totals.metric_id as total_id
    from terms as totals
    inner join terms as parts
        on
            totals.check_id = parts.check_id
            and totals.form_id = parts.form_id
            and totals.instance = parts.instance
            and totals.side <> parts.side
    where
        totals.side_count = 1
        and case
            when totals.relation = 'share' then totals.side = 'whole' and parts.side = 'right'
            when parts.side_count > 1 then true
            when totals.relation = 'ge' then totals.side = 'left'
            when totals.relation = 'le' then totals.side = 'right'
            else false
        end
    union
    select
        parts.metric_id as part_id,
        totals.metric_id as total_id
    from {{ ref('seed_fields') }} as parts
    inner join {{ ref('seed_fields') }} as totals
        on
            parts.form_id = totals.form_id
            and parts.parent = totals.field_id
),

part_totals as (
    select
        part_id,
        total_id
    from direct
    union
    select
        part_totals.part_id,
        direct.total_id
    from part_totals
    inner join direct
        on part_totals.total_id = direct.part_id
)

select
    part_id,
    total_id
from part_totals
where part_id <> total_id
