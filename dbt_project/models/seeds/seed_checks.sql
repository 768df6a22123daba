select
    check_id,
    cast(check_no as integer) as check_no,
    between_reports,
    terms_are,
    basis,
    string_split(forms, ',') as forms,
    coalesce(string_split(other_forms, ','), cast([] as varchar[])) as other_forms,
    per,
    relation,
    cast(factor as double) as factor,
    cast(tolerance as double) as tolerance,
    severity,
    reported_side,
    blame,
    because,
    description,
    description_zh
from {{ read_seed('checks') }}
