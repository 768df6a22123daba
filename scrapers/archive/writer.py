"""Writes the archive: one gzip member a record, files that roll over at a size, bytes on the disk before rows."""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.archive.messages import BadMessage, request_head, response_head, unpacked
from scrapers.archive.records import SOFTWARE, Entry, Location, Original, PageFacts, write_fields
from scrapers.fetch.outcomes import Exchange

ROLL_BYTES = 1_000_000_000  # the size that web archives recommend for a file (ISO 28500, annex C)
_VERSION = "WARC/1.1"
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_FIELDS = "application/warc-fields"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the archive was written: the number of the last file (0: none) and its size."""

    number: int
    size: int


class ArchiveWriter:
    """The one writer of a run: its files are ``gongkai-<run_id>-NNNNN.warc.gz``. Use as a context manager.

    The first record makes the first file, so that a run without news leaves none. ``kind`` (sample or real) and the
    run stand in the warcinfo record at the head of each file.
    """

    def __init__(self, folder: Path, run_id: str, kind: str, roll_bytes: int = ROLL_BYTES, first: int = 1) -> None:
        self.folder = folder
        self._run_id = run_id
        self._kind = kind
        self._roll_bytes = roll_bytes
        self._number = first - 1
        self._first = first
        self._file: BinaryIO | None = None
        self._info_id = ""

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def add_page(
        self, facts: PageFacts, content: bytes, exchange: Exchange | None, original: Original | None = None
    ) -> list[Entry]:
        """Writes the records of one page; the first entry is that of the page itself, the last that of its facts.

        Without ``exchange`` it is a resource. Where ``original`` holds the same body as sent, it is a revisit. The
        bytes are safe only after ``sync``.
        """
        entries = self._roll()
        body, head = _body(content, exchange)
        digest = _digest(body)
        again = original is not None and original.payload_digest == digest
        record_type = "revisit" if again else "resource" if exchange is None else "response"
        record_id = _new_id()
        target, date = facts.target(), exchange.sent_at if exchange else facts.fetched_at or facts.attempted_at
        headers = [("WARC-Payload-Digest", digest)]
        if exchange is not None and exchange.ip_address:
            headers.append(("WARC-IP-Address", exchange.ip_address))
        if again and original is not None:
            headers += [
                ("WARC-Profile", _SAME_PAYLOAD),
                ("WARC-Refers-To-Target-URI", original.target),
                ("WARC-Refers-To-Date", _warc_date(original.date)),
            ]
        sort = "application/http; msgtype=response" if exchange else facts.content_type or "application/octet-stream"
        block = head if again else head + body
        place = self._write(record_type, record_id, target, date, block, sort, headers)
        page = Entry(place, record_type, record_id, target, date, digest, facts.content_sha256)
        if exchange is not None and (request := request_head(exchange)):
            entries.append(self._follower("request", page, request, "application/http; msgtype=request"))
        entries.append(self._follower("metadata", page, write_fields(facts), _FIELDS))
        return [page, *entries]

    def _follower(self, record_type: str, page: Entry, block: bytes, sort: str) -> Entry:
        record_id = _new_id()
        link = "WARC-Refers-To" if record_type == "metadata" else "WARC-Concurrent-To"
        payload = b"" if record_type == "request" else block
        headers = [(link, page.record_id), ("WARC-Payload-Digest", _digest(payload))]
        place = self._write(record_type, record_id, page.target, page.date, block, sort, headers)
        return Entry(place, record_type, record_id, page.target, page.date, content_sha256=page.content_sha256)

    def mark(self) -> Mark:
        """How far it is written now."""
        return Mark(self._number, self._file.tell() if self._file else 0)

    def sync(self) -> None:
        """Forces everything that was added to the disk; only then may rows point to it."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            _sync_folder(self.folder)

    def cut_back(self, mark: Mark) -> None:
        """Takes back what was added since ``mark``: the rows that point to it were not written."""
        while self._number > max(mark.number, self._first - 1):
            self._close()
            self._path().unlink(missing_ok=True)
            self._number -= 1
        if self._number >= self._first and mark.size:
            self._close()
            os.truncate(self._path(), mark.size)
            self._file = self._path().open("r+b")
            self._file.seek(0, os.SEEK_END)
        self.sync()

    def _path(self) -> Path:
        return self.folder / f"gongkai-{self._run_id}-{self._number:05d}.warc.gz"

    def _roll(self) -> list[Entry]:
        """Begins the next file where there is none yet or the last is full: the entry of its warcinfo record."""
        if self._file is not None and self._file.tell() < self._roll_bytes:
            return []
        self.sync()
        self._close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._number += 1
        self._file = self._path().open("xb")
        self._info_id = ""
        info = f"software: {SOFTWARE}\r\nformat: WARC File Format 1.1\r\n"
        info += "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
        info += f"gongkai-run: {self._run_id}\r\ngongkai-kind: {self._kind}\r\n"
        now, record_id = datetime.now(UTC), _new_id()
        headers = [("WARC-Filename", self._path().name)]
        place = self._write("warcinfo", record_id, None, now, info.encode(), _FIELDS, headers)
        self._info_id = record_id
        return [Entry(place, "warcinfo", record_id, None, now)]

    def _write(
        self, record_type: str, record_id: str, target: str | None, date: datetime, block: bytes, sort: str,
        more: list[tuple[str, str]],
    ) -> Location:  # fmt: skip
        assert self._file is not None
        headers = [("WARC-Type", record_type), ("WARC-Record-ID", record_id), ("WARC-Date", _warc_date(date))]
        if target is not None:
            headers.append(("WARC-Target-URI", _one_line(target)))
        if self._info_id:
            headers.append(("WARC-Warcinfo-ID", self._info_id))
        headers += [(name, _one_line(value)) for name, value in more]
        headers.append(("WARC-Block-Digest", _digest(block)))
        # The block is given as bytes: warcio would re-encode headers that are not ASCII, and they are kept as sent.
        # Of a revisit it writes the HTTP headers only, so there the block is given as such.
        head, body = (_AsSent(block), b"") if record_type == "revisit" else (None, block)
        record = ArcWarcRecord(
            "warc", record_type, StatusAndHeaders("", headers, protocol=_VERSION), BytesIO(body), head,
            _one_line(sort), len(block), payload_length=len(body),
        )  # fmt: skip
        start = self._file.tell()
        WARCWriter(self._file, gzip=True, warc_version=_VERSION).write_record(record)
        return Location(self._path().name, start, self._file.tell() - start)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _AsSent(StatusAndHeaders):  # type: ignore[misc]
    """Headers of a message as their bytes."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = head

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Nothing to compute."""


def _body(content: bytes, exchange: Exchange | None) -> tuple[bytes, bytes]:
    """The body to keep and the header lines before it. A body as sent that would not give ``content`` is not kept."""
    if exchange is None:
        return content, b""
    encoding = next((value for name, value in exchange.response_headers if name.lower() == b"content-encoding"), b"")
    try:
        same = unpacked(exchange.body, encoding.decode("latin-1"), len(content)) == content
    except BadMessage:
        same = False
    if same:
        return exchange.body, response_head(exchange)
    return content, response_head(exchange, unpacked=True)


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _new_id() -> str:
    return f"<{uuid.uuid4().urn}>"


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _one_line(text: str) -> str:
    """A header's value: no line breaks, nothing that UTF-8 cannot hold."""
    return " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
