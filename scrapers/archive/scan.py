"""Reads a WARC or ARC file from end to end, packed or not, ours or foreign; what is broken is said and stepped over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from scrapers.archive.members import GZIP, PLAIN, Budget, Damaged, Exhausted, Member, next_start
from scrapers.archive.messages import MAX_HEAD, header_lines

_MAX_LINE = 64 * 1024
_MAX_DAMAGES = 1000  # in one file; what is broken so often is not searched any further
_BUDGET_SHARE = 100  # the usual files unpack to about five times their size
_LEAST_BUDGET = 256_000_000
_IN_VAIN = 64_000_000
_ARC_FIELDS = {5: (1, 2, 3), 10: (1, 2, 3)}  # fields of a line: where address, time and type stand


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in the file. ``block`` is None where it is larger than the limit.

    ``length`` is that of its gzip member, or of header and block; 0 where several records share one member.
    """

    offset: int
    length: int
    record_type: str
    headers: dict[str, str]  # names in lower case; the first of each name
    block: bytes | None
    block_size: int

    def header(self, name: str) -> str | None:
        """A header by its name in lower case."""
        return self.headers.get(name)

    @property
    def target(self) -> str | None:
        """The address without the angle brackets that some writers put around it."""
        target = self.headers.get("warc-target-uri")
        return target[1:-1] if target and target.startswith("<") and target.endswith(">") else target


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch that could not be read. ``torn``: it reaches to the end of the file, which was cut off."""

    offset: int
    reason: str
    torn: bool = False


def scan(file: BinaryIO, limit: int, start: int = 0, most: int | None = None) -> Iterator[Record | Damage]:
    """The records of a seekable file from ``start`` on; blocks over ``limit`` bytes are stepped over. Never raises.

    ``most``: how many bytes all of it may unpack to; without it some hundred times the size of the file.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    signs = _signs(file.read(16))
    budget = Budget(max(_LEAST_BUDGET, _BUDGET_SHARE * size) if most is None else most)
    place: int | None = start
    damages = in_vain = 0  # bytes that were read to find that they cannot be: broken records may overlap
    while place is not None and place < size:
        member = Member(file, place, budget)
        reading = _Reading(member, limit)
        try:
            yield from reading.records()
            place = member.end if member.packed else None
            continue
        except Exhausted as error:
            yield Damage(reading.offset, str(error))
            return
        except Damaged as error:
            fault, at = error, reading.offset
        damages += 1
        begin = member.start if member.packed else at
        in_vain += file.tell() - begin
        place = next_start(file, begin + 1, signs)
        yield Damage(at, str(fault), fault.torn and place is None)
        if place is not None and (damages >= _MAX_DAMAGES or in_vain > _IN_VAIN + 2 * size):
            yield Damage(place, "too much of the file is broken; the rest is not read")
            return


def _signs(head: bytes) -> tuple[bytes, ...]:
    """By the first bytes of a file: what its records begin with."""
    if head.startswith(GZIP):
        return (GZIP,)
    return (PLAIN,) if head.startswith((b"WARC/", b"filedesc://")) else (GZIP, PLAIN)


class _Reading:
    """The records of one member."""

    def __init__(self, member: Member, limit: int) -> None:
        self._member = member
        self._limit = limit
        self._count = 0
        self.offset = member.start  # of the record that is being read

    def records(self) -> Iterator[Record]:
        """Raises Damaged."""
        member = self._member
        while True:
            line = self._first_line()
            if not line:
                return
            headers = self._warc_head(line) if line.startswith(b"WARC/") else self._arc_head(line)
            size = _block_size(headers)
            block = member.read(size) if size <= self._limit else None
            there = member.skip(size) if block is None else len(block)
            if there < size:
                raise Damaged(f"the record says {size} bytes, {there} are there", torn=not member.packed)
            length = member.place + member.start - self.offset
            if member.packed:
                length = member.end - member.start if self._alone() else 0
            self._count += 1
            yield Record(self.offset, length, headers["warc-type"], headers, block, size)

    def _first_line(self) -> bytes:
        """The line that begins the next record; b"" at the end."""
        blank = 0
        while True:
            if not self._member.packed:
                self.offset = self._member.start + self._member.place
            line = self._member.line(_MAX_LINE)
            if not line or line.strip():
                return line
            blank += len(line)
            if blank > _MAX_LINE:
                raise Damaged("only blank lines")

    def _alone(self) -> bool:
        """Whether the packed member holds this record only; reads over the blank lines behind it."""
        return self._count == 0 and self._member.skip_blank()

    def _warc_head(self, line: bytes) -> dict[str, str]:
        parts, size = [], len(line)
        while (part := self._member.line(_MAX_LINE)).strip():
            parts.append(part)
            size += len(part)
            if size > MAX_HEAD:
                raise Damaged("the header lines of the record do not end")
        if not part:
            raise Damaged("the file ends inside the header lines of a record", torn=True)
        headers: dict[str, str] = {}
        for name, value in header_lines(b"".join(parts)):
            headers.setdefault(name.lower().decode("utf-8", "replace"), value.decode("utf-8", "replace"))
        headers["warc-type"] = headers.get("warc-type", "").lower()
        if not headers["warc-type"]:
            raise Damaged("a record without a type")
        return headers

    def _arc_head(self, line: bytes) -> dict[str, str]:
        """The line of an ARC record: address, IP address, time, type … length, parted by blanks."""
        words = line.decode("utf-8", "replace").split()
        if len(words) not in _ARC_FIELDS or not words[-1].isdigit() or "://" not in words[0]:
            raise Damaged("neither a WARC nor an ARC record begins here")
        is_head = words[0].startswith("filedesc://")
        ip, date, sort = (words[place] for place in _ARC_FIELDS[len(words)])
        return {
            "warc-type": "warcinfo" if is_head else "response",
            "warc-target-uri": words[0],
            "warc-ip-address": ip,
            "warc-date": date,
            "content-type": "text/plain" if is_head else "application/http; msgtype=response",
            "arc-content-type": sort,
            "content-length": words[-1],
        }


def _block_size(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Damaged("the record does not say its length in digits")
    return int(text)
