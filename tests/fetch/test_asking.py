"""One request: what is kept of it, which address is dialled, when a host is given up."""

from __future__ import annotations

import asyncio
import gzip
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpcore
import pytest

from scrapers.fetch.asking import Errand, Limits
from scrapers.fetch.bodies import BrokenBody, TooLarge, read_body, read_start
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Fetched, Known, Outcome, Role
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Source

Site = Any  # the fixture's, see conftest.py
FIRST, SECOND = "93.184.215.14", "93.184.215.15"


def fetch(settings: FetchSettings, source: Source, *urls: str, role: Role = Role.report, **tools: Any) -> list[Fetched]:
    """The addresses one after the other, with one fetcher."""

    async def run() -> list[Fetched]:
        async with HttpFetcher(settings, **tools) as fetcher:
            return [await fetcher.fetch(url, source, role) for url in urls]

    return asyncio.run(run())


def test_the_exchange_is_what_went_over_the_wire(site: Site, quick: FetchSettings) -> None:
    packed = gzip.compress(site.page.encode())

    def route(handler: Any) -> None:
        handler.send_response_only(200, "Fine")
        for name, value in (("X-OddCase", "1"), ("x-oddcase", "2"), ("Content-Type", "text/html"),
                            ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))):  # fmt: skip
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(packed)

    site.routes |= {"/a.html?x=1": site.redirect("/b.html"), "/b.html": route}
    [got] = fetch(quick, site.source(), site.base + "/a.html?x=1")
    exchange = got.exchange
    assert got.page is not None and exchange is not None
    assert exchange.url == site.base + "/b.html" and exchange.ip_address == "127.0.0.1"
    assert (exchange.request_line, exchange.status_line) == ("GET /b.html HTTP/1.1", "HTTP/1.1 200 Fine")
    assert exchange.body == packed and got.page.content == site.page.encode()
    assert [pair for pair in exchange.response_headers if pair[0].lower() == b"x-oddcase"] == [
        (b"X-OddCase", b"1"), (b"x-oddcase", b"2")
    ]  # fmt: skip
    sent = {name.lower().decode(): value.decode() for name, value in exchange.request_headers}
    assert sent == {name.lower(): value for name, value in site.log[-1].headers.items()}
    assert timedelta(0) <= datetime.now(UTC) - exchange.sent_at < timedelta(seconds=20)


def test_what_is_not_a_page_has_no_exchange(site: Site, quick: FetchSettings) -> None:
    site.routes["/soft.html"] = "<title>404</title>"
    for got in fetch(quick, site.source(), site.base + "/soft.html", site.base + "/none.html", "ftp://x/"):
        assert got.page is None and got.exchange is None


def test_lists_may_come_as_data(site: Site, quick: FetchSettings) -> None:
    site.routes["/list.json"] = lambda h: site.send(h, 200, b'{"rows": []}', Content_Type="application/json")
    for role, outcome in ((Role.list_page, "ok"), (Role.report, "not_html")):
        assert fetch(quick, site.source(), site.base + "/list.json", role=role)[0].attempt.outcome == outcome


def test_bytes_that_no_header_may_hold_do_no_harm(site: Site, quick: FetchSettings) -> None:
    site.routes |= {
        "/a.html": lambda h: site.send(h, 200, site.page.encode(), ETag='"\xe9\u0080"'),
        "/b.html": site.redirect("/年报.html".encode("gb18030").decode("latin-1")),
        "/%C4%EA%B1%A8.html": site.page,
    }
    first, moved = fetch(quick, site.source(), site.base + "/a.html", site.base + "/b.html")
    assert first.attempt.outcome == "ok" and first.attempt.etag
    assert moved.attempt.outcome == "ok" and moved.attempt.final_url == site.base + "/%C4%EA%B1%A8.html"

    async def again() -> Fetched:
        async with HttpFetcher(quick) as fetcher:
            known = Known(etag=first.attempt.etag, last_modified="a\nb", content_sha256="ab")
            return await fetcher.fetch(site.base + "/a.html", site.source(), known=known)

    assert asyncio.run(again()).attempt.outcome == "ok"
    assert "If-None-Match" not in site.log[-1].headers


# --- names and addresses ---


class Dialler(httpcore.AsyncNetworkBackend):
    """Takes some public addresses to the test's site; at the others nobody listens."""

    def __init__(self, port: int, *alive: str) -> None:
        self.port = port
        self.alive = alive
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, port: int, *rest: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        if host not in self.alive:
            raise httpcore.ConnectError(f"nobody at {host}")
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port)


def always(*addresses: str) -> tuple[Callable[[str, int], Awaitable[list[str]]], list[str]]:
    asked: list[str] = []

    async def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return list(addresses)

    return resolver, asked


