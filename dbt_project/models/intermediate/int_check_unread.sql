-- Proof that a failed sum is the reader's: numbers printed among the cells of the sum that were not read.
-- The cells of the terms span a part of a grid; below it, rows up to the next one that was read belong to it too.
with failed as (
    select
        report_id,
        check_id,
        instance,
        recomputed_value - reported_value as difference
    from {{ ref('int_check_results') }}
    where
        check_status = 'fail'
        and basis = 'table'
        and other_report_id is null
),

figures as (
    select
        figures.document_id,
        documents.page_sha256,
        figures.grid_no,
        figures.evidence_start
    from {{ ref('stg_raw__figures') }} as figures
    inner join {{ ref('int_documents') }} as documents
        on figures.document_id = documents.document_id
    where figures.basis = 'table'
),

cells as (
    select
        grid_cells.page_sha256,
        grid_cells.grid_no,
        grid_cells.row_no,
        grid_cells.column_no,
        grid_cells.cell_start,
        grid_cells.cell_text,
        try_cast(
            replace(regexp_extract(trim(grid_cells.cell_text), '^[+]?([0-9][0-9,]{0,15}([.][0-9]{1,6})?)$', 1), ',', '')
            as double
        ) as cell_value
    from {{ ref('stg_raw__grid_cells') }} as grid_cells
    where
        grid_cells.row_no = grid_cells.origin_row
        and grid_cells.column_no = grid_cells.origin_column
        and grid_cells.page_sha256 in (
            select int_documents.page_sha256
            from {{ ref('int_documents') }} as int_documents
            inner join failed
                on int_documents.document_id = failed.report_id
        )
),

read_cells as (
    select distinct
        cells.page_sha256,
        cells.grid_no,
        cells.row_no,
        cells.column_no
    from cells
    inner join figures
        on
            cells.page_sha256 = figures.page_sha256
            and cells.grid_no = figures.grid_no
            and cells.cell_start = figures.evidence_start
),

spans as (
    select
        failed.report_id,
        failed.check_id,
        failed.instance,
        failed.difference,
        cells.page_sha256,
        cells.grid_no,
        min(cells.row_no) as first_row,
        max(cells.row_no) as last_row,
        min(cells.column_no) as first_column,
        max(cells.column_no) as last_column
    from failed
    inner join {{ ref('int_check_terms') }} as terms
        on
            failed.report_id = terms.report_id
            and failed.check_id = terms.check_id
            and failed.instance = terms.instance
    inner join cells
        on
            terms.page_sha256 = cells.page_sha256
            and terms.grid_no = cells.grid_no
            and terms.evidence_start = cells.cell_start
    where terms.value_state <> 'blank_as_zero'
    group by all
),

next_rows as (
    select
        spans.page_sha256,
        spans.grid_no,
        spans.last_row,
        min(read_cells.row_no) as next_row
    from spans
    inner join read_cells
        on
            spans.page_sha256 = read_cells.page_sha256
            and spans.grid_no = read_cells.grid_no
            and spans.last_row < read_cells.row_no
    group by spans.page_sha256, spans.grid_no, spans.last_row
),

reaching as (
    select
        spans.* exclude (last_row),
        if(spans.first_row = spans.last_row, spans.last_row, coalesce(next_rows.next_row - 1, 1000000)) as last_row
    from spans
    left join next_rows
        on
            spans.page_sha256 = next_rows.page_sha256
            and spans.grid_no = next_rows.grid_no
            and spans.last_row = next_rows.last_row
),

unread as (
    select
        reaching.report_id,
        reaching.check_id,
        reaching.instance,
        reaching.difference,
        cells.cell_value,
        cells.row_no,
        cells.column_no
    from reaching
    inner join cells
        on
            reaching.page_sha256 = cells.page_sha256
            and reaching.grid_no = cells.grid_no
            and cells.row_no between reaching.first_row and reaching.last_row
            and cells.column_no between reaching.first_column and reaching.last_column
    anti join read_cells
        on
            cells.page_sha256 = read_cells.page_sha256
            and cells.grid_no = read_cells.grid_no
            and cells.row_no = read_cells.row_no
            and cells.column_no = read_cells.column_no
    where cells.cell_value > 0
)

select
    report_id,
    check_id,
    instance,
    count(*) as unread_count,
    string_agg(cast(cell_value as varchar), ', ' order by row_no, column_no) as unread_values,
    -- the numbers left out, all or one of them, are what is missing
    bool_or(abs(cell_value - abs(difference)) < 0.000001) or abs(sum(cell_value) - any_value(abs(difference))) < 0.000001
        as explains_difference
from unread
group by report_id, check_id, instance
