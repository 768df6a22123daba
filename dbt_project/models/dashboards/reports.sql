-- One report with what stands at the head of its page.
with reports as (
    select
        *,
        coalesce(report_year, 9999) as span_year
    from {{ ref('fct_reports') }}
),

spans as (
    select
        *,
        coalesce(valid_from, 0) as since
    from {{ ref('dim_jurisdictions') }}
)

select
    reports.report_id,
    reports.unit_id as place_id,
    reports.jurisdiction_name as name_zh,
    spans.jurisdiction_name_en as name_en,
    reports.jurisdiction_level,
    reports.agency_name,
    reports.scope,
    reports.title,
    reports.issuer,
    reports.document_kind,
    reports.reason,
    reports.report_year,
    reports.period_start,
    reports.period_end,
    reports.published_on,
    reports.report_format,
    reports.trust,
    reports.trust_reasons,
    reports.superseded_by,
    reports.duplicate_of,
    reports.figure_count,
    reports.data_origin
from reports
-- the name of that year
asof left join spans
    on
        reports.jurisdiction_id = spans.jurisdiction_id
        and reports.span_year >= spans.since
