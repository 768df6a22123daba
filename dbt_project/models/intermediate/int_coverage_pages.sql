-- Every page that is or should be the report of a place and year, and what came of it. A place's own report speaks for the
-- whole area, that of a town or zone for its administration; what an agency publishes does not stand for its place.
with reports as (
    select
        *,
        coalesce(source_url, source_file) as page_address
    from {{ ref('int_reports') }}
),

error_issues as (
    select distinct report_id
    from {{ ref('int_report_issues') }}
    where severity = 'error'
),

-- an address that gave a report speaks for itself, whatever else it showed
read_addresses as (
    select distinct page_address
    from reports
    where document_kind = 'annual_report'
),

named as (
    select named_reports.*
    from {{ ref('stg_raw__named_reports') }} as named_reports
    anti join read_addresses
        on named_reports.address = read_addresses.page_address
    where
        named_reports.jurisdiction_id is not null
        and named_reports.report_year is not null
        and named_reports.agency_name is null
),

means as (
    select * from {{ ref('seed_coverage') }}
),

gone_outcomes as (
    select code
    from means
    where
        about = 'outcome'
        and means = 'gone'
),

attempts as (
    select
        coalesce(source_url, source_file) as address,
        arg_max(outcome, (attempted_at, attempt_id)) as last_outcome,
        bool_or(outcome in (select gone_outcomes.code from gone_outcomes)) as was_gone
    from {{ ref('stg_raw__attempts') }}
    where role is distinct from 'list_page'
    group by address
),

gone as (
    select source_url from {{ ref('int_pages_gone') }}
),

-- pages that were read: the place and the year stand on them
read_pages as (
    select
        reports.jurisdiction_id,
        reports.report_year,
        reports.jurisdiction_code,
        reports.jurisdiction_name,
        reports.jurisdiction_level,
        reports.parent_code,
        case
            when reports.agency_name is not null then 'agency'
            when reports.scope = 'whole_area' or reports.jurisdiction_level in ('township', 'functional_zone') then 'read'
            else 'agency'
        end as page_kind,
        reports.report_id,
        reports.source_url as address,
        reports.landed_seq,
        reports.is_current and reports.duplicate_of is null as is_eligible,
        reports.trust <> 'hijacked' and reports.figure_count > 0 and error_issues.report_id is null as is_faultless,
        -- the order in which int_year_reports chooses
        row_number() over (
            partition by reports.jurisdiction_id, reports.report_year
            order by
                reports.jurisdiction_level = 'functional_zone' and reports.scope is distinct from 'whole_area' asc,
                reports.trust_rank asc,
                reports.scope = 'whole_area' desc,
                reports.figure_count > 0 desc,
                reports.published_on desc nulls last,
                reports.fetched_at desc nulls last,
                reports.landed_seq desc
        ) as choice_no
    from reports
    left join error_issues
        on reports.report_id = error_issues.report_id
    where
        reports.document_kind = 'annual_report'
        and reports.jurisdiction_id is not null
        and reports.report_year is not null
),

-- pages that were got and not read, and pages that were not got: the words of the link or the file say whose they are
unread_pages as (
    select
        named.jurisdiction_id,
        named.report_year,
        named.jurisdiction_code,
        named.jurisdiction_name,
        named.jurisdiction_level,
        named.parent_code,
        case when reports.document_kind = 'unreadable' then 'unreadable' else means.means end as page_kind,
        if(reports.document_kind = 'unreadable', reports.report_id, null) as report_id,
        named.address,
        reports.landed_seq
    from named
    inner join reports
        on named.address = reports.page_address
    left join means
        on
            reports.reason_code = means.code
            and means.about = 'reason'
    where
        reports.document_kind = 'unreadable'
        or (reports.document_kind = 'not_a_report' and reports.is_current and means.means is not null)
),

pages_not_got as (
    select
        named.jurisdiction_id,
        named.report_year,
        named.jurisdiction_code,
        named.jurisdiction_name,
        named.jurisdiction_level,
        named.parent_code,
        if(attempts.was_gone, 'gone', means.means) as page_kind,
        named.address
    from named
    inner join attempts
        on named.address = attempts.address
    inner join means
        on
            attempts.last_outcome = means.code
            and means.about = 'outcome'
    anti join reports
        on named.address = reports.page_address
    where attempts.was_gone or means.means = 'blocked'
),

pages as (
    select * from read_pages
    union all by name
    select * from unread_pages
    union all by name
    select * from pages_not_got
)

select
    pages.jurisdiction_id,
    pages.report_year,
    pages.jurisdiction_code,
    pages.jurisdiction_name,
    pages.jurisdiction_level,
    pages.parent_code,
    pages.page_kind,
    pages.report_id,
    pages.address,
    pages.landed_seq,
    coalesce(pages.is_eligible and pages.is_faultless and pages.page_kind = 'read', false) as is_valid,
    coalesce(pages.is_eligible and pages.page_kind = 'read', false) as is_eligible,
    pages.choice_no,
    case
        when pages.page_kind in ('gone', 'blocked') then pages.page_kind
        when pages.address is null then null
        when gone.source_url is not null then 'gone'
        else means.means
    end as address_state,
    case
        when pages.page_kind = 'blocked' or means.means = 'blocked' then attempts.last_outcome
    end as blocked_outcome
from pages
left join gone
    on pages.address = gone.source_url
left join attempts
    on pages.address = attempts.address
left join means
    on
        attempts.last_outcome = means.code
        and means.about = 'outcome'
