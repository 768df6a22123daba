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
            target.writestr(zipfile.ZipInfo(name), "x")  # a name alone would get the time of today
    return buffer.getvalue()


REFUSED = [
    pytest.param(b"", "empty_file", id="empty"),
    pytest.param(b" \r\n\t\xef\xbb\xbf", "empty_file", id="blanks"),
    pytest.param(b"\x00" * 500, "empty_file", id="nulls"),
    pytest.param(random.Random(7).randbytes(5000), "binary", id="random"),
    pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "needs_ocr", id="png"),
    pytest.param(b"\xff\xd8\xff\xe0" + b"\x00" * 50, "needs_ocr", id="jpeg"),
    pytest.param(b"GIF89a" + b"\x00" * 50, "needs_ocr", id="gif"),
    pytest.param(b"II*\x00" + b"\x00" * 50, "needs_ocr", id="tiff"),
    pytest.param(b"RIFF\x10\x00\x00\x00WEBPVP8 ", "needs_ocr", id="webp"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "needs_conversion", id="ole"),
    pytest.param(
        b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted", id="ole-encrypted"
    ),
    pytest.param(b"{\\rtf1\\ansi text}", "needs_conversion", id="rtf"),
    pytest.param(archive("OFD.xml", "Doc_0/Document.xml"), "needs_conversion", id="ofd"),
    pytest.param(archive("readme.md"), "binary", id="zip"),
    pytest.param(archive("word/document.xml")[:40], "corrupt", id="docx-cut-off"),
    pytest.param(archive("word/document.xml"), "corrupt", id="docx-broken"),
    pytest.param(b"Rar!\x1a\x07\x00" + b"\x00" * 40, "binary", id="rar"),
    pytest.param(b"%PDF-1.4 no more", "corrupt", id="pdf-cut-off"),
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
