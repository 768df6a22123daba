-- Shares, growth and rates of every report, from the documents that its values are taken from.
select
    report_documents.report_id,
    shares.document_id,
    report_documents.page_sha256,
    shares.share_no,
    shares.share_kind,
    shares.value_percent,
    shares.share_name,
    shares.metric_id,
    shares.printed,
    shares.share_start,
    shares.share_end,
    shares.section
from {{ ref('stg_raw__shares') }} as shares
inner join {{ ref('int_report_documents') }} as report_documents
    on shares.document_id = report_documents.document_id
inner join {{ ref('int_documents') }} as documents
    on shares.document_id = documents.document_id
where
    report_documents.report_id is not null
    and report_documents.is_current
    and documents.document_kind in ('annual_report', 'annex')
