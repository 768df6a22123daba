with provinces as (
    select * from {{ ref('seed_provinces') }}
),

divisions as (
    select
        code,
        arg_max(name, valid_from) as name,
        arg_max(publishes, valid_from) as publishes
    from {{ ref('seed_divisions') }}
    where level = 'province'
    group by code
)

select
    divisions.code as province_code,
    divisions.name as province_name,
    provinces.name_en as province_name_en,
    provinces.label_zh,
    provinces.label_en,
    provinces.tile_row,
    provinces.tile_column,
    divisions.publishes,
    {{ data_origin() }} as data_origin
from divisions
left join provinces
    on divisions.code = provinces.code
