"""A whole source: lists, reports, annexes, in order, once each, bounded."""

from __future__ import annotations

import asyncio
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from flows.sample_server import serve_sample
from scrapers.fetch.crawl import crawl
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.listing import read_links
from scrapers.fetch.outcomes import Fetched, Known, Role
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Source, load_sample_source

Site = Any  # the fixture's, see conftest.py


def run(source: Source, settings: FetchSettings, already: dict[str, Known] | None = None) -> list[Fetched]:
    async def collect() -> list[Fetched]:
        async with HttpFetcher(settings) as fetcher:
            return [fetched async for fetched in crawl(source, fetcher, already)]

    return asyncio.run(collect())


def told(found: list[Fetched], base: str) -> list[tuple[str, str, str]]:
    rows = [one.attempt for one in found]
    return [(row.role.value, (row.source_url or "").removeprefix(base), row.outcome.value) for row in rows]


def report_link(name: str, year: int = 2018) -> str:
    return f'<li><a href="{name}">某县{year}年政府信息公开工作年度报告</a></li>'


def test_lists_then_reports_then_annexes_in_the_order_of_discovery(site: Site, quick: FetchSettings) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.2)
        site.send(handler, 200, site.page.encode())

    site.routes |= {
        "/index.html": '<a href="/zfb/index.html">县政府年度报告</a><a href="/xz/index.html">乡镇年度报告</a>',
        "/zfb/index.html": report_link("a.html") + report_link("b.html") + '<a href="index_1.html">下一页</a>',
        "/zfb/index_1.html": report_link("c.html") + '<a href="index.html">上一页</a><a href="index_1.html">2</a>',
        "/xz/index.html": report_link("/zfb/b.html") + report_link("d.html") + '<a href="javascript:go(2)">下一页</a>',
        "/zfb/a.html": slow,
        "/zfb/b.html": site.page + '<a href="b1.html">附表：情况统计表</a><a href="b.doc">附件</a>',
        "/zfb/b1.html": site.page + '<a href="b.doc">附件</a>',
        "/zfb/b.doc": lambda h: site.send(h, 200, b"\xd0\xcf\x11\xe0" + b"x" * 50, Content_Type="application/msword"),
        "/zfb/c.html": site.page,
    }
    found = run(site.source(), quick)
    assert told(found, site.base) == [
        ("list_page", "/index.html", "ok"), ("list_page", "/zfb/index.html", "ok"),
        ("list_page", "/xz/index.html", "ok"),
        ("list_page", "/zfb/index_1.html", "ok"),
        ("report", "/zfb/a.html", "ok"), ("report", "/zfb/b.html", "ok"), ("report", "/xz/d.html", "gone"),
        ("report", "/zfb/c.html", "ok"),
        ("attachment", "/zfb/b1.html", "ok"), ("attachment", "/zfb/b.doc", "ok"),
    ]  # fmt: skip
    assert len(site.log) == len({asked.path for asked in site.log})  # nothing twice
    annex = found[-1].attempt
    assert annex.found_on == site.base + "/zfb/b.html" and annex.link_text == "附件"
    assert told(run(site.source(), quick), site.base) == told(found, site.base)


def test_a_list_that_goes_round_in_ever_new_addresses_ends(site: Site, quick: FetchSettings) -> None:
    for number in range(50):
        site.routes[f"/index.html?p={number}"] = report_link("a.html") + f'<a href="?p={number + 1}">下一页</a>'
    site.routes |= {"/index.html": site.routes["/index.html?p=0"], "/a.html": site.page}
    found = run(site.source(), quick)
    assert sum(role == "list_page" for role, _, _ in told(found, site.base)) == 3
    assert told(found, site.base)[-1] == ("report", "/a.html", "ok")


def test_too_many_list_pages_and_too_many_pages_are_told(site: Site, quick: FetchSettings) -> None:
    for number in range(9):
        site.routes[f"/index_{number}.html"] = (
            report_link(f"{number}.html") + f'<a href="index_{number + 1}.html">下一页</a>'
        )
        site.routes[f"/{number}.html"] = site.page
    found = told(run(site.source(list_pages=("/index_0.html",), max_list_pages=4, max_pages=2), quick), site.base)
    assert [row for row in found if row[2] == "over_limit"] == [
        ("list_page", "/index_4.html", "over_limit"), ("report", "/2.html", "over_limit"),
    ]  # fmt: skip
    assert sum(row[2] == "ok" for row in found) == 6