def test_a_name_is_looked_up_once(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/a.html": site.page, "/b.html": lambda h: site.send(h, 404, Connection="close")}
    resolver, asked = always(FIRST)
    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    urls = [f"http://x.gov.cn/{name}.html" for name in "abab"]
    fetch(quick, source, *urls, resolver=resolver, dialler=Dialler(site.port, FIRST))
    assert asked == ["x.gov.cn"]


def test_where_nobody_answers_at_one_address_the_next_is_dialled(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = lambda h: site.send(h, 200, site.page.encode(), Connection="close")
    resolver, _ = always("10.0.0.1", FIRST, SECOND)
    dialler = Dialler(site.port, SECOND)
    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    found = fetch(quick, source, *["http://x.gov.cn/a.html"] * 3, resolver=resolver, dialler=dialler)
    assert [one.exchange.ip_address for one in found if one.exchange] == [SECOND] * 3
    assert dialler.dialled.count(FIRST) == 1  # remembered; the private address is not even tried
    assert "10.0.0.1" not in dialler.dialled


def test_exceptions_are_for_own_hosts() -> None:
    source = Source(
        source_id="x", publisher="x", base_url="https://x.gov.cn", report_pages=("/a",), allow_private=True,
        attachment_hosts=("files.example",), tls="unverified", tls_reason="x",
    )  # fmt: skip
    errand = Errand(source, Limits(1, 1))
    assert errand.private("www.x.gov.cn") and not errand.private("files.example")
    assert errand.tls_modes("x.gov.cn") == ("strict", "legacy", "unverified")
    assert errand.tls_modes("files.example") == ("strict",)


# --- hosts that only fail ---


def test_a_host_that_only_fails_is_given_up_and_every_address_still_ends(site: Site, quick: FetchSettings) -> None:
    settings = replace(quick, give_up_after=3, tries=1)
    site.routes |= dict.fromkeys([f"/{n}.html" for n in range(6)], lambda h: site.send(h, 500))
    found = fetch(settings, site.source(), *(f"{site.base}/{n}.html" for n in range(6)))
    assert [one.attempt.outcome for one in found] == [Outcome.server_error] * 6
    assert sum(site.asked(f"/{n}.html") for n in range(6)) == 3
    assert "3 times in a row" in (found[-1].attempt.reason or "") and "500" in (found[-1].attempt.reason or "")


def test_a_host_that_sometimes_answers_is_not_given_up(site: Site, quick: FetchSettings) -> None:
    settings = replace(quick, give_up_after=2, tries=1)
    site.routes |= {"/bad.html": lambda h: site.send(h, 500), "/good.html": site.page}
    urls = [site.base + path for path in ("/bad.html", "/gone.html", "/bad.html", "/good.html", "/bad.html")]
    found = fetch(settings, site.source(), *urls)
    assert [one.attempt.outcome.value for one in found] == [
        "server_error",
        "gone",
        "server_error",
        "ok",
        "server_error",
    ]
    assert site.asked("/bad.html") == 3


def test_pauses_between_tries_grow(site: Site, quick: FetchSettings) -> None:
    settings = replace(quick, tries=4, backoff_initial=0.1, backoff_max=1.0, backoff_jitter=0.05)
    site.routes["/a.html"] = lambda h: site.send(h, 500)
    fetch(settings, site.source(), site.base + "/a.html")
    times = [asked.at for asked in site.log if asked.path == "/a.html"]
    waits = [after - before for before, after in itertools.pairwise(times)]
    assert all(wait >= least for wait, least in zip(waits, (0.1, 0.2, 0.4), strict=True)), waits


# --- bodies ---


def whole(*pieces: bytes, encoding: str | None = None, most: int = 1000) -> Any:
    async def sent() -> Any:
        for piece in pieces:
            yield piece

    return asyncio.run(read_body(sent(), encoding, most, most))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_members_of_gzip_come_out_whole_however_they_are_cut(size: int) -> None:
    packed = gzip.compress(b"a" * 300) + gzip.compress(b"") + gzip.compress(b"b" * 300)
    body = whole(*(packed[at : at + size] for at in range(0, len(packed), size)), encoding="gzip")
    assert body.content == b"a" * 300 + b"b" * 300 and body.raw == packed


def test_debris_behind_a_packed_page_is_not_part_of_it() -> None:
    assert whole(gzip.compress(b"page") + b"\0\0\0debris", encoding="gzip").content == b"page"


@pytest.mark.parametrize("encoding", [None, "", "identity", "UTF-8", "none"])
def test_what_is_not_packed_is_kept_once(encoding: str | None) -> None:
    body = whole(b"page", encoding=encoding)
    assert body.content == b"page" and body.raw is body.content


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_packings_that_were_not_asked_for(encoding: str) -> None:
    with pytest.raises(BrokenBody, match="not asked for"):
        whole(b"page", encoding=encoding)


def test_packed_bytes_without_content_have_a_limit_too() -> None:
    with pytest.raises(TooLarge):
        whole(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", *[b"\x00\x00\x00\xff\xff" * 100] * 9, encoding="gzip")


@pytest.mark.parametrize("encoding", ["gzip", "br", None])
def test_the_start_of_a_refusal_is_bounded_and_never_raises(encoding: str | None) -> None:
    async def endless() -> Any:
        yield gzip.compress(bytes(1_000_000))
        while True:
            yield b"x" * 100

    assert len(asyncio.run(read_start(endless(), encoding, 5000))) <= 5000
