"""Pages for the archive, and WARC and ARC files as others write them."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from scrapers.archive.reader import read_content
from scrapers.archive.records import ArchiveDamage, Entry, Location, PageFacts
from scrapers.archive.writer import ArchiveWriter
from scrapers.fetch.outcomes import Exchange

CLOCK = datetime(2026, 3, 1, 8, 0, 1, 234567, tzinfo=UTC)
RUN = "20260301T080000000Z-17"
HTML = "<html><title>公开年报</title><body>收到申请 18 件。</body></html>".encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def facts(content: bytes = HTML, url: str | None = "http://a.example/1.html", **more: object) -> PageFacts:
    values = {"source_id": "a", "role": "report", "attempted_at": CLOCK, "source_url": url, **more}
    return PageFacts(content_sha256=sha256(content), byte_count=len(content), **values)  # type: ignore[arg-type]


def exchange(body: bytes = HTML, *headers: tuple[bytes, bytes], url: str = "http://a.example/1.html") -> Exchange:
    return Exchange(
        url, "GET /1.html HTTP/1.1", ((b"Host", b"a.example"), (b"User-Agent", b"gongkai")), "HTTP/1.1 200 OK",
        ((b"Content-Type", b"text/html"), *headers), body, "192.0.2.7", CLOCK,
    )  # fmt: skip


def write(folder: Path, *pages: tuple[PageFacts, bytes, Exchange | None]) -> list[Entry]:
    """Archives pages in one file; the entry of each page itself."""
    with ArchiveWriter(folder, RUN, "real") as writer:
        entries = [writer.add_page(*page)[0] for page in pages]
        writer.sync()
    return entries


def http(body: bytes = HTML, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc(
    block: bytes, url: str = "http://b.example/r.html", kind: str = "response", length: int | None = None, *more: str
) -> bytes:
    """One record of a foreign file; ``length`` may lie."""
    head = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", "WARC-Date: 2021-02-03T04:05:06Z",
        "WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>",
        f"Content-Type: {'application/http; msgtype=response' if kind == 'response' else 'text/html'}",
        f"Content-Length: {len(block) if length is None else length}", *more,
    ]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def arc(block: bytes, url: str = "http://c.example/r.html") -> bytes:
    """One record of an ARC file."""
    return f"{url} 192.0.2.9 20060102030405 text/html {len(block)}\n".encode() + block + b"\n"


ARC_HEAD = (
    b"filedesc://x.arc 0.0.0.0 20060102030405 text/plain 76\n"
    b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n"
)


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts) + b"0\r\n\r\n"


def members(*records: bytes) -> bytes:
    """Each record a gzip member of its own."""
    return b"".join(gzip.compress(record) for record in records)


def content(con: duckdb.DuckDBPyConnection, archive: Path, sha: str) -> bytes | None:
    """The bytes of a landed content by its checksum; None where there is none, or where they cannot be read back."""
    row = con.execute(
        "select archive_file, archive_offset, archive_length, byte_count from raw.contents where content_sha256 = ?",
        [sha],
    ).fetchone()
    try:
        return None if row is None else read_content(archive, Location(*row[:3]), sha, row[3])
    except ArchiveDamage:
        return None
