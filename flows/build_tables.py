"""Tables of a build that dbt cannot make because it runs before: what the gate found, and which build it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

# Name, type and comment of each column.
_ORIGIN = ("data_origin", "varchar not null", "invented_sample or published_reports")
_CHECK = (
    ("suite", "varchar not null", "the expectation suite: raw, staging or marts"),
    ("check_id", "varchar not null", "the name of the expectation, unique in its suite"),
)
_TABLES: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "gate_results": (
        "what the gate found in this build, a row an expectation",
        (
            ("run_id", "varchar not null", "the run that built and checked"),
            ("build_id", "varchar not null", "the build that was checked"),
            *_CHECK,
            ("description", "varchar not null", "what is expected, in words"),
            ("severity", "varchar not null", "block: a failure keeps the build from readers; warn: it is shown only"),
            ("success", "boolean not null", "whether the data are as expected"),
            ("observed", "varchar", "what was found"),
            ("unexpected_count", "bigint", "the number of rows that are not as expected; null where none are counted"),
            ("sample_rows", "varchar", "the first of these rows, a JSON list (more in ops.gate_rows)"),
            ("checked_at", "timestamptz not null", "when it was checked, UTC"),
            ("table_name", "varchar", "the table that the expectation is about"),
            ("because", "varchar", "why its limits are what they are; null where it has none"),
            ("failing_sql", "varchar", "finds all failing rows in build.duckdb, which a refused build keeps"),
            _ORIGIN,
        ),
    ),
    "gate_rows": (
        "the rows that are not as expected, the first 1,000 of each expectation; gate_results counts all",
        (
            ("build_id", "varchar not null", "the build that was checked"),
            *_CHECK,
            ("row_no", "integer not null", "1, 2 … in the order of the row's own columns"),
            ("failing_row", "varchar not null", "the row, a JSON object; long texts are cut"),
            _ORIGIN,
        ),
    ),
    "gate_overrides": (
        "where a person overruled the gate for one build, a row a check; of all builds so far",
        (
            ("build_id", "varchar not null", "the build that was accepted; the acceptance counts for no other"),
            *_CHECK,
            ("reason", "varchar not null", "why it was accepted, in the words of who did"),
            ("accepted_by", "varchar not null", "who accepted it"),
            ("accepted_at", "timestamptz not null", "when, UTC"),
            ("unexpected_count", "bigint", "the number of rows that were accepted; null where they are not counted"),
            ("run_id", "varchar not null", "the run of gongkai publish"),
            _ORIGIN,
        ),
    ),
    "build_info": (
        "which build this file is, one row; manifest.json says more",
        (
            ("build_id", "varchar not null", "the build, also the name of its folder"),
            ("run_id", "varchar not null", "the run that made it"),
            ("outcome", "varchar not null", "published or refused"),
            ("created_at", "timestamptz not null", "when it was put together, UTC"),
            ("schema_version", "integer not null", "version of the landing database"),
            ("reader_version", "varchar not null", "version of the reader whose readings it shows"),
            ("input_fingerprint", "varchar not null", "checksum over everything that the build was made of"),
            _ORIGIN,
        ),
    ),
}
OVERRIDE_COLUMNS = tuple(name for name, _, _ in _TABLES["gate_overrides"][1] if name != _ORIGIN[0])


def create_build_tables(con: duckdb.DuckDBPyConnection, mark: str) -> list[tuple[str, str]]:
    """Makes the tables with their comments, each beginning with ``mark``; gives schema and name of each."""
    for table, (comment, columns) in _TABLES.items():
        con.execute(f"create table ops.{table} ({', '.join(f'{name} {kind}' for name, kind, _ in columns)})")
        con.execute(f"comment on table ops.{table} is '{_quoted(mark + comment)}'")
        for name, _, text in columns:
            con.execute(f"comment on column ops.{table}.{name} is '{_quoted(text)}'")
    return [("ops", table) for table in _TABLES]


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def kept_rows(results: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of ops.gate_rows."""
    return [
        {
            "build_id": one["build_id"], "suite": one["suite"], "check_id": one["check_id"], "row_no": number,
            "failing_row": row,
        }
        for one in results
        for number, row in enumerate(one.get("kept_rows") or (), 1)
    ]  # fmt: skip


def without_kept_rows(results: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of gate.json: what is kept in ops.gate_rows is left out."""
    return [{name: value for name, value in one.items() if name != "kept_rows"} for one in results]


def overrides(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """All acceptances on the record of the open landing database."""
    rows = con.execute(f"select {', '.join(OVERRIDE_COLUMNS)} from ops.gate_overrides order by all").fetchall()
    return [dict(zip(OVERRIDE_COLUMNS, row, strict=True)) for row in rows]
