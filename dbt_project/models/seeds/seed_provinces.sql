select
    code,
    name_en,
    label_zh,
    label_en,
    cast(tile_row as integer) as tile_row,
    cast(tile_column as integer) as tile_column
from {{ read_seed('provinces') }}
