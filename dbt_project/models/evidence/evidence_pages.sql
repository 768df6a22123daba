{{ config(alias='pages') }}

select
    report_documents.document_id,
    report_documents.report_id,
    report_documents.document_role,
    documents.document_kind,
    documents.source_id,
    documents.source_file,
    documents.source_url,
    documents.page_sha256,
    contents.byte_count,
    contents.archive_file,
    contents.archive_offset,
    contents.archive_length,
    documents.content_type,
    documents.media_type,
    documents.fetched_at,
    {{ data_origin() }} as data_origin
from {{ ref('int_report_documents') }} as report_documents
inner join {{ ref('int_documents') }} as documents
    on report_documents.document_id = documents.document_id
left join {{ ref('stg_raw__contents') }} as contents
    on documents.page_sha256 = contents.page_sha256
