"""From landing version 2 to 3: the bytes that stood in the landing database move to the archive.

The copying goes in batches, each on the disk before its rows, so that a run killed in between goes on where it was;
the column with the bytes is dropped in one transaction when every content has its record.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import zstandard

from flows.faults import Fault
from flows.land import RECORD_COLUMNS, record_row
from flows.warehouse.places import Places
from flows.warehouse.rows import insert_rows
from flows.warehouse.store import Say, count, create_tables, transaction
from scrapers.archive.reader import archive_files
from scrapers.archive.records import Original, PageFacts
from scrapers.archive.writer import ArchiveWriter

# The name of the files stands before those of every run, as the bytes landed before all of them.
_RUN_ID = "00000000T000000000Z-moved"
_BATCH_PAGES = 200
_BATCH_BYTES = 64_000_000

# Every document with the attempt that landed it, then contents without a document (list pages) with their first one.
# A page that landed before attempts had roles is a report, or a file where it has no address.
_TO_MOVE = """
    with attempts as (
        select *, row_number() over (
            partition by content_sha256, coalesce(source_url, source_file) order by attempted_at, attempt_id
        ) as place
        from raw.attempts where outcome = 'ok' and content_sha256 is not null
    ),
    documents as (
        select d.landed_seq, 0 as part, d.document_id, d.content_sha256, d.source_id, d.source_file, d.source_url,
            d.content_type, d.fetched_at, coalesce(d.role, a.role) as role,
            coalesce(d.found_on, a.found_on) as found_on, coalesce(d.link_text, a.link_text) as link_text,
            coalesce(d.link_date, a.link_date) as link_date,
            a.attempted_at, a.http_status, a.final_url, a.etag, a.last_modified
        from raw.documents as d
        left join attempts as a on a.content_sha256 = d.content_sha256 and a.place = 1
            and coalesce(a.source_url, a.source_file) = coalesce(d.source_url, d.source_file)
    ),
    others as (
        select row_number() over (order by a.attempted_at, a.attempt_id) as landed_seq, 1 as part, null as document_id,
            a.content_sha256, a.source_id, a.source_file, a.source_url, a.content_type, null as fetched_at, a.role,
            a.found_on, a.link_text, a.link_date, a.attempted_at, a.http_status, a.final_url, a.etag, a.last_modified
        from attempts as a
        where a.place = 1 and not exists (from raw.documents as d where d.content_sha256 = a.content_sha256)
    )
    select row_number() over (order by p.part, p.landed_seq) as turn, p.*, c.byte_count
    from (select * from documents union all select * from others) as p
    inner join raw.contents as c using (content_sha256)
    where not exists (
        from raw.archive_records as m
        where m.record_type = 'metadata' and m.content_sha256 = p.content_sha256
            and m.document_id is not distinct from p.document_id
            and (p.document_id is not null or m.target_uri = coalesce(p.final_url, p.source_url))
    )
"""
_BATCH = """
    select p.*, r.target_uri, r.record_date, r.payload_digest from to_move as p
    left join raw.archive_records as r on r.content_sha256 = p.content_sha256 and r.record_type = 'resource'
    where p.turn > ? order by p.turn limit ?
"""


def copy_to_archive(con: duckdb.DuckDBPyConnection, places: Places, say: Say) -> None:
    """Copies every landed content to the archive, with the facts of its documents. May be killed and called again."""
    with transaction(con):
        create_tables(con)
        con.execute("alter table raw.attempts add column if not exists tls_exception varchar")
        con.execute("alter table raw.documents add column if not exists official boolean")
    total = count(con, "select count(*) from raw.contents")
    if total:
        say(f"moving the bytes of {total} pages from the landing database to {places.archive}")
    kind = con.execute("select kind from ops.warehouse").fetchone()
    first = _cut_unindexed(con, places.archive)
    con.execute(f"create or replace temp table to_move as {_TO_MOVE}")
    done: int | None = 0
    with ArchiveWriter(places.archive, _RUN_ID, kind[0] if kind else "real", first=first) as archive:
        while done is not None:
            done = _copy_batch(con, archive, done)
    con.execute("drop table to_move")


def _cut_unindexed(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Takes back what a killed run wrote without its rows (the bytes still stand in the database); the next number."""
    number = 1
    for name in archive_files(folder):
        if name.startswith(f"gongkai-{_RUN_ID}-"):
            query = "select max(archive_offset + archive_length) from raw.archive_records where archive_file = ?"
            end = count(con, query, [name])
            if end:
                os.truncate(folder / name, end)
                number = int(name[-len("00000.warc.gz") :][:5]) + 1
            else:
                (folder / name).unlink()
    return number


