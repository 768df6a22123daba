select
    check_id,
    string_split(forms, ',') as forms,
    per,
    relation,
    cast(tolerance as double) as tolerance,
    severity,
    reported_side,
    description,
    description_zh
from {{ read_seed('checks') }}
