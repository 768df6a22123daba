-- Whose reports are expected: every province, prefecture and county of the year that publishes at all, and below them the
-- towns and zones that a source names. These have no history: they are expected in every year, under the county of that year.
with years as (
    select * from {{ ref('int_coverage_years') }}
),

divisions as (
    select * from {{ ref('seed_divisions') }}
),

listed as (
    select
        years.report_year,
        divisions.code as jurisdiction_id,
        divisions.code as jurisdiction_code,
        divisions.name as jurisdiction_name,
        divisions.level as jurisdiction_level,
        divisions.parent_code,
        divisions.province_code,
        'division_list' as expected_because
    from divisions
    inner join years
        on
            divisions.valid_from <= years.report_year
            and coalesce(divisions.valid_to >= years.report_year, true)
    where divisions.publishes
),

named as (
    select
        jurisdiction_id,
        arg_min(jurisdiction_code, source_id) as jurisdiction_code,
        arg_min(jurisdiction_name, source_id) as jurisdiction_name,
        arg_min(jurisdiction_level, source_id) as jurisdiction_level,
        arg_min(parent_code, source_id) as parent_code
    from {{ ref('stg_raw__source_readings') }}
    where
        agency_name is null
        and jurisdiction_level in ('township', 'functional_zone')
    group by jurisdiction_id
),

-- the units that bore the parent's code in any year, each as it stood in a year
parents as (
    select distinct
        spans.code as named_code,
        years.report_year,
        in_year.code,
        in_year.publishes
    from divisions as spans
    inner join divisions as in_year
        on spans.unit_id = in_year.unit_id
    inner join years
        on
            in_year.valid_from <= years.report_year
            and coalesce(in_year.valid_to >= years.report_year, true)
),

named_in_years as (
    select
        years.report_year,
        named.jurisdiction_id,
        named.jurisdiction_code,
        named.jurisdiction_name,
        named.jurisdiction_level,
        coalesce(min(parents.code), min(named.parent_code)) as parent_code
    from named
    cross join years
    left join parents
        on
            named.parent_code = parents.named_code
            and years.report_year = parents.report_year
    group by all
    having coalesce(bool_and(parents.publishes), true)
)

select
    report_year,
    jurisdiction_id,
    jurisdiction_code,
    jurisdiction_name,
    jurisdiction_level,
    parent_code,
    province_code,
    expected_because
from listed
union all
select
    report_year,
    jurisdiction_id,
    jurisdiction_code,
    jurisdiction_name,
    jurisdiction_level,
    parent_code,
    concat(left(parent_code, 2), '0000') as province_code,
    'named_by_source' as expected_because
from named_in_years
