select
    form_id,
    cast(form_no as integer) as form_no,
    name_zh,
    name_en,
    cast(first_year as integer) as first_year,
    cast(last_year as integer) as last_year,
    legal_basis
from {{ read_seed('forms') }}
