-- Places of the form that stand on a report's pages without a value, one row a field and kind of applicant.
with documents as (
    select * from {{ ref('int_report_documents') }}
    where
        report_id is not null
        and is_current
),

fields as (
    select distinct
        fields.field_id,
        coalesce(applicants.applicant_type, 'total') as applicant_key
    from {{ ref('seed_fields') }} as fields
    left join {{ ref('seed_applicant_types') }} as applicants
        on fields.table_kind = 'matrix'
)

select
    documents.report_id,
    gaps.field_id,
    fields.applicant_key,
    arg_min(gaps.gap_reason, documents.document_no * 100000 + gaps.gap_no) as gap_reason,
    arg_min(gaps.printed, documents.document_no * 100000 + gaps.gap_no) as printed,
    arg_min(gaps.document_id, documents.document_no * 100000 + gaps.gap_no) as document_id,
    arg_min(gaps.gap_start, documents.document_no * 100000 + gaps.gap_no) as gap_start,
    arg_min(gaps.gap_end, documents.document_no * 100000 + gaps.gap_no) as gap_end
from {{ ref('stg_raw__gaps') }} as gaps
inner join documents
    on gaps.document_id = documents.document_id
inner join fields
    on
        gaps.field_id = fields.field_id
        and (gaps.applicant_type is null or gaps.applicant_type = fields.applicant_key)
group by documents.report_id, gaps.field_id, fields.applicant_key
