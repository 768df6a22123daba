-- What the rows of a report are made of: its documents in their order, each as it was read. Rows are kept from the build before
-- while the stamp is the same (macros/kept.sql).
with report_documents as (
    select * from {{ ref('int_report_documents') }}
    where report_id is not null
),

documents as (
    select * from {{ ref('int_read_stamps') }}
    where stamp_kind = 'document'
)

select
    'report' as stamp_kind,
    report_documents.report_id as stamp_key,
    md5(string_agg(
        concat_ws(
            '|',
            report_documents.document_id,
            report_documents.document_no,
            report_documents.document_role,
            report_documents.is_current,
            documents.stamp
        ),
        ';' order by report_documents.document_no, report_documents.document_id
    )) as stamp
from report_documents
inner join documents
    on report_documents.document_id = documents.stamp_key
group by report_documents.report_id
