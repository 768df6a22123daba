select
    cast(takedown_no as integer) as takedown_no,
    page_sha256,
    source_url,
    withholds,
    because,
    asked_by,
    cast(decided_on as date) as decided_on
from {{ read_seed('takedowns') }}
