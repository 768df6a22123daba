select
    rate_id,
    side,
    metric_id,
    cast(is_optional as boolean) as is_optional
from {{ read_seed('rate_terms') }}
