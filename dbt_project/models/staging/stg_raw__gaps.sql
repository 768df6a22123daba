with source as (
    select * from {{ source('raw', 'gaps') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        document_id,
        reader_version,
        gap_no,
        field_id,
        applicant_type,
        why as gap_reason,
        printed,
        gap_start,
        gap_end
    from source
)

select * from renamed
