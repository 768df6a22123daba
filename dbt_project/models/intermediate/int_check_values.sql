{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('report_id', 'int_report_stamps', 'report') }}"
) }}

-- The one number of a report for each term that a check can have: a field of a form, a total of a metric, a metric in words.
with preferred as (
    select *
    from {{ ref('int_metric_values') }}
    where
        report_id in ({{ keys_to_make('int_report_stamps', 'report') }})
        and is_preferred
        and value_std is not null
),

words as (
    select *
    from {{ ref('int_metric_values') }}
    where
        report_id in ({{ keys_to_make('int_report_stamps', 'report') }})
        and basis = 'narrative'
        and applicant_key = 'total'
        and value_std is not null
    qualify row_number() over (
        partition by report_id, metric_id
        order by {{ qualifier_rank('qualifier') }}, document_no, evidence_start, figure_no
    ) = 1
),

-- of several definitions of a metric in one form that of its own column
own_groups as (
    select
        reports.report_id,
        groups.metric_id,
        groups.definition_group
    from {{ ref('int_reports') }} as reports
    inner join {{ ref('seed_metric_groups') }} as groups
        on reports.report_format = groups.form_id
    where groups.field_id is null
),

totals as (
    select choices.*
    from {{ ref('int_metric_choices') }} as choices
    inner join own_groups
        on
            choices.report_id = own_groups.report_id
            and choices.metric_id = own_groups.metric_id
            and choices.definition_group = own_groups.definition_group
    where
        choices.report_id in ({{ keys_to_make('int_report_stamps', 'report') }})
        and choices.value_std is not null
)

select
    report_id,
    'field' as term_kind,
    field_id as term_id,
    applicant_key,
    form_id,
    definition_group,
    value_std,
    qualifier,
    basis,
    value_state,
    document_id,
    page_sha256,
    grid_no,
    evidence_start,
    evidence_end
from preferred
union all
select
    report_id,
    'words' as term_kind,
    metric_id as term_id,
    applicant_key,
    form_id,
    definition_group,
    value_std,
    qualifier,
    basis,
    value_state,
    document_id,
    page_sha256,
    grid_no,
    evidence_start,
    evidence_end
from words
union all
select
    report_id,
    'metric' as term_kind,
    metric_id as term_id,
    'total' as applicant_key,
    null as form_id,
    definition_group,
    value_std,
    qualifier,
    basis,
    value_state,
    null as document_id,
    null as page_sha256,
    null as grid_no,
    null as evidence_start,
    null as evidence_end
from totals
