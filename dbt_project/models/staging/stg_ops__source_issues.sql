with source as (
    select * from {{ source('landing_ops', 'source_issues') }}
),

renamed as (
    select
        run_id,
        crawl_id,
        source_id,
        issue_code,
        detail,
        found,
        expected,
        noticed_at
    from source
)

select * from renamed
