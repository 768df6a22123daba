"""HTTP messages as blocks of records, and bodies as sent → the content, within a limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import zstandard

from scrapers.fetch.bodies import BrokenBody, Unpacker
from scrapers.fetch.outcomes import Exchange

Headers = tuple[tuple[str, str], ...]

MAX_HEAD = 256 * 1024  # bytes of the header lines of a record or message
# A header that no longer tells the truth about the body as it is kept, under the name that web archives give it
_KEPT_AS = "X-Archive-Orig-"


class BadMessage(Exception):
    """A message or body that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP message as it stands in a record. ``status`` is None where the first line has none."""

    first_line: str
    status: int | None
    headers: Headers
    raw_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name (lower case)."""
        return next((value for key, value in self.headers if key == name), None)


def response_head(exchange: Exchange, unpacked: bool = False) -> bytes:
    """Status line and headers as sent, but for the framing, which is undone in the body that is kept.

    ``unpacked``: the body that follows is no longer packed.
    """
    renamed = {b"transfer-encoding"} | ({b"content-encoding", b"content-length"} if unpacked else set())
    headers = (
        (_KEPT_AS.encode() + name if name.lower() in renamed else name, value)
        for name, value in exchange.response_headers
    )
    return _head(exchange.status_line, headers)


def request_head(exchange: Exchange) -> bytes:
    """The request as sent; b"" where it is not known."""
    return _head(exchange.request_line, exchange.request_headers) if exchange.request_line else b""


def _head(first_line: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    lines = [first_line.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(line.replace(b"\r", b" ").replace(b"\n", b" ") for line in lines) + b"\r\n\r\n"


def split_message(block: bytes) -> Message:
    """First line, headers and body of a block. Raises BadMessage where it does not begin as HTTP."""
    if block[:5].upper() != b"HTTP/":
        raise BadMessage("the record holds no HTTP answer")
    end, gap = _end_of_head(block)
    first, _, rest = block[:end].partition(b"\n")
    raw = tuple(header_lines(rest))
    line = first.strip().decode("latin-1")
    code = line.partition(" ")[2][:3]
    return Message(
        line,
        int(code) if code.isascii() and code.isdigit() else None,
        tuple((name.lower().decode("latin-1"), _text(value)) for name, value in raw),
        raw,
        block[end + gap :],
    )


def _end_of_head(block: bytes) -> tuple[int, int]:
    ends = [(at, len(gap)) for gap in (b"\r\n\r\n", b"\n\n") if (at := block.find(gap, 0, MAX_HEAD)) >= 0]
    if ends:
        return min(ends)
    if len(block) > MAX_HEAD:
        raise BadMessage("the header lines do not end")
    return len(block), 0


def header_lines(head: bytes) -> list[tuple[bytes, bytes]]:
    """Names and values of header lines; folded lines are joined, lines without a colon left out."""
    found: list[tuple[bytes, list[bytes]]] = []
    for line in head.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and found:
            found[-1][1].append(line.strip())
        elif b":" in line:
            name, _, value = line.partition(b":")
            found.append((name.strip(), [value.strip()]))
    return [(name, b" ".join(parts)) for name, parts in found]


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def content_of(message: Message, limit: int) -> bytes:
    """The content of a response: chunks joined where they stand in the record, unpacked. Raises BadMessage."""
    body = message.body
    if (message.header("transfer-encoding") or "").strip().lower() == "chunked":
        body = _unchunked(body)
    return unpacked(body, message.header("content-encoding"), limit)


def without_chunks(message: Message) -> bytes:
    """The body as sent without the framing of HTTP."""
    chunked = (message.header("transfer-encoding") or "").strip().lower() == "chunked"
    return _unchunked(message.body) if chunked else message.body


def _unchunked(body: bytes) -> bytes:
    """The chunks joined; a body that is not chunked in spite of its header (many archives join them) as it is."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 200)
        digits = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
            return body if not parts else b"".join(parts)
        size = int(digits, 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size
        if body[at : at + 2] != b"\r\n":
            return body if len(parts) == 1 and at < len(body) else b"".join(parts)
        at += 2


def unpacked(body: bytes, encoding: str | None, limit: int) -> bytes:
    """The body without its Content-Encoding. Raises BadMessage where it cannot be undone or passes ``limit`` bytes."""
    named = [one.strip().lower() for one in (encoding or "").split(",")]
    for name in reversed([one for one in named if one not in ("", "identity")]):
        body = _undo(body, name, limit)
    if len(body) > limit:
        raise BadMessage(f"more than {limit / 1_000_000:g} MB")
    return body


def _undo(body: bytes, name: str, limit: int) -> bytes:
    if name == "zstd" and body[:4] == b"\x28\xb5\x2f\xfd":
        return _unpack_zstd(body, limit)
    if name in ("gzip", "x-gzip") and body[:2] != b"\x1f\x8b":
        return body  # an archive made in a browser keeps the body unpacked under the header of the packed one
    parts, size = [], 0
    try:
        unpacker = Unpacker(name)
        for piece in unpacker.feed(body):
            size += len(piece)
            if size > limit:
                raise BadMessage(f"unpacks to more than {limit / 1_000_000:g} MB")
            parts.append(piece)
        unpacker.finish()
    except BrokenBody as error:
        raise BadMessage(str(error)) from None
    return b"".join(parts)


def _unpack_zstd(body: bytes, limit: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(body) as reader:
            found = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise BadMessage(f"cannot be unpacked: {error}") from None
    if len(found) > limit:
        raise BadMessage(f"unpacks to more than {limit / 1_000_000:g} MB")
    return bytes(found)
