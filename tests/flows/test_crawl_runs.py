"""Whole crawls of a site: broken off and taken up again, unchanged, changed, gone, suddenly quiet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import crawled_site
import flow_fakes as fakes
import pytest

from flows.settings import PROJECT
from flows.warehouse.places import Places

LANDED = "select source_url from raw.attempts where outcome in ('ok', 'unchanged')"


@pytest.fixture
def site() -> Iterator[crawled_site.Site]:
    with crawled_site.serve() as served:
        served.fill(20)
        yield served


def landed(places: Places, site: crawled_site.Site) -> list[str]:
    return sorted(str(url).removeprefix(site.base) for (url,) in fakes.rows(places.landing, LANDED))


@pytest.mark.parametrize("batches", [1, 4])
def test_killed_in_the_middle_nothing_is_asked_twice_and_nothing_is_lost(
    site: crawled_site.Site, tmp_path: Path, batches: int
) -> None:
    places, sources = Places(tmp_path / "warehouse"), site.sources(tmp_path / "sources")
    here = Path(__file__).parent
    ended = subprocess.run(
        [sys.executable, str(here / "crawl_driver.py"), str(places.root), str(sources), str(batches)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), str(here)])},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]
    before = landed(places, site)
    assert len(before) == 3 * batches
    site.log.clear()

    summary = fakes.crawl_fake(places.root, sources)
    assert (summary.outcome, summary.source_issues) == ("published", [])
    assert not set(before) & set(site.asked()), "what had landed is not asked for again"
    assert landed(places, site) == sorted(site.pages), "every page once"
    assert fakes.rows(places.published_db, "select count(*) from marts.fct_metric_values") == [(20,)]
    crawls = fakes.rows(
        places.landing, "select crawl_id, ended_at is not null, reports_found from ops.crawls order by 2"
    )
    assert [(whole, found) for _, whole, found in crawls] == [(False, None), (True, 20)]
    assert len({identity for identity, _, _ in crawls}) == 1


def test_an_unchanged_site_gets_conditional_requests_only(site: crawled_site.Site, tmp_path: Path) -> None:
    places, sources = Places(tmp_path / "warehouse"), site.sources(tmp_path / "sources")
    fakes.crawl_fake(places.root, sources)
    site.log.clear()
    again = fakes.crawl_fake(places.root, sources)
    assert (again.outcome, again.pages_landed, again.outcomes) == ("unchanged", 0, {"unchanged": 21})
    assert sorted(site.asked()) == sorted(site.pages)
    assert all(conditional for path, conditional in site.log if path != "/robots.txt")


def test_a_changed_a_returned_and_a_deleted_page_are_told(site: crawled_site.Site, tmp_path: Path) -> None:
    places, sources = Places(tmp_path / "warehouse"), site.sources(tmp_path / "sources")
    fakes.crawl_fake(places.root, sources)
    first = site.pages["/1.html"]
    site.pages["/1.html"] = b"requests_received_new=100\n"
    del site.pages["/2.html"]
    site.list([f"/{number}.html" for number in range(3, 21)])  # the list names neither any more
    changed = fakes.crawl_fake(places.root, sources)
    assert (changed.outcome, changed.pages_landed) == ("published", 1)
    assert changed.outcomes == {"ok": 2, "unchanged": 18, "gone": 1}
    site.pages["/1.html"] = first
    back = fakes.crawl_fake(places.root, sources)
    assert (back.outcome, back.pages_landed) == ("published", 0), "an old content that comes back is news"
    assert fakes.crawl_fake(places.root, sources).outcome == "unchanged"


def test_a_source_gone_quiet_is_loud_and_its_data_stay(site: crawled_site.Site, tmp_path: Path) -> None:
    places, sources = Places(tmp_path / "warehouse"), site.sources(tmp_path / "sources", least=15)
    assert fakes.crawl_fake(places.root, sources).source_issues == []
    for number in range(6, 21):
        del site.pages[f"/{number}.html"]
    quiet = fakes.crawl_fake(places.root, sources)
    assert [line.rpartition(" ")[2] for line in quiet.source_issues] == [
        "(fewer_than_expected)",
        "(fewer_than_last_time)",
    ]
    assert "5 reports found" in quiet.source_issues[0]
    issues = "select issue_code, found, expected from ops.source_issues order by all"
    assert fakes.rows(places.landing, issues) == [("fewer_than_expected", 5, 15), ("fewer_than_last_time", 5, 20)]
    assert fakes.rows(places.published_db, "select count(*) from marts.fct_metric_values") == [(20,)]
