"""The archive against its index: every file whole, every page's bytes those that landed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from flows.doctor.findings import Check, Finding, Patient, counted, fault, listed, ok, warning
from flows.doctor.locks import is_held
from flows.faults import Fault
from flows.land import archived_bytes
from flows.warehouse.store import connect
from scrapers.archive.reader import archive_files, archived_pages, open_archive, read_content
from scrapers.archive.records import ArchiveDamage, Location
from scrapers.archive.scan import Damage

_SAMPLE = 200  # contents whose bytes are read without --deep
_RESTORE = "Restore the file from a backup. Until then its pages stand in ops.pages_set_aside, or are got again."

# file by file where the index ends, and how many records and contents it has there
_ENDS = """
    select archive_file, max(archive_offset + archive_length), count(*) from raw.archive_records
    group by all order by all
"""
# a sample that is the same each time and goes over all files
_CONTENTS = """
    select content_sha256, byte_count, archive_file, archive_offset, archive_length from raw.contents
    order by content_sha256 limit ?
"""


def files(patient: Patient) -> Iterator[Finding]:
    """Each file that the index names is there, as long as the index says."""
    places = patient.places
    index = _rows(patient, _ENDS)
    if index is None:
        return
    here = archive_files(places.archive)
    named = {file: int(end) for file, end, _ in index}
    sizes = {file: archived_bytes(places.archive / file) for file in named}
    missing = [file for file in named if file not in here]
    short = [file for file, end in named.items() if file in here and sizes[file] < end]
    longer = [file for file in here if archived_bytes(places.archive / file) > named.get(file, 0)]
    if missing:
        yield fault("files", f"{counted(missing, 'archive file')} missing: {listed(missing)}.", _RESTORE)
    if short:
        yield fault("files", f"{counted(short, 'archive file')} shorter than the index: {listed(short)}.", _RESTORE)
    if longer and not is_held(places):
        yield warning(
            "files", f"{counted(longer, 'archive file')} with pages that have not landed: {listed(longer)}.",
            "Run again: the next run lands them.",
        )  # fmt: skip
    if not missing and not short:
        records = sum(count for _, _, count in index)
        yield ok("files", f"{counted(named, 'archive file')} with {records:,} records, whole in size.")


def contents(patient: Patient) -> Iterator[Finding]:
    """The bytes of pages are those that landed: of a sample, or of all."""
    rows = _rows(patient, _CONTENTS, 2**62 if patient.deep else _SAMPLE)
    if not rows:
        return
    damaged = []
    for sha, byte_count, *place in rows:
        location = Location(*place)
        try:
            read_content(patient.places.archive, location, sha, byte_count)
        except ArchiveDamage as damage:
            damaged.append(str(damage))
        patient.advance(location.length)
    which = "all" if patient.deep else "a sample of"
    if damaged:
        said = f"{len(damaged):,} of {len(rows):,} pages cannot be read back: {listed(damaged, 3)}."
        yield fault("contents", said, _RESTORE)
    else:
        yield ok("contents", f"The bytes of {which} {len(rows):,} contents have the checksums with which they landed.")


def records(patient: Patient) -> Iterator[Finding]:
    """With --deep: every record of every file, read from its beginning, is what the index says."""
    if not patient.deep:
        return
    query = "select archive_file, archive_offset, archive_length, record_type, content_sha256 from raw.archive_records"
    rows = _rows(patient, query)
    if rows is None:
        return
    index = {(file, offset): tuple(rest) for file, offset, *rest in rows}
    wrong: list[str] = []
    seen: set[tuple[str, int]] = set()
    for name in archive_files(patient.places.archive):
        for key, value in _records_of(patient.places.archive, name, wrong):
            seen.add(key)
            if key in index and index[key] != value:
                wrong.append(f"{name} at offset {key[1]}: another record than the index says")
    here = set(archive_files(patient.places.archive))
    wrong += [f"{file} at offset {offset}: no record" for file, offset in sorted(index.keys() - seen) if file in here]
    if wrong:
        said = f"{len(wrong):,} places of the archive are not what the index says: {listed(wrong, 3)}."
        yield fault("records", said, _RESTORE)
    else:
        yield ok("records", f"All {len(index):,} records of the archive are what the index says.")


def _records_of(folder: Path, name: str, wrong: list[str]) -> Iterator[tuple[tuple[str, int], tuple[object, ...]]]:
    try:
        with open_archive(folder, name) as file:
            for found in archived_pages(file, name):
                if isinstance(found, Damage):
                    wrong.append(f"{name} at offset {found.offset}: {found.reason}")
                    continue
                for entry in found.entries:
                    place = entry.location
                    yield (name, place.offset), (place.length, entry.record_type, entry.content_sha256)
    except OSError as error:
        wrong.append(f"{name}: {error.strerror or error}")


def _rows(patient: Patient, query: str, *values: object) -> list[tuple[Any, ...]] | None:
    """What the index says; None where there is none or it cannot be read (told in other rooms)."""
    if not patient.places.landing.is_file():
        return None
    try:
        with connect(patient.places.landing, read_only=True) as con:
            return con.execute(query, list(values)).fetchall()
    except (Fault, duckdb.Error):
        return None


CHECKS: tuple[Check, ...] = (files, contents, records)
