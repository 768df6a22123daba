with source as (
    select * from {{ source('raw', 'shares') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        document_id,
        reader_version,
        share_no,
        share_kind,
        value as value_percent,
        name as share_name,
        metric_id,
        printed,
        share_start,
        share_end,
        section
    from source
)

select * from renamed
