-- How many of the units whose reports are expected are covered, for each province, year and level (all: all levels together).
with coverage as (
    select * from {{ ref('fct_coverage') }}
),

provinces as (
    select * from {{ ref('dim_provinces') }}
),

years as (
    select distinct report_year
    from coverage
    where is_expected
),

levelled as (
    select
        * exclude (jurisdiction_level),
        unnest([jurisdiction_level, 'all']) as jurisdiction_level
    from coverage
),

levels as (
    select distinct jurisdiction_level
    from levelled
),

counts as (
    select
        province_code,
        report_year,
        jurisdiction_level,
        {{ coverage_counts() }}
    from levelled
    group by province_code, report_year, jurisdiction_level
),

-- a group of its own, because DuckDB writes a cross join beside a left join wrongly into the text of a view
all_groups as (
    select
        provinces.*,
        years.report_year,
        levels.jurisdiction_level
    from provinces
    cross join years
    cross join levels
)

select
    all_groups.province_code,
    all_groups.province_name,
    all_groups.province_name_en,
    all_groups.publishes,
    all_groups.report_year,
    all_groups.jurisdiction_level,
    {{ coverage_columns('counts') }},
    all_groups.data_origin
from all_groups
left join counts
    on
        all_groups.province_code = counts.province_code
        and all_groups.report_year = counts.report_year
        and all_groups.jurisdiction_level = counts.jurisdiction_level
