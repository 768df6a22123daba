with metric_values as (
    select * from {{ ref('int_values_used') }}
    where is_preferred
),

matrix_fields as (
    select * from {{ ref('seed_fields') }}
    where table_kind = 'matrix'
),

applicants as (
    select * from {{ ref('seed_applicant_types') }}
),

reports as (
    select * from {{ ref('int_reports') }}
),

chosen as (
    select * from {{ ref('int_year_reports') }}
)

select
    metric_values.report_id,
    metric_values.field_id,
    metric_values.applicant_key as applicant_type,
    reports.jurisdiction_id,
    chosen.agency_name,
    reports.report_year,
    reports.scope,
    metric_values.form_id,
    chosen.report_id is not null as is_chosen,
    matrix_fields.field_no,
    matrix_fields.label_zh,
    matrix_fields.parent,
    metric_values.metric_id,
    metric_values.definition_group,
    applicants.position_no as applicant_no,
    metric_values.applicant_key = 'total' as is_total,
    if(metric_values.correction_id is null, metric_values.value, metric_values.value_used) as value,
    metric_values.value as printed_value,
    metric_values.correction_id,
    metric_values.value_state,
    metric_values.basis,
    metric_values.document_id,
    metric_values.figure_no,
    {{ data_origin() }} as data_origin
from metric_values
inner join matrix_fields
    on
        metric_values.form_id = matrix_fields.form_id
        and metric_values.field_id = matrix_fields.field_id
inner join reports
    on metric_values.report_id = reports.report_id
left join applicants
    on metric_values.applicant_key = applicants.applicant_type
left join chosen
    on metric_values.report_id = chosen.report_id
where metric_values.basis = 'table'
