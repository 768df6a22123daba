"""Publish: the marts, evidence and ops of a build as one folder of files, which appears whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.build import ORIGINS
from flows.files import file_sha256, sync, write_json_whole
from flows.fingerprint import versions
from flows.products import LINEAGE, write_products
from flows.products.difference import add_difference
from flows.published import MANIFEST, SAMPLE_MARK, SAMPLE_NOTICE, published_build
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION, connect
from flows.withholding import may_be_withheld, shown_rows

SCHEMAS = ("marts", "dashboards", "evidence", "ops")
_BUILD = "build"  # the catalog under which the build is attached


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is known of a build when it is put together."""

    build_id: str
    run_id: str
    kind: str  # sample or real
    outcome: str  # published or refused
    reader_version: str
    input_fingerprint: str
    created_at: datetime
    run_row: dict[str, Any]  # the row of this run for ops.runs
    gate_rows: list[dict[str, Any]]


def assemble(places: Places, database: Path, ticket: Ticket) -> Path:
    """Turns the folder of ``database`` into the whole build builds/<id> and returns it. Nothing is published yet.

    A refused build keeps its build.duckdb with all models, so that a person can see why.
    """
    folder = database.parent
    with connect(folder / "gongkai.duckdb") as con:
        con.execute(f"attach '{_quoted(database)}' as {_BUILD} (read_only)")
        tables = _copy(con, ticket.kind)
        con.execute(f"detach {_BUILD}")
        tables += [_own_table(con, ticket.kind, *table) for table in (_GATE_TABLE, _BUILD_TABLE)]
        origin = ORIGINS[ticket.kind]
        _add_rows(con, "runs", [{**ticket.run_row, "data_origin": origin}])
        _add_rows(con, "gate_results", [{**row, "data_origin": origin} for row in ticket.gate_rows])
        _add_rows(con, "build_info", [_about(ticket)])
        difference = add_difference(con, *_before(places, ticket), SAMPLE_MARK if ticket.kind == "sample" else "")
        if difference and "values" in difference:
            tables.append(("ops", "build_changes"))
        tables += con.execute(
            "select schema_name, view_name from duckdb_views() where schema_name = 'marts' and view_name <> ? "
            "order by all",
            [LINEAGE],
        ).fetchall()
        counts = _write_parquet(con, tables, folder / "parquet")
        write_products(con, folder, ticket.build_id, ticket.created_at, ticket.kind == "sample")
    if ticket.outcome != "refused":
        database.unlink()
    write_json_whole(folder / "gate.json", ticket.gate_rows)
    write_json_whole(folder / MANIFEST, _manifest(ticket, folder, counts, difference))
    for path in [*folder.rglob("*"), folder]:
        sync(path)
    whole = places.builds / ticket.build_id
    folder.replace(whole)
    sync(places.builds)
    return whole


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _name(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def _copy(con: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[str, str]]:
    """Copies every table of the published schemas with constraints and comments, rows sorted; gives their names."""
    mark = SAMPLE_MARK if kind == "sample" else ""
    for schema in SCHEMAS:
        con.execute(f"create schema {schema}")
    tables = con.execute(
        "select schema_name, table_name, sql, comment from duckdb_tables() "
        "where database_name = ? and list_contains(?, schema_name) order by all",
        [_BUILD, list(SCHEMAS)],
    ).fetchall()
    for schema, table, sql, comment in tables:
        con.execute(sql)
        name = _name(schema, table)
        may_be_withheld(con, schema, table)
        con.execute(f"insert into {name} {shown_rows(con, _BUILD, schema, table)} order by all")
        _comment(con, "table", name, _marked(mark, comment))
    copied = [(schema, table) for schema, table, *_ in tables]
    for schema, view, comment in _copy_views(con):
        _comment(con, "view", _name(schema, view), _marked(mark, comment))
    columns = con.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() "
        "where database_name = ? and list_contains(?, schema_name) and comment is not null",
        [_BUILD, list(SCHEMAS)],
    ).fetchall()
    for schema, table, column, comment in columns:
        _comment(con, "column", _name(schema, table, column), comment)
    return copied


def _copy_views(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str | None]]:
    """Views may read published schemas only: a view on staging would break in the published file."""
    views = con.execute(
        "select schema_name, view_name, sql, comment from duckdb_views() "
        "where database_name = ? and list_contains(?, schema_name) and not internal order by all",
        [_BUILD, list(SCHEMAS)],
    ).fetchall()
    for schema, view, sql, comment in views:
        con.execute(re.sub(rf'\b"?{_BUILD}"?\.(?="?(?:{"|".join(SCHEMAS)})\b)', "", sql))
        yield schema, view, comment


def _marked(mark: str, comment: str | None) -> str | None:
    return comment if comment is not None and comment.startswith(mark) else (mark + (comment or "")).strip() or None


