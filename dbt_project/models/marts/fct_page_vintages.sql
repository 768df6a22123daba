with vintages as (
    select * from {{ ref('int_page_vintages') }}
),

gone as (
    select * from {{ ref('int_pages_gone') }}
),

changes as (
    select
        source_url,
        vintage_no,
        count(*) as changed_figures
    from {{ ref('int_page_changes') }}
    group by source_url, vintage_no
),

report_documents as (
    select * from {{ ref('int_report_documents') }}
)

select
    vintages.source_url,
    vintages.vintage_no,
    vintages.document_id,
    report_documents.report_id,
    vintages.source_id,
    vintages.page_sha256,
    vintages.first_seen_at,
    vintages.last_seen_at,
    vintages.seen_count,
    vintages.is_newest,
    vintages.previous_document_id,
    case
        when vintages.previous_document_id is not null then coalesce(changes.changed_figures, 0)
    end as changed_figures,
    case when vintages.is_newest then gone.gone_since end as gone_since,
    case when vintages.is_newest then gone.gone_confirmed_at end as gone_confirmed_at,
    case when vintages.is_newest then gone.gone_reason end as gone_reason,
    {{ data_origin() }} as data_origin
from vintages
left join gone
    on vintages.source_url = gone.source_url
left join changes
    on
        vintages.source_url = changes.source_url
        and vintages.vintage_no = changes.vintage_no
left join report_documents
    on vintages.document_id = report_documents.document_id
