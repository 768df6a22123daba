-- The one report chosen for a place (or agency) and year, and how many copies stood for election.
with reports as (
    select
        annual.*,
        {{ wide_mart_of('annual') }} as wide_mart,
        {{ wide_agency_of('annual') }} as wide_agency_name
    from {{ ref('int_reports') }} as annual
    where
        annual.document_kind = 'annual_report'
        and annual.is_current
        and annual.duplicate_of is null
        and annual.jurisdiction_id is not null
        and annual.jurisdiction_code is not null
        and annual.report_year is not null
),

ranked as (
    select
        *,
        count(*) over (
            partition by wide_mart, jurisdiction_id, report_year, wide_agency_name
        ) as copy_count,
        row_number() over (
            partition by wide_mart, jurisdiction_id, report_year, wide_agency_name
            order by
                trust_rank asc,
                scope = 'whole_area' desc,
                figure_count > 0 desc,
                published_on desc nulls last,
                fetched_at desc nulls last,
                landed_seq desc
        ) as choice_no
    from reports
    where wide_mart is not null
)

select
    wide_mart,
    jurisdiction_id,
    report_year,
    wide_agency_name as agency_name,
    report_id,
    copy_count
from ranked
where choice_no = 1
