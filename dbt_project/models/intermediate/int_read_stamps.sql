-- What the rows of a page and of a document are made of: which documents, read by which run. Rows are kept from the build
-- before while the stamp is the same (macros/kept.sql).
with readings as (
    select
        readings.document_id,
        documents.page_sha256,
        readings.read_run_id
    from {{ ref('stg_raw__readings') }} as readings
    inner join {{ ref('stg_raw__documents') }} as documents
        on readings.document_id = documents.document_id
)

select
    'document' as stamp_kind,
    document_id as stamp_key,
    md5(concat_ws('|', page_sha256, read_run_id)) as stamp
from readings
union all
-- text and cells are those of the first of its documents that was read
select
    'page' as stamp_kind,
    page_sha256 as stamp_key,
    md5(string_agg(concat_ws('|', document_id, read_run_id), ';' order by document_id)) as stamp
from readings
group by page_sha256
