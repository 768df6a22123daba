"""SQL of users on the published build: read-only, without a way to the files, the network or the settings.

What a query can see of the machine besides the tables: the path of the published file (duckdb_databases), the version
and the settings of this connection, and how much memory it uses. The user who asks owns all of it.
"""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

import duckdb

from flows.faults import Fault, is_interruption

SEARCH_PATH = "marts,dashboards,evidence,ops"
_CHUNK = 1000
_AGAIN_SECONDS = 0.1  # DuckDB forgets an interruption that comes while a query is being planned
_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}

Rows = Iterator[Sequence[Any]]
T = TypeVar("T")


@contextmanager
def sandbox(database: Path, seconds: float, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which a stranger's SQL can read the published tables and nothing else.

    It stops after ``seconds``; results do not spill to the disk. The file is the one published when it is opened: a
    later publish does not touch it. Raises Fault for whatever DuckDB refuses.
    """
    deadline: _Deadline | None = None
    try:
        con = duckdb.connect(database.resolve(), read_only=True, config={**_CLOSED, "memory_limit": memory})
    except duckdb.Error as error:
        raise Fault(f"{database} cannot be opened: {_one_line(error)}") from None
    try:
        con.execute("set timezone = 'UTC'")
        con.execute(f"set search_path = '{_existing(con)}'")
        # Without external access the file itself, its write-ahead log and its folder for temporary files could still
        # be read and written (allowed_paths): a COPY to the log would break the published file for all readers.
        con.execute("set disabled_filesystems = 'LocalFileSystem'")
        con.execute("set lock_configuration = true")
        deadline = _Deadline(con, seconds)
        yield con
        deadline.check()
    except duckdb.Error as error:
        raise (deadline and deadline.fault()) or _refusal(error, memory) from None
    except MemoryError:
        raise _too_large(memory) from None
    except RuntimeError as error:
        if is_interruption(error):
            raise KeyboardInterrupt from None
        raise
    finally:
        if deadline is not None:
            deadline.end()
        con.close()


_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": "",
    "secret_directory": "none",  # else the user's own is told
    "max_temp_directory_size": "0KB",
    "threads": 2,
}


class _Deadline:
    """Interrupts a connection when its time is up; never one that is closed already."""

    def __init__(self, con: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self._con = con
        self._seconds = seconds
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._passed = False
        threading.Thread(target=self._watch, name="deadline", daemon=True).start()

    def _watch(self) -> None:
        if self._ended.wait(self._seconds):
            return
        self._passed = True
        while not self._ended.wait(_AGAIN_SECONDS):
            with self._lock:
                if not self._ended.is_set():
                    self._con.interrupt()

    def end(self) -> None:
        """From now on nothing is interrupted."""
        with self._lock:
            self._ended.set()

    def fault(self) -> Fault | None:
        """What to say where the time was up, whatever DuckDB made of it."""
        if not self._passed:
            return None
        return Fault(f"the query was stopped after {self._seconds:g} s (GONGKAI_SQL_SECONDS sets the limit)")

    def check(self) -> None:
        """Raises Fault where the time was up: rows that were cut off must not look like all rows."""
        self.end()
        if fault := self.fault():
            raise fault


def _refusal(error: duckdb.Error, memory: str) -> Fault:
    if isinstance(error, duckdb.OutOfMemoryException):
        return _too_large(memory)
    if isinstance(error, duckdb.PermissionException):
        return Fault("SQL reads the published tables only: no files, no network, no extensions, no settings.")
    return Fault(_one_line(error))


def _too_large(memory: str) -> Fault:
    return Fault(f"the query needs more memory than {memory} (GONGKAI_SQL_MEMORY sets the limit)")


def _existing(con: duckdb.DuckDBPyConnection) -> str:
    """The schemas of the search path that the file has: DuckDB refuses a path with one that is missing."""
    there = {name for (name,) in con.execute("select schema_name from duckdb_schemas()").fetchall()}
    return ",".join(name for name in SEARCH_PATH.split(",") if name in there) or "main"


def _one_line(error: duckdb.Error) -> str:
    return " ".join(str(error).split())[:500]


def run_query(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], Rows]:
    """The column names and the rows, fetched bit by bit. Raises Fault for what is not one statement that reads.

    DuckDB works in a thread of its own: a thread that waits for it does not hear Ctrl-C.
    """
    with ThreadPoolExecutor(1) as pool:
        for statement in _statements(con, sql):
            _heard(pool, con, partial(con.execute, statement))
    names = [column[0] for column in con.description or []]
    return names, _rows(con)


def _rows(con: duckdb.DuckDBPyConnection) -> Rows:
    with ThreadPoolExecutor(1) as pool:
        while chunk := _heard(pool, con, partial(con.fetchmany, _CHUNK)):
            yield from chunk


def _heard(pool: ThreadPoolExecutor, con: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """What ``work`` gives; Ctrl-C interrupts it and is raised when it has ended."""
    future = pool.submit(work)
    try:
        # not one long wait: the signal may come to another thread, and does not end it then
        while not wait([future], _AGAIN_SECONDS).done:
            pass
        return future.result()
    except KeyboardInterrupt:
        while not wait([future], _AGAIN_SECONDS).done:
            con.interrupt()
        raise


def _statements(con: duckdb.DuckDBPyConnection, sql: str) -> list[duckdb.Statement]:
    """The one statement; before it the types that DuckDB makes of a PIVOT without IN, which have no text."""
    found = con.extract_statements(sql)
    if not found:
        raise Fault("there is no SQL statement")
    *before, last = found
    if any(one.query or one.type != duckdb.StatementType.CREATE for one in before):
        raise Fault(f"one SQL statement at a time, please: there are {len(found)}")
    if last.type not in _READING:
        raise Fault(
            f"SQL only reads here (SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN): "
            f"{last.type.name.replace('_', ' ')} is refused"
        )
    return found


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
