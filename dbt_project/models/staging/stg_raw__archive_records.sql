with source as (
    select * from {{ source('raw', 'archive_records') }}
),

renamed as (
    select
        archive_file,
        archive_offset,
        archive_length,
        record_type,
        record_id,
        target_uri,
        record_date,
        payload_digest,
        content_sha256 as page_sha256,
        document_id
    from source
)

select * from renamed
