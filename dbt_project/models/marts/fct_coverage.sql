with expected as (
    select * from {{ ref('int_coverage_units') }}
),

pages as (
    select * from {{ ref('int_coverage_pages') }}
),

provinces as (
    select * from {{ ref('dim_provinces') }}
),

found as (
    select
        jurisdiction_id,
        report_year,
        coalesce(arg_min(jurisdiction_code, landed_seq), min(jurisdiction_code)) as jurisdiction_code,
        coalesce(arg_min(jurisdiction_name, landed_seq), min(jurisdiction_name)) as jurisdiction_name,
        min(jurisdiction_level) as jurisdiction_level,
        coalesce(arg_min(parent_code, landed_seq), min(parent_code)) as parent_code,
        count(*) filter (where page_kind in ('read', 'unreadable')) as reports_found,
        count(*) filter (where page_kind = 'read') as reports_read,
        count(*) filter (where is_valid) as reports_valid,
        count(*) filter (where page_kind = 'agency') as agency_reports,
        count(distinct address) filter (where page_kind <> 'agency' and address_state = 'there') as pages_there,
        count(distinct address) filter (where page_kind <> 'agency' and address_state = 'gone') as pages_gone,
        count(distinct address) filter (where page_kind <> 'agency' and address_state = 'blocked') as pages_blocked,
        list_sort(list(distinct blocked_outcome) filter (where page_kind <> 'agency' and blocked_outcome is not null))
            as blocked_outcomes,
        arg_min(report_id, choice_no) filter (where is_eligible) as chosen_report_id
    from pages
    group by jurisdiction_id, report_year
),

joined as (
    select
        coalesce(expected.jurisdiction_id, found.jurisdiction_id) as jurisdiction_id,
        coalesce(expected.report_year, found.report_year) as report_year,
        coalesce(expected.jurisdiction_code, found.jurisdiction_code) as jurisdiction_code,
        coalesce(expected.jurisdiction_name, found.jurisdiction_name) as jurisdiction_name,
        coalesce(expected.jurisdiction_level, found.jurisdiction_level) as jurisdiction_level,
        -- of a town its report knows best which county it belonged to
        if(expected.expected_because = 'division_list', expected.parent_code, coalesce(found.parent_code, expected.parent_code))
            as parent_code,
        coalesce(
            expected.province_code,
            concat(left(found.jurisdiction_id, 2), '0000')
        ) as province_code,
        expected.jurisdiction_id is not null as is_expected,
        expected.expected_because,
        coalesce(found.reports_found, 0) as reports_found,
        coalesce(found.reports_read, 0) as reports_read,
        coalesce(found.reports_valid, 0) as reports_valid,
        coalesce(found.agency_reports, 0) as agency_reports,
        coalesce(found.pages_there, 0) as pages_there,
        coalesce(found.pages_gone, 0) as pages_gone,
        coalesce(found.pages_blocked, 0) as pages_blocked,
        found.blocked_outcomes,
        found.chosen_report_id
    from expected
    full join found
        on
            expected.jurisdiction_id = found.jurisdiction_id
            and expected.report_year = found.report_year
)

select
    joined.jurisdiction_id,
    joined.report_year,
    joined.jurisdiction_code,
    joined.jurisdiction_name,
    joined.jurisdiction_level,
    joined.parent_code,
    joined.province_code,
    provinces.province_name,
    joined.is_expected,
    joined.expected_because,
    case
        when joined.reports_valid > 0 then 'valid'
        when joined.reports_read > 0 then 'read_with_faults'
        when joined.reports_found > 0 then 'unreadable'
        when joined.pages_blocked > 0 then 'blocked'
        when joined.pages_gone > 0 then 'gone'
        else 'not_found'
    end as coverage_state,
    cast(joined.reports_found as integer) as reports_found,
    cast(joined.reports_read as integer) as reports_read,
    cast(joined.reports_valid as integer) as reports_valid,
    cast(joined.agency_reports as integer) as agency_reports,
    joined.pages_gone > 0 and joined.pages_there = 0 as is_gone,
    joined.pages_blocked > 0 and joined.pages_there = 0 as is_blocked,
    cast(joined.pages_gone as integer) as pages_gone,
    cast(joined.pages_blocked as integer) as pages_blocked,
    joined.blocked_outcomes,
    joined.chosen_report_id,
    {{ data_origin() }} as data_origin
from joined
left join provinces
    on joined.province_code = provinces.province_code
