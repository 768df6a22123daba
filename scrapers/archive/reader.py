"""Reads the archive back: one page's bytes from their place, verified, and the pages of a file in their order."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from scrapers.archive.messages import BadMessage, Message, content_of, split_message
from scrapers.archive.records import ARCHIVE_NAME, ArchiveDamage, Entry, Location, PageFacts, read_fields
from scrapers.archive.scan import Damage, Record, scan

BLOCK_LIMIT = 300_000_000  # bytes of one record of our own, packed or not: far over every limit of the fetch room
_HEADERS = 1_000_000
_ALL = 2**62  # what we wrote ourselves is read to its end, however well it was packed
_PAGES = ("response", "resource", "revisit")


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One page of an archive file of ours: its facts and the entries of its records, the page's own first."""

    facts: PageFacts
    entries: tuple[Entry, ...]

    @property
    def holds_bytes(self) -> bool:
        """Whether the bytes stand here; else they stand in an earlier record."""
        return self.entries[0].record_type != "revisit"


def archive_files(folder: Path) -> list[str]:
    """The names of our files in the archive folder, the oldest first. Links and other files are left out."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        return sorted(
            one.name for one in found if ARCHIVE_NAME.fullmatch(one.name) and one.is_file(follow_symlinks=False)
        )


@contextmanager
def open_archive(folder: Path, name: str) -> Iterator[BinaryIO]:
    """Opens an archive file for reading, inside the folder only. Raises OSError where it is no ordinary file there."""
    if not ARCHIVE_NAME.fullmatch(name):
        raise OSError("not the name of an archive file")
    with open_ordinary(folder / name) as file:
        yield file


@contextmanager
def open_ordinary(path: Path) -> Iterator[BinaryIO]:
    """Opens a file that is no link, no pipe and no device. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("not an ordinary file")
        yield file


def read_content(folder: Path, place: Location, sha: str, byte_count: int) -> bytes:
    """The bytes of a content from its record. Raises ArchiveDamage where they are not exactly those that landed."""
    if not 0 < place.length <= BLOCK_LIMIT:
        raise ArchiveDamage(place, f"a record of {place.length} bytes")
    try:
        with open_archive(folder, place.file) as file:
            file.seek(place.offset)
            packed = file.read(place.length)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArchiveDamage(place, f"the file cannot be read ({reason})") from None
    if len(packed) < place.length:
        raise ArchiveDamage(place, "the file ends before the record")
    limit = block_limit(byte_count)
    found = next(iter(scan(BytesIO(packed), limit, most=limit + _HEADERS)), None)
    if not isinstance(found, Record):
        raise ArchiveDamage(place, found.reason if found else "no record")
    try:
        content = content_of_record(found, byte_count)
    except BadMessage as error:
        raise ArchiveDamage(place, str(error)) from None
    if hashlib.sha256(content).hexdigest() != sha:
        raise ArchiveDamage(place, "the bytes do not have the checksum with which they landed")
    return content


def block_limit(byte_count: int) -> int:
    """The largest block that a page of ``byte_count`` bytes may have: headers, and a body that packing made larger."""
    return 2 * byte_count + 4_000_000


def content_of_record(record: Record, limit: int) -> bytes:
    """The unpacked content of a response or resource. Raises BadMessage."""
    if record.block is None:
        raise BadMessage(f"a block of {record.block_size} bytes, more than the page can have")
    if record.record_type == "resource":
        return record.block
    if record.record_type != "response":
        raise BadMessage(f"a record of the type {record.record_type} holds no page")
    return content_of(message_of(record), limit)


def message_of(record: Record) -> Message:
    """The HTTP answer in a response record. Raises BadMessage."""
    return split_message(record.block or b"")


def archived_pages(file: BinaryIO, name: str, start: int = 0) -> Iterator[ArchivedPage | Damage]:
    """The pages of one of our files from ``start`` on, their bytes verified; never raises.

    A page whose facts are missing at the end of the file is damage that is torn: it was being written.
    """
    group: list[Entry] = []  # the page's records so far, its own first
    others: list[Entry] = []
    verified: str | None = None
    for found in scan(file, BLOCK_LIMIT, start, most=_ALL):
        if isinstance(found, Damage):
            group, others = [], []
            yield found
            continue
        entry = _entry(found, name)
        if found.record_type in _PAGES:
            if group:
                yield Damage(group[0].location.offset, "nothing says what this page is")
            group = [entry]
            fault, verified = _checksum(found)
            if fault:
                group = []
                yield Damage(found.offset, fault)
        elif found.record_type == "metadata" and group:
            page = _page(found, entry, group, others, verified)
            group, others = [], []
            yield page
        else:
            (group or others).append(entry)
    if group:
        yield Damage(group[0].location.offset, "the file ends before it says what this page is", torn=True)


def _checksum(record: Record) -> tuple[str | None, str | None]:
    """What is wrong with the bytes, and their checksum (None for a revisit, which holds none)."""
    if record.record_type == "revisit":
        return None, None
    try:
        return None, hashlib.sha256(content_of_record(record, BLOCK_LIMIT)).hexdigest()
    except BadMessage as error:
        return str(error), None


def _page(
    record: Record, entry: Entry, group: list[Entry], others: list[Entry], verified: str | None
) -> ArchivedPage | Damage:
    own = group[0]
    try:
        facts = read_fields(record.block or b"")
    except (ValueError, UnicodeDecodeError) as error:
        return Damage(record.offset, f"the facts of a page make no sense ({error})")
    if facts is None or record.header("warc-refers-to") != own.record_id:
        return Damage(record.offset, "the facts belong to another page")
    if own.record_type != "revisit" and verified != facts.content_sha256:
        return Damage(own.location.offset, "the bytes do not have the checksum with which they landed")
    if not all(one.location.length for one in (*group, *others, entry)):
        return Damage(own.location.offset, "several records share one packed piece, so that none can be pointed to")
    entries = tuple(
        Entry(e.location, e.record_type, e.record_id, e.target, e.date, e.payload_digest, facts.content_sha256)
        for e in (*group, entry)
    )
    return ArchivedPage(facts, (*entries[:1], *others, *entries[1:]))


def _entry(record: Record, name: str) -> Entry:
    return Entry(
        Location(name, record.offset, record.length),
        record.record_type,
        record.header("warc-record-id") or "",
        record.target,
        record_date(record) or datetime.fromtimestamp(0, UTC),
        record.header("warc-payload-digest") if record.record_type in _PAGES else None,
    )


def record_date(record: Record) -> datetime | None:
    """WARC-Date, or the fourteen digits of ARC, in UTC; None where it is no date."""
    text = record.header("warc-date") or ""
    try:
        if text.isdigit():
            return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def archive_kind(folder: Path) -> str | None:
    """sample or real, as the warcinfo record of the first readable file says; None where there is none."""
    for name in archive_files(folder):
        try:
            with open_archive(folder, name) as file:
                first = next(iter(scan(file, 1_000_000)), None)
        except OSError:
            continue
        if isinstance(first, Record) and (kind := kind_of(first)):
            return kind
    return None


def kind_of(record: Record) -> str | None:
    """sample or real, where a warcinfo record of ours says it."""
    if record.record_type == "warcinfo":
        for line in (record.block or b"").split(b"\r\n"):
            key, _, value = line.partition(b": ")
            if key == b"gongkai-kind" and value in (b"sample", b"real"):
                return value.decode()
    return None
