"""Land: every attempt, every distinct content with its bytes, every document. Idempotent by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import duckdb
import zstandard

from flows.warehouse.rows import insert_rows
from flows.warehouse.store import count, transaction
from scrapers.document import Page
from scrapers.fetch.outcomes import Attempt, Fetched, Known, Outcome, Role

_ZSTD_LEVEL = 10
_DOCUMENT_ROLES = {Role.report, Role.attachment, Role.file}
UNCHANGED = "unchanged"  # outcome of an attempt whose address and content had landed before

_CONTENT_COLUMNS = ("content_sha256", "byte_count", "bytes_zstd", "landed_run_id")
_DOCUMENT_COLUMNS = (
    "document_id", "source_id", "source_file", "source_url", "content_sha256", "content_type", "fetched_at",
    "landed_seq", "landed_run_id", "role", "found_on", "link_text", "link_date",
)  # fmt: skip
_ATTEMPT_COLUMNS = (
    "attempt_id", "run_id", "outcome", "content_sha256", "source_id", "source_file", "source_url", "attempted_at",
    "reason", "http_status", "content_type", "byte_count", "role", "final_url", "found_on", "link_text", "link_date",
    "etag", "last_modified",
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


def land(con: duckdb.DuckDBPyConnection, run_id: str, batch: list[Fetched]) -> Landed:
    """Lands one batch in one transaction: after a crash it is there whole or not at all."""
    lander = _Lander(con, run_id, batch)
    for fetched in batch:
        lander.add(fetched)
    lander.write()
    return lander.done


class _Lander:
    """Sorts one batch into contents, documents and attempts, against what has landed before."""

    def __init__(self, con: duckdb.DuckDBPyConnection, run_id: str, batch: list[Fetched]) -> None:
        self.done = Landed()
        self._con = con
        self._run_id = run_id
        self._number = count(con, "select count(*) from raw.attempts where run_id = ?", [run_id])
        self._sequence = count(con, "select max(landed_seq) from raw.documents")
        self._shas = [None if f.page is None else hashlib.sha256(f.page.content).hexdigest() for f in batch]
        self._ids = [_identity(f.page, sha) for f, sha in zip(batch, self._shas, strict=True)]
        self._landed_contents = self._known("raw.contents", "content_sha256", self._shas)
        self._landed_documents = self._known("raw.documents", "document_id", self._ids)
        urls = [f.attempt.source_url for f in batch if f.attempt.role is Role.list_page]
        self._landed_lists = set(
            con.execute(
                "select source_url, content_sha256 from raw.attempts where list_contains(?::varchar[], source_url)",
                [urls],
            ).fetchall()
        )
        self._contents: list[tuple[Any, ...]] = []
        self._documents: list[tuple[Any, ...]] = []
        self._attempts: list[tuple[Any, ...]] = []

    def _known(self, table: str, column: str, values: list[str | None]) -> set[str]:
        query = f"select {column} from {table} where {column} in (select unnest(?::varchar[]))"
        return {value for (value,) in self._con.execute(query, [[v for v in values if v]]).fetchall()}

    def add(self, fetched: Fetched) -> None:
        """Takes the next attempt of the batch."""
        place = len(self._attempts)
        page, attempt, sha, identity = fetched.page, fetched.attempt, self._shas[place], self._ids[place]
        outcome = UNCHANGED if attempt.outcome is Outcome.not_modified else str(attempt.outcome)
        if page is not None and sha is not None and identity is not None:
            self.done.fetched += 1
            self._add_content(page, sha)
            if attempt.role in _DOCUMENT_ROLES:
                outcome = outcome if self._add_document(page, attempt, sha, identity) else UNCHANGED
            elif (attempt.source_url, sha) in self._landed_lists:
                outcome = UNCHANGED
        self.done.seen += 1
        self.done.outcomes[outcome] = self.done.outcomes.get(outcome, 0) + 1
        self._add_attempt(attempt, outcome, sha or attempt.content_sha256)

    def _add_content(self, page: Page, sha: str) -> None:
        if sha in self._landed_contents:
            return
        self._landed_contents.add(sha)
        packed = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(page.content)
        self._contents.append((sha, len(page.content), packed, self._run_id))

    def _add_document(self, page: Page, attempt: Attempt, sha: str, identity: str) -> bool:
        """Adds the document of a page; False where the same content has landed from the same address before."""
        if identity in self._landed_documents:
            return False
        self._landed_documents.add(identity)
        self._sequence += 1
        self.done.landed += 1
        row = (
            identity, attempt.source_id, page.file_name, page.url, sha, page.content_type, attempt.fetched_at,
            self._sequence, self._run_id, str(attempt.role), attempt.found_on, attempt.link_text, attempt.link_date,
        )  # fmt: skip
        self._documents.append(row)
        return True

    def _add_attempt(self, attempt: Attempt, outcome: str, sha: str | None) -> None:
        self._number += 1
        row = (
            f"{self._run_id}-{self._number:07d}", self._run_id, outcome, sha, attempt.source_id,
            attempt.source_file, attempt.source_url, attempt.attempted_at, attempt.reason, attempt.http_status,
            attempt.content_type, attempt.byte_count, str(attempt.role), attempt.final_url, attempt.found_on,
            attempt.link_text, attempt.link_date, attempt.etag, attempt.last_modified,
        )  # fmt: skip
        self._attempts.append(row)

    def write(self) -> None:
        """All of the batch in one transaction."""
        with transaction(self._con):
            insert_rows(self._con, "raw.contents", _CONTENT_COLUMNS, self._contents)
            insert_rows(self._con, "raw.documents", _DOCUMENT_COLUMNS, self._documents)
            insert_rows(self._con, "raw.attempts", _ATTEMPT_COLUMNS, self._attempts)


def _identity(page: Page | None, sha: str | None) -> str | None:
    if page is None or sha is None:
        return None
    address = page.url or page.file_name
    if address is None:
        raise ValueError("a page has neither URL nor file name")
    return document_id(address, sha)


def unpack(packed: bytes, byte_count: int) -> bytes:
    """The bytes of a landed content."""
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=byte_count) if byte_count else b""


def known_pages(con: duckdb.DuckDBPyConnection, source_id: str) -> dict[str, Known]:
    """What was landed last from each address of a source, for conditional requests."""
    found = con.execute(
        """
        select source_url, arg_max(struct_pack(etag, last_modified, content_sha256), (attempted_at, attempt_id))
        from raw.attempts
        where source_id = ? and source_url is not null and content_sha256 is not null and outcome in ('ok', ?)
        group by source_url
        """,
        [source_id, UNCHANGED],
    ).fetchall()
    return {
        url: Known(
            last["etag"],
            last["last_modified"],
            last["content_sha256"],
            content=partial(content, con, last["content_sha256"]),
        )
        for url, last in found
    }


def content(con: duckdb.DuckDBPyConnection, sha: str) -> bytes | None:
    """The bytes of a landed content by its checksum; None where there is none."""
    row = con.execute("select bytes_zstd, byte_count from raw.contents where content_sha256 = ?", [sha]).fetchone()
    return None if row is None else unpack(*row)
