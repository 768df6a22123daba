-- What each check is applied to: a report, a pair of reports, or an area and all its parts (other_report_id is null).
with checks as (
    select * from {{ ref('seed_checks') }}
    where terms_are <> 'words'
),

reports as (
    select
        report_id,
        report_format,
        report_year,
        jurisdiction_code
    from {{ ref('int_reports') }}
    where
        document_kind = 'annual_report'
        and report_format is not null
),

pairs as (
    select
        pairs.*,
        others.report_format as other_format
    from {{ ref('int_report_pairs') }} as pairs
    inner join reports as others
        on pairs.other_report_id = others.report_id
),

divisions as (
    select
        reports.report_id,
        count(distinct divisions.code) as part_count
    from reports
    inner join {{ ref('seed_divisions') }} as divisions
        on
            reports.jurisdiction_code = divisions.parent_code
            and reports.report_year between coalesce(divisions.valid_from, 0) and coalesce(divisions.valid_to, 9999)
    semi join pairs
        on
            reports.report_id = pairs.report_id
            and pairs.pair_kind = 'child'
    group by reports.report_id
)

select
    reports.report_id,
    pairs.other_report_id,
    checks.check_id,
    reports.report_format as form_id,
    cast(null as bigint) as part_count,
    coalesce(pairs.has_same_scope, true) as has_same_scope
from reports
inner join checks
    on
        list_contains(checks.forms, reports.report_format)
        and checks.between_reports <> 'children'
left join pairs
    on
        reports.report_id = pairs.report_id
        and checks.between_reports = pairs.pair_kind
        and list_contains(checks.other_forms, pairs.other_format)
where
    checks.between_reports = 'report'
    or pairs.other_report_id is not null
union all
select
    reports.report_id,
    cast(null as varchar) as other_report_id,
    checks.check_id,
    reports.report_format as form_id,
    coalesce(any_value(divisions.part_count), 0) as part_count,
    bool_and(pairs.has_same_scope) as has_same_scope
from reports
inner join checks
    on
        list_contains(checks.forms, reports.report_format)
        and checks.between_reports = 'children'
inner join pairs
    on
        reports.report_id = pairs.report_id
        and pairs.pair_kind = 'child'
        and list_contains(checks.other_forms, pairs.other_format)
left join divisions
    on reports.report_id = divisions.report_id
group by reports.report_id, checks.check_id, reports.report_format
