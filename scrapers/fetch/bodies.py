"""Reads a body bit by bit within its limit, and says what it is."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

_PIECE = 256 * 1024
# The first bytes of files: PDF, ZIP (DOCX, XLSX), the container of old Office files
_DOCUMENT_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml"})
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


def is_wanted(media: str | None) -> bool:
    """Whether a body of this media type may be a page or a document. A type that is not said may be one."""
    return media is None or media in PAGE_TYPES or media in DOCUMENT_TYPES


def looks_like_document(start: bytes) -> bool:
    """Whether the first bytes are those of a PDF or Office file (servers often label them wrongly)."""
    return start.lstrip()[:8].startswith(_DOCUMENT_MAGIC)


async def read_body(pieces: AsyncIterator[bytes], encoding: str | None, page_limit: int, document_limit: int) -> bytes:
    """The unpacked body. Its first bytes decide which of the limits (bytes) holds.

    Raises TooLarge as soon as the limit is passed, however small the packed body is, and BrokenBody.
    """
    unpack = _Unpacker(encoding)
    body = bytearray()
    limit = 0
    async for packed in pieces:
        for piece in unpack.feed(packed):
            body += piece
            if not limit and len(body) >= 16:
                limit = document_limit if looks_like_document(bytes(body[:64])) else page_limit
            if limit and len(body) > limit:
                raise TooLarge(limit)
    unpack.finish()
    return bytes(body)


class _Unpacker:
    """Undoes one layer of gzip or deflate in pieces of bounded size; a bomb never unfolds in memory."""

    def __init__(self, encoding: str | None) -> None:
        self._encoding = (encoding or "identity").strip().lower()
        self._zlib = None
        if self._encoding in ("gzip", "x-gzip"):
            self._zlib = zlib.decompressobj(16 + zlib.MAX_WBITS)
        elif self._encoding == "deflate":
            self._zlib = zlib.decompressobj()
        elif self._encoding not in ("identity", ""):
            raise BrokenBody(f"packed as {self._encoding}, which was not asked for")
        self._fed = False

    def feed(self, packed: bytes) -> Iterator[bytes]:
        if self._zlib is None:
            yield packed
            return
        if not self._fed and packed:
            self._choose_deflate(packed)
        self._fed = self._fed or bool(packed)
        waiting, full = packed, False
        while (waiting or full) and not self._zlib.eof:
            try:
                piece = self._zlib.decompress(waiting, _PIECE)
            except zlib.error as error:
                raise BrokenBody(f"cannot be unpacked: {error}") from None
            yield piece
            # a full piece may leave output behind even where all input is used up
            waiting, full = self._zlib.unconsumed_tail, len(piece) == _PIECE

    def _choose_deflate(self, packed: bytes) -> None:
        """Some servers send raw deflate, without the header of zlib (RFC 1950: method 8 in the low bits)."""
        if self._encoding == "deflate" and packed[0] & 0x0F != 8:
            self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)

    def finish(self) -> None:
        if self._zlib is not None and self._fed and not self._zlib.eof:
            raise BrokenBody("the packed answer ends too early")
