select
    check_id,
    forms,
    per,
    relation,
    tolerance,
    severity,
    description,
    description_zh,
    {{ data_origin() }} as data_origin
from {{ ref('seed_checks') }}