def test_a_folder_of_a_year_named_like_a_report_is_opened(site: Site, quick: FetchSettings) -> None:
    names = [f"/2018/{number}.html" for number in range(6)]
    site.routes |= {
        "/index.html": report_link("/2018/"),
        "/2018/": "".join(map(report_link, names)),
        **dict.fromkeys(names, site.page),
    }
    assert [row[1] for row in told(run(site.source(), quick), site.base)] == ["/index.html", "/2018/", *names]


def test_off_site_reports_are_told_and_not_asked(site: Site, quick: FetchSettings) -> None:
    site.routes["/index.html"] = report_link("http://other.example/a.html") * 2
    assert told(run(site.source(), quick), site.base)[1:] == [
        ("report", "http://other.example/a.html", "off_site_link")
    ]


def test_a_list_that_cannot_be_got_is_a_row(site: Site, quick: FetchSettings) -> None:
    source = site.source(report_pages=("/a.html",))
    site.routes["/a.html"] = site.page
    assert told(run(source, quick), site.base) == [("list_page", "/index.html", "gone"), ("report", "/a.html", "ok")]


def test_stopping_early_leaves_nothing_running(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/index.html": "".join(report_link(f"{number}.html") for number in range(30))}

    async def first_two() -> int:
        async with HttpFetcher(quick) as fetcher:
            found = crawl(site.source(), fetcher)
            await anext(found)
            await anext(found)
            await found.aclose()
            return len(asyncio.all_tasks())

    assert asyncio.run(first_two()) == 1
    assert len(site.log) < 10


# --- the server of the sample ---


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    (tmp_path / "site" / "nb").mkdir(parents=True)
    root = tmp_path / "site"
    (root / "index.html").write_text('<a href="nb/">县年度报告</a>', encoding="utf-8")
    (root / "nb" / "index.html").write_bytes((report_link("a.html") + report_link("b.pdf")).encode("gb18030"))
    (root / "nb" / "a.html").write_text(
        '<meta name="PubDate" content="2019-03-07 10:00">' + "字" * 500, encoding="utf-8"
    )
    (root / "nb" / "b.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (root / "out.html").symlink_to(tmp_path / "secret.html")
    return root


def test_the_sample_is_crawled_and_the_second_time_only_conditionally(sample: Path, quick: FetchSettings) -> None:
    with serve_sample(sample) as base:
        source = load_sample_source(base)
        first = run(source, quick)
        assert told(first, base) == [
            ("list_page", "/index.html", "ok"), ("list_page", "/nb/", "ok"), ("report", "/nb/a.html", "ok"),
            ("report", "/nb/b.pdf", "ok"),
        ]  # fmt: skip
        kept = {}
        for one in first:
            assert one.page is not None and one.attempt.source_url is not None
            content = one.page.content
            kept[one.attempt.source_url] = Known(
                one.attempt.etag, one.attempt.last_modified, one.attempt.content_sha256, lambda content=content: content
            )
        second = run(source, quick, kept)
        assert [row[:2] for row in told(second, base)] == [row[:2] for row in told(first, base)]
        assert {one.attempt.outcome.value for one in second} == {"not_modified"}
        assert [one.attempt.content_sha256 for one in second] == [one.attempt.content_sha256 for one in first]
        (sample / "nb" / "a.html").write_text("anders" * 100, encoding="utf-8")
        third = run(source, quick, kept)
        assert [one.attempt.outcome.value for one in third] == ["not_modified", "not_modified", "ok", "not_modified"]
    assert first[2].attempt.content_type == "text/html"
    assert first[2].attempt.last_modified == "Thu, 07 Mar 2019 00:00:00 GMT"
    assert first[3].attempt.content_type == "application/pdf"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/nb/..%2f..%2fsecret.html",
        "/out.html",
        "//etc/passwd",
        "/nb/%00",
        "/..\\secret.html",
    ],
)
def test_the_sample_server_stays_in_its_folder(sample: Path, path: str) -> None:
    import socket

    with serve_sample(sample) as base, socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2]))) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := wire.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 404") and b"secret" not in answer.partition(b"\r\n\r\n")[2]


def test_a_missing_sample_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"), serve_sample(tmp_path / "nothing"):
        pass


# --- lists in JSON and in scripts ---


