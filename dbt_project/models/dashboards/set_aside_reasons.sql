-- Pages that gave no report, counted by reason.
select
    reason_code,
    document_kind,
    count(*) as page_count,
    any_value(reason order by source_url, source_file) as example,
    any_value(data_origin) as data_origin
from {{ ref('ops_pages_set_aside') }}
group by
    reason_code,
    document_kind
