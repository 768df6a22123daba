{{ config(alias='source_issues') }}

with crawls as (
    select * from {{ ref('stg_ops__crawls') }}
),

last_crawls as (
    select
        source_id,
        arg_max(crawl_id, started_at) as crawl_id
    from crawls
    group by source_id
),

issues as (
    select * from {{ ref('stg_ops__source_issues') }}
)

select
    issues.run_id,
    issues.crawl_id,
    issues.source_id,
    issues.issue_code,
    issues.detail,
    issues.found,
    issues.expected,
    issues.noticed_at,
    last_crawls.crawl_id is not null as is_current,
    {{ data_origin() }} as data_origin
from issues
left join last_crawls
    on
        issues.source_id = last_crawls.source_id
        and issues.crawl_id = last_crawls.crawl_id
