with reports as (
    select * from {{ ref('int_reports') }}
),

chosen as (
    select * from {{ ref('int_year_reports') }}
)

select
    reports.report_id,
    reports.source_id,
    reports.source_file,
    reports.source_url,
    reports.document_kind,
    reports.reason_code,
    reports.reason,
    reports.title,
    reports.issuer,
    reports.jurisdiction_id,
    reports.jurisdiction_code,
    reports.jurisdiction_name,
    reports.jurisdiction_level,
    reports.parent_code,
    reports.candidate_codes,
    reports.jurisdiction_basis,
    reports.agency_name,
    reports.scope,
    reports.report_year,
    reports.report_year_basis,
    reports.period_start,
    reports.period_end,
    reports.published_on,
    reports.phone,
    reports.fax,
    reports.email,
    reports.postcode,
    reports.address,
    reports.website,
    reports.report_format,
    reports.report_format_basis,
    reports.trust,
    reports.trust_reasons,
    reports.is_current,
    reports.superseded_by,
    reports.duplicate_of,
    reports.page_sha256,
    reports.fetched_at,
    reports.landed_seq,
    cast(reports.figure_count as integer) as figure_count,
    reports.unit_id,
    chosen.report_id is not null as is_chosen,
    if(
        reports.document_kind = 'annual_report' and reports.jurisdiction_id is not null, {{ wide_agency_of('reports') }}, null
    ) as standing_agency_name,
    {{ data_origin() }} as data_origin
from reports
left join chosen
    on reports.report_id = chosen.report_id
