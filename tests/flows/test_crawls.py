"""The ledger of crawls: taking up what broke off, and noticing a source that has gone quiet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows import crawls
from flows.crawls import Crawl, Crawls, issues_of
from flows.land import UNCHANGED
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role
from scrapers.sources.schema import Source

SCHEMA = Path(crawls.__file__).parent / "warehouse/schema.sql"
NOWHERE = Path("no-archive")
NOW = datetime.now(UTC)


def source(least: int = 0) -> Source:
    return Source(
        source_id="county", publisher="某县", base_url="http://county.invalid/", list_pages=("/list/",),
        expected_minimum=least,
    )  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        yield connection


LIST = "http://county.invalid/list/"


def end(path: str, outcome: Outcome = Outcome.ok, role: Role = Role.report, found_on: str | None = LIST) -> Fetched:
    url = f"http://county.invalid{path}"
    return Fetched(None, Attempt("county", None, url, outcome, "a reason", NOW, role=role, found_on=found_on))


def attempt(con: duckdb.DuckDBPyConnection, run: str, path: str, outcome: str, role: str = "report") -> None:
    count = con.execute("select count(*) from raw.attempts").fetchone()
    con.execute(
        """
        insert into raw.attempts by name
        select ? as attempt_id, ? as run_id, 'county' as source_id, ? as source_url, ? as attempted_at, ? as outcome,
            ? as role, 'http://county.invalid/list/' as found_on, if(? in ('ok', 'unchanged'), 'sha', null) as content_sha256
        """,
        [f"{run}-{count}", run, f"http://county.invalid{path}", NOW, outcome, role, outcome],
    )


def found(crawl: Crawl, number: int) -> None:
    for place in range(number):
        crawl.note(end(f"/{place}.html"))


@pytest.mark.parametrize(
    ("number", "least", "previous", "codes"),
    [
        (10, 10, 10, []),
        (9, 10, 9, ["fewer_than_expected"]),
        (6, 0, 10, ["fewer_than_last_time"]),
        (7, 0, 10, []),
        (0, 0, None, []),
        (0, 1, 30, ["fewer_than_expected", "fewer_than_last_time"]),
        (1, 0, 2, []),  # one page of two is gone: no silence
    ],
)
def test_far_fewer_reports_are_noticed(number: int, least: int, previous: int | None, codes: list[str]) -> None:
    crawl = Crawl("c", source(least), {}, {})
    found(crawl, number)
    assert [code for code, _, _ in issues_of(crawl, previous)] == codes


def test_pages_count_once_and_only_reports_that_were_got() -> None:
    crawl = Crawl("c", source(), {}, {})
    for fetched in (
        end("/a.html"), end("/a.html", Outcome.not_modified), end("/b.html", Outcome.gone),
        end("/c.pdf", role=Role.attachment), end("/list/", Outcome.timeout, Role.list_page),
    ):  # fmt: skip
        crawl.note(fetched)
    assert crawl.reports == {"http://county.invalid/a.html"}
    assert [(code, "timeout" in detail) for code, detail, _ in issues_of(crawl, None)] == [("list_not_read", True)]


def test_reports_that_are_only_known_from_before_do_not_hide_an_empty_list(con: duckdb.DuckDBPyConnection) -> None:
    first = Crawls(con, NOWHERE, "run-1").open(source())
    found(first, 10)
    assert Crawls(con, NOWHERE, "run-1").close(first) == []
    own = source().model_copy(update={"report_pages": ("/own.html",)})
    second = Crawls(con, NOWHERE, "run-2").open(own)
    for place in range(10):  # the crawl asks for them at its end, and the site still has them
        second.note(end(f"/{place}.html", Outcome.not_modified, found_on=None))
    second.note(end("/own.html", Outcome.not_modified, found_on=None))
    assert second.reports == {"http://county.invalid/own.html"}
    assert Crawls(con, NOWHERE, "run-2").close(second) == ["fewer_than_last_time"]


def test_a_whole_crawl_is_not_taken_up_and_is_what_the_next_is_measured_by(con: duckdb.DuckDBPyConnection) -> None:
    first = Crawls(con, NOWHERE, "run-1").open(source())
    found(first, 10)
    assert Crawls(con, NOWHERE, "run-1").close(first) == []
    second = Crawls(con, NOWHERE, "run-2").open(source())
    assert (second.crawl_id != first.crawl_id, second.done) == (True, {})
    found(second, 3)
    assert Crawls(con, NOWHERE, "run-2").close(second) == ["fewer_than_last_time"]
    assert con.execute("select found, expected from ops.source_issues").fetchall() == [(3, 10)]


def test_a_crawl_that_broke_off_is_taken_up_without_what_it_got(con: duckdb.DuckDBPyConnection) -> None:
    first = Crawls(con, NOWHERE, "run-1").open(source())
    for path, outcome in (("/a.html", "ok"), ("/b.html", UNCHANGED), ("/c.html", "gone"), ("/d.html", "timeout")):
        attempt(con, "run-1", path, outcome)
    attempt(con, "run-1", "/list/", "ok", "list_page")
    second = Crawls(con, NOWHERE, "run-2").open(source())
    assert second.crawl_id == first.crawl_id
    assert {url.rpartition("invalid")[2] for url in second.done} == {"/a.html", "/b.html", "/c.html", "/list/"}
    assert second.done["http://county.invalid/a.html"] is not None
    assert second.done["http://county.invalid/c.html"] is None
    assert len(second.reports) == 2
    attempt(con, "run-2", "/d.html", "ok")
    third = Crawls(con, NOWHERE, "run-3").open(source())
    assert len(third.done) == 5, "what both runs got"
    found(third, 0)
    Crawls(con, NOWHERE, "run-3").close(third)
    assert con.execute("select reports_found from ops.crawls where ended_at is not null").fetchall() == [(3,)]
    assert Crawls(con, NOWHERE, "run-4").open(source()).done == {}


def test_a_crawl_that_broke_off_long_ago_begins_anew(con: duckdb.DuckDBPyConnection) -> None:
    first = Crawls(con, NOWHERE, "run-1").open(source())
    attempt(con, "run-1", "/a.html", "ok")
    con.execute("update ops.crawls set started_at = ?", [NOW - crawls.RESUME_WITHIN - timedelta(hours=1)])
    second = Crawls(con, NOWHERE, "run-2").open(source())
    assert (second.crawl_id != first.crawl_id, second.done) == (True, {})
