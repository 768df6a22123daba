select
    old_code,
    old_name,
    new_code,
    new_name,
    cast(year as integer) as change_year,
    kind as change_kind
from {{ read_seed('successors') }}