def test_a_list_in_json_is_turned_to_its_end(site: Site, quick: FetchSettings) -> None:
    def page(number: int) -> Any:
        entry = f'{{"title": "某县{2017 + number}年政府信息公开工作年度报告", "url": "/{number}.html"}}'
        answer = f'{{"articles": [{entry}], "classify": {{"post_count": 3}}}}'.encode()
        return lambda handler: site.send(handler, 200, answer, Content_Type="application/json")

    for number in (1, 2, 3):
        site.routes[f"/api/all/7?page={number}&sid=1"] = page(number)
        site.routes[f"/{number}.html"] = site.page
    found = told(run(site.source(family="kaipuyun_post", list_pages=("/api/all/7?page=1&sid=1",)), quick), site.base)
    assert [row[1] for row in found] == [
        "/api/all/7?page=1&sid=1", "/api/all/7?page=2&sid=1", "/api/all/7?page=3&sid=1", "/1.html", "/2.html", "/3.html",
    ]  # fmt: skip
    assert {row[2] for row in found} == {"ok"}


def test_a_list_that_brings_its_entries_group_by_group(site: Site, quick: FetchSettings) -> None:
    def group(number: int, more: bool) -> str:
        turn = f'<a href="/jpage/dataproxy.jsp?page={number + 1}&columnid=12"></a>' if more else '<a href=""></a>'
        record = f"<record><![CDATA[{report_link(f'/art/{number}.html', 2010 + number)}]]></record>"
        return f"<datastore><nextgroup><![CDATA[{turn}]]></nextgroup><recordset>{record}</recordset></datastore>"

    site.routes |= {
        "/col/col12/index.html": f'<div><script type="text/xml">{group(0, True)}</script></div>',
        "/jpage/dataproxy.jsp?page=1&columnid=12": group(1, True),
        "/jpage/dataproxy.jsp?page=2&columnid=12": group(2, False),
        **{f"/art/{number}.html": site.page for number in range(3)},
    }
    found = told(run(site.source(family="jcms", list_pages=("/col/col12/index.html",)), quick), site.base)
    assert [row[1] for row in found if row[0] == "report"] == ["/art/0.html", "/art/1.html", "/art/2.html"]
    assert {row[2] for row in found} == {"ok"} and len(found) == 6


def test_one_address_a_year(site: Site, quick: FetchSettings) -> None:
    address = "/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime={}"
    site.routes |= {address.format(year): site.page for year in (2016, 2018)}
    source = site.source(
        family="jcms_annual_report", list_pages=(), report_pages=(address.format(2018),), list_pages_missing="no list"
    )
    found = run(source, quick)
    got = [one.attempt.source_url[-4:] for one in found if one.page is not None and one.attempt.source_url]
    assert got == ["2018", "2016"]
    asked = [one.attempt.source_url[-4:] for one in found if one.attempt.source_url]
    assert asked[0] == "2018" and asked[-1] == "2008" and len(asked) == len(set(asked))


# --- what is known and no longer named ---


def known_from(found: list[Fetched]) -> dict[str, Known]:
    kept = {}
    for one in found:
        if one.page is not None and one.attempt.source_url is not None:
            content, attempt = one.page.content, one.attempt
            kept[one.attempt.source_url] = Known(
                attempt.etag,
                attempt.last_modified,
                attempt.content_sha256,
                lambda content=content: content,
                attempt.role,
            )
    return kept


def test_known_pages_that_no_list_names_any_more_are_asked_again(site: Site, quick: FetchSettings) -> None:
    site.routes |= {
        "/index.html": report_link("a.html") + report_link("b.html", 2017) + report_link("nb/", 2016) + '<a href="old/">年报</a>',
        "/old/": report_link("/c.html", 2012),
        "/nb/": site.page,
        "/a.html": site.page + '<a href="a.doc">附件</a>',
        "/a.doc": lambda h: site.send(h, 200, b"\xd0\xcf\x11\xe0" + b"x" * 50, Content_Type="application/msword"),
        "/b.html": site.page, "/c.html": site.page,
    }  # fmt: skip
    kept = known_from(run(site.source(), quick))
    assert {known.role.value for known in kept.values() if known.role} == {"list_page", "report", "attachment"}
    site.routes["/index.html"] = report_link("a.html")
    site.routes["/a.html"] = site.page
    del site.routes["/b.html"], site.routes["/old/"]
    site.log.clear()
    second = told(run(site.source(), quick, kept), site.base)
    assert second[:2] == [("list_page", "/index.html", "ok"), ("report", "/a.html", "ok")]
    assert sorted(second[2:]) == [
        ("attachment", "/a.doc", "ok"), ("report", "/b.html", "gone"), ("report", "/c.html", "ok"), ("report", "/nb/", "ok"),
    ]  # fmt: skip
    assert site.asked("/old/") == 0  # a list that is named no more is no page that vanished


