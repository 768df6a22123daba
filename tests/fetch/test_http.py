"""The fetcher against a hostile site: every address ends in its outcome, within its limit."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import ipaddress
import itertools
import ssl
import time
import tracemalloc
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpcore
import pytest

from scrapers.fetch.addresses import is_public, may_connect
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import OUTCOME_TEXTS, Fetched, Known, Outcome, Role
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Politeness, Source

Site = Any  # the fixture's, see conftest.py


def fetch(
    settings: FetchSettings, source: Source, *urls: str, known: Known | None = None, **tools: object
) -> list[Fetched]:
    """Fetches the addresses side by side with one fetcher."""

    async def run() -> list[Fetched]:
        async with HttpFetcher(settings, **tools) as fetcher:  # type: ignore[arg-type]
            return await asyncio.gather(*(fetcher.fetch(url, source, known=known) for url in urls))

    return asyncio.run(run())


def fetch_one(settings: FetchSettings, site: Site, path: str, **changes: object) -> Fetched:
    return fetch(settings, site.source(**changes), site.base + path)[0]


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


def test_a_known_page_is_asked_for_conditionally(site: Site, quick: FetchSettings) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        assert handler.headers["If-None-Match"] == '"7"'
        site.send(handler, 304, b"", Content_Length="", Content_Type="")

    site.routes["/a.html"] = route
    known = Known(etag='"7"', content_sha256="ab")
    got = fetch(quick, site.source(), site.base + "/a.html", known=known)[0]
    assert got.page is None and got.attempt.outcome is Outcome.not_modified
    assert (got.attempt.content_sha256, got.attempt.etag) == ("ab", '"7"')


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
    ("encoding", "body"), [("gzip", b"not packed at all"), ("gzip", gzip.compress(b"<p>page</p>")[:-12]), ("br", b"x")]
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


def test_nobody_listens_and_nobody_has_the_name(site: Site, quick: FetchSettings) -> None:
    source = site.source(base_url="http://127.0.0.1:9")
    assert fetch(quick, source, "http://127.0.0.1:9/a.html")[0].attempt.outcome == "connection_error"

    async def nowhere(host: str, port: int) -> list[str]:
        return []

    source = site.source(base_url="http://x.example")
    got = fetch(quick, source, "http://x.example/a", resolver=nowhere)[0]
    assert got.attempt.outcome == "connection_error" and "x.example" in (got.attempt.reason or "")


@pytest.mark.parametrize(
    "url", ["ftp://a.cn/x", "javascript:alert(1)", "http://", "/relative", "http://u:p@a.cn/", "file:///etc/passwd",
            "http://a b.cn/", "http://a.cn:99999/", "http://[::1", "http://" + "a" * 3000, "http://a.cn/\ud800"],
)  # fmt: skip
def test_addresses_that_cannot_be_used(site: Site, quick: FetchSettings, url: str) -> None:
    got = fetch(quick, site.source(), url)[0]
    assert got.attempt.outcome == "bad_url" and got.attempt.reason and got.page is None
    assert not site.log


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


def test_redirects_are_followed_on_the_site_and_counted(site: Site, quick: FetchSettings) -> None:
    site.routes |= {
        "/a.html": site.redirect("/b.html", 301),
        "/b.html": site.redirect("c.html?x=1", 307),
        "/c.html?x=1": site.page,
    }
    got = fetch_one(quick, site, "/a.html")
    assert got.page is not None and got.page.url == site.base + "/a.html"
    assert got.attempt.final_url == site.base + "/c.html?x=1"
    site.routes["/loop.html"] = site.redirect("/loop.html")
    got = fetch_one(quick, site, "/loop.html")
    assert got.attempt.outcome == "too_many_redirects" and site.asked("/loop.html") == quick.max_redirects + 1
    site.routes["/odd.html"] = site.redirect("file:///etc/passwd")
    assert fetch_one(quick, site, "/odd.html").attempt.outcome == "bad_url"


def test_a_cookie_that_must_come_back_comes_back(site: Site, quick: FetchSettings) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Cookie") == "seen=1":
            site.send(handler, 200, site.page.encode())
        else:
            site.send(handler, 302, b"", Location="/a.html", Set_Cookie="seen=1")

    site.routes["/a.html"] = route
    assert fetch_one(quick, site, "/a.html").attempt.outcome == "ok"
    assert "Cookie" not in site.log[0].headers


# --- addresses on the network ---


def test_loopback_is_not_asked_without_allow_private(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = site.page
    got = fetch_one(quick, site, "/a.html", allow_private=False)
    assert got.attempt.outcome == "private_address" and not site.log


PUBLIC, REBOUND = "93.184.215.14", "93.184.215.15"


class ToLoopback(httpcore.AsyncNetworkBackend):
    """Takes one public address to the test's site and notes every address that is dialled."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, port: int, *rest: object, **named: object) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        assert host == PUBLIC, f"dialled {host}"
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port)


