with source as (
    select * from {{ source('raw', 'sections') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        document_id,
        reader_version,
        section_no,
        level,
        label,
        heading,
        kind as section_kind,
        section_start,
        section_end,
        body_start
    from source
)

select * from renamed
