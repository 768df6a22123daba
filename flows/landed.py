"""What was landed before: by address for conditional requests, by checksum for its bytes."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import duckdb

from flows.land import UNCHANGED, archived_bytes
from scrapers.archive.reader import read_content
from scrapers.archive.records import ArchiveDamage, Location
from scrapers.fetch.outcomes import Known, Role

log = logging.getLogger("gongkai")


def known_pages(con: duckdb.DuckDBPyConnection, archive: Path, source_id: str) -> dict[str, Known]:
    """What was landed last from each address of a source, for conditional requests.

    A copy whose archive file is gone or too short gives no bytes, so that its page is got (and archived) again. The
    bytes of the others are read from the archive alone: in any thread, while another writes to the database.
    """
    found = con.execute(
        """
        with shown as (
            select source_url, unnest(arg_max(
                struct_pack(etag, last_modified, content_sha256, role, final_url), (attempted_at, attempt_id)
            ))
            from raw.attempts
            where source_id = ? and source_url is not null and content_sha256 is not null and outcome in ('ok', ?)
            group by source_url
        )
        select s.source_url, s.etag, s.last_modified, s.content_sha256, s.role, s.final_url,
            c.archive_file, c.archive_offset, c.archive_length, c.byte_count
        from shown as s left join raw.contents as c using (content_sha256)
        """,
        [source_id, UNCHANGED],
    ).fetchall()
    sizes = {file: archived_bytes(archive / file) for file in {row[6] for row in found} if file}
    return {
        url: Known(
            etag,
            last_modified,
            sha,
            content=partial(_bytes_at, archive, Location(file, offset, length), sha, byte_count)
            if file and sizes[file] >= offset + length
            else None,
            role=Role(role) if role else None,
            final_url=final_url,
        )
        for url, etag, last_modified, sha, role, final_url, file, offset, length, byte_count in found
    }


def _bytes_at(archive: Path, place: Location, sha: str, byte_count: int) -> bytes | None:
    try:
        return read_content(archive, place, sha, byte_count)
    except ArchiveDamage as damage:
        log.warning("archive: %s", damage)
        return None
