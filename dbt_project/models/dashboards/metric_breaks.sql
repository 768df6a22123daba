-- The years from which a metric counts something else: its definition groups differ from those of the form before.
with by_form as (
    select
        fields.metric_id,
        fields.form_id,
        forms.form_no,
        forms.first_year,
        list(distinct fields.definition_group order by fields.definition_group) as definition_groups
    from {{ ref('dim_fields') }} as fields
    inner join {{ ref('dim_forms') }} as forms
        on fields.form_id = forms.form_id
    where fields.definition_group is not null
    group by all
),

in_order as (
    select
        *,
        lag(definition_groups) over (
            partition by metric_id
            order by form_no
        ) as previous_groups
    from by_form
)

select
    metric_id,
    first_year as break_year,
    form_id
from in_order
where
    previous_groups is not null
    and not list_has_any(previous_groups, definition_groups)
