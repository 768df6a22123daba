-- Every term of every check with the number that stands there; of an area's parts one row each. The terms of shares are those
-- that the words state, so they come from int_share_terms.
with subjects as (
    select
        subjects.*,
        checks.between_reports,
        checks.other_forms,
        case
            when checks.terms_are = 'fields' then 'field'
            when checks.basis = 'narrative' then 'words'
            else 'metric'
        end as term_kind
    from {{ ref('int_check_subjects') }} as subjects
    inner join {{ ref('seed_checks') }} as checks
        on subjects.check_id = checks.check_id
),

terms as (
    select * from {{ ref('seed_check_terms') }}
),

-- the report that a term is taken from
sources as (
    select
        subjects.report_id,
        subjects.other_report_id,
        subjects.check_id,
        subjects.form_id,
        subjects.term_kind,
        [subjects.form_id] as value_forms,
        subjects.report_id as value_report_id,
        false as is_other,
        false as is_division
    from subjects
    union all
    select
        subjects.report_id,
        subjects.other_report_id,
        subjects.check_id,
        subjects.form_id,
        subjects.term_kind,
        subjects.other_forms as value_forms,
        subjects.other_report_id as value_report_id,
        true as is_other,
        false as is_division
    from subjects
    where subjects.other_report_id is not null
    union all
    select
        subjects.report_id,
        subjects.other_report_id,
        subjects.check_id,
        subjects.form_id,
        subjects.term_kind,
        subjects.other_forms as value_forms,
        pairs.other_report_id as value_report_id,
        true as is_other,
        pairs.is_division
    from subjects
    inner join {{ ref('int_report_pairs') }} as pairs
        on
            subjects.report_id = pairs.report_id
            and pairs.pair_kind = 'child'
    where subjects.between_reports = 'children'
),

joined as (
    select
        sources.report_id,
        sources.other_report_id,
        sources.check_id,
        terms.instance,
        terms.side,
        terms.term_id,
        sources.term_kind,
        terms.applicant_key,
        terms.is_other,
        terms.is_optional,
        terms.is_variant,
        sources.value_report_id,
        sources.is_division,
        terms.sign,
        term_values.value_std,
        term_values.qualifier,
        term_values.basis,
        term_values.value_state,
        term_values.definition_group,
        term_values.document_id,
        term_values.page_sha256,
        term_values.grid_no,
        term_values.evidence_start,
        term_values.evidence_end,
        -- a value is the field's only where it stands in the form that the check is about
        sources.term_kind <> 'field' or list_contains(sources.value_forms, term_values.form_id) as is_fitting
    from sources
    inner join terms
        on
            sources.check_id = terms.check_id
            and sources.form_id = terms.form_id
            and sources.is_other = terms.is_other
    left join {{ ref('int_check_values') }} as term_values
        on
            sources.value_report_id = term_values.report_id
            and sources.term_kind = term_values.term_kind
            and terms.term_id = term_values.term_id
            and terms.applicant_key = term_values.applicant_key
)

select
    report_id,
    other_report_id,
    check_id,
    instance,
    side,
    term_id,
    term_kind,
    applicant_key,
    is_other,
    is_optional,
    is_variant,
    value_report_id,
    is_division,
    if(is_fitting, sign * value_std, null) as term_value,
    cast(null as double) as rounding,
    if(is_fitting, qualifier, null) as qualifier,
    if(is_fitting, basis, null) as basis,
    if(is_fitting, value_state, null) as value_state,
    if(is_fitting, definition_group, null) as definition_group,
    if(is_fitting, document_id, null) as document_id,
    if(is_fitting, page_sha256, null) as page_sha256,
    if(is_fitting, grid_no, null) as grid_no,
    if(is_fitting, evidence_start, null) as evidence_start,
    if(is_fitting, evidence_end, null) as evidence_end
from joined
union all
select
    report_id,
    cast(null as varchar) as other_report_id,
    check_id,
    instance,
    side,
    term_id,
    term_kind,
    'total' as applicant_key,
    false as is_other,
    false as is_optional,
    false as is_variant,
    report_id as value_report_id,
    false as is_division,
    term_value,
    rounding,
    qualifier,
    basis,
    value_state,
    cast(null as varchar) as definition_group,
    document_id,
    page_sha256,
    cast(null as integer) as grid_no,
    evidence_start,
    evidence_end
from {{ ref('int_share_terms') }}
