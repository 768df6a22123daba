"""Recheck and backfill as whole runs: what they ask, and that they say nothing about a source going quiet."""

from __future__ import annotations

from pathlib import Path

import flow_fakes as fakes
import pytest
from crawled_site import Site, serve

from flows.faults import UsageFault
from flows.fetch import Origin
from flows.history import Caller, Summary
from flows.progress import Silence
from flows.run import run_once
from flows.warehouse.places import Places
from scrapers.fetch.reach import RECHECK, Reach, backfill
from scrapers.sources.selection import Selection


def _run(places: Places, sources: Path, reach: Reach, flow: str) -> Summary:
    origin = Origin(sources=sources, reach=reach)
    return run_once(
        places.root, origin, fakes.settings(), Silence(), fakes.parts(), fakes.read_fake, fakes.VERSION, Caller(flow)
    )


def test_recheck_sees_what_was_revised_taken_away_and_put_back(tmp_path: Path) -> None:
    with serve() as site:
        site.fill(4)
        places, sources = Places(tmp_path / "warehouse"), site.sources(tmp_path / "sources", 4)
        back = site.pages.pop("/4.html")  # named by the list, but not there yet
        fakes.crawl_fake(places.root, sources)
        site.pages["/1.html"] = b"requests_received_new=100\n"
        gone = site.pages.pop("/2.html")
        site.pages["/4.html"] = back
        site.list([])  # a recheck does not look at the list
        site.log.clear()
        done = _run(places, sources, RECHECK, "recheck")
        assert done.outcome == "published"
        assert sorted(site.asked()) == ["/1.html", "/2.html", "/3.html", "/4.html"]
        assert dict(site.log)["/3.html"], "asked conditionally"
        assert done.outcomes == {"ok": 2, "gone": 1, "unchanged": 1}
        site.pages["/2.html"] = gone
        assert _run(places, sources, RECHECK, "recheck").outcomes["unchanged"] >= 3
        values = fakes.rows(places.published_db, "select value from marts.fct_metric_values order by 1")
        assert values == [(1.0,), (2.0,), (3.0,), (4.0,), (100.0,)]
    flows = fakes.rows(places.landing, "select flow from ops.runs order by started_at")
    assert flows == [("refresh",), ("recheck",), ("recheck",)]
    crawls = fakes.rows(places.landing, "select count(*), count(ended_at), max(reports_found) from ops.crawls")
    assert crawls == [(1, 1, 3)], "only the whole crawl counts reports"


def test_backfill_neither_ends_nor_begins_a_whole_crawl(tmp_path: Path) -> None:
    with serve() as site:
        _two_years(site)
        places, sources = Places(tmp_path / "warehouse"), site.sources(tmp_path / "sources", 5)
        done = _run(places, sources, backfill(frozenset({2021})), "backfill")
        assert sorted(site.asked()) == ["/2021.html", "/index.html"]
        assert done.source_issues == []
        assert str(done.source).endswith("(years 2021)")
        assert fakes.rows(places.landing, "select count(*) from ops.crawls") == [(0,)]
        assert len(fakes.rows(places.landing, "from ops.sources")) == 1, "its units are expected to report"
        whole = fakes.crawl_fake(places.root, sources)
        assert len(whole.source_issues) == 1
        assert whole.new_issues == whole.source_issues
        again = fakes.crawl_fake(places.root, sources)
        assert again.source_issues and not again.new_issues, "noticed before"


def _two_years(site: Site) -> None:
    words = "某县{}年政府信息公开工作年度报告"
    site.pages = {f"/{year}.html": b"requests_received_new=1\n" for year in (2020, 2021)}
    links = "".join(f'<li><a href="/{year}.html">{words.format(year)}</a></li>' for year in (2020, 2021))
    site.pages["/index.html"] = f"<html><body>{links}</body></html>".encode()


def test_selection_that_means_no_publisher_is_refused(tmp_path: Path) -> None:
    with serve() as site:
        sources = site.sources(tmp_path / "sources")
        Origin(sources=sources, selection=Selection((), ("plain_list",))).check()
        with pytest.raises(UsageFault, match="No publisher"):
            Origin(sources=sources, selection=Selection(("33",))).check()
        with pytest.raises(UsageFault, match="no_such"):
            Origin(sources=sources, selection=Selection((), ("no_such",))).check()


def test_crawls_that_take_too_long_go_on_in_the_next_run(tmp_path: Path) -> None:
    with serve() as site:
        site.fill(3)
        places, sources = Places(tmp_path / "warehouse"), site.sources(tmp_path / "sources")
        origin = Origin(sources=sources)
        short = fakes.settings(fetch_seconds=0.001)
        done = run_once(places.root, origin, short, Silence(), fakes.parts(), fakes.read_fake, fakes.VERSION)
        assert done.outcome == "published"
        assert fakes.crawl_fake(places.root, sources).pages_landed == 3
        counted = "select count(*), count(distinct crawl_id), count(ended_at) from ops.crawls"
        assert fakes.rows(places.landing, counted) == [(2, 1, 1)], "one crawl, taken up by the second run"