def test_known_pages_are_asked_again_where_the_list_is_lost_and_within_the_limit(
    site: Site, quick: FetchSettings
) -> None:
    kept = {f"{site.base}/{number}.html": Known(role=Role.report) for number in range(5)}
    kept[f"{site.base}/unknown.html"] = Known()
    site.routes |= {f"/{number}.html": site.page for number in range(5)}
    found = told(run(site.source(max_pages=3), quick, kept), site.base)
    assert [row[2] for row in found] == ["gone", "ok", "ok", "ok", "over_limit"]
    assert site.asked("/unknown.html") == 0


def test_known_pages_are_asked_conditionally(site: Site, quick: FetchSettings) -> None:
    def with_tag(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == '"1"':
            site.send(handler, 304, b"", Content_Type="", Content_Length="")
        else:
            site.send(handler, 200, site.page.encode(), ETag='"1"')

    site.routes |= {"/index.html": report_link("a.html"), "/a.html": with_tag}
    kept = known_from(run(site.source(), quick))
    site.routes["/index.html"] = "<p>nothing</p>"
    assert told(run(site.source(), quick, kept), site.base)[1:] == [("report", "/a.html", "not_modified")]


def test_a_crawl_taken_up_again_asks_for_the_rest_only(site: Site, quick: FetchSettings) -> None:
    site.routes |= {
        "/index.html": report_link("a.html") + report_link("b.html") + '<a href="index_1.html">下一页</a>',
        "/index_1.html": report_link("c.html"),
        "/a.html": site.page + '<a href="a1.html">附表：情况统计表</a>',
        "/a1.html": site.page,
        "/b.html": site.page,
        "/c.html": site.page,
    }
    whole = run(site.source(), quick)
    for kept in range(len(whole) + 1):
        done = {
            str(one.attempt.source_url): Known(content=lambda page=one.page: page.content, role=one.attempt.role)
            for one in whole[:kept]
        }
        site.log.clear()
        rest = run_done(site.source(), quick, done)
        assert sorted(told([*whole[:kept], *rest], site.base)) == sorted(told(whole, site.base)), kept
        assert len(site.log) == len(whole) - kept + (1 if kept < len(whole) else 0), "the rest and robots.txt"


def test_what_was_gone_in_a_crawl_taken_up_stays_gone(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/index.html": report_link("a.html") + report_link("b.html"), "/b.html": site.page}
    rest = run_done(site.source(), quick, {site.base + "/a.html": None})
    assert told(rest, site.base) == [("list_page", "/index.html", "ok"), ("report", "/b.html", "ok")]


def run_done(source: Source, settings: FetchSettings, done: dict[str, Known | None]) -> list[Fetched]:
    async def collect() -> list[Fetched]:
        async with HttpFetcher(settings) as fetcher:
            return [fetched async for fetched in crawl(source, fetcher, None, done)]

    return asyncio.run(collect())


def test_an_unchanged_page_whose_copy_cannot_be_read_is_got_again(site: Site, quick: FetchSettings) -> None:
    def with_tag(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == '"1"':
            site.send(handler, 304, b"", Content_Type="", Content_Length="")
        else:
            site.send(handler, 200, (site.page + '<a href="a1.html">附表</a>').encode(), ETag='"1"')

    site.routes |= {"/index.html": report_link("a.html"), "/a.html": with_tag, "/a1.html": site.page}
    broken = {site.base + "/a.html": Known('"1"', content=lambda: None, role=Role.report)}
    found = run(site.source(), quick, broken)
    assert told(found, site.base)[1:] == [("report", "/a.html", "ok"), ("attachment", "/a1.html", "ok")]
    assert site.asked("/a.html") == 2


def test_links_that_cannot_be_read_are_told_and_the_crawl_goes_on(
    site: Site, quick: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(content: bytes, url: str, *others: Any) -> Any:
        if url.endswith("/a.html"):
            raise RecursionError("odd")
        return read_links(content, url, *others)

    monkeypatch.setattr("scrapers.fetch.crawl.read_links", read)
    site.routes |= {
        "/index.html": report_link("a.html") + report_link("b.html"),
        "/a.html": site.page,
        "/b.html": site.page,
    }
    found = run(site.source(), quick)
    assert told(found, site.base)[1:] == [
        ("report", "/a.html", "ok"), ("report", "/b.html", "ok"), ("report", "/a.html", "links_not_read"),
    ]  # fmt: skip
