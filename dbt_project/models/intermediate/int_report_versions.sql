-- Duplicates, vintages and revisions: which document stands for a report and what came of the others.
-- 1. same content under two names: the later is a duplicate of the first;
-- 2. several contents at one address: the one seen there last supersedes, also where it comes back;
--    a page that is no report never supersedes a report;
-- 3. same place, agency, year and scope at other addresses: with the same set of figures a duplicate of the best copy,
--    with other figures and equal trust a revision, with other figures and other trust two conflicting copies;
-- 4. a copy of the same report whose figures are a part of those of a fuller one that is trusted as much lost the others on
--    the way: it is a duplicate of the fuller one, whatever its date, but an older vintage at one address is superseded.
with reports as (
    select *
    from {{ ref('int_documents') }}
    where document_kind <> 'annex'
),

fingerprints as (
    select * from {{ ref('int_report_fingerprints') }}
),

identified as (
    select
        reports.document_id,
        reports.source_url,
        reports.trust_rank,
        reports.landed_seq,
        row_number() over (
            partition by reports.source_url
            order by reports.address_order asc nulls first, reports.fetched_at asc nulls first, reports.landed_seq asc
        ) as vintage_no,
        concat_ws(
            '|',
            reports.jurisdiction_id,
            coalesce(reports.agency_name, '-'),
            reports.report_year,
            coalesce(reports.scope, '-')
        ) as report_key,
        coalesce(fingerprints.figure_hashes, cast([] as ubigint[])) as figure_hashes
    from reports
    left join fingerprints
        on reports.document_id = fingerprints.document_id
    where
        reports.document_kind = 'annual_report'
        and reports.jurisdiction_id is not null
        and reports.report_year is not null
),

containments as (
    select
        parts.document_id,
        wholes.document_id as whole_document_id,
        wholes.trust_rank,
        wholes.landed_seq,
        len(wholes.figure_hashes) as figure_count,
        -- the page at this address became fuller: an ordinary new vintage
        coalesce(parts.source_url = wholes.source_url and parts.vintage_no < wholes.vintage_no, false) as is_older_vintage
    from identified as parts
    inner join identified as wholes
        on
            parts.report_key = wholes.report_key
            and parts.trust_rank >= wholes.trust_rank
            and len(parts.figure_hashes) < len(wholes.figure_hashes)
            -- without any figure only the address says that it is the same report
            and (len(parts.figure_hashes) > 0 or parts.source_url = wholes.source_url)
    where list_has_all(wholes.figure_hashes, parts.figure_hashes)
),

partial_copies as (
    select
        document_id,
        arg_min(whole_document_id, [-figure_count, trust_rank, landed_seq]) as whole_document_id
    from containments
    group by document_id
    having not bool_or(is_older_vintage)
),

contents as (
    select
        document_id,
        first_value(document_id) over (
            partition by page_sha256
            order by landed_seq
        ) as first_document_id
    from reports
),

addresses as (
    select
        reports.document_id,
        reports.source_url,
        reports.document_kind,
        partial_copies.document_id is not null as is_partial,
        row_number() over (
            partition by reports.source_url
            order by reports.address_order asc nulls first, reports.fetched_at asc nulls first, reports.landed_seq asc
        ) as vintage_no
    from reports
    left join partial_copies
        on reports.document_id = partial_copies.document_id
    where reports.source_url is not null
),

newest_at_address as (
    select
        source_url,
        coalesce(
            arg_max(document_id, vintage_no) filter (where document_kind = 'annual_report' and not is_partial),
            arg_max(document_id, vintage_no)
        ) as newest_id,
        coalesce(
            max(vintage_no) filter (where document_kind = 'annual_report' and not is_partial),
            max(vintage_no)
        ) as newest_no
    from addresses
    group by source_url
),

vintages as (
    select
        addresses.document_id,
        addresses.vintage_no,
        case
            when addresses.vintage_no < newest.newest_no and not addresses.is_partial then newest.newest_id
        end as newer_at_address
    from addresses
    inner join newest_at_address as newest
        on addresses.source_url = newest.source_url
),

copies as (
    select
        reports.document_id,
        reports.trust_rank,
        reports.published_on,
        reports.fetched_at,
        reports.landed_seq,
        concat_ws(
            '|',
            reports.jurisdiction_id,
            coalesce(reports.agency_name, '-'),
            reports.report_year,
            coalesce(reports.scope, '-')
        ) as report_key,
        fingerprints.figures_md5
    from reports
    inner join contents
        on
            reports.document_id = contents.document_id
            and reports.document_id = contents.first_document_id
    inner join fingerprints
        on reports.document_id = fingerprints.document_id
    left join vintages
        on reports.document_id = vintages.document_id
    anti join partial_copies
        on reports.document_id = partial_copies.document_id
    where
        reports.document_kind = 'annual_report'
        and reports.jurisdiction_id is not null
        and reports.report_year is not null
        and vintages.newer_at_address is null
),

best_copies as (
    select
        *,
        first_value(document_id) over (
            partition by report_key, figures_md5
            order by trust_rank, landed_seq
        ) as best_document_id
    from copies
),

revisions as (
    select
        document_id,
        report_key,
        last_value(document_id) over (
            partition by report_key, trust_rank
            order by published_on asc nulls first, fetched_at asc nulls first, landed_seq asc
            rows between unbounded preceding and unbounded following
        ) as newest_revision_id
    from best_copies
    where document_id = best_document_id
),

conflicts as (
    select
        document_id,
        count(*) over (partition by report_key) > 1 as has_conflicting_copies
    from revisions
    where document_id = newest_revision_id
),

roots as (
    select
        contents.document_id,
        contents.first_document_id,
        partial_copies.whole_document_id is not null as is_partial,
        coalesce(
            best_copies.best_document_id,
            whole_contents.first_document_id,
            contents.first_document_id
        ) as root_document_id
    from contents
    left join partial_copies
        on contents.document_id = partial_copies.document_id
    left join contents as whole_contents
        on partial_copies.whole_document_id = whole_contents.document_id
    left join best_copies
        on coalesce(whole_contents.first_document_id, contents.first_document_id) = best_copies.document_id
),

superseding as (
    select
        reports.document_id,
        coalesce(
            vintages.newer_at_address,
            case when revisions.newest_revision_id <> reports.document_id then revisions.newest_revision_id end
        ) as superseded_by,
        vintages.vintage_no
    from reports
    left join vintages
        on reports.document_id = vintages.document_id
    left join revisions
        on reports.document_id = revisions.document_id
),

resolved as (
    select
        reports.document_id,
        roots.first_document_id,
        roots.is_partial,
        superseding.vintage_no,
        nullif(roots.root_document_id, reports.document_id) as duplicate_of,
        nullif(coalesce(superseding.superseded_by, root_superseding.superseded_by), reports.document_id) as superseded_by
    from reports
    inner join roots
        on reports.document_id = roots.document_id
    inner join superseding
        on reports.document_id = superseding.document_id
    left join superseding as root_superseding
        on roots.root_document_id = root_superseding.document_id
)

select
    resolved.document_id as report_id,
    resolved.duplicate_of,
    resolved.superseded_by,
    resolved.superseded_by is null as is_current,
    case
        when resolved.duplicate_of is null then null
        when resolved.first_document_id <> resolved.document_id then 'same_content'
        when resolved.is_partial then 'partial_copy'
        else 'same_figures'
    end as duplicate_reason,
    coalesce(conflicts.has_conflicting_copies, false) as has_conflicting_copies,
    resolved.vintage_no
from resolved
left join conflicts
    on resolved.document_id = conflicts.document_id
