with source as (
    select * from {{ source('raw', 'attempts') }}
),

renamed as (
    select
        attempt_id,
        run_id,
        source_id,
        source_file,
        source_url,
        role,
        found_on,
        final_url,
        attempted_at,
        outcome,
        reason,
        http_status,
        content_type,
        byte_count,
        content_sha256 as page_sha256
    from source
)

select * from renamed