async def public(host: str, port: int) -> list[str]:
    return [PUBLIC]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/x", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://10.1.2.3/",
               "http://0x7f000001/", "http://2130706433/", "http://127.1/", "http://[::ffff:127.0.0.1]/",
               "http://100.100.100.200/", "http://0.0.0.0/", "http://[fe80::1]/"],
)  # fmt: skip
def test_a_redirect_into_a_private_network_is_refused(site: Site, quick: FetchSettings, target: str) -> None:
    site.routes["/a.html"] = site.redirect(target)
    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    dialler = ToLoopback(site.port)
    got = fetch(quick, source, "http://x.gov.cn/a.html", resolver=public, dialler=dialler)[0]
    assert got.attempt.outcome == "private_address", got
    assert set(dialler.dialled) == {PUBLIC}


@pytest.mark.parametrize(
    "answer", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fe80::1%eth0", "64:ff9b::7f00:1"]
)
def test_a_name_that_leads_into_a_private_network_is_refused(site: Site, quick: FetchSettings, answer: str) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return [answer]

    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    dialler = ToLoopback(site.port)
    got = fetch(quick, source, "http://x.gov.cn/a.html", resolver=resolver, dialler=dialler)[0]
    assert got.attempt.outcome == "private_address" and answer in (got.attempt.reason or "")
    assert not dialler.dialled


def test_a_name_that_changes_its_address_between_hops_gains_nothing(site: Site, quick: FetchSettings) -> None:
    """DNS rebinding: the first hop is public, the second private; each connection goes where its own check looked."""
    site.routes |= {"/robots.txt": lambda h: site.send(h, 404, b"", Connection="close"),
                    "/a.html": lambda h: site.send(h, 302, b"", Location="/b.html", Connection="close")}  # fmt: skip
    answers = iter([PUBLIC, PUBLIC, "127.0.0.1"])

    async def resolver(host: str, port: int) -> list[str]:
        return [next(answers)]

    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    dialler = ToLoopback(site.port)
    forgetful = replace(quick, names_kept=0)
    got = fetch(forgetful, source, "http://x.gov.cn/a.html", resolver=resolver, dialler=dialler)[0]
    assert got.attempt.outcome == "private_address"
    assert dialler.dialled == [PUBLIC, PUBLIC] and not site.asked("/b.html")
    assert site.log[-1].headers["Host"] == "x.gov.cn"


def test_of_several_addresses_only_public_ones_are_dialled(site: Site, quick: FetchSettings) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return ["192.168.0.1", PUBLIC]

    site.routes["/a.html"] = site.page
    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    got = fetch(quick, source, "http://x.gov.cn/a.html", resolver=resolver, dialler=ToLoopback(site.port))[0]
    assert got.attempt.outcome == "ok"


