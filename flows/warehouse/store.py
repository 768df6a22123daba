"""The landing database: one writer at a time, a schema with a version, and one kind of data for good."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from flows.faults import Fault, UsageFault
from flows.files import write_json_whole
from flows.warehouse.places import Places

SCHEMA_VERSION = 2
_SCHEMA = Path(__file__).with_name("schema.sql")

# What brings an older landing database to the next version: MIGRATIONS[1] leads from version 1 to version 2.
# A version without its entry cannot be brought on and is refused with the command to run.
MIGRATIONS: dict[int, Callable[[duckdb.DuckDBPyConnection], None]] = {
    1: lambda con: _create_tables(con),  # 2 has raw.gaps and raw.shares
}

KIND_WORDS = {"sample": "the invented sample", "real": "published reports"}


@contextmanager
def writer(places: Places, wait_seconds: float, on_wait: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Holds the warehouse for one writer. The lock falls with the process, however it ends.

    Raises Fault where another run still holds it after ``wait_seconds``.
    """
    places.state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(places.lock, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait(f"{_holder(places)} is writing to {places.root}; waiting up to {wait_seconds:g} s")
        try:
            lock.acquire(timeout=wait_seconds, poll_interval=0.2)
        except Timeout:
            raise Fault(
                f"{_holder(places)} is still writing to {places.root} after {wait_seconds:g} s; "
                "try again when it is done (GONGKAI_LOCK_WAIT_SECONDS sets how long to wait)."
            ) from None
    try:
        write_json_whole(places.lock_holder, {"pid": os.getpid(), "since": datetime.now(UTC).isoformat("T", "seconds")})
        yield
    finally:
        lock.release()


def _holder(places: Places) -> str:
    try:
        holder = json.loads(places.lock_holder.read_text(encoding="utf-8"))
        return f"Another run (process {holder['pid']}, since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "Another run"


@contextmanager
def connect(path: Path, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a DuckDB file for the length of the block. Times are read and written as UTC.

    Close it before another tool opens the file: DuckDB refuses one file under two configurations in a process.
    """
    try:
        con = duckdb.connect(path, read_only=read_only, config=_READING if read_only else _WRITING)
    except duckdb.IOException as error:
        raise Fault(f"{path} cannot be opened: {str(error).splitlines()[0]}") from error
    try:
        con.execute("set timezone = 'UTC'")
        yield con
    finally:
        con.close()


# zstd for text columns needs the newer storage format; a second connection of a process must ask for the same
_WRITING: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.2.0",
    "autoinstall_known_extensions": False,
}
_READING: dict[str, str | bool | int | float | list[str]] = {}


def prepare(places: Places, kind: str) -> None:
    """Creates or migrates the landing database and fixes its kind at the first run.

    Raises UsageFault for data of the other kind, Fault for a schema that cannot be used.
    """
    places.root.mkdir(parents=True, exist_ok=True)
    with connect(places.landing) as con:
        _bring_up_to_date(con, places)
        row = con.execute("select kind from ops.warehouse").fetchone()
        if row is None:
            con.execute("insert into ops.warehouse values (?, now())", [kind])
        elif row[0] != kind:
            raise UsageFault(
                f"{places.root} holds {KIND_WORDS[row[0]]}; {KIND_WORDS[kind]} never go into the same warehouse: "
                "choose another one with --warehouse."
            )


def _bring_up_to_date(con: duckdb.DuckDBPyConnection, places: Places) -> None:
    found = schema_version(con)
    if found is None:
        with transaction(con):
            _create_tables(con)
            con.execute("insert into ops.schema_version values (?, now())", [SCHEMA_VERSION])
        return
    if found > SCHEMA_VERSION:
        raise Fault(
            f"{places.landing} has schema version {found}, this gongkai knows only {SCHEMA_VERSION}: "
            "update gongkai (git pull, then make run)."
        )
    for version in range(found, SCHEMA_VERSION):
        if version not in MIGRATIONS:
            raise Fault(
                f"{places.landing} has schema version {found}, which this gongkai cannot migrate: "
                f"move it away (mv {places.landing} {places.landing}.v{found}) and run again to land the pages anew."
            )
        with transaction(con):
            MIGRATIONS[version](con)
            con.execute("insert into ops.schema_version values (?, now())", [version + 1])


def _create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Every table of schema.sql that is not there yet."""
    con.execute(_SCHEMA.read_text(encoding="utf-8"))


def schema_version(con: duckdb.DuckDBPyConnection) -> int | None:
    """The version of an open landing database, None for one that is empty."""
    known = con.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'schema_version'"
    ).fetchone()
    if known is None:
        return None
    row = con.execute("select max(version) from ops.schema_version").fetchone()
    return None if row is None else row[0]


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def count(con: duckdb.DuckDBPyConnection, query: str, parameters: list[object] | None = None) -> int:
    """The one number that a query gives; 0 where it gives none."""
    row = con.execute(query, parameters or []).fetchone()
    return 0 if row is None or row[0] is None else int(row[0])
