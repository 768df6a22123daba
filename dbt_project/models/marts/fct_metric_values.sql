{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('report_id', 'int_used_stamps', 'report') }}"
) }}

select
    report_id,
    document_id,
    figure_no,
    page_sha256,
    field_id,
    metric_id,
    definition_group,
    applicant_type,
    value,
    unit,
    value_std,
    value_used,
    correction_id,
    corrected_value,
    corrected_unit,
    unit_std,
    value_state,
    qualifier,
    basis,
    is_preferred,
    printed,
    evidence,
    evidence_start,
    evidence_end,
    section,
    grid_no,
    table_row,
    table_column,
    {{ data_origin() }} as data_origin
from {{ ref('int_values_used') }}
where report_id in ({{ keys_to_make('int_used_stamps', 'report') }})
