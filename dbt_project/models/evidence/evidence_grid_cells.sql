{{ config(alias='grid_cells') }}

with published as (
    select distinct page_sha256
    from {{ ref('int_documents') }}
)

select
    cells.page_sha256,
    cells.grid_no,
    cells.grid_origin,
    cells.row_no,
    cells.column_no,
    cells.cell_text,
    cells.cell_start,
    cells.cell_end,
    cells.origin_row,
    cells.origin_column,
    {{ data_origin() }} as data_origin
from {{ ref('stg_raw__grid_cells') }} as cells
inner join published
    on cells.page_sha256 = published.page_sha256
