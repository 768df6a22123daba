"""What a file is, whatever its name says."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from scrapers.clean import sniff
from scrapers.document import Page, Unreadable
from tests.clean.pages import REPORT, page, paragraphs, read


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return buffer.getvalue()


REFUSED = [
    (b"", "empty_file"),
    (b" \r\n\t\xef\xbb\xbf", "empty_file"),
    (b"\x00" * 500, "empty_file"),
    (random.Random(7).randbytes(5000), "binary"),
    (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "needs_ocr"),
    (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "needs_ocr"),
    (b"GIF89a" + b"\x00" * 50, "needs_ocr"),
    (b"II*\x00" + b"\x00" * 50, "needs_ocr"),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "needs_ocr"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "needs_conversion"),
    (b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    (b"{\\rtf1\\ansi text}", "needs_conversion"),
    (archive("OFD.xml", "Doc_0/Document.xml"), "needs_conversion"),
    (archive("readme.md"), "binary"),
    (archive("word/document.xml")[:40], "corrupt"),
    (archive("word/document.xml"), "corrupt"),
    (b"Rar!\x1a\x07\x00" + b"\x00" * 40, "binary"),
    (b"%PDF-1.4 no more", "corrupt"),
]


@pytest.mark.parametrize(("content", "code"), REFUSED)
@pytest.mark.parametrize("name", ["a.html", "a.txt", None])
def test_unreadable_files_say_why(content: bytes, code: str, name: str | None) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content, name or "")
    assert caught.value.code == code
    assert caught.value.detail


@pytest.mark.parametrize(
    ("content", "name", "content_type", "expected"),
    [
        (page(paragraphs()), "a.doc", "application/msword", sniff.HTML),
        (page(paragraphs()), "a.pdf", "application/pdf", sniff.HTML),
        (page(paragraphs()), None, None, sniff.HTML),
        ("<p>一段</p><p>二段</p><br>三", None, None, sniff.HTML),
        ("\n".join(REPORT), None, None, sniff.TEXT),
        ("\n".join(REPORT), "a.html", "text/html", sniff.HTML),
        ("收到申请<5件，答复>3件", "a.txt", "text/plain", sniff.TEXT),
        ("<b>年报</b>", "a.htm", None, sniff.HTML),
    ],
)
def test_text_and_html(content: str, name: str | None, content_type: str | None, expected: str) -> None:
    url = "https://example.invalid/"
    assert sniff.sniff(Page(content.encode(), name, url, content_type)) == expected
