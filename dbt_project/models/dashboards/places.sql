-- Every place under its newest name, with all its names and codes to search by.
with spans as (
    select
        *,
        coalesce(valid_from, 0) as since
    from {{ ref('dim_jurisdictions') }}
),

years as (
    select
        unit_id,
        count(*) as report_count,
        min(report_year) as first_year,
        max(report_year) as last_year
    from {{ ref('fct_reports') }}
    where document_kind = 'annual_report'
    group by unit_id
),

units as (
    select
        unit_id,
        arg_max(jurisdiction_code, since) as jurisdiction_code,
        arg_max(jurisdiction_name, since) as name_zh,
        arg_max_null(jurisdiction_name_en, since) as name_en,
        arg_max(jurisdiction_level, since) as jurisdiction_level,
        arg_max_null(parent_code, since) as parent_code,
        arg_max(province_code, since) as province_code,
        max(coalesce(valid_to, 9999)) < 9999 as is_abolished,
        lower(string_agg(distinct concat_ws(' ', jurisdiction_name, jurisdiction_code, jurisdiction_name_en), ' ')) as search_text
    from spans
    group by unit_id
)

select
    units.unit_id as place_id,
    units.jurisdiction_code,
    units.name_zh,
    units.name_en,
    units.jurisdiction_level,
    units.is_abolished,
    parents.unit_id as parent_id,
    parents.name_zh as parent_name_zh,
    parents.name_en as parent_name_en,
    provinces.name_zh as province_name_zh,
    provinces.name_en as province_name_en,
    units.search_text,
    coalesce(years.report_count, 0) as report_count,
    years.first_year,
    years.last_year
from units
left join units as parents
    on
        units.parent_code = parents.jurisdiction_code
        and parents.jurisdiction_level in ('province', 'prefecture', 'county')
left join units as provinces
    on
        units.province_code = provinces.jurisdiction_code
        and provinces.jurisdiction_level = 'province'
left join years
    on units.unit_id = years.unit_id
