"""WARC and ARC files of others: what they may look like, and what they may try."""

from __future__ import annotations

import gzip
import os
import time
import tracemalloc
import zlib
from io import BytesIO
from pathlib import Path

import pytest
import zstandard

from scrapers.archive.foreign import read_warc_files
from scrapers.archive.scan import Damage, Record, scan
from scrapers.fetch.folder import FolderError, FolderLimits
from scrapers.fetch.outcomes import Fetched, Outcome, Role
from tests.archive.worlds import ARC_HEAD, HTML, arc, chunked, http, members, sha256, warc

URL = "http://b.example/r.html"
PAGE = warc(http())
INFO = warc(b"software: x\r\n", kind="warcinfo")


def _read(path: Path, content: bytes, name: str = "x.warc.gz", **limits: int) -> list[Fetched]:
    (path / name).write_bytes(content)
    return list(read_warc_files(path / name, FolderLimits(**limits) if limits else None))


def _ends(found: list[Fetched]) -> list[str]:
    return [str(one.attempt.outcome) for one in found]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.warc", INFO + PAGE),
        ("x.warc.gz", members(INFO, PAGE)),
        ("x.warc.gz", gzip.compress(INFO + PAGE)),
        ("x.warc.gz", gzip.compress(INFO) + gzip.compress(PAGE.rstrip())),
        ("x.warc", warc(http(), f"<{URL}>")),
        ("x.warc", PAGE.replace(b"\r\n", b"\n", 8)),
        ("x.arc", ARC_HEAD + arc(http(), URL)),
        ("x.arc.gz", members(ARC_HEAD, arc(http(), URL))),
        ("x.warc", warc(http(chunked(HTML), "200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked"))),
        ("x.warc", warc(http(HTML, "200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked"))),
        ("x.warc", warc(http(gzip.compress(HTML), "200 OK", "content-encoding: gzip"))),
        ("x.warc", warc(http(HTML, "200 OK", "Content-Encoding: gzip"))),
        ("x.warc", warc(http(zlib.compress(HTML)[2:-4], "200 OK", "Content-Encoding: deflate"))),
        ("x.warc", warc(http(zstandard.compress(HTML), "200 OK", "Content-Encoding: zstd"))),
        ("x.warc", warc(http(chunked(gzip.compress(HTML)), "200 OK", "Content-Encoding: gzip",
                             "Transfer-Encoding: chunked"))),
        ("x.warc", warc(HTML, kind="resource")),
        ("x.warc", warc(http(HTML, "200 OK", "Content-Type:", " text/html"))),
    ],
)  # fmt: skip
def test_every_shape_gives_its_page(tmp_path: Path, name: str, content: bytes) -> None:
    (found,) = _read(tmp_path, content, name)
    assert found.attempt.reason is None
    assert found.page is not None
    assert found.page.content == HTML
    assert (found.page.url, found.attempt.source_id, found.attempt.role) == (URL, "warc", Role.report)
    assert found.attempt.fetched_at is not None
    assert found.attempt.content_sha256 == sha256(HTML)
    assert (found.exchange is None) == (b"resource" in content)


