with source as (
    select * from {{ source('raw', 'grid_cells') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        content_sha256 as page_sha256,
        reader_version,
        grid_no,
        grid_origin,
        row_no,
        column_no,
        cell_text,
        cell_start,
        cell_end,
        origin_row,
        origin_column
    from source
)

select * from renamed
