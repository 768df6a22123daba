select
    rate_id,
    cast(rate_no as integer) as rate_no,
    label_zh,
    label_en,
    numerator,
    denominator,
    note
from {{ read_seed('rates') }}
