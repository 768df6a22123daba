-- Documents whose text is not shown, one row a document: the widest of the entries that name its page or its address.
with takedowns as (
    select * from {{ ref('seed_takedowns') }}
),

documents as (
    select * from {{ ref('stg_raw__documents') }}
),

named as (
    select
        documents.document_id,
        documents.page_sha256,
        takedowns.takedown_no
    from documents
    inner join takedowns
        on documents.page_sha256 = takedowns.page_sha256 or documents.source_url = takedowns.source_url
),

-- a content that is withheld at one address is withheld at every other
pages as (
    select distinct
        page_sha256,
        takedown_no
    from named
)

select
    documents.document_id,
    documents.page_sha256,
    takedowns.takedown_no,
    takedowns.withholds = 'text_and_figures' as withholds_figures,
    takedowns.because,
    takedowns.asked_by,
    takedowns.decided_on
from documents
inner join pages
    on documents.page_sha256 = pages.page_sha256
inner join takedowns
    on pages.takedown_no = takedowns.takedown_no
qualify row_number() over (
    partition by documents.document_id
    order by takedowns.withholds = 'text_and_figures' desc, takedowns.takedown_no asc
) = 1
