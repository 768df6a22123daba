with source as (
    select * from {{ source('raw', 'documents') }}
),

renamed as (
    select
        document_id,
        source_id,
        source_file,
        source_url,
        content_sha256 as page_sha256,
        content_type,
        fetched_at,
        landed_seq,
        landed_run_id
    from source
)

select * from renamed
