-- Pages that gave no report, with the reason.
select
    source_id,
    source_file,
    source_url,
    document_id,
    document_kind,
    reason_code,
    reason,
    data_origin
from {{ ref('ops_pages_set_aside') }}
