-- The same for the whole country.
with coverage as (
    select * from {{ ref('fct_coverage') }}
),

years as (
    select distinct report_year
    from coverage
    where is_expected
),

levels as (
    select distinct jurisdiction_level
    from coverage
    union all
    select 'all' as jurisdiction_level
),

counts as (
    select
        report_year,
        coalesce(jurisdiction_level, 'all') as jurisdiction_level,
        {{ coverage_counts() }}
    from coverage
    group by grouping sets ((report_year), (report_year, jurisdiction_level))
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
