with fields as (
    select
        form_id,
        count(*) as field_count
    from {{ ref('seed_fields') }}
    group by form_id
)

select
    forms.form_id,
    forms.form_no,
    forms.name_zh,
    forms.name_en,
    forms.first_year,
    forms.last_year,
    forms.legal_basis,
    cast(fields.field_count as integer) as field_count,
    {{ data_origin() }} as data_origin
from {{ ref('seed_forms') }} as forms
left join fields
    on forms.form_id = fields.form_id
