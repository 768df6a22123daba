select
    check_id,
    form_id,
    instance,
    side,
    cast(sign as integer) as sign,
    cast(is_other as boolean) as is_other,
    cast(is_optional as boolean) as is_optional,
    term_id,
    applicant_key,
    cast(is_variant as boolean) as is_variant
from {{ read_seed('check_terms') }}
