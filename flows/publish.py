"""Publish: the marts, evidence and ops of a build as one folder of files, which appears whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.base import keep
from flows.build_tables import create_build_tables, kept_rows, without_kept_rows
from flows.files import file_sha256, sync, write_json_whole
from flows.fingerprint import versions
from flows.products import LINEAGE, write_products
from flows.products.difference import add_difference
from flows.products.gate_page import Facts, failures, name_of, write_gate_page
from flows.published import MANIFEST, ORIGINS, SAMPLE_MARK, SAMPLE_NOTICE, published_build, put_in_place
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
    compared_with: str | None = None  # the build that was published when the gate ran
    overrides: list[dict[str, Any]] = field(default_factory=list)  # all acceptances on the record
    earlier_runs: list[dict[str, Any]] = field(default_factory=list)  # of this build, that dbt has not seen


def assemble(places: Places, database: Path, ticket: Ticket) -> Path:
    """Turns the folder of ``database`` into the whole build builds/<id> and returns it. Nothing is published yet.

    A refused build keeps its build.duckdb with all models, so that a person can see why.
    """
    folder, mark = database.parent, SAMPLE_MARK if ticket.kind == "sample" else ""
    with connect(folder / "gongkai.duckdb") as con:
        con.execute(f"attach '{_quoted(database)}' as {_BUILD} (read_only)")
        tables = _copy(con, ticket.kind)
        con.execute(f"detach {_BUILD}")
        tables += create_build_tables(con, mark)
        added = {
            "runs": [*ticket.earlier_runs, ticket.run_row],
            "gate_results": ticket.gate_rows,
            "gate_history": ticket.gate_rows,
            "gate_rows": kept_rows(ticket.gate_rows),
            "gate_overrides": ticket.overrides,
            "build_info": [_about(ticket)],
        }
        for table, rows in added.items():
            _add_rows(con, table, [{**row, "data_origin": ORIGINS[ticket.kind]} for row in rows])
        difference = add_difference(con, *_before(places, ticket), mark)
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
        keep(places, database)
    results = without_kept_rows(ticket.gate_rows)
    write_json_whole(folder / "gate.json", results)
    write_gate_page(folder, _facts(ticket, folder), results)
    write_json_whole(folder / MANIFEST, _manifest(ticket, folder, counts, difference))
    for path in [*folder.rglob("*"), folder]:
        sync(path)
    return put_in_place(places, folder, ticket.build_id)


def _facts(ticket: Ticket, folder: Path) -> Facts:
    files = tuple(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    return Facts(
        ticket.build_id, ticket.run_id, ticket.outcome, f"{ticket.created_at:%Y-%m-%d %H:%M:%S}", ticket.reader_version,
        ticket.compared_with, ticket.kind == "sample", _own_overrides(ticket), (*files, MANIFEST),
    )  # fmt: skip


def _own_overrides(ticket: Ticket) -> list[dict[str, Any]]:
    return [one for one in ticket.overrides if one["build_id"] == ticket.build_id]


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


def _about(ticket: Ticket) -> dict[str, Any]:
    return {
        "build_id": ticket.build_id, "run_id": ticket.run_id, "outcome": ticket.outcome,
        "created_at": ticket.created_at, "schema_version": SCHEMA_VERSION, "reader_version": ticket.reader_version,
        "input_fingerprint": ticket.input_fingerprint,
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
        "gate": _gate(ticket),
        "versions": versions(),
        "row_counts": counts,
        "difference": difference,
        "files": {
            path.relative_to(folder).as_posix(): {"sha256": file_sha256(path), "bytes": path.stat().st_size}
            for path in files
        },
    }


def _gate(ticket: Ticket) -> dict[str, Any]:
    blocking, warnings = failures(ticket.gate_rows)
    return {
        "rules": len(ticket.gate_rows),
        "blocking": [name_of(row) for row in blocking],
        "warnings": [name_of(row) for row in warnings],
        "compared_with": ticket.compared_with,
        "accepted": [
            {name: one[name] for name in ("suite", "check_id", "reason", "accepted_by", "accepted_at")}
            for one in _own_overrides(ticket)
        ],
    }
