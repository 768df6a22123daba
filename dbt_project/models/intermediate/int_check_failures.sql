-- Whose a failed check is. ours: only with proof on the page - a cell of the check that the reader lost or could not read, or
-- unread numbers among its cells that are just what is missing. Then scope: the two numbers are about different things.
-- theirs: the publisher printed all of it in one table or one sentence. Else what checks.yaml says of the check.
with failed as (
    select
        results.*,
        checks.between_reports,
        checks.terms_are,
        checks.blame,
        checks.because,
        subjects.has_same_scope
    from {{ ref('int_check_results') }} as results
    inner join {{ ref('seed_checks') }} as checks
        on results.check_id = checks.check_id
    left join {{ ref('int_check_subjects') }} as subjects
        on
            results.report_id = subjects.report_id
            and results.check_id = subjects.check_id
            and results.other_report_id is not distinct from subjects.other_report_id
    where results.check_status = 'fail'
),

terms as (
    select
        terms.*,
        failed.terms_are
    from {{ ref('int_check_terms') }} as terms
    inner join failed
        on
            terms.report_id = failed.report_id
            and terms.check_id = failed.check_id
            and terms.instance = failed.instance
            and terms.other_report_id is not distinct from failed.other_report_id
),

-- where the numbers stand
places as (
    select
        report_id,
        other_report_id,
        check_id,
        instance,
        count(*) as term_count,
        count(distinct document_id) as document_count,
        count(distinct basis) as basis_count,
        max(evidence_end) - min(evidence_start) as reach
    from terms
    where term_value is not null
    group by report_id, other_report_id, check_id, instance
),

lost as (
    select
        terms.report_id,
        terms.other_report_id,
        terms.check_id,
        terms.instance,
        min(terms.term_id) as term_id,
        arg_min(gaps.printed, terms.term_id) as printed
    from terms
    inner join {{ ref('int_report_gaps') }} as gaps
        on
            terms.value_report_id = gaps.report_id
            and terms.applicant_key = gaps.applicant_key
            and gaps.gap_reason in ('cell_lost', 'unreadable')
    inner join {{ ref('seed_fields') }} as fields
        on
            gaps.field_id = fields.field_id
            and (
                (terms.term_kind = 'field' and terms.term_id = fields.field_id)
                or (terms.term_kind <> 'field' and terms.term_id = fields.metric_id)
            )
    -- a cell of a table says nothing about shares in words
    where terms.terms_are <> 'shares'
    group by terms.report_id, terms.other_report_id, terms.check_id, terms.instance
),

-- a number above zero in words that was read as another metric too: one of the two readings may be wrong
shared as (
    select
        terms.report_id,
        terms.other_report_id,
        terms.check_id,
        terms.instance,
        min(others.metric_id) as metric_id
    from terms
    inner join {{ ref('int_metric_values') }} as others
        on
            terms.document_id = others.document_id
            and terms.evidence_start = others.evidence_start
            and terms.evidence_end = others.evidence_end
            and terms.term_id <> others.metric_id
            and others.basis = 'narrative'
    where
        terms.term_kind = 'words'
        and terms.term_value > 0
    group by terms.report_id, terms.other_report_id, terms.check_id, terms.instance
),

unread as (
    select
        report_id,
        check_id,
        instance,
        unread_count,
        unread_values,
        explains_difference
    from {{ ref('int_check_unread') }}
    union all
    select
        report_id,
        check_id,
        instance,
        unread_count,
        unread_values,
        false as explains_difference
    from {{ ref('int_share_unread') }}
),

-- the sides of sums to which a field belongs: words may state such a sum, or one column of the matrix
sums as (
    select
        report_id,
        check_id,
        side,
        sum(term_value) as side_value,
        list(term_id) as term_ids
    from {{ ref('int_check_terms') }}
    where
        not is_other
        and term_kind = 'field'
        and applicant_key = 'total'
        and instance = 'total'
    group by report_id, check_id, side
    having
        count(*) = count(term_value)
        and count(*) = 2
),

