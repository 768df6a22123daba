"""Failing rows of the gate quote pages too."""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb
import pytest

from flows.withholding import shown_results


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.fct_withheld as select * from (values ('d1', 'r1', 's1'), (null, null, 's9')) "
            "as t(document_id, report_id, page_sha256)"
        )
        yield con


def _shown(con: duckdb.DuckDBPyConnection, *rows: dict[str, object]) -> list[dict[str, object]]:
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    (one,) = shown_results(con, [{"check_id": "x", "sample_rows": f"[{', '.join(texts)}]", "kept_rows": texts}])
    kept = [json.loads(row) for row in one["kept_rows"]]
    assert json.loads(one["sample_rows"]) == kept
    return kept


def test_rows_about_a_withheld_page_keep_their_names_and_figures_and_lose_their_words(
    build: duckdb.DuckDBPyConnection,
) -> None:
    row = {"report_id": "r1", "metric_id": "m", "report_year": 2020, "value": 3, "printed": "张某", "is_new": True}
    assert _shown(build, row) == [row | {"printed": None}]
    assert _shown(build, {"previous_document_id": "d1", "document_id": "d2", "old": "张某"})[0]["old"] is None


def test_rows_that_name_no_page_lose_their_words_and_rows_of_other_pages_keep_them(
    build: duckdb.DuckDBPyConnection,
) -> None:
    other = {"report_id": "r2", "printed": "12件", "document_id": None}
    assert _shown(build, {"title": "张某", "rows": 2}, other) == [{"title": None, "rows": 2}, other]


def test_nothing_changes_where_nothing_is_withheld(build: duckdb.DuckDBPyConnection) -> None:
    row = {"report_id": "r1", "printed": "12件"}
    build.execute("delete from marts.fct_withheld where document_id is not null")
    assert _shown(build, row) == [row]
    build.execute("drop table marts.fct_withheld")
    assert _shown(build, row) == [row]
