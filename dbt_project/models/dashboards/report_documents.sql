-- The documents of a report with their source, checksum, place in the archive and text.
select
    documents.report_id,
    documents.document_id,
    documents.document_no,
    documents.document_role,
    documents.media_type,
    documents.source_file,
    documents.source_url,
    documents.page_sha256,
    pages.byte_count,
    pages.archive_file,
    pages.archive_offset,
    pages.archive_length,
    documents.fetched_at,
    texts.text as document_text,
    documents.data_origin
from {{ ref('fct_report_documents') }} as documents
left join {{ ref('evidence_pages') }} as pages
    on documents.document_id = pages.document_id
left join {{ ref('evidence_texts') }} as texts
    on documents.page_sha256 = texts.page_sha256
