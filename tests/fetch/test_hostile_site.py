"""A crawl of a site that behaves as badly as sites do: each address ends in its outcome, within its limit."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hostile.process import HostileSite, hostile_site

from scrapers.fetch.crawl import crawl
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Fetched, Outcome
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Politeness, Source

SETTINGS = FetchSettings(
    connect_timeout=1.0, read_timeout=0.5, total_timeout=1.2, tries=3, backoff_initial=0.02, backoff_max=0.05,
    backoff_jitter=0.02, retry_after_max=3.0, max_bytes_html=2_000_000, max_bytes_pdf=4_000_000, give_up_after=1000,
)  # fmt: skip
# path, outcome, how often it may be asked at most
ENDS = [
    ("/good.html", "ok", 1),
    ("/private/a.html", "blocked_by_robots", 0),
    ("/loop/a.html", "too_many_redirects", 3),
    ("/loop/new.html", "too_many_redirects", 1),
    ("/to/private", "private_address", 1),
    ("/to/metadata", "private_address", 1),
    ("/to/metadata-alibaba", "private_address", 1),
    ("/to/ipv6", "private_address", 1),
    ("/to/decimal", "private_address", 1),
    ("/to/file", "bad_url", 1),
    ("/to/script", "bad_url", 1),
    ("/to/elsewhere", "redirected_off_site", 1),
    ("/to/nothing-there", "soft_404", 1),
    ("/to/front", "gone", 1),
    ("/to/robots-forbid", "blocked_by_robots", 1),
    ("/to/enter", "login_page", 1),
    ("/to/enter-elsewhere", "login_page", 1),
    ("/cookie.html", "ok", 2),
    ("/cookie-never.html", "too_many_redirects", 6),
    ("/slow-head.html", "timeout", 1),
    ("/slow-body.html", "timeout", 1),
    ("/slow-error.html", "refused", 1),
    ("/silence.html", "timeout", 3),
    ("/endless.html", "too_large", 1),
    ("/endless-error.html", "refused", 1),
    ("/endless-empty-gzip.html", "too_large", 1),
    ("/bomb.html", "too_large", 1),
    ("/not-gzip.html", "connection_error", 3),
    ("/brotli.html", "connection_error", 3),
    ("/charset-as-packing.html", "ok", 1),
    ("/two-members.html", "ok", 1),
    ("/too-big-said.html", "timeout", 3),
    ("/odd-length.html", "connection_error", 3),
    ("/two-lengths.html", "connection_error", 3),
    ("/no-type.html", "ok", 1),
    ("/wrong-charset.html", "ok", 1),
    ("/no-such-charset.html", "ok", 1),
    ("/picture.html", "not_html", 1),
    ("/huge-head.html", "too_large", 1),
    ("/many-heads.html", "too_large", 1),
    ("/empty.html", "empty", 1),
    ("/length-too-long.html", "connection_error", 3),
    ("/length-too-short.html", "connection_error", 3),
    ("/two-answers.html", "connection_error", 3),
    ("/drop.html", "connection_error", 3),
    ("/drop-half.html", "connection_error", 3),
    ("/drop-once.html", "ok", 2),
    ("/not-http.html", "connection_error", 3),
    ("/busy-once.html", "ok", 2),
    ("/burst.html", "ok", 3),
    ("/busy-always.html", "server_error", 3),
    ("/broken-always.html", "server_error", 3),
    ("/soft-404.html", "soft_404", 1),
    ("/soft-404-gbk.html", "soft_404", 1),
    ("/login.html", "login_page", 1),
    ("/log-in-first.html", "login_page", 1),
    ("/report-with-login-box.html", "ok", 1),
    ("/waf/412.html", "waf_challenge", 1),
    ("/waf/202.html", "waf_challenge", 1),
    ("/waf/200.html", "waf_challenge", 1),
    ("/waf/521.html", "waf_challenge", 1),
    ("/waf/arg1.html", "waf_challenge", 1),
    ("/waf/468.html", "waf_challenge", 1),
    ("/waf/403.html", "waf_challenge", 1),
    ("/waf/any.html", "waf_challenge", 1),
    ("/waf/packed.html", "waf_challenge", 1),
    ("/waf/passed.html", "ok", 1),
    ("/refused.html", "refused", 1),
    ("/nowhere.html", "gone", 1),
]


@pytest.fixture(scope="module")
def site() -> Iterator[HostileSite]:
    with hostile_site() as running:
        yield running


def source_of(site: HostileSite, **changes: object) -> Source:
    values: dict[str, object] = {
        "source_id": "hostile", "publisher": "某县", "base_url": site.base, "list_pages": ("/list.html",),
        "allow_private": True, "politeness": Politeness(seconds_between_requests=0, max_concurrency=16),
    }  # fmt: skip
    return Source.model_validate({**values, **changes})


@pytest.fixture(scope="module")
def ends(site: HostileSite) -> dict[str, tuple[Fetched, float]]:
    """All addresses asked for side by side with one fetcher: path → end and seconds."""
    source = source_of(site)

    async def timed(fetcher: HttpFetcher, path: str) -> tuple[Fetched, float]:
        start = time.monotonic()
        return await fetcher.fetch(site.base + path, source), time.monotonic() - start

    async def run() -> dict[str, tuple[Fetched, float]]:
        async with HttpFetcher(SETTINGS) as fetcher:
            paths = [path for path, _, _ in ENDS]
            found = await asyncio.gather(*(timed(fetcher, path) for path in paths))
            assert len(asyncio.all_tasks()) == 1  # nothing goes on behind
            return dict(zip(paths, found, strict=True))

    return asyncio.run(run())


@pytest.mark.parametrize(("path", "outcome", "most"), ENDS)
def test_each_ends_in_its_outcome(
    site: HostileSite, ends: dict[str, tuple[Fetched, float]], path: str, outcome: str, most: int
) -> None:
    fetched, _ = ends[path]
    attempt = fetched.attempt
    assert attempt.outcome == outcome, attempt
    assert (attempt.reason is None) == (outcome == "ok")
    assert (fetched.page is not None) == (fetched.exchange is not None) == (outcome == "ok")
    assert sum(seen.path == path for seen in site.log()) <= most


def test_all_of_it_takes_no_longer_than_the_limits_allow(ends: dict[str, tuple[Fetched, float]]) -> None:
    """The longest is three silences; all wait for 16 places and for what busy.html asks for, and no more."""
    assert max(seconds for _, seconds in ends.values()) < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000  # kB: no bomb unfolded


def test_a_page_keeps_its_bytes_as_they_were_sent(ends: dict[str, tuple[Fetched, float]]) -> None:
    fetched, _ = ends["/two-members.html"]
    assert fetched.page is not None and fetched.exchange is not None
    assert fetched.page.content.decode().count("三百") == 60
    assert fetched.exchange.body[:2] == b"\x1f\x8b" and len(fetched.exchange.body) < len(fetched.page.content)


def test_what_lies_behind_an_answer_is_not_the_next_one(site: HostileSite) -> None:
    async def run() -> list[Fetched]:
        async with HttpFetcher(replace(SETTINGS, tries=1)) as fetcher:
            source = source_of(site)
            return [await fetcher.fetch(site.base + path, source) for path in ("/two-answers.html", "/good.html")]

    first, second = asyncio.run(run())
    assert first.attempt.outcome is Outcome.connection_error and "Content-Length" in (first.attempt.reason or "")
    assert second.page is not None and "九百" not in second.page.content.decode()


def test_a_crawl_of_it_ends_and_goes_on_past_every_fault(site: HostileSite) -> None:
    async def run() -> list[Fetched]:
        async with HttpFetcher(SETTINGS) as fetcher:
            return [fetched async for fetched in crawl(source_of(site), fetcher)]

    start = time.monotonic()
    found = asyncio.run(run())
    assert time.monotonic() - start < 15
    told = {(row.attempt.source_url or "").removeprefix(site.base): row.attempt.outcome.value for row in found}
    lists = [path for path in told if path.startswith("/list.html")]
    assert 1 <= len(lists) <= 4  # it goes round in ever new addresses
    assert {path: told[path] for path in told if path not in lists} == {
        "/good.html": "ok",
        "/slow-body.html": "timeout",
        "/bomb.html": "too_large",
        "/drop.html": "connection_error",
        "/cookie.html": "ok",
        "http://169.254.169.254/x": "off_site_link",
    }
