"""Crawls that go only a part of the way: some years, or what is known; and the choice of sources."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scrapers.fetch.crawl import crawl
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Known, Role
from scrapers.fetch.reach import RECHECK, WHOLE, Reach, backfill
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Source
from scrapers.sources.selection import ALL, Selection, area_of

Site = Any  # the fixture's, see conftest.py


def _asked(site: Site, settings: FetchSettings, reach: Reach, known: dict[str, Known] | None = None) -> list[str]:
    async def collect() -> list[str]:
        async with HttpFetcher(settings) as fetcher:
            found = crawl(site.source(), fetcher, known, None, reach)
            return [(one.attempt.source_url or "").removeprefix(site.base) async for one in found]

    return asyncio.run(collect())


@pytest.fixture
def filled(site: Site) -> Site:
    def link(name: str, words: str) -> str:
        return f'<li><a href="{name}">{words}</a></li>'

    site.routes |= {
        "/index.html": link("/2021.html", "某县2021年政府信息公开工作年度报告")
        + link("/2022.html", "某县2022年政府信息公开工作年度报告")
        + link("/any.html", "某县政府信息公开工作年度报告")
        + link("/2023/index.html", "2023年"),
        "/2023/index.html": link("late.html", "某县2022年政府信息公开工作年度报告"),
        "/2021.html": site.page, "/any.html": site.page, "/old.html": site.page, "/2023/late.html": site.page,
        "/2022.html": site.page + '<a href="b.doc">附件</a>',
    }  # fmt: skip
    return site


def test_years_leave_out_only_what_says_another_year(filled: Site, quick: FetchSettings) -> None:
    known = {f"{filled.base}/old.html": Known(role=Role.report)}
    asked = _asked(filled, quick, backfill(frozenset({2022})), known)
    assert asked == ["/index.html", "/2023/index.html", "/2022.html", "/any.html", "/2023/late.html", "/b.doc"]
    assert "/2021.html" in _asked(filled, quick, backfill(frozenset()), known)
    assert "/old.html" in _asked(filled, quick, WHOLE, known)


def test_recheck_asks_what_is_known_and_reads_no_list(filled: Site, quick: FetchSettings) -> None:
    known = {
        f"{filled.base}/old.html": Known(role=Role.report),
        f"{filled.base}/2022.html": Known(role=Role.report),
        f"{filled.base}/index.html": Known(role=Role.list_page),
    }
    assert _asked(filled, quick, RECHECK, known) == ["/old.html", "/2022.html", "/b.doc"]
    assert not RECHECK.is_whole and not backfill(frozenset()).is_whole and WHOLE.is_whole


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("33", "33"),
        ("330000", "33"),
        ("3306", "3306"),
        ("330600", "3306"),
        ("330602", "330602"),
        ("110101001", "110101001"),
    ],
)
def test_codes_of_areas(code: str, area: str) -> None:
    assert area_of(code) == area


def test_selection_of_sources() -> None:
    def source(name: str, code: str | None, family: str = "plain_list") -> Source:
        return Source(
            source_id=name, publisher="某", jurisdiction_code=code, family=family, base_url="http://a.example",
            list_pages=("/",),
        )  # fmt: skip

    sources = [source("a", "330602"), source("b", "330000", "jcms"), source("c", "320000"), source("d", None)]

    def names(selection: Selection) -> list[str]:
        return [one.source_id for one in selection.of(sources)]

    assert names(ALL) == ["a", "b", "c", "d"]
    assert names(Selection(("330000",))) == ["a", "b"]
    assert names(Selection(("3306", "32"))) == ["a", "c"]
    assert names(Selection(("33",), ("jcms",))) == ["b"]
    assert names(Selection((), ("plain_list",))) == ["a", "c", "d"]
    assert Selection(("33", "330602"), ("jcms",)).faults() == []
    assert len(Selection(("3", "33060", "三三"), ("no_such",)).faults()) == 4
