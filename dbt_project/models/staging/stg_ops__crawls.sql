with source as (
    select * from {{ source('landing_ops', 'crawls') }}
),

renamed as (
    select
        crawl_id,
        run_id,
        source_id,
        started_at,
        ended_at,
        reports_found,
        previous_found,
        expected_minimum
    from source
)

select * from renamed
