with source as (
    select * from {{ source('raw', 'readings') }}
    where reader_version = '{{ var("reader_version") }}'
),

renamed as (
    select
        document_id,
        reader_version,
        content_sha256 as page_sha256,
        document_kind,
        reason_code,
        reason,
        title,
        issuer,
        jurisdiction_id,
        jurisdiction_code,
        jurisdiction_name,
        jurisdiction_level,
        parent_code,
        candidate_codes,
        jurisdiction_basis,
        agency_name,
        scope,
        report_year,
        report_year_basis,
        period_start,
        period_end,
        published_on,
        phone,
        fax,
        email,
        postcode,
        address,
        website,
        report_format,
        report_format_basis,
        coalesce(trust, 'unknown') as trust,
        trust_reasons,
        section_count,
        figure_count,
        issue_count,
        read_run_id,
        gap_count,
        share_count,
        has_text
    from source
)

select * from renamed
