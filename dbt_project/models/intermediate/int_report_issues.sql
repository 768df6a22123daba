-- Everything a user of a report should know, from the reader, the checks and the comparison of documents.
with reports as (
    select * from {{ ref('int_reports') }}
),

report_documents as (
    select * from {{ ref('int_report_documents') }}
    where report_id is not null
),

reader_issues as (
    select
        report_documents.report_id,
        issues.document_id,
        issues.issue_code,
        issues.severity,
        issues.detail,
        issues.reported_value,
        issues.recomputed_value
    from {{ ref('stg_raw__reader_issues') }} as issues
    inner join report_documents
        on issues.document_id = report_documents.document_id
),

-- words against the table have issues of their own, with their evidence
failed_checks as (
    select
        results.report_id,
        results.report_id as document_id,
        case
            when checks.between_reports = 'years' then 'year_mismatch'
            when checks.between_reports in ('child', 'children') then 'level_mismatch'
            when results.relation in ('eq', 'share') then 'sum_mismatch'
            else 'order_mismatch'
        end as issue_code,
        if(failures.failure_class = 'scope', 'info', results.severity) as severity,
        concat(
            results.check_id,
            ' (', results.instance, '): ', checks.description,
            ' / ', checks.description_zh,
            if(results.other_report_id is null, '', concat('; against report ', results.other_report_id)),
            '; ', failures.failure_class, ': ', failures.reason
        ) as detail,
        results.reported_value,
        results.recomputed_value
    from {{ ref('int_check_results') }} as results
    inner join {{ ref('seed_checks') }} as checks
        on results.check_id = checks.check_id
    inner join {{ ref('int_check_failures') }} as failures
        on
            results.report_id = failures.report_id
            and results.check_id = failures.check_id
            and results.instance = failures.instance
            and results.other_report_id is not distinct from failures.other_report_id
    where
        results.check_status = 'fail'
        and checks.terms_are <> 'words'
),

contradictions as (
    select
        report_id,
        document_id,
        'narrative_contradicts_table' as issue_code,
        'warning' as severity,
        concat(field_id, ': ', evidence) as detail,
        words_value as reported_value,
        table_value as recomputed_value
    from {{ ref('int_narrative_contradictions') }}
),

unit_issues as (
    select
        report_id,
        document_id,
        case
            when has_unit_of_other_class then 'unit_class_mismatch'
            when unit is null then 'unit_missing'
            else 'unit_unknown'
        end as issue_code,
        'warning' as severity,
        concat(
            field_id, ': ', printed,
            ' ', coalesce(unit, '(no unit)'), ', expected ', coalesce(unit_std, '(unknown metric)')
        ) as detail,
        value as reported_value,
        cast(null as double) as recomputed_value
    from {{ ref('int_metric_values') }}
    where value_std is null
),

group_issues as (
    select
        report_id,
        document_id,
        'definition_group_unknown' as issue_code,
        'warning' as severity,
        concat(metric_id, ': the form is not known, so it cannot be said what the value compares with') as detail,
        value as reported_value,
        cast(null as double) as recomputed_value
    from {{ ref('int_metric_values') }}
    where definition_group is null
),

negative_issues as (
    select
        metric_values.report_id,
        metric_values.document_id,
        'negative_value' as issue_code,
        'warning' as severity,
        concat(metric_values.field_id, ': ', metric_values.printed) as detail,
        metric_values.value as reported_value,
        cast(null as double) as recomputed_value
    from {{ ref('int_metric_values') }} as metric_values
    inner join {{ ref('seed_metrics') }} as metrics
        on metric_values.metric_id = metrics.metric_id
    where
        metric_values.value < 0
        and metrics.kind not in ('change', 'rate')
),

corrections as (
    select * from {{ ref('int_corrections') }}
),

correction_words as (
    select
        correction_id,
        concat(
            correction_id, ': ', reason, ' (', said_by, ', ', said_on, coalesce(', ' || said_by_url, ''), '; ', file,
            ', line ', line_no, ')'
        ) as words
    from corrections
),

