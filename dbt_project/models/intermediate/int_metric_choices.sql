-- The one total of a report for each metric and definition group: what a column of the wide marts holds.
-- Of table and words the table, of a printed total and a sum of its parts the printed one, exact before approximate. The choice
-- is made among what is printed (value_std); value_used is what counts after corrections, null where the number is withdrawn.
with candidates as (
    select
        metric_values.report_id,
        metric_values.metric_id,
        metric_values.definition_group,
        metric_values.value_std,
        metric_values.value_used,
        metric_values.correction_id is not null as has_correction,
        metric_values.unit_std,
        metric_values.basis,
        metric_values.qualifier,
        metric_values.value_state,
        metric_values.field_id,
        false as is_derived,
        coalesce(fields.field_no, 100000) as field_no
    from {{ ref('int_values_used') }} as metric_values
    left join {{ ref('seed_fields') }} as fields
        on
            metric_values.form_id = fields.form_id
            and metric_values.field_id = fields.field_id
    where
        metric_values.is_preferred
        and metric_values.applicant_key = 'total'
    union all
    select
        report_id,
        metric_id,
        definition_group,
        value_std,
        value_used,
        has_correction,
        unit_std,
        basis,
        qualifier,
        'derived' as value_state,
        null as field_id,
        true as is_derived,
        0 as field_no
    from {{ ref('int_derived_values') }}
    where applicant_key = 'total'
),

ranked as (
    select
        *,
        row_number() over (
            partition by report_id, metric_id, definition_group
            order by
                value_std is null,
                {{ basis_rank('basis') }},
                is_derived,
                {{ qualifier_rank('qualifier') }},
                field_no,
                field_id
        ) as choice_no
    from candidates
    where
        coalesce(value_std, value_used) is not null
        and definition_group is not null
)

select
    report_id,
    metric_id,
    definition_group,
    value_std,
    value_used,
    has_correction,
    unit_std,
    basis,
    qualifier,
    value_state,
    field_id,
    is_derived
from ranked
where choice_no = 1
