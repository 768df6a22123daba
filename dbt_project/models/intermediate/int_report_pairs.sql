-- Reports whose numbers must agree: with the report of the year before (years) and with that of a part of the area (child).
-- Only the report chosen for its place or agency and year takes part.
with reports as (
    select
        chosen.wide_mart,
        chosen.report_id,
        chosen.agency_name,
        chosen.report_year,
        reports.jurisdiction_id,
        reports.jurisdiction_code,
        reports.jurisdiction_level,
        reports.parent_code,
        reports.scope,
        reports.is_division,
        reports.unit_id
    from {{ ref('int_year_reports') }} as chosen
    inner join {{ ref('int_reports') }} as reports
        on chosen.report_id = reports.report_id
),

years as (
    select
        reports.report_id,
        earlier.report_id as other_report_id,
        'years' as pair_kind,
        false as is_division,
        coalesce(reports.scope, '-') = coalesce(earlier.scope, '-') as has_same_scope
    from reports
    inner join reports as earlier
        on
            reports.wide_mart = earlier.wide_mart
            and reports.unit_id = earlier.unit_id
            and reports.agency_name is not distinct from earlier.agency_name
            and reports.report_year = earlier.report_year + 1
),

parts as (
    select
        areas.report_id,
        parts.report_id as other_report_id,
        'child' as pair_kind,
        parts.is_division and parts.wide_mart = 'jurisdiction' as is_division,
        parts.scope = 'whole_area' or parts.wide_mart = 'agency' or parts.jurisdiction_level = 'township' as has_same_scope
    from reports as areas
    inner join reports as parts
        on
            areas.report_year = parts.report_year
            and (
                (parts.wide_mart = 'jurisdiction' and areas.jurisdiction_code = parts.parent_code)
                or (parts.wide_mart = 'agency' and areas.jurisdiction_id = parts.jurisdiction_id)
            )
    where
        areas.wide_mart = 'jurisdiction'
        and areas.scope = 'whole_area'
        -- a zone stands under its own code, which is its parent's
        and areas.jurisdiction_level <> 'functional_zone'
        and areas.report_id <> parts.report_id
)

select * from years
union all
select * from parts
