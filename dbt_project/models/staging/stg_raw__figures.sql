with source as (
    select * from {{ source('raw', 'figures') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        document_id,
        reader_version,
        figure_no,
        field_id,
        metric_id,
        applicant_type,
        value,
        unit,
        value_state,
        qualifier,
        basis,
        printed,
        evidence,
        evidence_start,
        evidence_end,
        section,
        grid_no,
        table_row,
        table_column
    from source
)

select * from renamed
