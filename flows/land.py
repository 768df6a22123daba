"""Land: every attempt, every distinct content with its place in the archive, every document. Idempotent by content.

Bytes first, rows second: the records of a batch are on the disk before the transaction that points to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from flows.warehouse.rows import insert_rows
from flows.warehouse.store import count, transaction
from scrapers.archive.reader import ArchivedPage
from scrapers.archive.records import Entry, Location, Original, facts_of
from scrapers.archive.writer import ArchiveWriter
from scrapers.document import Page
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role

_DOCUMENT_ROLES = {Role.report, Role.attachment, Role.file}
UNCHANGED = "unchanged"  # outcome of an attempt whose address and content had landed before
ARCHIVE_DAMAGED = "archive_damaged"  # reason code of a page whose bytes cannot be read back

_CONTENT_COLUMNS = (
    "content_sha256", "byte_count", "archive_file", "archive_offset", "archive_length", "landed_run_id",
)  # fmt: skip
RECORD_COLUMNS = (
    "archive_file", "archive_offset", "archive_length", "record_type", "record_id", "target_uri", "record_date",
    "payload_digest", "content_sha256", "document_id",
)  # fmt: skip
_DOCUMENT_COLUMNS = (
    "document_id", "source_id", "source_file", "source_url", "content_sha256", "content_type", "fetched_at",
    "landed_seq", "landed_run_id", "role", "found_on", "link_text", "link_date", "official",
)  # fmt: skip
_ATTEMPT_COLUMNS = (
    "attempt_id", "run_id", "outcome", "content_sha256", "source_id", "source_file", "source_url", "attempted_at",
    "reason", "http_status", "content_type", "byte_count", "role", "final_url", "found_on", "link_text", "link_date",
    "etag", "last_modified", "tls_exception",
)  # fmt: skip


@dataclass(slots=True)
class Landed:
    """What landing did: all attempts, pages got, new documents, and attempts by outcome."""

    seen: int = 0
    fetched: int = 0
    landed: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    def add(self, other: Landed) -> None:
        """Adds the counts of another part of the same run."""
        self.seen += other.seen
        self.fetched += other.fetched
        self.landed += other.landed
        for outcome, number in other.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + number


def document_id(address: str, content_sha256: str) -> str:
    """The identity of one address (URL, else file name) with one content: the same on every run and machine."""
    return hashlib.sha256(f"{address}\n{content_sha256}".encode()).hexdigest()[:16]


def batches(found: Iterable[Fetched], pages: int, size: int) -> Iterator[list[Fetched]]:
    """Groups of at most ``pages`` attempts and about ``size`` bytes."""
    batch: list[Fetched] = []
    held = 0
    for fetched in found:
        batch.append(fetched)
        held += len(fetched.page.content) if fetched.page else 0
        if len(batch) >= pages or held >= size:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One attempt that lands. ``archived`` is set where its records stand in the archive already."""

    fetched: Fetched
    sha: str | None
    byte_count: int
    identity: str | None
    archived: ArchivedPage | None = None


def land(con: duckdb.DuckDBPyConnection, archive: ArchiveWriter, run_id: str, batch: list[Fetched]) -> Landed:
    """Lands one batch: its bytes in the archive, then its rows in one transaction.

    After a crash the rows are there whole or not at all; bytes without rows are found by the next run.
    """
    arrivals = []
    for fetched in batch:
        page = fetched.page
        sha = None if page is None else hashlib.sha256(page.content).hexdigest()
        size = 0 if page is None else len(page.content)
        arrivals.append(_Arrival(fetched, sha, size, _identity(page, sha)))
    mark = archive.mark()
    lander = _Lander(con, run_id, arrivals, archive)
    try:
        return lander.land()
    except BaseException:
        if not lander.has_landed():
            archive.cut_back(mark)
        raise


def land_archived(con: duckdb.DuckDBPyConnection, folder: Path, run_id: str, batch: Sequence[ArchivedPage]) -> Landed:
    """Lands pages that the archive holds already: rows only. A page without its bytes is an attempt with the reason."""
    arrivals = []
    for archived in batch:
        facts = archived.facts
        page = Page(b"", facts.source_file, facts.source_url, facts.content_type, facts.official)
        fetched = Fetched(page, facts.attempt())
        identity = _identity(page, facts.content_sha256)
        arrivals.append(_Arrival(fetched, facts.content_sha256, facts.byte_count, identity, archived))
    return _Lander(con, run_id, arrivals, folder).land()


