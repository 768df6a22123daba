"""Names in the landing database: read once a version, again where the words or the source's file say something else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows import crawls
from flows.crawls import keep_source
from flows.fingerprint import input_fingerprint
from flows.naming import read_names, towns_and_zones
from scrapers.sources.schema import Source

SCHEMA = Path(crawls.__file__).parent / "warehouse/schema.sql"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        yield connection


def source(publisher: str = "景县人民政府", code: str = "131127", level: str = "county") -> Source:
    return Source(
        source_id="one", publisher=publisher, jurisdiction_code=code, level=level, base_url="http://one.invalid/",
        list_pages=("/list/",),
    )  # fmt: skip


def attempt(con: duckdb.DuckDBPyConnection, number: int, path: str, words: str | None, outcome: str = "gone") -> None:
    con.execute(
        """
        insert into raw.attempts (attempt_id, run_id, source_id, source_url, attempted_at, outcome, role, link_text)
        values (?, 'r', 'one', ?, ? + to_days(?::integer), ?, 'report', ?)
        """,
        [f"a{number}", f"http://one.invalid{path}", NOW, number, outcome, words],
    )


def named(con: duckdb.DuckDBPyConnection, version: str = "v1") -> list[tuple[str, str | None, int | None]]:
    return con.execute(
        "select address[19:], jurisdiction_id, report_year from raw.named_reports where reader_version = ? order by all",
        [version],
    ).fetchall()


def test_pages_that_gave_no_report_are_named_once_a_version(con: duckdb.DuckDBPyConnection) -> None:
    keep_source(con, source())
    attempt(con, 1, "/gone", "2019年政府信息公开工作年度报告")
    attempt(con, 2, "/read", "2020年政府信息公开工作年度报告", "ok")
    attempt(con, 3, "/silent", None)
    con.execute(
        "insert into raw.documents (document_id, source_id, source_url, content_sha256, landed_seq, landed_run_id)"
        " values ('d', 'one', 'http://one.invalid/read', 's', 1, 'r')"
    )
    con.execute(
        "insert into raw.readings (document_id, reader_version, content_sha256, document_kind, section_count, figure_count,"
        " issue_count, read_run_id) values ('d', 'v1', 's', 'annual_report', 0, 0, 0, 'r')"
    )
    read_names(con, "v1")
    assert named(con) == [("/gone", "131127", 2019)]
    read_names(con, "v1")
    assert named(con) == [("/gone", "131127", 2019)]
    read_names(con, "v2")  # by that reader nothing was read yet
    assert named(con, "v2") == [("/gone", "131127", 2019), ("/read", "131127", 2020)]


def test_new_words_and_a_new_publisher_are_read_again(con: duckdb.DuckDBPyConnection) -> None:
    keep_source(con, source())
    attempt(con, 1, "/a", "2019年政府信息公开工作年度报告")
    read_names(con, "v1")
    attempt(con, 2, "/a", "2018年政府信息公开工作年度报告")
    read_names(con, "v1")
    assert named(con) == [("/a", "131127", 2018)]
    keep_source(con, source("正定县人民政府", "130123"))
    assert named(con) == []
    read_names(con, "v1")
    assert named(con) == [("/a", "130123", 2018)]
    units = con.execute("select source_id, jurisdiction_id from raw.source_readings").fetchall()
    assert units == [("one", "130123")]


def test_a_file_in_a_folder_is_named_by_its_name(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "insert into raw.attempts (attempt_id, run_id, source_id, source_file, attempted_at, outcome, role)"
        " values ('a', 'r', 'pages', 'scans/景县2016年政府信息公开工作年度报告.pdf', ?, 'unsupported_file', 'file')",
        [NOW],
    )
    read_names(con, "v1")
    row = con.execute("select jurisdiction_id, report_year from raw.named_reports").fetchone()
    assert row == ("131127", 2016)


def test_a_new_source_and_a_new_year_make_another_build(con: duckdb.DuckDBPyConnection) -> None:
    before = input_fingerprint(con, "v1", "code")
    keep_source(con, source())
    with_source = input_fingerprint(con, "v1", "code")
    keep_source(con, source())
    assert before != with_source == input_fingerprint(con, "v1", "code")
    attempt(con, 1, "/a", None)
    first = input_fingerprint(con, "v1", "code")
    attempt(con, 2, "/a", None)
    assert input_fingerprint(con, "v1", "code") == first  # a day later nothing is new
    attempt(con, 400, "/a", None)
    assert input_fingerprint(con, "v1", "code") != first  # a year later another year may be reported on


def test_towns_and_zones_are_told_for_their_english_names(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "landing.duckdb") as con:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        keep_source(con, source("北京市西城区大栅栏街道办事处", "110102013", "township"))
        read_names(con, "v1")
    assert towns_and_zones(tmp_path / "landing.duckdb", "v1") == [("大栅栏街道", "township")]
    assert towns_and_zones(tmp_path / "landing.duckdb", "v2") == []
