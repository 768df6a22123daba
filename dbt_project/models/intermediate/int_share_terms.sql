-- The three numbers of each share in words that can be recomputed: the share (left), the part that it follows (right) and, of
-- the totals of that part that the words state, the one it comes nearest to (whole), without value where they state none.
with figures as (
    select *
    from {{ ref('int_metric_values') }}
    where
        basis = 'narrative'
        and applicant_key = 'total'
        and value_std is not null
),

subjects as (
    select
        subjects.report_id,
        subjects.check_id
    from {{ ref('int_check_subjects') }} as subjects
    inner join {{ ref('seed_checks') }} as checks
        on subjects.check_id = checks.check_id
    where checks.terms_are = 'shares'
),

shares as (
    select
        subjects.check_id,
        shares.report_id,
        shares.document_id,
        shares.page_sha256,
        shares.share_no,
        shares.share_start,
        shares.share_end,
        shares.metric_id,
        shares.value_percent,
        -- a word beside the number (约, 以上) makes it inexact
        if(
            regexp_full_match(shares.printed, '[0-9０-９]+([.．][0-9０-９]+)?[%％]|百分之[〇零一二两三四五六七八九十百点0-9.]+'),
            'exact',
            'about'
        ) as qualifier,
        0.5 * power(10, -length(regexp_extract(shares.printed, '[.．点]([0-9０-９〇零一二三四五六七八九]+)', 1))) as rounding,
        figures.figure_no as part_no,
        figures.value_std as part_value,
        figures.qualifier as part_qualifier,
        figures.value_state as part_state,
        figures.evidence_start as part_start,
        figures.evidence_end as part_end
    from {{ ref('int_shares') }} as shares
    inner join subjects
        on shares.report_id = subjects.report_id
    inner join figures
        on
            shares.report_id = figures.report_id
            and shares.document_id = figures.document_id
            and shares.metric_id = figures.metric_id
            and shares.share_start > figures.evidence_start
    where shares.share_kind = 'share'
    qualify row_number() over (
        partition by shares.document_id, shares.share_no
        order by figures.evidence_end desc, figures.figure_no asc
    ) = 1
),

-- of several shares after one number (分别占 …) it cannot be said which is its own
own_shares as (
    select * from shares
    qualify count(*) over (partition by document_id, part_no) = 1
),

named as (
    select
        own_shares.*,
        row_number() over (
            partition by own_shares.report_id, own_shares.metric_id
            order by own_shares.document_id <> own_shares.report_id, own_shares.document_id, own_shares.share_no
        ) as metric_share_no
    from own_shares
),

complete as (
    select
        named.*,
        concat(named.metric_id, if(named.metric_share_no > 1, concat(' ', named.metric_share_no), '')) as instance,
        part_totals.total_id,
        totals.value_std as total_value,
        totals.qualifier as total_qualifier,
        totals.value_state as total_state,
        totals.document_id as total_document_id,
        totals.page_sha256 as total_page_sha256,
        totals.evidence_start as total_start,
        totals.evidence_end as total_end
    from named
    inner join {{ ref('int_part_totals') }} as part_totals
        on named.metric_id = part_totals.part_id
    left join figures as totals
        on
            named.report_id = totals.report_id
            and part_totals.total_id = totals.metric_id
    qualify row_number() over (
        partition by named.document_id, named.share_no
        order by
            totals.value_std is null,
            totals.value_std = 0,
            {{ qualifier_rank('totals.qualifier') }},
            abs(named.value_percent - 100 * named.part_value / nullif(totals.value_std, 0)),
            totals.document_id <> named.document_id,
            abs(totals.evidence_start - named.share_start),
            part_totals.total_id,
            totals.figure_no
    ) = 1
)

select
    report_id,
    check_id,
    instance,
    'left' as side,
    metric_id as term_id,
    'share' as term_kind,
    value_percent as term_value,
    rounding,
    qualifier,
    'narrative' as basis,
    'reported' as value_state,
    document_id,
    page_sha256,
    share_start as evidence_start,
    share_end as evidence_end
from complete
union all
select
    report_id,
    check_id,
    instance,
    'right' as side,
    metric_id as term_id,
    'words' as term_kind,
    part_value as term_value,
    null as rounding,
    part_qualifier as qualifier,
    'narrative' as basis,
    part_state as value_state,
    document_id,
    page_sha256,
    part_start as evidence_start,
    part_end as evidence_end
from complete
union all
select
    report_id,
    check_id,
    instance,
    'whole' as side,
    total_id as term_id,
    'words' as term_kind,
    total_value as term_value,
    null as rounding,
    total_qualifier as qualifier,
    if(total_value is null, null, 'narrative') as basis,
    total_state as value_state,
    total_document_id as document_id,
    total_page_sha256 as page_sha256,
    total_start as evidence_start,
    total_end as evidence_end
from complete
