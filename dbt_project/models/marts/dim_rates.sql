select
    rate_id,
    rate_no,
    label_zh,
    label_en,
    numerator,
    denominator,
    note,
    {{ data_origin() }} as data_origin
from {{ ref('seed_rates') }}
