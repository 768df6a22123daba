"""The landing database: it opens, and this gongkai knows its schema."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from flows.doctor.findings import Check, Finding, Patient, counted, fault, listed, ok, warning
from flows.doctor.locks import is_held
from flows.faults import Fault
from flows.warehouse.store import (
    KIND_WORDS,
    MIGRATIONS,
    SCHEMA_VERSION,
    connect,
    count,
    is_open_elsewhere,
    schema_version,
)
from scrapers.archive.reader import archive_files

_ANEW = "Restore a backup, or move landing.duckdb away and rebuild it: gongkai run --from-archive."


def schema(patient: Patient) -> Iterator[Finding]:
    """The landing database opens and has a schema that this gongkai knows."""
    places = patient.places
    if not places.landing.is_file():
        if archive_files(places.archive):
            yield fault(
                "schema", f"{places.landing} is missing, but there is an archive.",
                "Rebuild it from the archive (gongkai run --from-archive), or restore a backup.",
            )  # fmt: skip
        return
    try:
        with connect(places.landing, read_only=True) as con:
            found = schema_version(con)
            row = con.execute("select kind from ops.warehouse").fetchone() if found else None
            documents = count(con, "select count(*) from raw.documents") if found else 0
    except (Fault, duckdb.Error) as error:
        yield from _does_not_open(patient, error)
        return
    if found is None:
        yield warning("schema", f"{places.landing} is empty.", "Run again: the next run fills it.")
    elif found > SCHEMA_VERSION:
        yield fault(
            "schema", f"{places.landing} has schema version {found}, this gongkai knows only {SCHEMA_VERSION}.",
            "Update gongkai: git pull, then make setup.",
        )  # fmt: skip
    elif any(version not in MIGRATIONS for version in range(found, SCHEMA_VERSION)):
        yield fault(
            "schema", f"{places.landing} has schema version {found}, which cannot be brought to {SCHEMA_VERSION}.",
            f"Move it away (mv {places.landing} {places.landing}.v{found}) and land the pages anew.",
        )  # fmt: skip
    elif found < SCHEMA_VERSION:
        yield warning(
            "schema", f"{places.landing} has schema version {found}; the next run brings it to {SCHEMA_VERSION}.",
            "Make a backup first (gongkai backup), then gongkai run.",
        )  # fmt: skip
    else:
        kind = KIND_WORDS.get(row[0], row[0]) if row else "no kind of data yet"
        yield ok("schema", f"The landing database opens: schema version {found}, {kind}, {documents:,} documents.")


def tables(patient: Patient) -> Iterator[Finding]:
    """With --deep: every row of every table can be read."""
    if not patient.deep or not patient.places.landing.is_file():
        return
    query = "select schema_name, table_name from duckdb_tables() order by all"
    broken, rows, table = [], 0, ""
    try:
        with connect(patient.places.landing, read_only=True) as con:
            names = [f'"{schema}"."{name}"' for schema, name in con.execute(query).fetchall()]
            for table in names:
                try:
                    counts = con.execute(f"select count(*), bit_xor(hash(t)) from {table} as t").fetchone()
                    rows += counts[0] if counts else 0
                except duckdb.Error as error:
                    broken.append(f"{table} ({' '.join(str(error).split())[:100]})")
    except (Fault, duckdb.Error):
        return  # told above
    if broken:
        yield fault("tables", f"{counted(broken, 'table')} of the landing database damaged: {listed(broken)}.", _ANEW)
    else:
        yield ok("tables", f"All {rows:,} rows of {counted(names, 'table')} of the landing database can be read.")


def _does_not_open(patient: Patient, error: Exception) -> Iterator[Finding]:
    places = patient.places
    if is_open_elsewhere(error):
        if is_held(places):
            yield ok("schema", "The landing database is open in the run that is under way and was not examined.")
        return  # named in the room of locks
    said = " ".join(str(error).split())[:300]
    yield fault(
        "schema", f"{places.landing} cannot be read: {said}",
        _ANEW,
    )  # fmt: skip


CHECKS: tuple[Check, ...] = (schema, tables)
