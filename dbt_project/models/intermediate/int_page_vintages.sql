-- What each address showed and when: one row for each stretch of sightings with the same content. A content that comes back
-- is a vintage of its own. A copy on disk is as old as its manifest says; without a date it is older than what was fetched.
with attempts as (
    select * from {{ ref('stg_raw__attempts') }}
    where outcome in ('ok', 'unchanged')
),

documents as (
    select * from {{ ref('stg_raw__documents') }}
    where source_url is not null
),

sightings as (
    select
        documents.document_id,
        documents.source_id,
        documents.source_url,
        documents.page_sha256,
        documents.landed_seq,
        attempts.attempted_at,
        attempts.attempt_id,
        case
            when attempts.role is null or attempts.role = 'file' then documents.fetched_at
            else attempts.attempted_at
        end as seen_at
    from documents
    left join attempts
        on
            documents.source_url = attempts.source_url
            and documents.page_sha256 = attempts.page_sha256
),

compared as (
    select
        *,
        coalesce(page_sha256 <> lag(page_sha256) over in_order, true) as is_new
    from sightings
    window in_order as (
        partition by source_url
        order by seen_at asc nulls first, landed_seq asc, attempted_at asc, attempt_id asc
    )
),

numbered as (
    select
        *,
        sum(if(is_new, 1, 0)) over (
            partition by source_url
            order by seen_at asc nulls first, landed_seq asc, attempted_at asc, attempt_id asc
        ) as vintage_no
    from compared
),

vintages as (
    select
        source_url,
        cast(vintage_no as integer) as vintage_no,
        any_value(document_id) as document_id,
        any_value(source_id) as source_id,
        any_value(page_sha256) as page_sha256,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at,
        count(attempt_id) as seen_count
    from numbered
    group by source_url, vintage_no
)

select
    source_url,
    vintage_no,
    document_id,
    source_id,
    page_sha256,
    first_seen_at,
    last_seen_at,
    seen_count,
    vintage_no = max(vintage_no) over (partition by source_url) as is_newest,
    lag(document_id) over (
        partition by source_url
        order by vintage_no
    ) as previous_document_id
from vintages
