"""SQL of users on the published build: read-only, without a way to the files, the network or the settings."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.faults import Fault

SEARCH_PATH = "marts,dashboards,evidence,ops"
_CHUNK = 1000

Rows = Iterator[Sequence[Any]]


@contextmanager
def sandbox(database: Path, seconds: float, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which a stranger's SQL can read the published tables and nothing else.

    It stops after ``seconds``; results do not spill to the disk. The file is the one published when it is opened: a
    later publish does not touch it.
    """
    con = duckdb.connect(
        database.resolve(),
        read_only=True,
        config={
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "memory_limit": memory,
            "max_temp_directory_size": "0KB",
            "threads": 2,
        },
    )
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    try:
        con.execute("set timezone = 'UTC'")
        con.execute(f"set search_path = '{_existing(con)}'")
        con.execute("set lock_configuration = true")
        timer.start()
        yield con
    except duckdb.InterruptException:
        raise Fault(f"the query was stopped after {seconds:g} s (GONGKAI_SQL_SECONDS sets the limit)") from None
    except duckdb.Error as error:
        raise Fault(_one_line(error)) from None
    finally:
        timer.cancel()
        con.close()


def _existing(con: duckdb.DuckDBPyConnection) -> str:
    """The schemas of the search path that the file has: DuckDB refuses a path with one that is missing."""
    there = {name for (name,) in con.execute("select schema_name from duckdb_schemas()").fetchall()}
    return ",".join(name for name in SEARCH_PATH.split(",") if name in there) or "main"


def _one_line(error: duckdb.Error) -> str:
    return " ".join(str(error).split())[:500]


def run_query(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], Rows]:
    """The column names and the rows, fetched bit by bit. Raises Fault for what is not one statement."""
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise Fault(f"one SQL statement at a time, please: there are {len(statements)}")
    con.execute(statements[0])
    names = [column[0] for column in con.description or []]
    return names, _rows(con)


def _rows(con: duckdb.DuckDBPyConnection) -> Rows:
    while chunk := con.fetchmany(_CHUNK):
        yield from chunk


def write_csv(out: IO[str], names: list[str], rows: Rows) -> None:
    """RFC 4180 with a header; NULL is an empty cell."""
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(names)
    for row in rows:
        writer.writerow([plain(value) for value in row])


def write_json(out: IO[str], names: list[str], rows: Rows) -> None:
    """One array of objects, a row a line; NULL is null."""
    out.write("[")
    separator = "\n"
    for row in rows:
        values = {name: json_value(value) for name, value in zip(names, row, strict=True)}
        out.write(separator + json.dumps(values, ensure_ascii=False, allow_nan=False))
        separator = ",\n"
    out.write("\n]\n")


def plain(value: Any) -> str:
    """A value as a person reads it: 3 for 3.0, nothing for NULL."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (list, dict)):
        return json.dumps(json_value(value), ensure_ascii=False)
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def json_value(value: Any) -> Any:
    """A value that JSON can hold; what it cannot (not a number, infinity, bytes) becomes text."""
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return int(value)
        return value if value == value and abs(value) != float("inf") else str(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, (date, datetime, time)) else str(value)
