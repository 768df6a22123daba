"""Manners: robots.txt, distance, pauses, conditional requests."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

from fetching import Site, ToLoopback, fetch, fetch_one, public

from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Fetched, Known, Outcome
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Politeness


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


def test_a_robots_file_with_a_byte_order_mark_is_obeyed(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/robots.txt": b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n", "/a.html": site.page}
    assert fetch_one(quick, site, "/a.html").attempt.outcome is Outcome.blocked_by_robots


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


def test_a_known_page_is_asked_for_conditionally(site: Site, quick: FetchSettings) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        assert handler.headers["If-None-Match"] == '"7"'
        site.send(handler, 304, b"", Content_Length="", Content_Type="")

    site.routes["/a.html"] = route
    known = Known(etag='"7"', content_sha256="ab")
    got = fetch(quick, site.source(), site.base + "/a.html", known=known)[0]
    assert got.page is None and got.attempt.outcome is Outcome.not_modified
    assert (got.attempt.content_sha256, got.attempt.etag) == ("ab", '"7"')


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


def test_rules_that_one_source_cannot_get_are_not_those_of_another(site: Site, quick: FetchSettings) -> None:
    """What a source's file excepts (private networks, TLS) holds on its own hosts: elsewhere it is a stranger."""
    site.routes["/a.html"] = site.page
    page = f"http://localhost:{site.port}/a.html"
    stranger = site.source(attachment_hosts=("localhost",))
    owner = site.source(base_url=f"http://localhost:{site.port}")

    async def run() -> list[str]:
        async with HttpFetcher(quick) as fetcher:
            return [str((await fetcher.fetch(page, source)).attempt.outcome) for source in (stranger, owner, stranger)]

    assert asyncio.run(run()) == ["private_address", "ok", "private_address"]
    assert site.asked("/robots.txt") == 1
