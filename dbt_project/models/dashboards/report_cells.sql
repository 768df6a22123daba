-- The cells of the tables of a report's documents; a cell that spans several places is there once, with its span.
select
    documents.report_id,
    documents.document_id,
    cells.grid_no,
    cells.origin_row as row_no,
    cells.origin_column as column_no,
    max(cells.row_no) - cells.origin_row + 1 as row_span,
    max(cells.column_no) - cells.origin_column + 1 as column_span,
    any_value(cells.cell_text) as cell_text,
    cells.cell_start,
    cells.cell_end
from {{ ref('fct_report_documents') }} as documents
inner join {{ ref('evidence_grid_cells') }} as cells
    on documents.page_sha256 = cells.page_sha256
group by
    documents.report_id,
    documents.document_id,
    cells.grid_no,
    cells.origin_row,
    cells.origin_column,
    cells.cell_start,
    cells.cell_end
