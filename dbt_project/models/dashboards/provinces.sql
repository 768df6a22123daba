-- Provincial units with their places on the map of tiles.
select
    province_code,
    province_name as name_zh,
    province_name_en as name_en,
    label_zh,
    label_en,
    tile_row,
    tile_column
from {{ ref('dim_provinces') }}
