-- What the addresses of a report's documents showed over time: every vintage of an address that showed one of them.
with addresses as (
    select distinct
        report_id,
        source_url
    from {{ ref('fct_page_vintages') }}
    where report_id is not null
)

select
    addresses.report_id,
    vintages.source_url,
    vintages.vintage_no,
    vintages.first_seen_at,
    vintages.last_seen_at,
    vintages.seen_count,
    vintages.changed_figures,
    vintages.gone_since,
    texts.text as document_text,
    vintages.data_origin
from addresses
inner join {{ ref('fct_page_vintages') }} as vintages
    on addresses.source_url = vintages.source_url
left join {{ ref('evidence_texts') }} as texts
    on vintages.page_sha256 = texts.page_sha256
