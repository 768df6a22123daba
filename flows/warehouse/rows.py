"""Rows into a landing table, many at once: Python → polars → Arrow → DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
import polars as pl

_TYPES: dict[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "JSON": pl.String(),
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
    "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "BLOB": pl.Binary(),
    "TIMESTAMP WITH TIME ZONE": pl.Datetime("us", "UTC"),
    "VARCHAR[]": pl.List(pl.String()),
    "INTEGER[]": pl.List(pl.Int32()),
}


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Iterable[Any]) -> int:
    """Adds ``rows`` (tuples in the order of ``columns``) to ``table``; returns how many.

    The types are those of the table, so a value that does not fit raises instead of being bent.
    """
    frame = pl.DataFrame(list(rows), schema=_schema(con, table, columns), orient="row", strict=True)
    if frame.is_empty():
        return 0
    con.register("new_rows", frame.to_arrow())
    try:
        con.execute(f"insert into {table} by name select * from new_rows")
    finally:
        con.unregister("new_rows")
    return frame.height


def _schema(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> dict[str, pl.DataType]:
    types = {name: kind for name, kind, *_ in con.execute(f"describe {table}").fetchall()}
    return {column: _TYPES[types[column]] for column in columns}
