"""Reads a body bit by bit within its limit, and says what it is."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass

_PIECE = 256 * 1024
# The first bytes of files: PDF, ZIP (DOCX, XLSX), the container of old Office files
_DOCUMENT_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# registered content codings (IANA) and zstd's kin that are not asked for
_OTHER_PACKINGS = frozenset(
    {"br", "zstd", "compress", "x-compress", "exi", "pack200-gzip", "dcb", "dcz", "bzip2", "xz"}
)
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml"})
LIST_TYPES = frozenset(
    {"application/json", "text/json", "application/javascript", "text/javascript", "application/x-javascript"}
)
DOCUMENT_TYPES = frozenset(
    {
        "application/pdf",
        "application/x-pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-works",
        "application/wps-office.doc",
        "application/kswps",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        # what servers send for files they do not know
        "application/octet-stream",
        "binary/octet-stream",
        "application/x-download",
        "application/force-download",
        "application/download",
        "application/x-msdownload",
    }
)


class TooLarge(Exception):
    """A body over its limit of bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit / 1_000_000:g} MB")
        self.limit = limit


class BrokenBody(Exception):
    """A body that cannot be unpacked."""


def media_type(header: str | None) -> str | None:
    """The media type of a Content-Type header in lower case, without parameters."""
    return header.partition(";")[0].strip().lower() or None if header else None


def is_wanted(media: str | None, of_list: bool = False) -> bool:
    """Whether a body of this media type may be a page or a document. A type that is not said may be one.

    A list may also come as data (``of_list``).
    """
    return media is None or media in PAGE_TYPES or media in DOCUMENT_TYPES or (of_list and media in LIST_TYPES)


def looks_like_document(start: bytes) -> bool:
    """Whether the first bytes are those of a PDF or Office file (servers often label them wrongly)."""
    return start.lstrip()[:8].startswith(_DOCUMENT_MAGIC)


@dataclass(frozen=True, slots=True)
class Body:
    """A body as sent (still packed) and unpacked."""

    raw: bytes
    content: bytes


async def read_body(pieces: AsyncIterator[bytes], encoding: str | None, page_limit: int, document_limit: int) -> Body:
    """The body as sent and unpacked. Its first unpacked bytes decide which of the limits (bytes) holds.

    Raises TooLarge as soon as the limit is passed, however small the packed body is, and BrokenBody.
    """
    unpack = Unpacker(encoding)
    raw, content = bytearray(), bytearray()
    limit = 0
    async for packed in pieces:
        if unpack.packed:
            raw += packed
            if len(raw) > _most_packed(limit or max(page_limit, document_limit)):
                raise TooLarge(limit or max(page_limit, document_limit))
        for piece in unpack.feed(packed):
            content += piece
            if not limit and len(content) >= 16:
                limit = document_limit if looks_like_document(bytes(content[:64])) else page_limit
            if limit and len(content) > limit:
                raise TooLarge(limit)
    unpack.finish()
    whole = bytes(content)
    return Body(bytes(raw) if unpack.packed else whole, whole)


async def read_start(pieces: AsyncIterator[bytes], encoding: str | None, most: int) -> bytes:
    """The first ``most`` unpacked bytes of a body, or what could be had of them; nothing is raised for a broken one."""
    start = bytearray()
    with suppress(BrokenBody):
        unpack = Unpacker(encoding)
        received = 0
        async for packed in pieces:
            received += len(packed)
            for piece in unpack.feed(packed):
                start += piece
                if len(start) >= most:
                    return bytes(start[:most])
            if received >= most:
                break
    return bytes(start)


def _most_packed(limit: int) -> int:
    """The packed bytes that ``limit`` unpacked ones can need: what cannot be packed grows a little."""
    return limit + limit // 64 + 1024


class Unpacker:
    """Undoes one layer of gzip or deflate in pieces of bounded size; a bomb never unfolds in memory.

    Raises BrokenBody for packings that were not asked for. A Content-Encoding that names no packing (some servers
    write a charset there) means that nothing is packed, as browsers take it.
    """

    def __init__(self, encoding: str | None) -> None:
        self._encoding = (encoding or "").strip().lower()
        self._zlib = self._fresh()
        self.packed = self._zlib is not None
        if self._encoding in _OTHER_PACKINGS or "," in self._encoding:
            raise BrokenBody(f"packed as {self._encoding[:80]}, which was not asked for")
        self._fed = False

    def _fresh(self) -> zlib._Decompress | None:
        if self._encoding in ("gzip", "x-gzip"):
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        return zlib.decompressobj() if self._encoding == "deflate" else None

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What ``packed`` unfolds to. Raises BrokenBody."""
        if self._zlib is None:
            yield packed
            return
        if not self._fed and packed:
            self._choose_deflate(packed)
        self._fed = self._fed or bool(packed)
        waiting, full = packed, False
        while waiting or full:
            if self._zlib.eof and not self._next_member(waiting):
                return
            try:
                piece = self._zlib.decompress(waiting, _PIECE)
            except zlib.error as error:
                raise BrokenBody(f"cannot be unpacked: {error}") from None
            yield piece
            # a full piece may leave output behind even where all input is used up
            waiting, full = self._zlib.unconsumed_tail, len(piece) == _PIECE
            if self._zlib.eof:
                waiting, full = self._zlib.unused_data, False

    def _next_member(self, waiting: bytes) -> bool:
        """Gzip may come in several members one behind the other (RFC 1952, 2.2); anything else there is ignored."""
        if self._encoding == "deflate" or not waiting.startswith(b"\x1f"):
            return False
        self._zlib = self._fresh()
        return True

    def _choose_deflate(self, packed: bytes) -> None:
        """Some servers send raw deflate, without the header of zlib (RFC 1950: method 8 in the low bits)."""
        if self._encoding == "deflate" and packed[0] & 0x0F != 8:
            self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)

    def finish(self) -> None:
        """Call at the end of the body. Raises BrokenBody where it ends too early."""
        if self._zlib is not None and self._fed and not self._zlib.eof:
            raise BrokenBody("the packed answer ends too early")
