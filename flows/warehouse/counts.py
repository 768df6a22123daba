"""Version 3 → 4: the counts that the gate reconciles, taken once from what an older landing database holds."""

from __future__ import annotations

import duckdb

_COLUMNS = (
    ("raw.texts", "cell_count", "integer"),
    ("raw.readings", "gap_count", "integer"),
    ("raw.readings", "share_count", "integer"),
    ("raw.readings", "has_text", "boolean"),
)
_FILL = (
    """
    update raw.texts as t set cell_count = (
        select count(*) from raw.grid_cells as c
        where c.content_sha256 = t.content_sha256 and c.reader_version = t.reader_version
    )
    """,
    """
    update raw.readings as r set gap_count = (
        select count(*) from raw.gaps as g where g.document_id = r.document_id and g.reader_version = r.reader_version
    ), share_count = (
        select count(*) from raw.shares as s where s.document_id = r.document_id and s.reader_version = r.reader_version
    ), has_text = exists (
        select 1 from raw.texts as t where t.content_sha256 = r.content_sha256 and t.reader_version = r.reader_version
    )
    """,
    """
    insert into ops.landed_batches
    select run_id, sum(attempts), sum(contents), sum(documents), sum(archive_records) from (
        select run_id, count(*) as attempts, 0 as contents, 0 as documents, 0 as archive_records
        from raw.attempts group by all
        union all
        select landed_run_id, 0, count(*), 0, 0 from raw.contents group by all
        union all
        select landed_run_id, 0, 0, count(*), 0 from raw.documents group by all
        union all
        select regexp_extract(archive_file, '^gongkai-(.*)-[^-]*$', 1), 0, 0, 0, count(*)
        from raw.archive_records group by all
    ) group by run_id
    """,
)


def count_what_landed(con: duckdb.DuckDBPyConnection) -> None:
    """Adds the columns and counts what is there. Call inside a transaction."""
    for table, column, kind in _COLUMNS:
        con.execute(f"alter table {table} add column if not exists {column} {kind}")
    for statement in _FILL:
        con.execute(statement)
