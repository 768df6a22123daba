with source as (
    select * from {{ source('raw', 'texts') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        content_sha256 as page_sha256,
        reader_version,
        media_type,
        encoding,
        script,
        text,
        text_normalised,
        normal_runs,
        meta,
        cell_count
    from source
)

select * from renamed
