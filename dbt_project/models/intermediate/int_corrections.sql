-- What came of each correction. It is applied while the page still shows what it showed when the correction was written; where
-- the source changed it is stale and applied to nothing. A report that is not in this warehouse leaves it unmatched.
with corrections as (
    select * from {{ ref('seed_corrections') }}
    where data_origin = {{ data_origin() }}
),

reports as (
    select
        versions.report_id,
        coalesce(versions.duplicate_of, versions.report_id) as root_report_id,
        versions.superseded_by,
        versions.vintage_no,
        documents.landed_seq
    from {{ ref('int_report_versions') }} as versions
    inner join {{ ref('int_documents') }} as documents
        on versions.report_id = documents.document_id
    where documents.document_kind = 'annual_report'
),

documents as (
    select
        report_documents.report_id,
        documents.source_url,
        documents.source_file
    from {{ ref('int_report_documents') }} as report_documents
    inner join {{ ref('int_documents') }} as documents
        on report_documents.document_id = documents.document_id
    where
        report_documents.report_id is not null
        and report_documents.is_current
),

names as (
    select
        report_id,
        'url' as report_key_kind,
        source_url as report_key
    from documents
    where source_url is not null
    union
    select
        report_id,
        'file' as report_key_kind,
        source_file as report_key
    from documents
    where source_file is not null
    union
    select
        report_id,
        'id' as report_key_kind,
        report_id as report_key
    from reports
),

-- of several reports at one address the one that counts, else the newest
named_reports as (
    select
        corrections.correction_id,
        reports.report_id,
        reports.root_report_id,
        reports.superseded_by
    from corrections
    inner join names
        on
            corrections.report_key_kind = names.report_key_kind
            and corrections.report_key = names.report_key
    inner join reports
        on names.report_id = reports.report_id
    qualify row_number() over (
        partition by corrections.correction_id
        order by
            reports.superseded_by is null desc,
            reports.vintage_no desc nulls last,
            reports.landed_seq desc,
            reports.report_id asc
    ) = 1
),

-- copies of the report print the same numbers, and any of them may be the one that is chosen
targets as (
    select
        named_reports.correction_id,
        reports.report_id,
        reports.report_id = named_reports.report_id as is_direct
    from named_reports
    inner join reports
        on named_reports.root_report_id = reports.root_report_id
),

found_values as (
    select
        corrections.correction_id,
        corrections.correction_no,
        targets.is_direct,
        metric_values.document_id,
        metric_values.figure_no,
        metric_values.field_id,
        metric_values.value,
        metric_values.is_preferred,
        abs(metric_values.value - corrections.reported) < 0.000001 as is_reported,
        coalesce(
            abs(metric_values.value - corrections.corrected) < 0.000001
            and coalesce(corrections.corrected_unit, metric_values.unit, '-') = coalesce(metric_values.unit, '-'),
            false
        ) as is_corrected,
        coalesce(metric_values.page_sha256 = corrections.expect_page_sha256, true) as has_page,
        coalesce(contains(metric_values.evidence, corrections.expect_evidence), true) as has_evidence
    from corrections
    inner join targets
        on corrections.correction_id = targets.correction_id
    inner join {{ ref('int_metric_values') }} as metric_values
        on
            targets.report_id = metric_values.report_id
            and corrections.applicant_key = metric_values.applicant_key
            and coalesce(corrections.field_id, metric_values.field_id) = metric_values.field_id
            and coalesce(corrections.metric_id, metric_values.metric_id) = metric_values.metric_id
),

shown as (
    select
        correction_id,
        arg_min(value, [if(is_reported, 0, 1), if(is_preferred, 0, 1), figure_no]) as found_value,
        count(*) filter (where is_reported) as reported_count,
        count(distinct field_id) filter (where is_reported) as field_count,
        bool_or(is_corrected) as has_corrected,
        coalesce(bool_or(has_page) filter (where is_reported), false) as has_page,
        coalesce(bool_or(has_evidence) filter (where is_reported), false) as has_evidence
    from found_values
    where is_direct
    group by correction_id
),

judged as (
    select
        corrections.*,
        named_reports.report_id,
        named_reports.superseded_by,
        shown.found_value,
        case
            when named_reports.report_id is null then 'no_such_report'
            when named_reports.superseded_by is not null then 'report_superseded'
            when shown.correction_id is null then 'value_gone'
            when shown.reported_count = 0 and shown.has_corrected then 'now_corrected'
            when shown.reported_count = 0 then 'value_changed'
            when shown.field_count > 1 then 'several_fields'
            when not shown.has_page then 'page_changed'
            when not shown.has_evidence then 'evidence_changed'
        end as reason_code
    from corrections
    left join named_reports
        on corrections.correction_id = named_reports.correction_id
    left join shown
        on corrections.correction_id = shown.correction_id
),

-- every mention of the number, in every copy; of two corrections the one that names the copy itself, then the first
applied_values as (
    select
        found_values.correction_id,
        found_values.document_id,
        found_values.figure_no
    from found_values
    inner join judged
        on found_values.correction_id = judged.correction_id
    where
        judged.reason_code is null
        and found_values.is_reported
        and (
            not found_values.is_direct
            or (found_values.has_page and found_values.has_evidence)
        )
    qualify row_number() over (
        partition by found_values.document_id, found_values.figure_no
        order by found_values.is_direct desc, found_values.correction_no asc
    ) = 1
),

applied as (
    select
        correction_id,
        list(
            struct_pack(document_id := document_id, figure_no := figure_no)
            order by document_id, figure_no
        ) as applied_to
    from applied_values
    group by correction_id
)

select
    judged.correction_id,
    judged.correction_no,
    judged.file,
    judged.line_no,
    judged.report_key_kind,
    judged.report_key,
    judged.report_id,
    judged.superseded_by,
    judged.metric_id,
    judged.field_id,
    judged.applicant_key,
    judged.reported,
    judged.corrected,
    judged.corrected_unit,
    judged.corrected is null as is_withdrawn,
    judged.found_value,
    case
        when judged.reason_code = 'no_such_report' then 'unmatched'
        when judged.reason_code is not null or applied.correction_id is null then 'stale'
        else 'applied'
    end as correction_status,
    coalesce(judged.reason_code, if(applied.correction_id is null, 'corrected_twice', null)) as reason_code,
    judged.reason,
    judged.said_by_kind,
    judged.said_by,
    judged.said_by_url,
    judged.said_on,
    judged.expect_evidence,
    judged.expect_page_sha256,
    coalesce(applied.applied_to, []) as applied_to
from judged
left join applied
    on judged.correction_id = applied.correction_id
