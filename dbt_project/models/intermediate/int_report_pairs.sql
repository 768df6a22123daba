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
        divisions.code is not null as is_division,
        -- a place keeps its unit where its code or name changes
        coalesce(divisions.unit_id, chosen.jurisdiction_id) as place_id
    from {{ ref('int_year_reports') }} as chosen
    inner join {{ ref('int_reports') }} as reports
        on chosen.report_id = reports.report_id
    left join {{ ref('seed_divisions') }} as divisions
        on
            chosen.jurisdiction_id = divisions.code
            and chosen.report_year between coalesce(divisions.valid_from, 0) and coalesce(divisions.valid_to, 9999)
    qualify row_number() over (
        partition by chosen.report_id
        order by divisions.valid_from desc nulls last, divisions.name asc
    ) = 1
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
            and reports.place_id = earlier.place_id
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