def _comment(con: duckdb.DuckDBPyConnection, kind: str, name: str, comment: str | None) -> None:
    if comment is not None:
        text = comment.replace("'", "''")
        con.execute(f"comment on {kind} {name} is '{text}'")


# What dbt cannot know: the gate runs after it. Name and comment of the table; name, type and comment of each column.
_Own = tuple[str, str, tuple[tuple[str, str, str], ...]]
_ORIGIN = ("data_origin", "varchar not null", "invented_sample or published_reports")
_GATE_TABLE: _Own = (
    "gate_results",
    "what the gate found in this build, a row an expectation",
    (
        ("run_id", "varchar not null", "the run that built and checked"),
        ("build_id", "varchar not null", "the build that was checked"),
        ("suite", "varchar not null", "the expectation suite: raw, staging or marts"),
        ("check_id", "varchar not null", "the name of the expectation, unique in its suite"),
        ("description", "varchar not null", "what is expected, in words"),
        ("severity", "varchar not null", "block: a failure keeps the build from readers; warn: it is shown only"),
        ("success", "boolean not null", "whether the data are as expected"),
        ("observed", "varchar", "what was found"),
        ("unexpected_count", "bigint", "the number of rows that are not as expected; null where rows are not counted"),
        ("sample_rows", "varchar", "some of these rows"),
        ("checked_at", "timestamptz not null", "when it was checked, UTC"),
        _ORIGIN,
    ),
)
_BUILD_TABLE: _Own = (
    "build_info",
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
)


def _own_table(
    con: duckdb.DuckDBPyConnection, kind: str, table: str, text: str, columns: tuple[tuple[str, str, str], ...]
) -> tuple[str, str]:
    name = _name("ops", table)
    con.execute(f"create table {name} ({', '.join(f'{column} {type_}' for column, type_, _ in columns)})")
    mark = SAMPLE_MARK if kind == "sample" else ""
    _comment(con, "table", name, f"{mark}{text}")
    for column, _, comment in columns:
        _comment(con, "column", _name("ops", table, column), comment)
    return "ops", table


def _about(ticket: Ticket) -> dict[str, Any]:
    return {
        "build_id": ticket.build_id, "run_id": ticket.run_id, "outcome": ticket.outcome,
        "created_at": ticket.created_at, "schema_version": SCHEMA_VERSION, "reader_version": ticket.reader_version,
        "input_fingerprint": ticket.input_fingerprint, "data_origin": ORIGINS[ticket.kind],
    }  # fmt: skip


def _add_rows(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Adds what dbt could not know yet: the gate's results and this run. Columns that the model lacks are left out."""
    names = [
        name
        for (name,) in con.execute(
            "select column_name from duckdb_columns() where schema_name = 'ops' and table_name = ?", [table]
        ).fetchall()
    ]
    for row in rows:
        values = {name: row[name] for name in names if name in row}
        marks = ", ".join("?" * len(values))
        con.execute(f"insert into ops.{table} ({', '.join(values)}) values ({marks})", list(values.values()))


def _write_parquet(con: duckdb.DuckDBPyConnection, tables: list[tuple[str, str]], folder: Path) -> dict[str, int]:
    """One file a table; same rows, same bytes. Gives the number of rows by table."""
    folder.mkdir()
    counts = {}
    names = [table for _, table in tables]
    for schema, table in tables:
        file = folder / f"{table if names.count(table) == 1 else f'{schema}_{table}'}.parquet"
        con.execute(
            f"copy (from {_name(schema, table)} order by all) to '{_quoted(file)}' (format parquet, compression zstd)"
        )
        row = con.execute(f"select count(*) from {_name(schema, table)}").fetchone()
        counts[f"{schema}.{table}"] = row[0] if row else 0
    return counts


def _before(places: Places, ticket: Ticket) -> tuple[Path | None, bool]:
    """The database that is published now, and whether the same reader made it."""
    current = published_build(places)
    if current is None or not places.published_db.is_file():
        return None, True
    return places.published_db, current.manifest.get("reader_version") == ticket.reader_version


def _manifest(
    ticket: Ticket, folder: Path, counts: dict[str, int], difference: dict[str, Any] | None
) -> dict[str, Any]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {
        "build_id": ticket.build_id,
        "outcome": ticket.outcome,
        "data_origin": ORIGINS[ticket.kind],
        "notice": SAMPLE_NOTICE if ticket.kind == "sample" else None,
        "created_at": ticket.created_at.isoformat("T", "seconds"),
        "run_id": ticket.run_id,
        "schema_version": SCHEMA_VERSION,
        "reader_version": ticket.reader_version,
        "input_fingerprint": ticket.input_fingerprint,
        "versions": versions(),
        "row_counts": counts,
        "difference": difference,
        "files": {
            path.relative_to(folder).as_posix(): {"sha256": file_sha256(path), "bytes": path.stat().st_size}
            for path in files
        },
    }
