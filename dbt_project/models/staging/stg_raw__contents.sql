with source as (
    select * from {{ source('raw', 'contents') }}
),

renamed as (
    select
        content_sha256 as page_sha256,
        byte_count,
        archive_file,
        archive_offset,
        archive_length,
        landed_run_id
    from source
)

select * from renamed
