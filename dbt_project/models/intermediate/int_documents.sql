-- One row per landed document with what the reader found out about it.
with documents as (
    select * from {{ ref('stg_raw__documents') }}
),

readings as (
    select * from {{ ref('stg_raw__readings') }}
),

texts as (
    select * from {{ ref('stg_raw__texts') }}
),

-- what is withheld with its figures is set aside
withheld as (
    select * from {{ ref('int_withheld') }}
    where withholds_figures
),

figures as (
    select
        document_id,
        bool_or(basis = 'table') as has_table_figures
    from {{ ref('stg_raw__figures') }}
    group by document_id
),

vintages as (
    select
        document_id,
        max(vintage_no) as address_order
    from {{ ref('int_page_vintages') }}
    group by document_id
)

select
    documents.document_id,
    documents.source_id,
    documents.source_file,
    documents.source_url,
    documents.page_sha256,
    documents.content_type,
    documents.fetched_at,
    documents.landed_seq,
    vintages.address_order,
    case when withheld.document_id is null then readings.document_kind else 'not_a_report' end as document_kind,
    case when withheld.document_id is null then readings.reason_code else 'withheld' end as reason_code,
    case when withheld.document_id is null then readings.reason else withheld.because end as reason,
    readings.title,
    readings.issuer,
    readings.jurisdiction_id,
    readings.jurisdiction_code,
    readings.jurisdiction_name,
    readings.jurisdiction_level,
    readings.parent_code,
    readings.candidate_codes,
    readings.jurisdiction_basis,
    readings.agency_name,
    readings.scope,
    readings.report_year,
    readings.report_year_basis,
    readings.period_start,
    readings.period_end,
    readings.published_on,
    readings.phone,
    readings.fax,
    readings.email,
    readings.postcode,
    readings.address,
    readings.website,
    readings.report_format,
    readings.report_format_basis,
    readings.trust,
    {{ trust_rank('readings.trust') }} as trust_rank,
    readings.trust_reasons,
    readings.section_count,
    readings.figure_count,
    coalesce(figures.has_table_figures, false) as has_table_figures,
    texts.media_type,
    nullif(regexp_extract(documents.source_url, '^[a-zA-Z]+://([^/]+)', 1), '') as url_host,
    nullif(regexp_extract(documents.source_url, '^([a-zA-Z]+://[^?#]*/)[^/]*', 1), '') as url_folder,
    nullif(regexp_extract(documents.source_file, '^(.+)/[^/]*$', 1), '') as file_folder
from documents
inner join readings
    on documents.document_id = readings.document_id
left join texts
    on documents.page_sha256 = texts.page_sha256
left join figures
    on documents.document_id = figures.document_id
left join vintages
    on documents.document_id = vintages.document_id
left join withheld
    on documents.document_id = withheld.document_id
