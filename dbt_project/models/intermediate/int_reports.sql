-- One row per report: its main document, its versions, and the form its figures stand in.
with documents as (
    select * from {{ ref('int_documents') }}
),

versions as (
    select * from {{ ref('int_report_versions') }}
),

annex_forms as (
    select
        report_documents.report_id,
        arg_min(documents.report_format, report_documents.document_no) as report_format,
        arg_min(documents.report_format_basis, report_documents.document_no) as report_format_basis
    from {{ ref('int_report_documents') }} as report_documents
    inner join documents
        on report_documents.document_id = documents.document_id
    where
        report_documents.document_role <> 'page'
        and report_documents.report_id is not null
        and report_documents.is_current
        and documents.has_table_figures
        and documents.report_format is not null
    group by report_documents.report_id
),

figure_counts as (
    select
        report_id,
        count(*) as figure_count
    from {{ ref('int_metric_values') }}
    group by report_id
),

-- a place keeps its unit where its code or name changes
units as (
    select
        documents.document_id,
        divisions.unit_id
    from documents
    inner join {{ ref('seed_divisions') }} as divisions
        on
            documents.jurisdiction_id = divisions.code
            and coalesce(documents.report_year, divisions.valid_from, 9999)
            between coalesce(divisions.valid_from, 0) and coalesce(divisions.valid_to, 9999)
    qualify row_number() over (
        partition by documents.document_id
        order by divisions.valid_from desc nulls last, divisions.name asc
    ) = 1
)

select
    documents.* exclude (report_format, report_format_basis, figure_count),
    documents.document_id as report_id,
    -- a table in an annex says more about the form than the words of a page without one
    case
        when not documents.has_table_figures and annex_forms.report_format is not null then annex_forms.report_format
        else documents.report_format
    end as report_format,
    case
        when not documents.has_table_figures and annex_forms.report_format is not null
            then concat('annex: ', annex_forms.report_format_basis)
        else documents.report_format_basis
    end as report_format_basis,
    coalesce(figure_counts.figure_count, 0) as figure_count,
    versions.is_current,
    versions.superseded_by,
    versions.duplicate_of,
    versions.duplicate_reason,
    versions.has_conflicting_copies,
    versions.vintage_no,
    coalesce(units.unit_id, documents.jurisdiction_id) as unit_id,
    units.unit_id is not null as is_division
from documents
inner join versions
    on documents.document_id = versions.report_id
left join annex_forms
    on documents.document_id = annex_forms.report_id
left join figure_counts
    on documents.document_id = figure_counts.report_id
left join units
    on documents.document_id = units.document_id