def _copy_batch(con: duckdb.DuckDBPyConnection, archive: ArchiveWriter, done: int) -> int | None:
    """Copies the pages behind the turn ``done``; the turn of the last, None where none are left."""
    cursor = con.execute(_BATCH, [done, _BATCH_PAGES])
    names = [column[0] for column in cursor.description or []]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    rows: list[tuple[Any, ...]] = []
    written: dict[str, Original] = {}
    held, last = 0, None
    for page in found:
        sha, content = page["content_sha256"], _bytes(con, page["content_sha256"])
        if page["payload_digest"]:
            written.setdefault(sha, Original(page["target_uri"], page["record_date"], page["payload_digest"]))
        entries = archive.add_page(_facts(page), content, None, written.get(sha))
        own = entries[0]
        written.setdefault(sha, Original(own.target or "", own.date, own.payload_digest or ""))
        rows += [record_row(entry, page["document_id"] if entry.content_sha256 else None) for entry in entries]
        held, last = held + len(content), page["turn"]
        if held >= _BATCH_BYTES:
            break
    archive.sync()
    with transaction(con):
        insert_rows(con, "raw.archive_records", RECORD_COLUMNS, rows)
    return last


def _bytes(con: duckdb.DuckDBPyConnection, sha: str) -> bytes:
    row = con.execute("select bytes_zstd, byte_count from raw.contents where content_sha256 = ?", [sha]).fetchone()
    packed, byte_count = row or (b"", 0)
    content = zstandard.ZstdDecompressor().decompress(packed, max_output_size=byte_count) if byte_count else b""
    if hashlib.sha256(content).hexdigest() != sha:
        raise Fault(f"the bytes of content {sha} in the landing database do not have their checksum; nothing is moved.")
    return content


def _facts(page: dict[str, Any]) -> PageFacts:
    at: datetime | None = page["attempted_at"] or page["fetched_at"]
    names = (
        "source_id", "content_sha256", "byte_count", "source_file", "source_url", "content_type", "fetched_at",
        "http_status", "final_url", "found_on", "link_text", "link_date", "etag", "last_modified",
    )  # fmt: skip
    role = page["role"] or ("report" if page["source_url"] and not page["source_file"] else "file")
    return PageFacts(
        role=role, attempted_at=at or datetime.fromtimestamp(0).astimezone(), **{n: page[n] for n in names}
    )


def point_to_archive(con: duckdb.DuckDBPyConnection) -> None:
    """Puts the place in the archive where the bytes stood. Raises Fault where a content has no record.

    Call inside a transaction, after ``copy_to_archive``.
    """
    con.execute(
        """
        create temp table moved as
        select c.content_sha256, c.byte_count, r.archive_file, r.archive_offset, r.archive_length, c.landed_run_id
        from raw.contents as c left join raw.archive_records as r
            on r.content_sha256 = c.content_sha256 and r.record_type = 'resource'
        """
    )
    lost = count(con, "select count(*) from moved where archive_file is null")
    if lost or count(con, "select count(*) from moved") != count(con, "select count(*) from raw.contents"):
        raise Fault(f"{lost} contents of the landing database could not be moved to the archive; nothing was changed.")
    con.execute("drop table raw.contents")
    create_tables(con)
    con.execute("insert into raw.contents by name select * from moved")
    con.execute("drop table moved")
