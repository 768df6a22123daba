-- Every code that a place has or had, with its last name under that code. A zone, which stands under the code of its parent, is
-- not found by it.
select
    jurisdiction_code,
    unit_id as place_id,
    arg_max(jurisdiction_name, (valid_from is not null, valid_from)) as name_zh,
    arg_max_null(jurisdiction_name_en, (valid_from is not null, valid_from)) as name_en,
    arg_max_null(valid_to, (valid_from is not null, valid_from)) as last_year
from {{ ref('dim_jurisdictions') }}
where jurisdiction_code = jurisdiction_id
group by
    jurisdiction_code,
    unit_id
