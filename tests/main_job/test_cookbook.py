"""The cookbook on the sample: every query gives rows through the door that users use, and the right ones."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.query import run_query, sandbox
from tests.main_job.conftest import Published
from tests.main_job.cookbook import FILE, questions

QUESTIONS = questions()


def answer(published: Published, number: int, old: str = "", new: str = "") -> list[dict[str, Any]]:
    """What ``gongkai sql`` answers to the query of a question, in which ``old`` is replaced by ``new``."""
    sql = QUESTIONS[number].sql
    assert old in sql
    with sandbox(published.root / "published" / "gongkai.duckdb", 30, "1GB") as con:
        names, rows = run_query(con, sql.replace(old, new) if old else sql)
        return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_cookbook_has_its_questions() -> None:
    titles = re.findall(r"^## \d+\. .+$", FILE.read_text(encoding="utf-8"), re.M)
    assert list(QUESTIONS) == list(range(1, len(titles) + 1)), "each has a reason, a query and a reading"
    assert len(QUESTIONS) >= 15
    for question in QUESTIONS.values():
        assert re.search(r"\?|？", question.title) and re.search(r"[一-鿿]", question.title), question.title
        assert len(question.why) > 40 and len(question.reading) > 40


@pytest.mark.parametrize("number", QUESTIONS)
def test_every_question_has_an_answer_in_the_sample(sample: Published, number: int) -> None:
    rows = answer(sample, number)
    assert rows, QUESTIONS[number].title
    assert any(value is not None for row in rows for value in row.values())


# ---------------------------------------------------------------- the same answers by other means, from the files
@pytest.fixture(scope="module")
def files(sample: Published) -> dict[str, pl.DataFrame]:
    folder = Path(sample.root / "published" / "parquet")
    return {file.stem: pl.read_parquet(file) for file in folder.iterdir()}


def _totals(files: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The preferred totals of the reports of the wide table."""
    values = files["fct_metric_values"].filter(
        pl.col("is_preferred") & pl.col("applicant_type").fill_null("total").eq("total")
    )
    return values.join(
        files["jurisdiction_years"].select("report_id", "report_year", "jurisdiction_level"), on="report_id"
    )