def test_what_is_no_page_says_why(tmp_path: Path) -> None:
    records = (
        warc(http(b"", "404 Not Found")), warc(http(b"", "302 Found", "Location: /x")), warc(http(b"", "500 Oops")),
        warc(http(b"", "403 No")), warc(http(b"x", "200 OK", "Content-Type: image/png")), warc(http(b" ")),
        warc(http(HTML), "ftp://b.example/x"), warc(b"no http at all"), warc(b"", kind="revisit"),
        warc(http(b"x", "200 OK", "Content-Encoding: br")), warc(http(gzip.compress(HTML)[:-9], "200 OK", "Content-Encoding: gzip")),
        warc(http("<title>404 找不到</title>".encode())), warc(http(HTML, "abc")), warc(b"1.2.3.4", "dns:b.example"),
        warc(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
    )  # fmt: skip
    found = _read(tmp_path, members(*records))
    assert _ends(found) == [
        "gone", "not_html", "server_error", "refused", "not_html", "empty", "bad_url", "unreadable_file", "not_html",
        "unreadable_file", "unreadable_file", "soft_404", "server_error",
    ]  # fmt: skip
    assert all(one.page is None and str(one.attempt.reason).startswith("x.warc.gz at offset ") for one in found)


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
@pytest.mark.parametrize("length", [0, 5, 10**6, 10**14, -1])
def test_a_lying_length_costs_that_record_only(tmp_path: Path, name: str, length: int) -> None:
    records = (PAGE, warc(http(), "http://b.example/liar", "response", length), warc(http(), "http://b.example/3"))
    content = members(*records) if name.endswith("gz") else b"".join(records)
    found = _read(tmp_path, content, name)
    urls = [one.page.url for one in found if one.page]
    assert urls[0] == URL
    assert urls[-1] == "http://b.example/3"
    liar = [one.page.content for one in found if one.page and one.page.url == "http://b.example/liar"]
    assert liar == [] or length == 5, "half a page is no page"
    assert any(one.attempt.reason for one in found)


def test_no_length_and_no_type(tmp_path: Path) -> None:
    without = PAGE.replace(b"Content-Length", b"X-Length"), PAGE.replace(b"WARC-Type", b"X-Type")
    found = _read(tmp_path, members(*without, PAGE))
    assert _ends(found) == ["unreadable_file", "unreadable_file", "ok"]


def _measured(content: bytes, limit: int) -> tuple[list[Record | Damage], float, int]:
    tracemalloc.start()
    start = time.process_time()
    try:
        found = list(scan(BytesIO(content), limit))
        return found, time.process_time() - start, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_does_not_unfold(tmp_path: Path) -> None:
    head = warc(b"", length=10**9)[:-4]
    engine = zlib.compressobj(wbits=31)
    bomb = engine.compress(head) + b"".join(engine.compress(bytes(10**6)) for _ in range(400)) + engine.flush()
    found, seconds, memory = _measured(bomb + members(PAGE), 1_000_000)
    assert seconds < 5
    assert memory < 5_000_000
    assert isinstance(found[0], Damage)
    assert "unpacks to more than" in found[0].reason
    body = zlib.compressobj(wbits=31)
    packed = body.compress(bytes(50_000_000)) + body.flush()
    (page,) = _read(
        tmp_path,
        members(warc(http(packed, "200 OK", "Content-Encoding: gzip"))),
        max_bytes_html=10**6,
        max_bytes_pdf=10**6,
    )
    assert page.attempt.outcome is Outcome.unreadable_file
    assert "more than 1 MB" in str(page.attempt.reason)


@pytest.mark.parametrize(
    "content",
    [
        b"WARC/1.0\r\n" + b"A: " + b"x" * 3_000_000,
        b"WARC/1.0\r\n" + b"A: b\r\n" * 500_000,
        b"WARC/1.0\r\n" + b"A: b\r\n" + b" fold\r\n" * 500_000,
        b"\r\n" * 1_500_000,
        b"x" * 3_000_000,
        b"\x1f\x8b\x08" * 1_000_000,
        b"".join(b"\r\n\r\nWARC/1.0\r\nWARC-Type: x\r\nContent-Length: 9%07d" % n for n in range(60_000)),
        b"\r\n\r\nWARC/1.0" * 250_000,
        warc(b"", length=0) * 1000,
        warc(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 400_000),
        b"http://x/ 1.1.1.1 2006 text/html 99999999999999\n" * 1000,
    ],
)
def test_endless_headers_and_lines_are_bounded(content: bytes) -> None:
    for form in (content, gzip.compress(content)):
        found, seconds, memory = _measured(form, 1_000_000)
        assert seconds < 5
        assert memory < 30_000_000
        assert len(found) <= 1001


def test_http_headers_that_do_not_end(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, warc(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000), "x.warc")
    assert "do not end" in str(found.attempt.reason)


def test_records_over_the_limit_are_stepped_over(tmp_path: Path) -> None:
    large = warc(http(b"x" * 9_000_000), "http://b.example/large")
    found = _read(tmp_path, members(large, PAGE), max_bytes_html=1000, max_bytes_pdf=1000)
    assert _ends(found) == ["too_large", "ok"]
    smaller = warc(http(b"x" * 2000), "http://b.example/large")
    assert _ends(_read(tmp_path, smaller, "x.warc", max_bytes_html=1000, max_bytes_pdf=1000)) == ["unreadable_file"]


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_junk_between_records_and_a_broken_tail(tmp_path: Path, name: str) -> None:
    third = warc(http(), "http://b.example/3")
    if name == "x.warc":
        content = PAGE + b"junk in between\r\n\r\n" + third + PAGE[:-30]
    else:
        broken = bytearray(gzip.compress(PAGE))
        broken[20:40] = bytes(20)
        content = members(PAGE) + b"junk" + bytes(broken) + members(third) + gzip.compress(PAGE)[:-30]
    found = _read(tmp_path, content, name)
    assert [one.page.url for one in found if one.page] == [URL, "http://b.example/3"]
    assert {str(one.attempt.outcome) for one in found if not one.page} == {"unreadable_file"}


def test_names_in_a_file_lead_nowhere(tmp_path: Path) -> None:
    evil = "WARC-Filename: ../../etc/passwd"
    records = (
        warc(b"x", "http://b.example/", "warcinfo", None, evil),
        warc(HTML, "file:///../../../etc/passwd", "resource", None, evil),
        warc(http(), "http://b.example/../../../../etc/passwd", "response", None, evil),
    )
    found = _read(tmp_path, members(*records))
    assert [one.page.file_name for one in found if one.page] == ["../../../etc/passwd", None]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["x.warc.gz"], "nothing was written"


def test_the_invented_sample_never_comes_in(tmp_path: Path) -> None:
    info = warc(b"software: gongkai\r\ngongkai-kind: sample\r\n", kind="warcinfo")
    (found,) = _read(tmp_path, members(info, PAGE))
    assert found.page is None
    assert "invented sample" in str(found.attempt.reason)


def test_files_that_cannot_be_used_are_rows(tmp_path: Path) -> None:
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    (tmp_path / "text.warc").write_text("no archive at all", encoding="utf-8")
    (tmp_path / "info.warc").write_bytes(INFO)
    (tmp_path / "z.warc").write_bytes(PAGE)
    (tmp_path / "link.warc").symlink_to(tmp_path / "z.warc")
    os.mkfifo(tmp_path / "pipe.warc")
    found = list(read_warc_files(tmp_path))
    assert {one.attempt.source_file for one in found if not one.page} == {
        "empty.warc.gz", "text.warc", "info.warc", "pipe.warc"
    }  # fmt: skip
    assert [one.page.url for one in found if one.page] == [URL]
    with pytest.raises(FolderError):
        list(read_warc_files(tmp_path / "nowhere"))
