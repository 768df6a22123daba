with changes as (
    select * from {{ ref('int_page_changes') }}
),

report_documents as (
    select * from {{ ref('int_report_documents') }}
),

withheld as (
    select * from {{ ref('int_withheld') }}
    where withholds_figures
)

select
    changes.source_url,
    changes.vintage_no,
    report_documents.report_id,
    changes.document_id,
    changes.previous_document_id,
    changes.changed_at,
    changes.field_id,
    changes.metric_id,
    changes.applicant_type,
    changes.basis,
    changes.change,
    changes.old_value,
    changes.new_value,
    changes.old_unit,
    changes.new_unit,
    changes.old_qualifier,
    changes.new_qualifier,
    changes.old_printed,
    changes.new_printed,
    changes.old_evidence,
    changes.new_evidence,
    {{ data_origin() }} as data_origin
from changes
left join report_documents
    on changes.document_id = report_documents.document_id
anti join withheld
    on withheld.document_id in (changes.document_id, changes.previous_document_id)
