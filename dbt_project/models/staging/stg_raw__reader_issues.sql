with source as (
    select * from {{ source('raw', 'reader_issues') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        document_id,
        reader_version,
        issue_no,
        issue_code,
        severity,
        detail,
        reported_value,
        recomputed_value
    from source
)

select * from renamed