def test_refusals_add_up_from_single_cells(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    grounds = _totals(files).filter(
        pl.col("metric_id").str.starts_with("refused_") & pl.col("metric_id").ne("refused_total")
    )
    by_report = {
        (report, year): total
        for report, year, total in grounds.group_by("report_id", "report_year").agg(pl.col("value").sum()).iter_rows()
    }
    rows = answer(sample, 1)
    assert [row["jurisdiction_name"] for row in rows] == ["平果市"]
    for row in rows:
        before, after = by_report[row["report_before"], 2022], by_report[row["report_after"], 2023]
        assert (row["refused_before"], row["refused_after"], row["more"]) == (before, after, after - before)
    assert answer(sample, 1, "2022 as earlier", "2023 as earlier") == [], "no county refused more than itself"


def test_words_against_tables(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    values = files["fct_metric_values"].filter(
        pl.col("applicant_type").fill_null("total").eq("total") & pl.col("qualifier").eq("exact")
    )
    words = values.filter(pl.col("basis").eq("narrative")).select(
        "report_id", "metric_id", pl.col("value_std").alias("said")
    )
    table = values.filter(pl.col("basis").eq("table")).group_by("report_id", "metric_id").agg(pl.col("value_std").sum())
    differ = words.join(table, on=["report_id", "metric_id"]).filter(pl.col("said").ne(pl.col("value_std")))
    found = {(row["metric_id"], row["in_words"], row["in_table"]) for row in answer(sample, 2)}
    assert found == set(differ.select("metric_id", "said", "value_std").iter_rows())


def test_carried_over(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    cells = {
        (report, metric): value
        for report, metric, value in _totals(files).select("report_id", "metric_id", "value_std").iter_rows()
    }
    rows = answer(sample, 5)
    assert [(row["jurisdiction_name"], row["report_year"]) for row in rows] == [("平果市", 2023)]
    for row in rows:
        left = cells[row["report_before"], "requests_carried_over_out"]
        came = cells[row["report_id"], "requests_carried_over_in"]
        assert (row["left_the_year_before"], row["carried_over"], row["too_many"]) == (left, came, came - left)


def test_share_of_legal_persons(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    wanted: dict[int, list[float]] = defaultdict(lambda: [0, 0])
    area = files["jurisdiction_years"].filter(pl.col("scope").eq("whole_area")).select("report_id", "report_year")
    values = files["fct_metric_values"].filter(
        pl.col("is_preferred") & pl.col("metric_id").eq("requests_received_new") & pl.col("basis").eq("table")
        & pl.col("applicant_type").is_not_null()
    ).join(area, on="report_id")  # fmt: skip
    for _, report in values.group_by("report_id"):
        cells = dict(report.select("applicant_type", "value").iter_rows())
        if len(cells) == 7:
            wanted[report["report_year"][0]][0] += cells["total"]
            wanted[report["report_year"][0]][1] += cells["total"] - cells["natural_person"]
    found = {row["report_year"]: [row["requests"], row["by_legal_persons"]] for row in answer(sample, 6)}
    assert found == dict(wanted)
    assert all(row["percent"] == round(100 * row["by_legal_persons"] / row["requests"], 1) for row in answer(sample, 6))


def test_reviews_lost_by_level(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    cells: dict[str, dict[str, float]] = defaultdict(dict)
    levels = dict(files["jurisdiction_years"].select("report_id", "jurisdiction_level").iter_rows())
    for report, metric, value in _totals(files).select("report_id", "metric_id", "value_std").iter_rows():
        cells[report][metric] = value
    lost: dict[str, list[float]] = defaultdict(lambda: [0, 0])
    for report, found in cells.items():
        if {"review_upheld", "review_corrected"} <= set(found):
            lost[levels[report]][0] += found["review_corrected"]
            lost[levels[report]][1] += found["review_corrected"] + found["review_upheld"] + found.get("review_other", 0)
    rows = [row for row in answer(sample, 7) if row["rate_id"] == "review_corrected_share"]
    assert {row["jurisdiction_level"]: [row["corrected"], row["decided"]] for row in rows} == dict(lost)


def test_grounds_by_form(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    forms = files["fct_reports"].select("report_id", "report_format")
    wanted = (
        _totals(files).join(forms, on="report_id")
        .filter(pl.col("metric_id").str.starts_with("refused_") & pl.col("metric_id").ne("refused_total"))
        .group_by("report_format", "metric_id").agg(pl.col("value_std").sum())
    )  # fmt: skip
    found = {(row["report_format"], row["metric_id"], row["requests"]) for row in answer(sample, 8)}
    assert found == set(wanted.iter_rows())
    per_form: dict[str, float] = defaultdict(float)
    for row in answer(sample, 8):
        per_form[row["report_format"]] += row["percent_of_form"] or 0
    assert all(share == pytest.approx(100, abs=0.5) for share in per_form.values())


def test_zero_and_missing_are_told_apart(sample: Published) -> None:
    rows = answer(sample, 9)
    assert {row["answer"] for row in rows} >= {"zero", "some"}
    for row in rows:
        assert (row["requests"] is None) == (row["answer"] == "missing") == (row["why_missing"] is not None)
        assert row["answer"] != "zero" or row["value_state"] in ("reported", "stated_zero", "implied", "blank_as_zero")


def test_copied_figures(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    wide = files["jurisdiction_years"].filter(pl.col("jurisdiction_name").eq("平果市")).sort("report_year")
    columns = wide.columns[wide.columns.index("data_origin") + 1 :]
    before, after = wide.select(columns).rows()
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if a is not None and b is not None and (a or b)]
    [row] = answer(sample, 12)
    assert (row["figures"], row["same"]) == (len(pairs), sum(a == b for a, b in pairs))


def test_the_headline_leads_to_its_place(sample: Published, files: dict[str, pl.DataFrame]) -> None:
    texts = dict(files["texts"].select("page_sha256", "text").iter_rows())
    rows = answer(sample, 13)
    assert len(rows) == 10
    for row in rows:
        shown = row["in_context"].replace("【", "").replace("】", "")
        assert shown in texts[row["page_sha256"]]
        assert f"{row['requests_received_new']:g}" in row["printed"]
        assert row["archive_file"] and row["source_url"]


def test_places_over_a_renaming(sample: Published) -> None:
    rows = answer(sample, 14)
    pingguo = [row for row in rows if row["unit_id"] == "451082"]
    assert [row["report_year"] for row in pingguo] == [2022, 2023]
    assert pingguo[0]["history"].startswith("平果县 451023 2008–2018 → 平果市 451082 2019")


def test_terms_of_a_rate_make_the_rate(sample: Published) -> None:
    sides: dict[tuple[str, int, float], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in answer(sample, 16, "limit 20", ""):
        if row["rate_percent"] is not None and row["term"] is not None:
            sides[row["jurisdiction_id"], row["report_year"], row["rate_percent"]][row["side"]] += row["term"]
    assert len(sides) > 10
    for (_, _, percent), side in sides.items():
        assert percent == pytest.approx(100 * side["numerator"] / side["denominator"], abs=0.0001)
