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

from flows.faults import Fault, PassingFault, UsageFault, is_interruption
from flows.files import write_json_whole
from flows.warehouse.places import Places
from scrapers.archive.reader import archive_kind

SCHEMA_VERSION = 4
_SCHEMA = Path(__file__).with_name("schema.sql")

Say = Callable[[str], None]


def _new_tables(con: duckdb.DuckDBPyConnection, places: Places) -> None:
    create_tables(con)


def _copy_bytes(con: duckdb.DuckDBPyConnection, places: Places, say: Say) -> None:
    from flows.warehouse.moved_bytes import copy_to_archive  # only who has an old database pays for it

    copy_to_archive(con, places, say)


def _point_to_archive(con: duckdb.DuckDBPyConnection, places: Places) -> None:
    from flows.warehouse.moved_bytes import point_to_archive

    point_to_archive(con)


def _runs_and_counts(con: duckdb.DuckDBPyConnection, places: Places) -> None:
    from flows.warehouse.counts import count_what_landed

    for column in ("deployment", "prefect_flow_run_id"):
        con.execute(f"alter table ops.runs add column if not exists {column} varchar")
    create_tables(con)
    count_what_landed(con)


# What brings an older landing database to the next version, in one transaction: MIGRATIONS[1] leads from version 1 to
# version 2. A version without its entry cannot be brought on and is refused with the command to run.
MIGRATIONS: dict[int, Callable[[duckdb.DuckDBPyConnection, Places], None]] = {
    1: _new_tables,
    2: _point_to_archive,
    3: _runs_and_counts,
}
# What must happen before, too long for one transaction: it goes on where a run that was killed left it.
PREPARATIONS: dict[int, Callable[[duckdb.DuckDBPyConnection, Places, Say], None]] = {2: _copy_bytes}

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


def noted_holder(places: Places) -> tuple[int | None, str]:
    """Process and time that the run which holds the warehouse, or held it last, has noted; None where it is unknown."""
    try:
        noted = json.loads(places.lock_holder.read_text(encoding="utf-8"))
        return int(noted["pid"]), str(noted["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, "unknown"


def _holder(places: Places) -> str:
    pid, since = noted_holder(places)
    return "Another run" if pid is None else f"Another run (process {pid}, since {since})"


@contextmanager
def connect(path: Path, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a DuckDB file for the length of the block. Times are read and written as UTC.

    Close it before another tool opens the file: DuckDB refuses one file under two configurations in a process.
    """
    try:
        con = duckdb.connect(path, read_only=read_only, config=_READING if read_only else _WRITING)
    except duckdb.IOException as error:
        fault = PassingFault if is_open_elsewhere(error) else Fault
        raise fault(f"{path} cannot be opened: {str(error).splitlines()[0]}") from error
    try:
        con.execute("set timezone = 'UTC'")
        yield con
    except RuntimeError as error:
        if is_interruption(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        con.close()


def is_open_elsewhere(error: BaseException) -> bool:
    """Whether DuckDB could not open a file because another process writes to it. (A damaged file has "blocks".)"""
    return "Could not set lock on file" in str(error.__cause__ or error)


# zstd for text columns needs the newer storage format; a second connection of a process must ask for the same
_WRITING: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.2.0",
    "autoinstall_known_extensions": False,
}
_READING: dict[str, str | bool | int | float | list[str]] = {}


def prepare(places: Places, kind: str | None, say: Say = lambda _: None) -> str:
    """Creates or migrates the landing database, fixes its kind at the first run and returns it.

    The kind is also that of an archive whose landing database is lost. With ``kind`` None any kind will do.
    Raises UsageFault for data of the other kind, Fault for a schema that cannot be used.
    """
    places.root.mkdir(parents=True, exist_ok=True)
    with connect(places.landing) as con:
        _bring_up_to_date(con, places, say)
        row = con.execute("select kind from ops.warehouse").fetchone()
        there = row[0] if row else archive_kind(places.archive)
        if kind and there and there != kind:
            raise UsageFault(
                f"{places.root} holds {KIND_WORDS[there]}; {KIND_WORDS[kind]} never go into the same warehouse: "
                "choose another one with --warehouse."
            )
        found = there or kind or "real"
        if row is None:
            con.execute("insert into ops.warehouse values (?, now())", [found])
    return found


def _bring_up_to_date(con: duckdb.DuckDBPyConnection, places: Places, say: Say) -> None:
    found = schema_version(con)
    if found is None:
        with transaction(con):
            create_tables(con)
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
        if version in PREPARATIONS:
            PREPARATIONS[version](con, places, say)
        with transaction(con):
            MIGRATIONS[version](con, places)
            con.execute("insert into ops.schema_version values (?, now())", [version + 1])


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
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
