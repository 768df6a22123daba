{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('report_id', 'int_report_stamps', 'report') }}"
) }}

-- Every field of a report's form without a value (in the matrix: every cell), and why there is none.
with reports as (
    select
        report_id,
        report_format
    from {{ ref('int_reports') }}
    where
        document_kind = 'annual_report'
        and report_format is not null
        {{ if_changed('and', 'report_id', 'int_report_stamps', 'report') }}
),

cells as (
    select
        fields.form_id,
        fields.field_id,
        fields.field_no,
        fields.metric_id,
        fields.table_id,
        fields.table_kind,
        fields.is_variant,
        applicants.applicant_type,
        coalesce(applicants.applicant_type, 'total') as applicant_key
    from {{ ref('seed_fields') }} as fields
    left join {{ ref('seed_applicant_types') }} as applicants
        on fields.table_kind = 'matrix'
),

found as (
    select distinct
        report_id,
        field_id,
        applicant_key,
        basis
    from {{ ref('int_metric_values') }}
    where report_id in (select reports.report_id from reports)
),

gaps as (
    select * from {{ ref('int_report_gaps') }}
),

-- the tables of which something stands on the pages
tables as (
    select distinct
        seen.report_id,
        fields.form_id,
        fields.table_id
    from (
        select
            report_id,
            field_id
        from found
        where basis = 'table'
        union all
        select
            report_id,
            field_id
        from gaps
    ) as seen
    inner join {{ ref('seed_fields') }} as fields
        on seen.field_id = fields.field_id
),

-- the reader says of a form whose tables stand in every report that some are not there
lost as (
    select distinct report_documents.report_id
    from {{ ref('stg_raw__reader_issues') }} as issues
    inner join {{ ref('int_report_documents') }} as report_documents
        on issues.document_id = report_documents.document_id
    where
        issues.issue_code = 'tables_lost'
        and report_documents.is_current
),

-- of the form 2021 only one variant of some rows stands in a report
variants as (
    select distinct
        found.report_id,
        fields.form_id
    from found
    inner join {{ ref('seed_fields') }} as fields
        on
            found.field_id = fields.field_id
            and fields.is_variant
)

select
    reports.report_id,
    reports.report_format as form_id,
    cells.field_id,
    cells.metric_id,
    cells.table_id,
    cells.applicant_type,
    cells.applicant_key,
    case
        when gaps.gap_reason = 'blank' then 'blank'
        when gaps.gap_reason is not null then 'unreadable'
        when tables.table_id is null and cells.table_kind <> 'words' and lost.report_id is not null then 'table_lost'
        else 'not_printed'
    end as why,
    gaps.gap_reason,
    gaps.printed,
    gaps.document_id,
    gaps.gap_start as evidence_start,
    gaps.gap_end as evidence_end
from reports
inner join cells
    on reports.report_format = cells.form_id
left join gaps
    on
        reports.report_id = gaps.report_id
        and cells.field_id = gaps.field_id
        and cells.applicant_key = gaps.applicant_key
left join tables
    on
        reports.report_id = tables.report_id
        and cells.form_id = tables.form_id
        and cells.table_id = tables.table_id
left join lost
    on reports.report_id = lost.report_id
left join variants
    on
        reports.report_id = variants.report_id
        and cells.form_id = variants.form_id
anti join found
    on
        reports.report_id = found.report_id
        and cells.field_id = found.field_id
        and cells.applicant_key = found.applicant_key
where
    not cells.is_variant
    or variants.report_id is not null
    or gaps.report_id is not null
