"""A publisher changes one report and deletes another: vintages, what changed, and the mark of the page that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.fetch import Origin
from flows.progress import Silence
from flows.run import Stages, run_once
from flows.settings import Settings, prepare_environment
from flows.warehouse.places import Places
from tests.flows import crawled_site
from tests.main_job.conftest import Published
from tests.main_job.cookbook import questions

REPORT = """<html><head><meta charset="utf-8"><title>景县{year}年政府信息公开工作年度报告</title></head><body>
<h1>景县{year}年政府信息公开工作年度报告</h1>
<p>本报告由景县人民政府编制,所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。</p>
<p>一、主动公开政府信息情况</p><p>{year}年,全县主动公开政府信息{disclosed}条。</p>
<p>二、依申请公开政府信息情况</p><p>{year}年,全县共收到政府信息公开申请{requests}件。</p>
<p>三、行政复议和行政诉讼情况</p><p>{review}</p></body></html>"""  # the figures are invented
NO_REVIEW = "全年未发生因政府信息公开引起的行政复议。"


def page(year: int, disclosed: int, requests: int, review: str = NO_REVIEW) -> bytes:
    return REPORT.format(year=year, disclosed=disclosed, requests=requests, review=review).encode()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The warehouse after two crawls; between them a page was changed, another one deleted, a third left as it was."""
    folder = tmp_path_factory.mktemp("site")
    places = Places(folder / "warehouse")
    prepare_environment(places.state)
    with crawled_site.serve() as site:
        site.pages = {"/a.html": page(2017, 812, 9), "/b.html": page(2016, 640, 4), "/c.html": page(2015, 501, 2)}
        site.list(["/a.html", "/b.html", "/c.html"])
        origin = Origin(sources=site.sources(folder / "sources"))

        def crawl() -> Published:
            return Published(places.root, run_once(places.root, origin, Settings(), Silence(), Stages()))

        assert crawl().summary.outcome == "published"
        site.pages["/a.html"] = page(2017, 812, 11, "全年发生因政府信息公开引起的行政复议1件。")
        del site.pages["/b.html"]
        again = crawl()
        assert again.summary.outcome == "published"
        assert crawl().summary.outcome == "unchanged"
    return again


def pages(folder: Path | str) -> str:
    return str(folder).rpartition("/")[2]


def test_both_vintages_are_kept_and_the_current_one_counts(changed: Published) -> None:
    rows = changed.rows(
        "select source_url, vintage_no, is_newest, changed_figures, gone_since is not null"
        " from marts.fct_page_vintages order by source_url, vintage_no"
    )
    assert [(pages(url), *rest) for url, *rest in rows] == [
        ("a.html", 1, False, None, False),
        ("a.html", 2, True, 2, False),
        ("b.html", 1, True, None, True),
        ("c.html", 1, True, None, False),
    ]
    wide = "select report_year, requests_received_new, review_total from marts.jurisdiction_years order by report_year"
    assert changed.rows(wide) == [(2015, 2.0, 0.0), (2016, 4.0, 0.0), (2017, 11.0, 1.0)]


def test_what_the_publisher_changed_is_told_figure_by_figure(changed: Published) -> None:
    rows = changed.rows(
        "select source_url, metric_id, change, old_value, new_value, old_printed, new_printed"
        " from marts.fct_page_changes order by metric_id"
    )
    assert [(pages(url), *rest[:4]) for url, *rest in rows] == [
        ("a.html", "requests_received_new", "changed", 9.0, 11.0),
        ("a.html", "review_total", "changed", 0.0, 1.0),
    ]
    assert "9" in rows[0][5] and "11" in rows[0][6]


def test_a_page_that_is_gone_keeps_its_data_and_says_since_when(changed: Published) -> None:
    [row] = changed.rows(
        "select v.last_seen_at < v.gone_since, v.gone_reason, r.is_current from marts.fct_page_vintages as v"
        " join marts.fct_reports as r using (report_id) where v.gone_since is not null"
    )
    assert row == (True, "answers 404", True)


def test_the_cookbook_finds_what_vanished_and_what_was_changed(changed: Published) -> None:
    path = "set search_path = 'marts,evidence,ops'; "
    [gone] = changed.rows(path + questions()[3].sql)
    assert (gone[0], pages(gone[1]), gone[3], gone[6]) == ("was here, is gone", "b.html", 2016, "answers 404")
    rows = changed.rows(path + questions()[4].sql)
    assert [(row[0], row[1], row[2], row[3], row[5], row[6]) for row in rows] == [
        ("景县", 2017, "same address", "requests_received_new", 9.0, 11.0),
        ("景县", 2017, "same address", "review_total", 0.0, 1.0),
    ]
