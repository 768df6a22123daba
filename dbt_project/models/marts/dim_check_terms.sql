select
    check_id,
    form_id,
    instance,
    side,
    sign,
    term_id,
    applicant_key as applicant_type,
    is_other,
    is_optional,
    {{ data_origin() }} as data_origin
from {{ ref('seed_check_terms') }}
