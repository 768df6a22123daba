select
    code,
    unit_id,
    name,
    level,
    parent_code,
    province_code,
    cast(valid_from as integer) as valid_from,
    cast(valid_to as integer) as valid_to,
    cast(publishes as boolean) as publishes
from {{ read_seed('divisions') }}
