select
    check_id,
    form_id,
    instance,
    side,
    cast(sign as integer) as sign,
    field_id,
    applicant_key,
    cast(is_variant as boolean) as is_variant
from {{ read_seed('check_terms') }}
