-- What is not shown, and why: a row for each document, and for each entry that fits no page.
with withheld as (
    select * from {{ ref('int_withheld') }}
),

takedowns as (
    select * from {{ ref('seed_takedowns') }}
),

report_documents as (
    select * from {{ ref('int_report_documents') }}
),

documents as (
    select * from {{ ref('stg_raw__documents') }}
),

listed as (
    select
        withheld.takedown_no,
        withheld.document_id,
        report_documents.report_id,
        withheld.page_sha256,
        documents.source_url,
        withheld.withholds_figures,
        withheld.because,
        withheld.asked_by,
        withheld.decided_on
    from withheld
    inner join documents
        on withheld.document_id = documents.document_id
    left join report_documents
        on withheld.document_id = report_documents.document_id
    union all
    select
        takedown_no,
        null as document_id,
        null as report_id,
        page_sha256,
        source_url,
        withholds = 'text_and_figures' as withholds_figures,
        because,
        asked_by,
        decided_on
    from takedowns
    where not exists (
        select 1 from documents
        where
            documents.page_sha256 = takedowns.page_sha256
            or documents.source_url = takedowns.source_url
    )
)

select
    takedown_no,
    document_id,
    report_id,
    page_sha256,
    source_url,
    withholds_figures,
    because as withheld_because,
    asked_by,
    decided_on,
    {{ data_origin() }} as data_origin
from listed
