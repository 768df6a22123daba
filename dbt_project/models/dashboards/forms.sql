-- The official forms with their years: where one begins, definitions may change.
select
    form_id,
    form_no,
    name_zh,
    name_en,
    first_year,
    last_year
from {{ ref('dim_forms') }}
