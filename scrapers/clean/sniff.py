"""What kind of file the bytes are: by content first, then by header, then by name."""

from __future__ import annotations

import io
import re
import zipfile

from scrapers.document import Page, Unreadable

HTML = "text/html"
TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLS = "application/vnd.ms-excel"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_IMAGES = {
    b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"II*\x00": "TIFF", b"MM\x00*": "TIFF", b"BM": "BMP",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0"
_OLD_FORMATS = {_OLE: "an old Word or WPS file", b"{\\rtf": "an RTF file"}
_SHEETS = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))  # streams that only XLS files have
_ARCHIVES = {b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7-Zip archive", b"\x1f\x8b": "a gzip archive"}
_SIGNS_OF_HTML = (
    b"<!doctype", b"<html", b"<head", b"<body", b"<meta", b"<table", b"<div", b"<p>", b"<p ", b"<br", b"<span",
    b"<td", b"<li", b"<h1", b"<h2", b"<font", b"<center", b"<frameset", b"<!--",
)  # fmt: skip
_TAG = re.compile(rb"</?[a-zA-Z]")
_HEAD = 1024
_MIN_ZEROS = 0.01  # of the bytes: digits, blanks and tags in UTF-16 have a high byte of zero
_USUAL = re.compile("[\t\r\n -~\u00a0\u2010-\u2030\u3000-\u3020\u4e00-\u9fff\uff00-\uffef]")
_MAX_CONTROL_SHARE = 0.02  # of bytes that no text holds


def sniff(page: Page) -> str:
    """The media type of the page's content.

    Raises Unreadable: empty_file, needs_ocr (images), needs_conversion (old office files), encrypted, binary, corrupt
    (a broken zip).
    """
    content = page.content
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("empty_file", "the file holds no bytes or only blanks")
    head = content[:_HEAD]
    if b"%PDF-" in head:
        return PDF
    for magic, name in _IMAGES.items():
        if head.startswith(magic) and (name != "BMP" or _is_bitmap(content)):
            raise Unreadable("needs_ocr", f"the file is a {name} image")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise Unreadable("needs_ocr", "the file is a WebP image")
    for magic, name in _OLD_FORMATS.items():
        if head.startswith(magic):
            if "EncryptedPackage".encode("utf-16-le") in content[:65536]:
                raise Unreadable("encrypted", "the office document is protected by a password")
            if magic == _OLE and any(stream in content for stream in _SHEETS):
                return XLS
            raise Unreadable("needs_conversion", f"the file is {name}")
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(content)
    for magic, name in _ARCHIVES.items():
        if head.startswith(magic):
            raise Unreadable("binary", f"the file is {name}")
    if wide_encoding(content) is None and control_share(content) > _MAX_CONTROL_SHARE:
        raise Unreadable("binary", "the bytes are no text in any encoding")
    return _text_kind(page)


def wide_encoding(content: bytes) -> str | None:
    """utf-16-le, utf-16-be, utf-32-le or utf-32-be where a byte order mark or the place of zero bytes says so."""
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32-le" if content[0] == 0xFF else "utf-32-be"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if content[0] == 0xFF else "utf-16-be"
    sample = content[:4096]
    if sample.count(0) < len(sample) * _MIN_ZEROS:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        if len(_USUAL.findall(text)) >= len(text) * 0.9:
            return encoding
    return None


def control_share(content: bytes) -> float:
    """The share of control bytes that text does not hold, in the first 64 KB."""
    sample = content[:65536]
    kept = sample.translate(None, bytes([*range(0, 9), *range(14, 27), *range(28, 32)]))
    return (len(sample) - len(kept)) / max(len(sample), 1)


def _is_bitmap(content: bytes) -> bool:
    return len(content) > 26 and int.from_bytes(content[2:6], "little") == len(content)


def _zip_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise Unreadable("corrupt", "the file begins as a zip and is broken") from None
    if any(name.startswith("word/") for name in names):
        return DOCX
    if any(name.startswith("xl/") for name in names):
        return XLSX
    if "OFD.xml" in names or any(name.startswith("ppt/") for name in names):
        raise Unreadable("needs_conversion", "the file is an OFD or PowerPoint document")
    raise Unreadable("binary", "the file is a zip archive without a document")


def _text_kind(page: Page) -> str:
    sample = page.content[:65536]
    encoding = wide_encoding(page.content)
    if encoding:
        sample = sample.decode(encoding, "ignore").encode("utf-8", "ignore")
    sample = sample.lower()
    if any(sign in sample[: 4 * _HEAD] for sign in _SIGNS_OF_HTML[:5]):
        return HTML
    signs = sum(sample.count(sign) for sign in _SIGNS_OF_HTML)
    declared = (page.content_type or "").split(";")[0].strip().lower()
    name = (page.file_name or page.url or "").lower().split("?")[0]
    if declared == HTML or name.endswith((".html", ".htm", ".shtml", ".jsp", ".asp", ".aspx", ".php")):
        return HTML if declared == HTML or _TAG.search(sample) else TEXT
    if declared == TEXT or name.endswith(".txt"):
        return HTML if signs >= 5 else TEXT
    return HTML if signs >= 2 else TEXT
