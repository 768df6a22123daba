select
    report_id,
    metric_id,
    definition_group,
    form_id,
    applicant_type,
    value_std,
    value_used,
    has_correction,
    unit_std,
    derived_from,
    missing_parts,
    qualifier,
    basis,
    {{ data_origin() }} as data_origin
from {{ ref('int_derived_values') }}
