"""The fetcher and what a site sends: every answer ends in its outcome, within its limit."""

from __future__ import annotations

import gzip
import hashlib
import time
import tracemalloc
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from fetching import Site, fetch_one

from scrapers.fetch.outcomes import OUTCOME_TEXTS, Outcome, Role
from scrapers.fetch.settings import FetchSettings


def test_a_page_comes_with_its_bytes_and_its_row(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = lambda h: site.send(
        h, 200, site.page.encode(), ETag='"1"', Last_Modified="Tue, 01 Jan 2019 00:00:00 GMT"
    )
    got = fetch_one(quick, site, "/a.html#top")
    assert got.page is not None and got.page.content == site.page.encode()
    assert got.page.url == site.base + "/a.html" and got.page.file_name is None
    attempt = got.attempt
    assert (attempt.outcome, attempt.reason, attempt.http_status) == (Outcome.ok, None, 200)
    assert attempt.content_sha256 == hashlib.sha256(site.page.encode()).hexdigest()
    assert attempt.byte_count == len(site.page.encode()) and attempt.content_type == "text/html"
    assert attempt.etag == '"1"' and attempt.last_modified and attempt.fetched_at and attempt.fetched_at.tzinfo
    assert "gongkai" in site.log[-1].headers["User-Agent"]


def test_a_page_knows_whether_its_host_is_the_publishers(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = site.page
    for official in (True, False):
        page = fetch_one(quick, site, "/a.html", official=official).page
        assert page is not None and page.official is official


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "gone"), (410, "gone"), (401, "refused"), (403, "refused"), (500, "server_error"), (304, "server_error"),
     (204, "server_error"), (412, "refused"), (302, "server_error")],
)  # fmt: skip
def test_a_status_ends_as_its_outcome(site: Site, quick: FetchSettings, status: int, outcome: str) -> None:
    site.routes["/a.html"] = lambda h: site.send(
        h, status, b"" if status in (204, 304) else b"x", Content_Length="" if status in (204, 304) else "1"
    )
    got = fetch_one(quick, site, "/a.html")
    assert got.page is None and got.attempt.outcome == outcome and got.attempt.http_status == status
    assert str(status) in (got.attempt.reason or "")
    assert site.asked("/a.html") == (2 if status == 500 else 1)


@pytest.mark.parametrize("size", [1_000_000, 1_000_001])
def test_the_limit_of_a_page_is_exact(site: Site, quick: FetchSettings, size: int) -> None:
    site.routes["/a.html"] = b"<p>" + b"x" * (size - 3)
    got = fetch_one(replace(quick, max_bytes_html=1_000_000), site, "/a.html")
    assert got.attempt.outcome == ("ok" if size == 1_000_000 else "too_large")
    assert (got.page is None) == (size > 1_000_000)