meant as (
    select
        failed.report_id,
        failed.check_id,
        failed.instance,
        bool_or(sums.side_value is not null) as is_sum,
        bool_or(columns.value_std is not null) as is_column
    from failed
    left join sums
        on
            failed.report_id = sums.report_id
            and list_contains(sums.term_ids, failed.instance)
            and failed.reported_value = sums.side_value
    left join {{ ref('int_check_values') }} as columns
        on
            failed.report_id = columns.report_id
            and columns.term_kind = 'field'
            and failed.instance = columns.term_id
            and columns.applicant_key <> 'total'
            and failed.reported_value = columns.value_std
            and columns.value_std > 0
    where failed.terms_are = 'words'
    group by failed.report_id, failed.check_id, failed.instance
),

reasons as (
    select
        failed.*,
        places.term_count,
        lost.term_id as lost_term,
        lost.printed as lost_text,
        unread.unread_count,
        unread.unread_values,
        shared.metric_id as shared_metric,
        case
            when lost.term_id is not null then 'cell_lost'
            when unread.explains_difference then 'numbers_unread'
            when meant.is_sum then 'words_state_a_sum'
            when meant.is_column then 'words_state_one_column'
            when not coalesce(failed.has_same_scope, true) then 'other_scope'
            when unread.unread_count > 0 then 'other_numbers_unread'
            when failed.between_reports = 'report' and failed.terms_are = 'fields' and failed.basis = 'table'
                then if(places.document_count = 1, 'one_table', 'several_pages')
            when shared.metric_id is not null then 'number_of_another_metric'
            when failed.between_reports = 'report' and failed.basis = 'narrative'
                then if(places.document_count = 1 and places.reach <= 200, 'one_sentence', 'words_apart')
            when failed.between_reports = 'years' and places.basis_count > 1 then 'words_and_table'
            else 'kind_of_check'
        end as reason_code_of_failure
    from failed
    left join places
        on
            failed.report_id = places.report_id
            and failed.check_id = places.check_id
            and failed.instance = places.instance
            and failed.other_report_id is not distinct from places.other_report_id
    left join lost
        on
            failed.report_id = lost.report_id
            and failed.check_id = lost.check_id
            and failed.instance = lost.instance
            and failed.other_report_id is not distinct from lost.other_report_id
    left join unread
        on
            failed.report_id = unread.report_id
            and failed.check_id = unread.check_id
            and failed.instance = unread.instance
            and failed.other_report_id is null
    left join shared
        on
            failed.report_id = shared.report_id
            and failed.check_id = shared.check_id
            and failed.instance = shared.instance
            and failed.other_report_id is not distinct from shared.other_report_id
    left join meant
        on
            failed.report_id = meant.report_id
            and failed.check_id = meant.check_id
            and failed.instance = meant.instance
)

select
    report_id,
    other_report_id,
    check_id,
    instance,
    reason_code_of_failure as reason_code,
    case
        when reason_code_of_failure in ('cell_lost', 'numbers_unread') then 'ours'
        when reason_code_of_failure in ('words_state_a_sum', 'words_state_one_column', 'other_scope') then 'scope'
        when reason_code_of_failure in ('one_table', 'one_sentence') then 'theirs'
        when
            reason_code_of_failure in (
                'other_numbers_unread', 'several_pages', 'number_of_another_metric', 'words_apart', 'words_and_table'
            )
            then 'undecided'
        else blame
    end as failure_class,
    case reason_code_of_failure
        when 'cell_lost' then concat('The cell of ', lost_term, ' could not be read (', left(lost_text, 40), ')')
        when 'numbers_unread'
            then concat('Numbers among the cells of the sum were not read, and are what is missing: ', unread_values)
        when 'words_state_a_sum' then 'The words state the sum of which the table has this row as a part'
        when 'words_state_one_column' then 'The words state the number of one kind of applicant, the table that of all'
        when 'other_scope' then 'One report speaks for the whole area, the other for the agency itself'
        when 'other_numbers_unread'
            then concat('Numbers beside those of the check were not read, but are not what is missing: ', unread_values)
        when 'one_table' then concat('All ', term_count, ' numbers stand in the tables of one page and were read')
        when 'several_pages' then 'The numbers stand on several pages of the report, which may be of different dates'
        when 'number_of_another_metric' then concat('A number of the words was also read as ', shared_metric)
        when 'one_sentence' then 'All numbers stand in the same passage'
        when 'words_apart' then 'The numbers stand in words in different passages, so they may count different things'
        when 'words_and_table' then 'One number stands in words, the other in a table, so they may count different things'
        else coalesce(because, 'Both reports were read whole; the publisher''s numbers disagree')
    end as reason
from reasons
