with reports as (
    select * from {{ ref('int_reports') }}
),

units as (
    -- a place keeps its unit where its code or name changes
    select
        reports.report_id,
        divisions.unit_id
    from reports
    inner join {{ ref('seed_divisions') }} as divisions
        on
            reports.jurisdiction_id = divisions.code
            and coalesce(reports.report_year, divisions.valid_from, 9999)
            between coalesce(divisions.valid_from, 0) and coalesce(divisions.valid_to, 9999)
    qualify row_number() over (
        partition by reports.report_id
        order by divisions.valid_from desc nulls last, divisions.name asc
    ) = 1
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
    coalesce(units.unit_id, reports.jurisdiction_id) as unit_id,
    {{ data_origin() }} as data_origin
from reports
left join units
    on reports.report_id = units.report_id