def test_a_pdf_has_a_limit_of_its_own_whatever_the_header_says(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.pdf"] = b"%PDF-1.4 " + b"x" * 3_000
    limits = replace(quick, max_bytes_html=1_000, max_bytes_pdf=5_000)
    assert fetch_one(limits, site, "/a.pdf").attempt.outcome == "ok"
    site.routes["/b.pdf"] = b"%PDF-1.4 " + b"x" * 6_000
    assert fetch_one(limits, site, "/b.pdf").attempt.outcome == "too_large"


def test_an_endless_body_ends_at_the_limit(site: Site, quick: FetchSettings) -> None:
    sent = 0

    def route(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        site.send(handler, 200, Content_Length="", Connection="close")
        while sent < 200_000_000:
            sent += handler.wfile.write(b"x" * 65_536)
        handler.close_connection = True

    site.routes["/a.html"] = route
    got = fetch_one(replace(quick, max_bytes_html=1_000_000), site, "/a.html")
    assert got.attempt.outcome == "too_large" and "1 MB" in (got.attempt.reason or "")
    assert sent < 50_000_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate"])
def test_packed_pages_are_unpacked(site: Site, quick: FetchSettings, encoding: str) -> None:
    content = site.page.encode() * 20_000
    packed = {
        "gzip": gzip.compress(content), "deflate": zlib.compress(content),
        "raw deflate": zlib.compress(content, wbits=-15),
    }[encoding]  # fmt: skip
    site.routes["/a.html"] = lambda h: site.send(h, 200, packed, Content_Encoding=encoding.split()[-1])
    got = fetch_one(quick, site, "/a.html")
    assert got.page is not None and got.page.content == content


def test_a_gzip_bomb_is_stopped_before_it_unfolds(site: Site, quick: FetchSettings) -> None:
    bomb = gzip.compress(bytes(100_000_000), compresslevel=6)
    site.routes["/a.html"] = lambda h: site.send(h, 200, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    got = fetch_one(replace(quick, max_bytes_html=2_000_000), site, "/a.html")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got.attempt.outcome == "too_large"
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        pytest.param("gzip", b"not packed at all", id="not-packed"),
        pytest.param("gzip", gzip.compress(b"<p>page</p>", mtime=0)[:-12], id="cut-off"),
        pytest.param("br", b"x", id="brotli"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_a_row(site: Site, quick: FetchSettings, encoding: str, body: bytes) -> None:
    site.routes["/a.html"] = lambda h: site.send(h, 200, body, Content_Encoding=encoding)
    assert fetch_one(quick, site, "/a.html").attempt.outcome == "connection_error"


def test_a_slow_drip_ends_in_time(site: Site, quick: FetchSettings) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        site.send(handler, 200, Content_Length="1000", Connection="close")
        for _ in range(30):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)

    site.routes["/a.html"] = route
    start = time.monotonic()
    got = fetch_one(quick, site, "/a.html")
    assert got.attempt.outcome == "timeout" and "1.2 s" in (got.attempt.reason or "")
    assert time.monotonic() - start < 2.5
    assert site.asked("/a.html") == 1


def test_silence_is_a_timeout_and_tried_again(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = lambda h: time.sleep(0.5)
    got = fetch_one(replace(quick, read_timeout=0.2), site, "/a.html")
    assert got.attempt.outcome == "timeout" and site.asked("/a.html") == 2


def test_a_dropped_connection_and_a_wrong_length(site: Site, quick: FetchSettings) -> None:
    def drop(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True

    def short(handler: BaseHTTPRequestHandler) -> None:
        site.send(handler, 200, b"<p>half", Content_Length="500")
        handler.close_connection = True

    site.routes |= {"/a.html": drop, "/b.html": short}
    assert fetch_one(quick, site, "/a.html").attempt.outcome == "connection_error"
    got = fetch_one(quick, site, "/b.html")
    assert got.attempt.outcome == "connection_error" and got.page is None


@pytest.mark.parametrize(
    "kind", ["image/png", "video/mp4", "application/json", "application/zip", "application/javascript"]
)
def test_other_media_are_not_taken(site: Site, quick: FetchSettings, kind: str) -> None:
    site.routes["/a"] = lambda h: site.send(h, 200, b"x" * 100, Content_Type=kind)
    got = fetch_one(quick, site, "/a")
    assert got.attempt.outcome == "not_html" and kind in (got.attempt.reason or "")


def test_an_empty_answer_and_soft_404s(site: Site, quick: FetchSettings) -> None:
    site.routes |= {
        "/empty.html": b"  \n ",
        "/title.html": "<title>404 Not Found</title><p>" + "长" * 2000,
        "/text.html": "<style>p{}</style><body><p>抱歉，您访问的页面不存在！</p>",
        "/gbk.html": "<title>提示</title><p>您要查看的页面不存在，请返回首页</p>".encode("gb18030"),
        "/moved.html": site.redirect("/index.html"),
        "/index.html": site.page,
        "/gone.html": site.redirect("/404.html"),
        "/404.html": "<p>x</p>",
        "/real.html": "<title>404路口所在镇2018年政府信息公开工作年度报告</title><p>" + "字" * 500 + "页面不存在",
    }
    assert fetch_one(quick, site, "/empty.html").attempt.outcome == "empty"
    for path in ("/title.html", "/text.html", "/gbk.html", "/moved.html", "/gone.html"):
        got = fetch_one(quick, site, path)
        assert got.attempt.outcome == "soft_404", path
        assert got.attempt.reason and got.page is None
    assert fetch_one(quick, site, "/real.html").attempt.outcome == "ok"


def test_a_cookie_that_must_come_back_comes_back(site: Site, quick: FetchSettings) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Cookie") == "seen=1":
            site.send(handler, 200, site.page.encode())
        else:
            site.send(handler, 302, b"", Location="/a.html", Set_Cookie="seen=1")

    site.routes["/a.html"] = route
    assert fetch_one(quick, site, "/a.html").attempt.outcome == "ok"
    assert "Cookie" not in site.log[0].headers


def test_every_outcome_has_words() -> None:
    assert set(OUTCOME_TEXTS) == set(Outcome)
    assert Role.report.value == "report"


def test_what_nobody_thought_of_is_an_outcome_too(
    site: Site, quick: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: object) -> None:
        raise KeyError("odd")

    monkeypatch.setattr("scrapers.fetch.http.sign_of", odd)
    site.routes |= {"/a.html": site.page}
    attempt = fetch_one(quick, site, "/a.html").attempt
    assert (attempt.outcome, attempt.reason) == (Outcome.server_error, "the answer makes no sense: KeyError: 'odd'")
