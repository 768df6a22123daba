{{ config(
    alias='grid_cells',
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('page_sha256', 'int_read_stamps', 'page') }}"
) }}

with pages as (
    {{ keys_to_make('int_read_stamps', 'page') }}
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
inner join pages
    on cells.page_sha256 = pages.stamp_key
