-- Divisions with the years in which code and name were valid, and the places that no division list has: towns and zones of
-- reports, and those that a source names, whether a report of theirs is here or not.
with divisions as (
    select * from {{ ref('seed_divisions') }}
),

successors as (
    select
        old_code,
        list(distinct new_code order by new_code) as successor_codes
    from {{ ref('seed_successors') }}
    group by old_code
),

english_names as (
    select * from {{ ref('seed_place_names') }}
),

provinces as (
    select * from {{ ref('seed_provinces') }}
),

seen as (
    select
        jurisdiction_id,
        jurisdiction_code as code,
        jurisdiction_name as name,
        jurisdiction_level as level,
        parent_code,
        min(report_year) as first_report_year
    from {{ ref('int_reports') }}
    where
        document_kind = 'annual_report'
        and jurisdiction_id is not null
        and jurisdiction_code is not null
        and jurisdiction_level in ('township', 'functional_zone')
    group by all
),

named as (
    select
        jurisdiction_id,
        arg_max(jurisdiction_code, report_year) as code,
        arg_max(jurisdiction_name, report_year) as name,
        arg_max(jurisdiction_level, report_year) as level,
        arg_max(parent_code, report_year) as parent_code
    from {{ ref('int_coverage_units') }}
    where expected_because = 'named_by_source'
    group by jurisdiction_id
),

unlisted as (
    select
        seen.*,
        'seen_in_reports' as basis,
        row_number() over (
            partition by seen.jurisdiction_id
            order by seen.first_report_year, seen.name
        ) as name_no
    from seen
    anti join divisions
        on seen.jurisdiction_id = divisions.code
    union all by name
    select
        named.*,
        'named_by_source' as basis,
        1 as name_no
    from named
    anti join seen
        on named.jurisdiction_id = seen.jurisdiction_id
    where named.code is not null
),

all_spans as (
    select
        divisions.code as jurisdiction_id,
        divisions.code,
        divisions.unit_id,
        divisions.name,
        divisions.level,
        divisions.parent_code,
        divisions.province_code,
        divisions.valid_from,
        divisions.valid_to,
        'division_history' as basis
    from divisions
    union all
    select
        jurisdiction_id,
        code,
        jurisdiction_id as unit_id,
        name,
        level,
        parent_code,
        concat(left(parent_code, 2), '0000') as province_code,
        cast(null as integer) as valid_from,
        cast(null as integer) as valid_to,
        basis
    from unlisted
    where name_no = 1
)

select
    concat(all_spans.jurisdiction_id, '@', coalesce(cast(all_spans.valid_from as varchar), 'unknown')) as span_id,
    all_spans.jurisdiction_id,
    all_spans.code as jurisdiction_code,
    all_spans.unit_id,
    all_spans.name as jurisdiction_name,
    coalesce(provinces.name_en, english_names.name_en) as jurisdiction_name_en,
    all_spans.level as jurisdiction_level,
    all_spans.parent_code,
    all_spans.province_code,
    all_spans.valid_from,
    all_spans.valid_to,
    coalesce(successors.successor_codes, cast([] as varchar[])) as successor_codes,
    all_spans.basis,
    {{ data_origin() }} as data_origin
from all_spans
left join english_names
    on
        all_spans.name = english_names.name
        and all_spans.level = english_names.level
left join provinces
    on all_spans.code = provinces.code
left join successors
    on
        all_spans.jurisdiction_id = successors.old_code
        and all_spans.valid_to is not null
