with source as (
    select * from {{ source('raw', 'source_readings') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        source_id,
        publisher,
        jurisdiction_id,
        jurisdiction_code,
        jurisdiction_name,
        jurisdiction_level,
        parent_code,
        agency_name
    from source
)

select * from renamed
