"""What the archive holds and the landing database does not: pages of a killed run, or of a lost database."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from flows.land import Landed, land, land_archived
from scrapers.archive.reader import ArchivedPage, archive_files, archived_pages, open_archive
from scrapers.archive.records import run_of
from scrapers.archive.scan import Damage
from scrapers.archive.writer import ArchiveWriter
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role

log = logging.getLogger("gongkai")
SOURCE_ID = "archive"
_BATCH_PAGES = 200


def land_tails(
    con: duckdb.DuckDBPyConnection, archive: ArchiveWriter, run_id: str, on_landed: Callable[[Landed], None]
) -> None:
    """Lands every page of the archive folder that stands behind what the index knows, the oldest first.

    What cannot be read is an attempt with file, offset and reason. A page that was being written when its run was
    killed is cut off; nothing that landed is ever touched.
    """
    query = "select archive_file, max(archive_offset + archive_length) from raw.archive_records group by all"
    ends = {name: int(end) for name, end in con.execute(query).fetchall()}
    for name in archive_files(archive.folder):
        _File(con, archive, name, run_id, on_landed).land(ends.pop(name, 0))
    for name in sorted(ends):
        log.warning("archive: %s is not in %s; its pages cannot be read again", name, archive.folder)


class _File:
    """One archive file, its pages landed in batches."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        archive: ArchiveWriter,
        name: str,
        run_id: str,
        on_landed: Callable[[Landed], None],
    ) -> None:
        self._con = con
        self._archive = archive
        self._folder = archive.folder
        self._name = name
        self._run_id = run_id
        self._on_landed = on_landed
        self._batch: list[ArchivedPage] = []
        self._damages: list[Damage] = []

    def land(self, end: int) -> None:
        """Lands what stands behind ``end``."""
        size = (self._folder / self._name).stat().st_size
        if size < end:
            log.warning("archive: %s ends at %d, its index at %d; pages are lost", self._name, size, end)
        if size <= end:
            return
        try:
            whole = self._pages(end)
        except OSError as error:
            self._damages.append(Damage(end, f"the file cannot be read ({error.strerror or error})"))
            whole = end
        self._flush()
        torn = [one for one in self._damages if one.torn]
        self._report([one for one in self._damages if not one.torn])
        if torn and len(self._damages) == 1:
            self._cut(whole, size, torn[0])
        else:
            self._report(torn)

    def _pages(self, end: int) -> int:
        """Reads the file; where its last whole page ends."""
        whole = end
        with open_archive(self._folder, self._name) as file:
            for found in archived_pages(file, self._name, end):
                if isinstance(found, Damage):
                    self._damages.append(found)
                    continue
                whole = max(whole, found.entries[-1].location.end)
                self._batch.append(found)
                if len(self._batch) >= _BATCH_PAGES:
                    self._flush()
        return whole

    def _flush(self) -> None:
        if self._batch:
            # under the run that got them, so that a crawl that broke off there is taken up as it was
            self._on_landed(land_archived(self._con, self._folder, run_of(self._name), self._batch))
            self._batch = []

    def _report(self, damages: list[Damage]) -> None:
        at = datetime.now(UTC)
        found = []
        for damage in damages:
            reason = f"{self._name} at offset {damage.offset}: {damage.reason}"
            log.warning("archive: %s", reason)
            attempt = Attempt(SOURCE_ID, self._name, None, Outcome.unreadable_file, reason, at, role=Role.file)
            found.append(Fetched(None, attempt))
        if found:
            self._on_landed(land(self._con, self._archive, self._run_id, found))

    def _cut(self, whole: int, size: int, damage: Damage) -> None:
        """Cuts off the page that was being written; a file without a whole page goes away."""
        log.warning("archive: %s: %s; %d bytes are cut off", self._name, damage.reason, size - whole)
        path = self._folder / self._name
        if whole == 0:
            path.unlink()
            return
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.ftruncate(handle, whole)
            os.fsync(handle)
        finally:
            os.close(handle)