correction_issues as (
    select
        applied.report_id,
        applied.document_id,
        'corrected' as issue_code,
        'info' as severity,
        concat(
            applied.field_id, ': ', {{ plain_number('applied.value') }}, ' as printed',
            coalesce(', ' || {{ plain_number('applied.corrected_value') }} || ' corrected', ', withdrawn'),
            '; ', correction_words.words
        ) as detail,
        applied.value as reported_value,
        applied.corrected_value as recomputed_value
    from {{ ref('int_applied_corrections') }} as applied
    inner join correction_words
        on applied.correction_id = correction_words.correction_id
    union all
    select
        corrections.report_id,
        corrections.report_id as document_id,
        'correction_stale' as issue_code,
        'warning' as severity,
        concat('not applied (', corrections.reason_code, '): ', correction_words.words) as detail,
        corrections.reported as reported_value,
        corrections.corrected as recomputed_value
    from corrections
    inner join correction_words
        on corrections.correction_id = correction_words.correction_id
    where corrections.correction_status = 'stale'
),

version_issues as (
    select
        report_id,
        'duplicate' as issue_code,
        'info' as severity,
        concat('duplicate of ', duplicate_of, ' (', duplicate_reason, ')') as detail
    from reports
    where duplicate_of is not null
    union all
    select
        report_id,
        'revised' as issue_code,
        'warning' as severity,
        concat('superseded by ', superseded_by) as detail
    from reports
    where
        superseded_by is not null
        and document_kind = 'annual_report'
    union all
    select
        superseded_by as report_id,
        'revised' as issue_code,
        'info' as severity,
        concat(
            'supersedes ',
            string_agg(
                report_id,
                ', '
                order by report_id
            )
        ) as detail
    from reports
    where
        superseded_by is not null
        and document_kind = 'annual_report'
    group by superseded_by
    union all
    select
        report_id,
        'conflicting_copies' as issue_code,
        'warning' as severity,
        'other copies of this report give other figures on addresses that are trusted more or less' as detail
    from reports
    where has_conflicting_copies
),

-- what the report itself shows; the reader's own words, where it said it, come first
page_issues as (
    select
        report_id,
        trust as issue_code,
        if(trust = 'hijacked', 'error', 'warning') as severity,
        coalesce(array_to_string(trust_reasons, '; '), '') as detail
    from reports
    where
        trust in ('hijacked', 'mirror')
        and document_kind = 'annual_report'
    union all
    select
        report_id,
        'jurisdiction_undecided' as issue_code,
        'warning' as severity,
        concat('candidates: ', coalesce(nullif(array_to_string(candidate_codes, ', '), ''), 'none')) as detail
    from reports
    where
        document_kind = 'annual_report'
        and jurisdiction_code is null
    union all
    select
        report_id,
        'report_year_undecided' as issue_code,
        'warning' as severity,
        'the page does not say which year it reports on' as detail
    from reports
    where
        document_kind = 'annual_report'
        and report_year is null
    union all
    select
        report_id,
        'scope_undecided' as issue_code,
        'warning' as severity,
        'the page does not say whether it speaks for the whole area' as detail
    from reports
    where
        document_kind = 'annual_report'
        and scope is null
    union all
    select
        report_id,
        document_kind as issue_code,
        if(document_kind = 'unreadable', 'error', 'info') as severity,
        concat_ws(': ', reason_code, reason) as detail
    from reports
    where document_kind in ('not_a_report', 'unreadable')
),

unsaid_page_issues as (
    select
        page_issues.report_id,
        page_issues.report_id as document_id,
        page_issues.issue_code,
        page_issues.severity,
        page_issues.detail,
        cast(null as double) as reported_value,
        cast(null as double) as recomputed_value
    from page_issues
    anti join reader_issues
        on
            page_issues.report_id = reader_issues.report_id
            and page_issues.issue_code = reader_issues.issue_code
),

all_issues as (
    select
        *,
        'reader' as issue_source
    from reader_issues
    union all
    select
        *,
        'check' as issue_source
    from failed_checks
    union all
    select
        *,
        'comparison' as issue_source
    from contradictions
    union all
    select
        *,
        'unit' as issue_source
    from unit_issues
    union all
    select
        *,
        'definition' as issue_source
    from group_issues
    union all
    select
        *,
        'value' as issue_source
    from negative_issues
    union all
    select
        *,
        'correction' as issue_source
    from correction_issues
    union all
    select
        report_id,
        report_id as document_id,
        issue_code,
        severity,
        detail,
        null as reported_value,
        null as recomputed_value,
        'version' as issue_source
    from version_issues
    union all
    select
        *,
        'page' as issue_source
    from unsaid_page_issues
)

select
    report_id,
    row_number() over (
        partition by report_id
        order by issue_source, issue_code, detail, document_id, reported_value, recomputed_value
    ) as issue_no,
    document_id,
    issue_code,
    severity,
    detail,
    reported_value,
    recomputed_value,
    issue_source
from all_issues
