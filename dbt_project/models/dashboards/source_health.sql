-- Each source with its last crawl and what was noticed about it. What that crawl does not know stays unknown.
with crawls as (
    select
        source_id,
        max(started_at) as last_crawl_at,
        arg_max_null(is_whole, started_at) as is_whole,
        arg_max_null(reports_found, started_at) as reports_found,
        arg_max_null(previous_found, started_at) as previous_found,
        arg_max_null(expected_minimum, started_at) as expected_minimum
    from {{ ref('ops_crawls') }}
    group by source_id
),

issues as (
    select
        source_id,
        string_agg(issue_code, ', ' order by issue_code) as issue_codes,
        string_agg(detail, '; ' order by issue_code) as details,
        max(noticed_at) as noticed_at
    from {{ ref('ops_source_issues') }}
    where is_current
    group by source_id
)

select
    crawls.source_id,
    crawls.last_crawl_at,
    crawls.is_whole,
    crawls.reports_found,
    crawls.previous_found,
    crawls.expected_minimum,
    issues.issue_codes,
    issues.details,
    issues.noticed_at,
    issues.source_id is not null as is_quiet
from crawls
left join issues
    on crawls.source_id = issues.source_id
