-- From a value to its sentence or cell, its page, the page's checksum, the archive and the address: one row a value.
with metric_values as (
    select * from {{ ref('fct_metric_values') }}
),

reports as (
    select * from {{ ref('fct_reports') }}
),

pages as (
    select * from {{ ref('evidence_pages') }}
),

texts as (
    select * from {{ ref('evidence_texts') }}
),

-- the cell itself, not its repetitions in an expanded grid
cells as (
    select * from {{ ref('evidence_grid_cells') }}
    where
        row_no = origin_row
        and column_no = origin_column
),

withheld as (
    select * from {{ ref('fct_withheld') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
)

select
    metric_values.document_id,
    metric_values.figure_no,
    metric_values.report_id,
    reports.jurisdiction_id,
    reports.jurisdiction_name,
    reports.agency_name,
    reports.report_year,
    reports.scope,
    reports.report_format,
    reports.trust,
    metric_values.metric_id,
    metrics.label_zh,
    metric_values.definition_group,
    metric_values.field_id,
    metric_values.applicant_type,
    metric_values.value,
    metric_values.unit,
    metric_values.value_std,
    metric_values.value_used,
    metric_values.correction_id,
    metric_values.unit_std,
    metric_values.value_state,
    metric_values.qualifier,
    metric_values.basis,
    metric_values.is_preferred,
    metric_values.printed,
    substr(
        texts.text,
        greatest(1, metric_values.evidence_start - 79),
        least(80, metric_values.evidence_start)
    ) as context_before,
    metric_values.evidence,
    substr(texts.text, metric_values.evidence_end + 1, 80) as context_after,
    metric_values.evidence_start,
    metric_values.evidence_end,
    metric_values.section,
    metric_values.grid_no,
    cells.row_no,
    cells.column_no,
    metric_values.table_row,
    metric_values.table_column,
    pages.document_role,
    metric_values.page_sha256,
    pages.content_type,
    pages.byte_count,
    pages.fetched_at,
    pages.archive_file,
    pages.archive_offset,
    pages.archive_length,
    pages.source_id,
    pages.source_file,
    pages.source_url,
    case when reports.trust <> 'hijacked' then pages.source_url end as link_url,
    withheld.withheld_because,
    metric_values.data_origin
from metric_values
left join reports
    on metric_values.report_id = reports.report_id
left join pages
    on metric_values.document_id = pages.document_id
left join texts
    on metric_values.page_sha256 = texts.page_sha256
left join cells
    on
        metric_values.page_sha256 = cells.page_sha256
        and metric_values.grid_no = cells.grid_no
        and metric_values.evidence_start >= cells.cell_start
        and metric_values.evidence_end <= cells.cell_end
left join withheld
    on metric_values.document_id = withheld.document_id
left join metrics
    on metric_values.metric_id = metrics.metric_id
