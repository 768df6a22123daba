with source as (
    select * from {{ source('raw', 'named_reports') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        address,
        source_id,
        words,
        jurisdiction_id,
        jurisdiction_code,
        jurisdiction_name,
        jurisdiction_level,
        parent_code,
        agency_name,
        report_year
    from source
)

select * from renamed
