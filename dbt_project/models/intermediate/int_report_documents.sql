-- Which documents make up a report. An annex is joined to the report of its place, agency and year, else to the only
-- report in its folder; an annex without a report stays in the list with a null report_id.
with documents as (
    select * from {{ ref('int_documents') }}
),

versions as (
    select * from {{ ref('int_report_versions') }}
),

annexes as (
    select
        *,
        -- of several vintages at one address the newest, of several copies of a content the first
        coalesce(row_number() over (
            partition by coalesce(source_url, document_id)
            order by fetched_at desc nulls last, landed_seq desc
        ) = 1, true)
        and row_number() over (
            partition by page_sha256
            order by landed_seq
        ) = 1 as is_current
    from documents
    where document_kind = 'annex'
),

reports as (
    select
        documents.*,
        versions.is_current
    from documents
    inner join versions
        on documents.document_id = versions.report_id
    where
        documents.document_kind = 'annual_report'
        and versions.duplicate_of is null
),

by_identity as (
    select
        annexes.document_id,
        reports.document_id as report_id,
        'identity' as joined_by,
        row_number() over (
            partition by annexes.document_id
            order by
                reports.is_current desc,
                reports.url_folder is not distinct from annexes.url_folder desc,
                reports.url_host is not distinct from annexes.url_host desc,
                reports.trust_rank asc,
                reports.scope is not distinct from annexes.scope desc,
                reports.landed_seq asc
        ) as choice_no
    from annexes
    inner join reports
        on
            annexes.jurisdiction_id = reports.jurisdiction_id
            and annexes.report_year = reports.report_year
            and coalesce(annexes.agency_name, '-') = coalesce(reports.agency_name, '-')
),

neighbours as (
    select
        annexes.document_id,
        reports.document_id as report_id
    from annexes
    inner join reports
        on annexes.url_folder = reports.url_folder
    union
    select
        annexes.document_id,
        reports.document_id as report_id
    from annexes
    inner join reports
        on annexes.file_folder = reports.file_folder
),

in_folder as (
    select
        annexes.document_id,
        reports.document_id as report_id,
        'folder' as joined_by,
        count(*) over (partition by annexes.document_id) as report_count
    from annexes
    inner join neighbours
        on annexes.document_id = neighbours.document_id
    inner join reports
        on
            neighbours.report_id = reports.document_id
            and reports.is_current
            and coalesce(annexes.report_year, reports.report_year, 0) = coalesce(reports.report_year, annexes.report_year, 0)
            and coalesce(annexes.jurisdiction_id, reports.jurisdiction_id, '-')
            = coalesce(reports.jurisdiction_id, annexes.jurisdiction_id, '-')
            and coalesce(annexes.agency_name, reports.agency_name, '-') = coalesce(reports.agency_name, annexes.agency_name, '-')
    anti join by_identity
        on annexes.document_id = by_identity.document_id
),

joined as (
    select
        document_id,
        report_id,
        joined_by
    from by_identity
    where choice_no = 1
    union all
    select
        document_id,
        report_id,
        joined_by
    from in_folder
    where report_count = 1
),

all_documents as (
    select
        documents.document_id as report_id,
        documents.document_id,
        'page' as document_role,
        null as joined_by,
        true as is_current,
        documents.page_sha256,
        documents.landed_seq
    from documents
    where documents.document_kind <> 'annex'
    union all
    select
        joined.report_id,
        annexes.document_id,
        case
            when annexes.media_type is null or annexes.media_type in ('text/html', 'text/plain') then 'annex'
            else 'attachment'
        end as document_role,
        joined.joined_by,
        annexes.is_current,
        annexes.page_sha256,
        annexes.landed_seq
    from annexes
    left join joined
        on annexes.document_id = joined.document_id
)

select
    report_id,
    document_id,
    row_number() over (
        partition by coalesce(report_id, document_id)
        order by document_role = 'page' desc, landed_seq asc
    ) as document_no,
    document_role,
    joined_by,
    is_current,
    page_sha256
from all_documents
