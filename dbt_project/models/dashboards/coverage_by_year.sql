-- The same for the whole country.
with coverage as (
    select * from {{ ref('fct_coverage') }}
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
        report_year,
        jurisdiction_level,
        {{ coverage_counts() }}
    from levelled
    group by report_year, jurisdiction_level
),

-- a group of its own, because DuckDB writes a cross join beside a left join wrongly into the text of a view
all_groups as (
    select
        years.report_year,
        levels.jurisdiction_level
    from years
    cross join levels
)

select
    all_groups.report_year,
    all_groups.jurisdiction_level,
    {{ coverage_columns('counts') }},
    {{ data_origin() }} as data_origin
from all_groups
left join counts
    on
        all_groups.report_year = counts.report_year
        and all_groups.jurisdiction_level = counts.jurisdiction_level
