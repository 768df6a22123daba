select
    report_documents.document_id,
    report_documents.report_id,
    cast(report_documents.document_no as integer) as document_no,
    report_documents.document_role,
    report_documents.joined_by,
    report_documents.is_current,
    documents.document_kind,
    documents.media_type,
    documents.source_file,
    documents.source_url,
    report_documents.page_sha256,
    documents.fetched_at,
    {{ data_origin() }} as data_origin
from {{ ref('int_report_documents') }} as report_documents
inner join {{ ref('int_documents') }} as documents
    on report_documents.document_id = documents.document_id