class _Lander:
    """Sorts one batch into contents, records, documents and attempts, against what has landed before."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, run_id: str, batch: list[_Arrival], archive: ArchiveWriter | Path
    ) -> None:
        self.done = Landed()
        self._con = con
        self._run_id = run_id
        self._batch = batch
        self._writer = archive if isinstance(archive, ArchiveWriter) else None
        self._folder = archive if isinstance(archive, Path) else archive.folder
        self._number = count(con, "select count(*) from raw.attempts where run_id = ?", [run_id])
        self._sequence = count(con, "select max(landed_seq) from raw.documents")
        self._originals, self._damaged = self._landed_contents([one.sha for one in batch if one.sha])
        self._landed_documents = self._known_documents([one.identity for one in batch if one.identity])
        self._landed_lists = self._known_lists()
        self._last = self._last_contents()
        self._contents: list[tuple[Any, ...]] = []
        self._healed: list[tuple[Any, ...]] = []
        self._records: list[tuple[Any, ...]] = []
        self._documents: list[tuple[Any, ...]] = []
        self._attempts: list[tuple[Any, ...]] = []

    def _landed_contents(self, shas: list[str]) -> tuple[dict[str, Original | None], set[str]]:
        """The landed contents among ``shas`` with their records; those of them whose bytes are known to be lost."""
        found = self._con.execute(
            """
            select c.content_sha256, r.target_uri, r.record_date, r.payload_digest, c.archive_file,
                c.archive_offset + c.archive_length,
                exists (from raw.readings as g where g.content_sha256 = c.content_sha256 and g.reason_code = ?)
            from raw.contents as c left join raw.archive_records as r using (archive_file, archive_offset)
            where c.content_sha256 in (select unnest(?::varchar[]))
            """,
            [ARCHIVE_DAMAGED, shas],
        ).fetchall()
        sizes = {file: archived_bytes(self._folder / file) for file in {row[4] for row in found}}
        originals = {row[0]: Original(*row[1:4]) if row[1] and row[3] else None for row in found}
        return originals, {row[0] for row in found if row[6] or sizes[row[4]] < row[5]}

    def _known_documents(self, identities: list[str]) -> set[str]:
        query = "select document_id from raw.documents where document_id in (select unnest(?::varchar[]))"
        return {value for (value,) in self._con.execute(query, [identities]).fetchall()}

    def _known_lists(self) -> set[tuple[str, str]]:
        urls = [one.fetched.attempt.source_url for one in self._batch if one.fetched.attempt.role is Role.list_page]
        query = "select source_url, content_sha256 from raw.attempts where list_contains(?::varchar[], source_url)"
        return set(self._con.execute(query, [urls]).fetchall()) if urls else set()

    def _last_contents(self) -> dict[tuple[str, str], str]:
        """The content that each address of the batch gave last."""
        asked = [(a.source_id, _address(a)) for a in (one.fetched.attempt for one in self._batch if one.sha)]
        found = self._con.execute(
            """
            select a.source_id, coalesce(a.source_url, a.source_file) as address,
                arg_max(a.content_sha256, (a.attempted_at, a.attempt_id))
            from raw.attempts as a
            where coalesce(a.source_url, a.source_file) in (select unnest(?::varchar[]))
                and a.content_sha256 is not null and a.outcome in ('ok', ?)
            group by all
            """,
            [[address for _, address in asked], UNCHANGED],
        ).fetchall()
        return {(source, address): sha for source, address, sha in found}

    def land(self) -> Landed:
        """Everything of the batch: bytes to the disk, then all rows in one transaction."""
        for arrival in self._batch:
            self._add(arrival)
        if self._writer is not None:
            self._writer.sync()
        with transaction(self._con):
            insert_rows(self._con, "raw.archive_records", RECORD_COLUMNS, self._records)
            insert_rows(self._con, "raw.contents", _CONTENT_COLUMNS, self._contents)
            insert_rows(self._con, "raw.documents", _DOCUMENT_COLUMNS, self._documents)
            insert_rows(self._con, "raw.attempts", _ATTEMPT_COLUMNS, self._attempts)
            added = [len(rows) for rows in (self._attempts, self._contents, self._documents, self._records)]
            self._con.execute("insert into ops.landed_batches values (?, ?, ?, ?, ?)", [self._run_id, *added])
            for sha, _, file, offset, length, _ in self._healed:
                self._con.execute(
                    "update raw.contents set archive_file = ?, archive_offset = ?, archive_length = ? "
                    "where content_sha256 = ?",
                    [file, offset, length, sha],
                )
        return self.done

    def has_landed(self) -> bool:
        """Whether rows point to the batch's records, or may do so.

        Ctrl-C during a commit rises out of it although everything was committed. Bytes without rows are found by the
        next run, rows without bytes are lost: only what surely has no rows is taken back.
        """
        if not self._records:
            return False
        query = "select count(*) from raw.archive_records where archive_file = ? and archive_offset = ?"
        try:
            return count(self._con, query, list(self._records[0][:2])) > 0
        except (duckdb.Error, RuntimeError):
            return True

    def _add(self, arrival: _Arrival) -> None:
        page, attempt, sha = arrival.fetched.page, arrival.fetched.attempt, arrival.sha
        outcome = UNCHANGED if attempt.outcome is Outcome.not_modified else str(attempt.outcome)
        if page is not None and sha is not None and not self._has_bytes(arrival):
            attempt = replace(attempt, outcome=Outcome.unreadable_file, reason=_bytes_elsewhere(arrival))
            outcome = str(attempt.outcome)
            self._add_records(arrival.archived.entries if arrival.archived else (), None)
        elif page is not None and sha is not None:
            self.done.fetched += 1
            outcome = self._take_page(arrival, page, sha, outcome)
        self.done.seen += 1
        self.done.outcomes[outcome] = self.done.outcomes.get(outcome, 0) + 1
        self._add_attempt(attempt, outcome, sha or attempt.content_sha256)

    def _has_bytes(self, arrival: _Arrival) -> bool:
        return arrival.archived is None or arrival.archived.holds_bytes or arrival.sha in self._originals

    def _take_page(self, arrival: _Arrival, page: Page, sha: str, outcome: str) -> str:
        """Archives a page and adds its document; its outcome: unchanged where the address gave the content before."""
        attempt = arrival.fetched.attempt
        document = attempt.role in _DOCUMENT_ROLES
        if arrival.identity in self._landed_documents if document else (attempt.source_url, sha) in self._landed_lists:
            outcome = UNCHANGED
        address = attempt.source_id, _address(attempt)
        back = self._last.get(address, sha) != sha  # the address gave something else meanwhile
        self._last[address] = sha
        new_bytes = sha not in self._originals or sha in self._damaged
        identity = arrival.identity if document else None
        if arrival.archived is not None:
            self._keep(arrival, list(arrival.archived.entries), identity)
        elif new_bytes or back or outcome != UNCHANGED:
            self._keep(arrival, self._write(arrival, page, sha), identity)
        if document and outcome != UNCHANGED:
            self._add_document(page, attempt, sha, arrival.identity or "")
        elif not document:
            self._landed_lists.add((attempt.source_url or "", sha))
        return outcome

    def _write(self, arrival: _Arrival, page: Page, sha: str) -> list[Entry]:
        assert self._writer is not None
        original = None if sha in self._damaged else self._originals.get(sha)
        facts = facts_of(page, arrival.fetched.attempt, sha, arrival.byte_count)
        return self._writer.add_page(facts, page.content, arrival.fetched.exchange, original)

    def _keep(self, arrival: _Arrival, entries: list[Entry], identity: str | None) -> None:
        """The rows of a page's records, and of its content where they are the first to hold it."""
        own, sha = entries[0], arrival.sha or ""
        self._add_records(entries, identity)
        if own.record_type == "revisit":
            return
        row = (sha, arrival.byte_count, own.location.file, own.location.offset, own.location.length, self._run_id)
        if sha not in self._originals:
            self._contents.append(row)
        elif sha in self._damaged:
            self._healed.append(row)
            self._damaged.discard(sha)
        else:
            return
        self._originals[sha] = Original(own.target or "", own.date, own.payload_digest or "")

    def _add_records(self, entries: Iterable[Entry], identity: str | None) -> None:
        self._records += [record_row(entry, identity if entry.content_sha256 else None) for entry in entries]

    def _add_document(self, page: Page, attempt: Attempt, sha: str, identity: str) -> None:
        self._landed_documents.add(identity)
        self._sequence += 1
        self.done.landed += 1
        row = (
            identity, attempt.source_id, page.file_name, page.url, sha, page.content_type, attempt.fetched_at,
            self._sequence, self._run_id, str(attempt.role), attempt.found_on, attempt.link_text, attempt.link_date,
            page.official,
        )  # fmt: skip
        self._documents.append(row)

    def _add_attempt(self, attempt: Attempt, outcome: str, sha: str | None) -> None:
        self._number += 1
        row = (
            f"{self._run_id}-{self._number:07d}", self._run_id, outcome, sha, attempt.source_id,
            attempt.source_file, attempt.source_url, attempt.attempted_at, attempt.reason, attempt.http_status,
            attempt.content_type, attempt.byte_count, str(attempt.role), attempt.final_url, attempt.found_on,
            attempt.link_text, attempt.link_date, attempt.etag, attempt.last_modified, attempt.tls_exception,
        )  # fmt: skip
        self._attempts.append(row)


def record_row(entry: Entry, identity: str | None) -> tuple[Any, ...]:
    """An entry of the archive as a row of raw.archive_records."""
    place = entry.location
    return (
        place.file, place.offset, place.length, entry.record_type, entry.record_id, entry.target, entry.date,
        entry.payload_digest, entry.content_sha256, identity,
    )  # fmt: skip


def _address(attempt: Attempt) -> str:
    return attempt.source_url or attempt.source_file or ""


def archived_bytes(path: Path) -> int:
    """The size of an archive file in bytes, -1 where it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _bytes_elsewhere(arrival: _Arrival) -> str:
    place = arrival.archived.entries[0].location if arrival.archived else Location("", 0, 0)
    return f"{place.file} at offset {place.offset}: the bytes stand in an earlier record, which is not in the archive"


def _identity(page: Page | None, sha: str | None) -> str | None:
    if page is None or sha is None:
        return None
    address = page.url or page.file_name
    if address is None:
        raise ValueError("a page has neither URL nor file name")
    return document_id(address, sha)
