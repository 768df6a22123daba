"""The unpacked bytes of an archive file, member by member, in bounded pieces: no bomb unfolds, no line is endless."""

from __future__ import annotations

import zlib
from typing import BinaryIO

_PIECE = 64 * 1024
GZIP = b"\x1f\x8b\x08"
PLAIN = b"\r\n\r\nWARC/1."  # the end of one record and the beginning of the next
_LEAD = {PLAIN: 4}


class Damaged(Exception):
    """What stands here cannot be read. ``torn``: the file ends in the middle of it."""

    def __init__(self, reason: str, torn: bool = False) -> None:
        super().__init__(reason)
        self.torn = torn


class Exhausted(Damaged):
    """The file unpacks to more than anyone should have to read."""


class Budget:
    """How many unpacked bytes a file may still give."""

    def __init__(self, size: int) -> None:
        self._left = self._size = size

    def spend(self, count: int) -> None:
        """Raises Exhausted."""
        self._left -= count
        if self._left < 0:
            raise Exhausted(f"unpacks to more than {self._size / 1_000_000:g} MB; the rest is not read")


class Member:
    """One gzip member from ``start`` on, or the rest of a file that is not packed; read as a stream.

    All methods raise Damaged.
    """

    def __init__(self, file: BinaryIO, start: int, budget: Budget) -> None:
        file.seek(start)
        head = file.read(len(GZIP))
        file.seek(start)
        self.start = start
        self.packed = bool(head) and GZIP.startswith(head)
        self._file = file
        self._budget = budget
        self._zlib = zlib.decompressobj(16 + zlib.MAX_WBITS) if self.packed else None
        self._buffer = b""
        self._at = 0  # in the buffer
        self._passed = 0  # unpacked bytes before the buffer
        self._over = False

    @property
    def place(self) -> int:
        """The number of unpacked bytes that were read."""
        return self._passed + self._at

    @property
    def end(self) -> int:
        """Where the file goes on behind a packed member that was read to its end."""
        assert self._zlib is not None
        return self._file.tell() - len(self._zlib.unused_data)

    def at_end(self) -> bool:
        """Whether nothing is left to read."""
        return self._at >= len(self._buffer) and not self._fill()

    def line(self, limit: int) -> bytes:
        """The next line with its end; b"" at the end of the member. A longer one than ``limit`` is damage."""
        parts, size = [], 0
        while not self.at_end():
            stop = self._buffer.find(b"\n", self._at) + 1
            part = self._buffer[self._at : stop or len(self._buffer)]
            self._at += len(part)
            size += len(part)
            parts.append(part)
            if size > limit:
                raise Damaged(f"a line of more than {limit} bytes")
            if stop:
                break
        return b"".join(parts)

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer at the end of the member."""
        parts = []
        while size > 0 and not self.at_end():
            part = self._buffer[self._at : self._at + size]
            self._at += len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Reads over ``size`` bytes without keeping them; gives how many there were."""
        left = size
        while left > 0 and not self.at_end():
            step = min(left, len(self._buffer) - self._at)
            self._at += step
            left -= step
        return size - left

    def skip_blank(self) -> bool:
        """Reads over a few line ends; whether the member is at its end then."""
        for _ in range(8):
            if self.at_end() or self._buffer[self._at : self._at + 1] not in (b"\r", b"\n"):
                break
            self._at += 1
        return self.at_end()

    def _fill(self) -> bool:
        self._passed += len(self._buffer)
        self._at = 0
        self._buffer = b"" if self._over else self._next()
        self._over = not self._buffer
        return bool(self._buffer)

    def _next(self) -> bytes:
        if self._zlib is None:
            piece = self._file.read(_PIECE)
            self._budget.spend(len(piece))
            return piece
        while not self._zlib.eof:
            packed = self._zlib.unconsumed_tail or self._file.read(_PIECE)
            try:
                piece = self._zlib.decompress(packed, _PIECE)
            except zlib.error as error:
                raise Damaged(f"cannot be unpacked ({error})") from None
            self._budget.spend(len(piece))
            if piece:
                return piece
            if not packed and not self._zlib.eof:
                raise Damaged("the file ends inside a packed record", torn=True)
        return b""


def next_start(file: BinaryIO, after: int, signs: tuple[bytes, ...]) -> int | None:
    """Where, at ``after`` or behind it, another record may begin: the nearest of ``signs``. None: nowhere."""
    longest = max(map(len, signs))
    file.seek(after)
    place, tail = after, b""
    size = 4096  # most often the next record is near; a large stretch is read in large pieces
    while piece := file.read(size):
        size = min(2 * size, 1024 * 1024)
        window = tail + piece
        found = [(at + _LEAD.get(sign, 0), sign) for sign in signs if (at := window.find(sign)) >= 0]
        if found:
            return place - len(tail) + min(found)[0]
        tail = window[-(longest - 1) :]
        place += len(piece)
    return None
