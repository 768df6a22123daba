-- What the publisher changed from one vintage of a page to the next, figure by figure, both read by the same reader.
with vintages as (
    select * from {{ ref('int_page_vintages') }}
    where previous_document_id is not null
),

-- of several mentions of one figure the exact one counts, then the first
figures as (
    select
        document_id,
        field_id,
        metric_id,
        applicant_type,
        {{ applicant_key('applicant_type') }} as applicant_key,
        basis,
        value,
        unit,
        qualifier,
        printed,
        evidence,
        evidence_start,
        evidence_end
    from {{ ref('stg_raw__figures') }}
    where
        document_id in (
            select vintages.document_id from vintages
            union
            select vintages.previous_document_id from vintages
        )
    qualify row_number() over (
        partition by document_id, field_id, applicant_type, basis
        order by {{ qualifier_rank('qualifier') }}, evidence_start, figure_no
    ) = 1
),

keys as (
    select distinct
        vintages.source_url,
        vintages.vintage_no,
        vintages.document_id,
        vintages.previous_document_id,
        vintages.first_seen_at,
        figures.field_id,
        figures.metric_id,
        figures.applicant_type,
        figures.applicant_key,
        figures.basis
    from (
        select
            *,
            unnest([document_id, previous_document_id]) as either_id
        from vintages
    ) as vintages
    inner join figures
        on vintages.either_id = figures.document_id
),

compared as (
    select
        keys.source_url,
        keys.vintage_no,
        keys.document_id,
        keys.previous_document_id,
        keys.first_seen_at as changed_at,
        keys.field_id,
        keys.metric_id,
        keys.applicant_type,
        keys.basis,
        old_figures.value as old_value,
        new_figures.value as new_value,
        old_figures.unit as old_unit,
        new_figures.unit as new_unit,
        old_figures.qualifier as old_qualifier,
        new_figures.qualifier as new_qualifier,
        old_figures.printed as old_printed,
        new_figures.printed as new_printed,
        old_figures.evidence as old_evidence,
        new_figures.evidence as new_evidence,
        case
            when old_figures.document_id is null then 'added'
            when new_figures.document_id is null then 'removed'
            else 'changed'
        end as change
    from keys
    left join figures as old_figures
        on
            keys.previous_document_id = old_figures.document_id
            and keys.field_id = old_figures.field_id
            and keys.applicant_key = old_figures.applicant_key
            and keys.basis = old_figures.basis
    left join figures as new_figures
        on
            keys.document_id = new_figures.document_id
            and keys.field_id = new_figures.field_id
            and keys.applicant_key = new_figures.applicant_key
            and keys.basis = new_figures.basis
)

select *
from compared
where
    change <> 'changed'
    or old_value <> new_value
    or old_unit is distinct from new_unit
    or old_qualifier <> new_qualifier
