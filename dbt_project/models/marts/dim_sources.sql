-- Where the pages come from, with what is known about publisher and terms: every source that this warehouse has pages of.
with registry as (
    select * from {{ ref('seed_sources') }}
),

documents as (
    select * from {{ ref('stg_raw__documents') }}
),

crawls as (
    select * from {{ ref('stg_ops__crawls') }}
),

landed as (
    select
        source_id,
        count(*) as document_count,
        list_sort(list_distinct(list(
            regexp_extract(source_url, '^[a-zA-Z]+://([^/]+)', 1)
        ) filter (where source_url is not null)))[1:20] as hosts_seen
    from documents
    group by source_id
),

seen as (
    select source_id from landed
    union distinct
    select source_id from crawls
)

select
    seen.source_id,
    registry.publisher,
    coalesce(registry.hosts, landed.hosts_seen) as hosts,
    registry.jurisdiction_code,
    registry.jurisdiction_level,
    registry.family,
    registry.base_url,
    registry.is_official,
    registry.is_verified,
    registry.terms,
    registry.terms_en,
    registry.terms_from,
    registry.terms_page,
    registry.contact,
    registry.notes,
    cast(coalesce(landed.document_count, 0) as integer) as document_count,
    {{ data_origin() }} as data_origin
from seen
left join landed
    on seen.source_id = landed.source_id
left join registry
    on seen.source_id = registry.source_id
