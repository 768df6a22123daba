{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('report_id', 'int_report_stamps', 'report') }}"
) }}

-- Every figure of every report: standard unit, definition group, and which of several values of a field is preferred.
with documents as (
    select
        report_documents.*,
        read_documents.document_kind,
        -- an annex without a form of its own has the report's
        coalesce(read_documents.report_format, main_documents.report_format) as form_id
    from {{ ref('int_report_documents') }} as report_documents
    inner join {{ ref('int_documents') }} as read_documents
        on report_documents.document_id = read_documents.document_id
    left join {{ ref('int_documents') }} as main_documents
        on report_documents.report_id = main_documents.document_id
    where
        report_documents.report_id is not null
        and report_documents.is_current
        and read_documents.document_kind in ('annual_report', 'annex')
        and report_documents.report_id in ({{ keys_to_make('int_report_stamps', 'report') }})
),

figures as (
    select * from {{ ref('stg_raw__figures') }}
),

metrics as (
    select * from {{ ref('seed_metrics') }}
),

units as (
    select * from {{ ref('seed_units') }}
),

field_groups as (
    select * from {{ ref('seed_metric_groups') }}
    where field_id is not null
),

form_groups as (
    select * from {{ ref('seed_metric_groups') }}
    where field_id is null
),

-- a metric that means the same in all forms needs no form to be compared
only_groups as (
    select
        metric_id,
        min(definition_group) as definition_group
    from form_groups
    group by metric_id
    having count(distinct definition_group) = 1
),

converted as (
    select
        documents.report_id,
        documents.document_id,
        documents.document_no,
        documents.page_sha256,
        documents.form_id,
        figures.figure_no,
        figures.field_id,
        figures.metric_id,
        coalesce(
            field_groups.definition_group,
            form_groups.definition_group,
            case when documents.form_id is null then only_groups.definition_group end
        ) as definition_group,
        figures.applicant_type,
        {{ applicant_key('figures.applicant_type') }} as applicant_key,
        figures.value,
        figures.unit,
        metrics.unit_std,
        std_units.unit_class as class_std,
        printed_units.unit_class as class_printed,
        case
            -- a count without a unit is a count; money without a unit is not known to be 元 or 万元
            when figures.unit is null and std_units.unit_class = 'count' then figures.value
            when printed_units.unit_class = std_units.unit_class
                then round(figures.value * printed_units.factor / std_units.factor, 6)
        end as value_std,
        figures.value_state,
        figures.qualifier,
        figures.basis,
        figures.printed,
        figures.evidence,
        figures.evidence_start,
        figures.evidence_end,
        figures.section,
        figures.grid_no,
        figures.table_row,
        figures.table_column
    from figures
    inner join documents
        on figures.document_id = documents.document_id
    left join metrics
        on figures.metric_id = metrics.metric_id
    left join units as printed_units
        on figures.unit = printed_units.unit
    left join units as std_units
        on metrics.unit_std = std_units.unit
    left join field_groups
        on
            figures.metric_id = field_groups.metric_id
            and figures.field_id = field_groups.field_id
            and documents.form_id = field_groups.form_id
    left join form_groups
        on
            figures.metric_id = form_groups.metric_id
            and documents.form_id = form_groups.form_id
    left join only_groups
        on figures.metric_id = only_groups.metric_id
)

select
    report_id,
    document_id,
    document_no,
    page_sha256,
    form_id,
    figure_no,
    field_id,
    metric_id,
    definition_group,
    applicant_type,
    applicant_key,
    value,
    unit,
    value_std,
    unit_std,
    coalesce(class_printed <> class_std, false) as has_unit_of_other_class,
    value_state,
    qualifier,
    basis,
    row_number() over (
        partition by report_id, metric_id, field_id, applicant_key
        order by
            {{ basis_rank('basis') }},
            {{ qualifier_rank('qualifier') }},
            document_no,
            evidence_start,
            figure_no
    ) = 1 as is_preferred,
    printed,
    evidence,
    evidence_start,
    evidence_end,
    section,
    grid_no,
    table_row,
    table_column
from converted
