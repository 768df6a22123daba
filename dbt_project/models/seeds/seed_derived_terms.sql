select
    metric_id,
    definition_group,
    form_id,
    cast(term_no as integer) as term_no,
    field_id
from {{ read_seed('derived_terms') }}
