"""Extract: every landed document that this reader version has not read yet is read, and its rows are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.land import ARCHIVE_DAMAGED
from flows.reader_pool import ReaderPool, Task
from flows.reading_rows import COLUMNS, Rows, failed_rows
from flows.warehouse.rows import insert_rows
from flows.warehouse.store import transaction
from scrapers.archive.reader import read_content
from scrapers.archive.records import ArchiveDamage, Location
from scrapers.document import Page

# A page whose bytes could not be read back is tried again: the archive may have been repaired.
_UNREAD = f"""
    from raw.documents as d
    where not exists (
        select 1 from raw.readings as r where r.document_id = d.document_id and r.reader_version = ?
            and r.reason_code is distinct from '{ARCHIVE_DAMAGED}'
    )
"""


@dataclass(slots=True)
class Extracted:
    """What reading did in this run: pages read and figures found; pages set aside by reason."""

    read: int = 0
    figures: int = 0
    set_aside: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)  # a sentence a page on which the reader or the archive failed

    def add(self, other: Extracted) -> None:
        """Adds the counts of another batch of the same run."""
        self.read += other.read
        self.figures += other.figures
        self.faults += other.faults
        for reason, number in other.set_aside.items():
            self.set_aside[reason] = self.set_aside.get(reason, 0) + number


def unread_batches(con: duckdb.DuckDBPyConnection, version: str, pages: int, size: int) -> list[list[str]]:
    """The ids of unread documents in the order of landing, in batches of at most ``pages`` and about ``size`` bytes."""
    query = "select d.document_id, (select byte_count from raw.contents as c where c.content_sha256 = d.content_sha256)"
    batches: list[list[str]] = []
    held = 0
    for identity, byte_count in con.execute(f"{query} {_UNREAD} order by d.landed_seq", [version]).fetchall():
        if not batches or len(batches[-1]) >= pages or held + byte_count > size:
            batches.append([])
            held = 0
        batches[-1].append(identity)
        held += byte_count
    return batches


def extract_batch(
    con: duckdb.DuckDBPyConnection,
    archive: Path,
    pool: ReaderPool,
    ids: list[str],
    version: str,
    run_id: str,
    on_page: Callable[[], None] = lambda: None,
) -> Extracted:
    """Reads the documents ``ids`` from the folder ``archive`` and writes all their rows in one transaction."""
    done = Extracted()
    tasks: list[Task] = []
    ready: dict[str, Rows] = {}
    for task, damage in _tasks(con, archive, ids):
        if damage is None:
            tasks.append(task)
            continue
        ready[task.document_id] = failed_rows(
            ARCHIVE_DAMAGED, str(damage), task.document_id, task.content_sha256, version, run_id
        )
        _note(done, ready[task.document_id], _address(task))
        on_page()
    for task, rows in pool.read(tasks, version, run_id):
        ready[task.document_id] = rows
        _note(done, rows, _address(task))
        on_page()
    # in the order of landing, whatever process was the first to end
    gathered: Rows = {table: [row for one in ids if one in ready for row in ready[one][table]] for table in COLUMNS}
    con.execute(
        "delete from raw.readings where reader_version = ? and reason_code = ? "
        "and document_id in (select unnest(?::varchar[]))",
        [version, ARCHIVE_DAMAGED, ids],
    )
    _write(con, gathered, version)
    return done


def _address(task: Task) -> str:
    return task.page.url or task.page.file_name or ""


def _tasks(con: duckdb.DuckDBPyConnection, archive: Path, ids: list[str]) -> list[tuple[Task, ArchiveDamage | None]]:
    """The pages with their bytes, in the order of landing; without bytes and with the damage where they are lost."""
    rows = con.execute(
        """
        select d.document_id, c.content_sha256, d.source_file, d.source_url, d.content_type,
            coalesce(d.official, false), c.byte_count, c.archive_file, c.archive_offset, c.archive_length
        from raw.documents as d inner join raw.contents as c using (content_sha256)
        where d.document_id in (select unnest(?::varchar[])) order by d.landed_seq
        """,
        [ids],
    ).fetchall()
    found: list[tuple[Task, ArchiveDamage | None]] = []
    for identity, sha, file_name, url, content_type, official, size, *place in rows:
        content, damage = b"", None
        try:
            content = read_content(archive, Location(*place), sha, size)
        except ArchiveDamage as error:
            damage = error
        found.append((Task(identity, sha, Page(content, file_name, url, content_type, official)), damage))
    return found


def _note(done: Extracted, rows: Rows, address: str) -> None:
    reading = dict(zip(COLUMNS["raw.readings"], rows["raw.readings"][0], strict=True))
    done.read += 1
    done.figures += reading["figure_count"]
    if reading["document_kind"] in ("unreadable", "not_a_report"):
        reason = reading["reason_code"] or reading["document_kind"]
        done.set_aside[reason] = done.set_aside.get(reason, 0) + 1
        if reason.startswith(("reader_", "archive_")):
            done.faults.append(f"{address}: {reading['reason']}")


def _write(con: duckdb.DuckDBPyConnection, rows: Rows, version: str) -> None:
    """Adds all rows or none. Text and grids belong to a content, so they are written for its first document only."""
    shas = [row[0] for row in rows["raw.texts"]]
    query = "select content_sha256 from raw.texts where reader_version = ? and content_sha256 in (select unnest(?))"
    there = {sha for (sha,) in con.execute(query, [version, shas]).fetchall()} if shas else set()
    texts = {row[0]: row for row in rows["raw.texts"] if row[0] not in there}
    cells = {(row[0], *row[2:6]): row for row in rows["raw.grid_cells"] if row[0] in texts}
    only_new = {**rows, "raw.texts": list(texts.values()), "raw.grid_cells": list(cells.values())}
    with transaction(con):
        for table, columns in COLUMNS.items():
            insert_rows(con, table, columns, only_new[table])
