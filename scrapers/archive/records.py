"""What is written to the archive and what is read back: places, entries of the index, and the facts about a page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from scrapers.document import Page
from scrapers.fetch.outcomes import Attempt, Outcome, Role

SOFTWARE = "gongkai"
ARCHIVE_NAME = re.compile(r"gongkai-[0-9A-Za-z-]{1,80}-[0-9]{5}\.warc\.gz")
FILE_SCHEME = "file:///"  # how the target of a local copy begins; its path is that inside the pages folder


class ArchiveDamage(Exception):
    """Bytes that cannot be read back from the archive; the text is a sentence with file and offset."""

    def __init__(self, place: Location, reason: str) -> None:
        super().__init__(f"{place.file} at offset {place.offset}: {reason}")
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Location:
    """Where one record stands: a file of the archive folder, the first byte and the number of bytes of its member."""

    file: str
    offset: int
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as the index knows it. Digests as they stand in the record; content_sha256 is of the unpacked body."""

    location: Location
    record_type: str  # warcinfo, request, response, resource, revisit, metadata
    record_id: str
    target: str | None
    date: datetime  # UTC
    payload_digest: str | None = None  # sha256:hex of the body as sent
    content_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The record that holds the bytes of a content that comes again."""

    target: str
    date: datetime
    payload_digest: str


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the landing tables say about a page and the bytes do not: the metadata record.

    The names are those of the landing tables. Times are UTC.
    """

    source_id: str
    role: str
    attempted_at: datetime
    content_sha256: str
    byte_count: int
    source_file: str | None = None
    source_url: str | None = None
    content_type: str | None = None
    official: bool = False
    fetched_at: datetime | None = None
    http_status: int | None = None
    final_url: str | None = None
    found_on: str | None = None
    link_text: str | None = None
    link_date: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    tls_exception: str | None = None

    def target(self) -> str:
        """The address of the page's records: its URL, or its path as a file address."""
        return self.final_url or self.source_url or file_target(self.source_file or "")

    def attempt(self) -> Attempt:
        """The attempt that got the page."""
        return Attempt(
            self.source_id, self.source_file, self.source_url, Outcome.ok, None, self.attempted_at,
            http_status=self.http_status, content_type=self.content_type, byte_count=self.byte_count,
            content_sha256=self.content_sha256, etag=self.etag, last_modified=self.last_modified,
            fetched_at=self.fetched_at, final_url=self.final_url, role=Role(self.role), found_on=self.found_on,
            link_text=self.link_text, link_date=self.link_date, tls_exception=self.tls_exception,
        )  # fmt: skip


def facts_of(page: Page, attempt: Attempt, sha: str, byte_count: int) -> PageFacts:
    """The facts of a page that was got."""
    return PageFacts(
        source_id=attempt.source_id, role=str(attempt.role), attempted_at=attempt.attempted_at, content_sha256=sha,
        byte_count=byte_count, source_file=page.file_name, source_url=page.url, content_type=page.content_type,
        official=page.official, fetched_at=attempt.fetched_at, http_status=attempt.http_status,
        final_url=attempt.final_url, found_on=attempt.found_on, link_text=attempt.link_text,
        link_date=attempt.link_date, etag=attempt.etag, last_modified=attempt.last_modified,
        tls_exception=attempt.tls_exception,
    )  # fmt: skip


def run_of(name: str) -> str:
    """The run that wrote the archive file ``name``."""
    return name.removeprefix("gongkai-").rpartition("-")[0]


def file_target(name: str) -> str:
    """The target of a local copy: its path inside the pages folder as a file address."""
    return FILE_SCHEME + quote(name, errors="backslashreplace")


def file_of_target(target: str) -> str:
    """The path of ``file_target`` again; a name only, never opened."""
    return unquote(target.removeprefix("file://").lstrip("/"))


def write_fields(facts: PageFacts) -> bytes:
    """The block of a metadata record (application/warc-fields). A value that one plain line cannot hold is JSON."""
    lines = []
    for one in fields(facts):
        value = getattr(facts, one.name)
        if value is None:
            continue
        text = value.isoformat() if isinstance(value, datetime) else str(value)
        plain = text.isprintable() and text == text.strip() and text and not text.startswith('"')
        lines.append(f"{one.name}: {text if plain else json.dumps(text)}\r\n")
    return "".join(lines).encode()


def read_fields(block: bytes) -> PageFacts | None:
    """The facts of a metadata record, None where it is not one of ours. Raises ValueError where they make no sense."""
    found: dict[str, str] = {}
    for line in block.decode("utf-8").split("\r\n"):
        name, colon, text = line.partition(": ")
        if colon and name not in found:
            found[name] = json.loads(text) if text.startswith('"') else text
    if not {"source_id", "content_sha256", "role"} <= found.keys():
        return None
    known = {one.name for one in fields(PageFacts)}
    texts = {name: text for name, text in found.items() if name in known}
    facts = PageFacts(
        **{
            **texts,
            "attempted_at": _time(found.get("attempted_at")),
            "fetched_at": _time(found["fetched_at"]) if "fetched_at" in found else None,
            "byte_count": int(found.get("byte_count", "")),
            "http_status": int(found["http_status"]) if "http_status" in found else None,
            "official": found.get("official") == "True",
        }  # type: ignore[arg-type]
    )
    if not re.fullmatch(r"[0-9a-f]{64}", facts.content_sha256) or not (facts.source_url or facts.source_file):
        raise ValueError("neither checksum nor address")
    Role(facts.role)
    return facts


def _time(text: str | None) -> datetime:
    found = datetime.fromisoformat(text or "")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