def test_a_redirect_to_another_host_is_not_followed(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = site.redirect("http://other.example/x.html")
    got = fetch_one(quick, site, "/a.html")
    assert got.attempt.outcome == "redirected_off_site" and "other.example" in (got.attempt.reason or "")


def test_allow_private_never_opens_the_metadata_address(site: Site, quick: FetchSettings) -> None:
    source = site.source(base_url="http://169.254.169.254", allow_private=True)
    assert fetch(quick, source, "http://169.254.169.254/latest")[0].attempt.outcome == "private_address"


def test_tls_without_a_trusted_certificate(site: Site, quick: FetchSettings) -> None:
    source = site.source(base_url=site.base.replace("http:", "https:"))
    got = fetch(quick, source, source.base_url + "/a.html", tls=ssl.create_default_context())[0]
    assert got.attempt.outcome == "tls_error" and got.page is None


# --- manners ---


def test_robots_are_obeyed_and_asked_once(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/robots.txt": "User-agent: *\nDisallow: /private/\n", "/a.html": site.page,
                    "/private/b.html": site.page,
                    "/c.html": site.redirect("/private/b.html")}  # fmt: skip
    source = site.source()
    got = fetch(quick, source, *(site.base + path for path in ("/a.html", "/private/b.html", "/c.html")))
    assert [one.attempt.outcome for one in got] == ["ok", "blocked_by_robots", "blocked_by_robots"]
    assert site.asked("/robots.txt") == 1 and not site.asked("/private/b.html")


def test_a_site_whose_robots_fail_is_left_alone(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/robots.txt": lambda h: site.send(h, 500), "/a.html": site.page}
    got = fetch_one(quick, site, "/a.html")
    assert got.attempt.outcome == "blocked_by_robots" and "500" in (got.attempt.reason or "")
    assert not site.asked("/a.html")


def test_the_crawl_delay_of_robots_counts(site: Site, quick: FetchSettings) -> None:
    site.routes |= {
        "/robots.txt": "User-agent: gongkai\nCrawl-delay: 0.3\n",
        "/a.html": site.page,
        "/b.html": site.page,
    }
    fetch(quick, site.source(), site.base + "/a.html", site.base + "/b.html")
    times = [asked.at for asked in site.log if asked.path != "/robots.txt"]
    assert times[1] - times[0] >= 0.299


def test_the_distance_between_requests_is_kept_as_the_site_sees_it(site: Site, quick: FetchSettings) -> None:
    paths = [f"/{number}.html" for number in range(6)]
    site.routes |= dict.fromkeys(paths, site.page)
    source = site.source(politeness=Politeness(seconds_between_requests=0.2, max_concurrency=4))
    got = fetch(quick, source, *(site.base + path for path in paths))
    assert all(one.attempt.outcome == "ok" for one in got)
    times = [asked.at for asked in site.log]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(gaps) == 6 and min(gaps) >= 0.199  # robots.txt counts too
    assert sum(gaps) < 6 * 0.2 * 1.4


def test_no_more_at_a_time_than_allowed(site: Site, quick: FetchSettings) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.1)
        site.send(handler, 200, site.page.encode())

    paths = [f"/{number}.html" for number in range(9)]
    site.routes |= dict.fromkeys(paths, slow)
    source = site.source(politeness=Politeness(seconds_between_requests=0, max_concurrency=3))
    fetch(quick, source, *(site.base + path for path in paths))
    assert max(asked.under_way for asked in site.log) == 3


def test_retry_after_is_obeyed(site: Site, quick: FetchSettings) -> None:
    answers = iter([429])

    def route(handler: BaseHTTPRequestHandler) -> None:
        status = next(answers, 200)
        site.send(handler, status, site.page.encode(), Retry_After="1" if status == 429 else "")

    site.routes |= {"/a.html": route, "/b.html": site.page}
    assert fetch_one(quick, site, "/a.html").attempt.outcome == "ok"
    times = [asked.at for asked in site.log if asked.path == "/a.html"]
    assert 0.98 <= times[1] - times[0] < 1.8


def test_a_host_that_asks_for_too_long_a_pause_is_given_up(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/a.html": lambda h: site.send(h, 429, b"", Retry_After="3600"), "/b.html": site.page}

    async def run() -> list[Fetched]:
        async with HttpFetcher(quick) as fetcher:
            return [await fetcher.fetch(site.base + path, site.source()) for path in ("/a.html", "/b.html")]

    first, second = asyncio.run(run())
    assert first.attempt.outcome == second.attempt.outcome == "refused"
    assert "3600" in (first.attempt.reason or "") and site.asked("/a.html") == 1 and not site.asked("/b.html")


def test_a_burst_of_503_is_weathered(site: Site, quick: FetchSettings) -> None:
    answers = iter([503, 503])
    site.routes["/a.html"] = lambda h: site.send(h, next(answers, 200), site.page.encode())
    assert fetch_one(replace(quick, tries=3), site, "/a.html").attempt.outcome == "ok"
    assert site.asked("/a.html") == 3


def test_every_outcome_has_words() -> None:
    assert set(OUTCOME_TEXTS) == set(Outcome)
    assert Role.report.value == "report"


def test_only_the_address_that_gave_the_known_copy_is_asked_conditionally(site: Site, quick: FetchSettings) -> None:
    """What the page of last year says about its age says nothing about the one that the redirect leads to today."""

    def unchanged_since(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("If-Modified-Since")
        site.send(handler, 304 if asked else 200, b"" if asked else site.page.encode())

    site.routes |= {"/latest.html": site.redirect("/2019.html"), "/2019.html": unchanged_since}
    old = Known(last_modified="Tue, 01 Jan 2019 00:00:00 GMT", final_url=site.base + "/2018.html")
    [moved] = fetch(quick, site.source(), site.base + "/latest.html", known=old)
    assert moved.attempt.outcome is Outcome.ok
    same = replace(old, final_url=site.base + "/2019.html")
    [kept] = fetch(quick, site.source(), site.base + "/latest.html", known=same)
    assert kept.attempt.outcome is Outcome.not_modified


def test_a_robots_file_with_a_byte_order_mark_is_obeyed(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/robots.txt": b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n", "/a.html": site.page}
    assert fetch_one(quick, site, "/a.html").attempt.outcome is Outcome.blocked_by_robots


def test_a_redirect_to_a_name_that_is_none_ends_as_a_bad_address(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/a.html": site.redirect("http://xn--/")}
    assert fetch_one(quick, site, "/a.html").attempt.outcome is Outcome.bad_url


def test_what_nobody_thought_of_is_an_outcome_too(
    site: Site, quick: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: object) -> None:
        raise KeyError("odd")

    monkeypatch.setattr("scrapers.fetch.http.sign_of", odd)
    site.routes |= {"/a.html": site.page}
    attempt = fetch_one(quick, site, "/a.html").attempt
    assert (attempt.outcome, attempt.reason) == (Outcome.server_error, "the answer makes no sense: KeyError: 'odd'")


@pytest.mark.parametrize(
    "address",
    ["::127.0.0.1", "64:ff9b:1::7f00:1", "fec0::1", "::ffff:0:7f00:1", "fd00:ec2::254", "192.0.0.192", "168.63.129.16"],
)
def test_addresses_that_only_look_public_are_shut(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_metadata_services_stay_shut_even_where_private_networks_are_open() -> None:
    assert not may_connect(ipaddress.ip_address("fd00:ec2::254"), True)
    assert may_connect(ipaddress.ip_address("fd00::1"), True)
    assert is_public(ipaddress.ip_address("2001:da8::1"))


def test_a_robots_file_counts_wherever_it_is_sent_on_to(site: Site, other_site: Site, quick: FetchSettings) -> None:
    other = f"http://localhost:{other_site.port}"
    site.routes |= {"/robots.txt": site.redirect(other + "/robots.txt"), "/a.html": site.page}
    other_site.routes |= {"/robots.txt": "User-agent: *\nDisallow: /"}
    assert fetch_one(quick, site, "/a.html").attempt.outcome is Outcome.private_address
    assert not other_site.log
    further = site.source(further_hosts=("localhost",))
    [own] = fetch(quick, further, site.base + "/a.html")
    assert own.attempt.outcome is Outcome.blocked_by_robots


def test_a_robots_file_of_a_foreign_public_host_counts_too(site: Site, quick: FetchSettings) -> None:
    """Else the first source to ask would decide for all whether the rules of a shared host are obeyed."""
    site.routes |= {"/a.html": site.page}
    files = f"http://files.invalid:{site.port}"

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if str(handler.headers["Host"]).startswith("files"):
            return site.redirect(f"http://rules.invalid:{site.port}/robots.txt")(handler)
        return site.send(handler, 200, b"User-agent: *\nDisallow: /")

    site.routes["/robots.txt"] = answer
    source = site.source(base_url="http://x.invalid", attachment_hosts=("files.invalid",), allow_private=False)
    [found] = fetch(quick, source, files + "/a.html", resolver=public, dialler=ToLoopback(site.port))
    assert found.attempt.outcome is Outcome.blocked_by_robots
