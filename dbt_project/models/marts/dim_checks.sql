select
    check_id,
    check_no,
    between_reports,
    terms_are,
    basis,
    forms,
    other_forms,
    per,
    relation,
    factor,
    tolerance,
    severity,
    blame,
    because,
    description,
    description_zh,
    {{ data_origin() }} as data_origin
from {{ ref('seed_checks') }}
