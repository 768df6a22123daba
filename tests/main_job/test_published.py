"""What the main job publishes: the contract of the tables, on the sample, the example documents and bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.golden.sample.answers import blank_cells, expected_values, load_answers
from tests.main_job.conftest import SHARED, Published

ANSWERS = load_answers()
STATES = {"negative_statement": "stated_zero", "derived_all": "implied"}


def _report(published: Published, answer: dict[str, Any]) -> str:
    path = answer["url_path"]
    rows = published.rows("select report_id from marts.fct_report_documents where source_url like '%' || ?", path)
    assert len(rows) == 1, path
    return str(rows[0][0])


# ---------------------------------------------------------------- the sample
@pytest.mark.parametrize(
    "name", [name for name, answer in ANSWERS.items() if answer["document_kind"] != "not_a_report"]
)
def test_every_value_of_the_sample(sample: Published, name: str) -> None:
    answer = ANSWERS[name]
    report = _report(sample, answer)
    rows = sample.rows(
        "select field_id, metric_id, applicant_type, value, unit, value_state, qualifier, basis, is_preferred"
        " from marts.fct_metric_values as v join marts.fct_report_documents as d using (report_id, document_id)"
        " where report_id = ? and d.source_url like '%' || ?",
        report, answer["url_path"],
    )  # fmt: skip
    wanted = expected_values(answer)
    found = {(row[0] if row[7] == "table" else row[1], row[2], row[7]): row for row in rows}
    for one in wanted:
        key = (one.field_id if one.basis == "table" else one.metric_id, one.applicant_type, one.basis)
        others = [(metric, one.applicant_type, one.basis) for metric in one.accept_metric_ids]
        row = next((found[choice] for choice in [key, *others] if choice in found), None)
        assert row is not None, key
        assert row[3] == one.value, key
        assert one.unit is None or row[4] == one.unit, key
        assert row[5] in (one.value_state, *one.accept_value_states), key
        assert row[6] == one.qualifier, key
    cells = {(row[0], row[2]) for row in rows if row[7] == "table"}
    assert cells & blank_cells(answer) == set(), "a blank cell is missing, never zero"
    assert not {row[1] for row in rows} & set(answer["missing"])


def test_reports_of_the_sample(sample: Published) -> None:
    for answer in ANSWERS.values():
        rows = sample.rows(
            "select document_kind, jurisdiction_id, report_year, scope, trust, report_format, agency_name, candidate_codes"
            " from marts.fct_reports where source_url like '%' || ?", answer["url_path"],
        )  # fmt: skip
        if answer["document_kind"] == "annex":
            assert rows == [], "an annex is joined to its report, never a second report"
            continue
        kind, place, year, scope, trust, form, agency, candidates = rows[0]
        assert kind == answer["document_kind"]
        if kind == "annual_report":
            assert (place, year, scope) == (answer["jurisdiction_id"], answer["report_year"], answer["scope"])
            assert trust in (answer["trust_at_gov_host"], "mirror"), answer["file"]
            assert (form, agency) == (answer["report_format"], answer["agency_name"])
            assert not answer["candidate_codes"] or sorted(candidates) == sorted(answer["candidate_codes"])


def test_issues_of_the_sample(sample: Published) -> None:
    for answer in ANSWERS.values():
        if answer["document_kind"] == "annex":
            continue
        codes = {
            row[0]
            for row in sample.rows(
                "select issue_code from marts.fct_report_issues join marts.fct_reports using (report_id)"
                " where source_url like '%' || ?",
                answer["url_path"],
            )
        }
        closed = {
            "sum_mismatch", "narrative_contradicts_table", "tables_lost", "hijacked", "jurisdiction_undecided", "duplicate",
            "revised",
        }  # fmt: skip
        assert set(answer["issues"]) <= codes, answer["file"]
        assert (codes & closed) - set(answer["issues"]) - set(answer["accept_issues"]) == set(), answer["file"]


def test_versions_of_the_sample(sample: Published) -> None:
    of_file = {answer["file"]: name for name, answer in ANSWERS.items()}
    for answer in ANSWERS.values():
        for column in ("duplicate_of", "superseded_by"):
            if answer[column]:
                other = ANSWERS[of_file[answer[column]]]
                rows = sample.rows(
                    f"select b.source_url from marts.fct_reports as a join marts.fct_reports as b on a.{column} = b.report_id"
                    " where a.source_url like '%' || ?", answer["url_path"],
                )  # fmt: skip
                assert [row[0].endswith(other["url_path"]) for row in rows] == [True], (answer["file"], column)


def test_every_table_of_the_sample_says_that_it_is_invented(sample: Published) -> None:
    tables = sample.rows(
        "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
    )
    assert len(tables) > 15
    comments = dict(sample.rows("select schema_name || '.' || table_name, comment from duckdb_tables()"))
    for schema, table in tables:
        assert str(comments[f"{schema}.{table}"]).startswith("示例数据 / INVENTED SAMPLE DATA"), table
    marts = sample.rows("select table_name from duckdb_tables() where schema_name = 'marts'")
    for (table,) in marts:
        assert sample.rows(f"select distinct data_origin from marts.{table}") in ([("invented_sample",)], []), table


def test_the_documentation_page_says_it_too(sample: Published, shared: Published) -> None:
    pages = [(one.root / "published" / "docs" / "index.html").read_text(encoding="utf-8") for one in (sample, shared)]
    assert ["INVENTED SAMPLE DATA" in page for page in pages] == [True, False]


def test_every_column_has_a_comment(sample: Published) -> None:
    bare = sample.rows(
        "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''"
    )
    assert bare == []


def test_wide_mart_has_one_row_per_place_and_year_and_no_invented_zero(sample: Published) -> None:
    twice = "select jurisdiction_id, report_year from marts.jurisdiction_years group by all having count(*) > 1"
    assert sample.rows(twice) == []
    zeros = sample.rows(
        "select w.jurisdiction_id from marts.jurisdiction_years as w where w.requests_received_new = 0 and not exists ("
        "select 1 from marts.fct_metric_values as v where v.report_id = w.report_id and v.metric_id = 'requests_received_new'"
        " and v.value = 0)"
    )
    assert zeros == []


# ---------------------------------------------------------------- the example documents
def _gold() -> list[dict[str, Any]]:
    return list(YAML(typ="safe").load_all((SHARED / "reference" / "seeds_gold.yaml").read_text(encoding="utf-8")))


def test_every_mart_figure_of_the_examples(shared: Published) -> None:
    for answer in _gold():
        rows = shared.rows(
            "select metric_id, value, unit, value_state, qualifier from marts.fct_metric_values"
            " join marts.fct_reports using (report_id) where source_file = ?", answer["file"],
        )  # fmt: skip
        wanted: dict[str, list[float]] = {}
        for figure in answer["figures"]:
            if figure["mart"]:
                wanted.setdefault(figure["metric"], []).append(float(figure["value"]))
                state = STATES.get(figure["kind"], "reported")
                unit = {"條": "条"}.get(figure["unit"], figure["unit"])
                same = [row for row in rows if row[0] == figure["metric"] and row[1] == figure["value"]]
                assert [row for row in same if row[2] == unit and row[3] == state], (answer["file"], figure["metric"])
        for metric, values in wanted.items():
            assert sorted(row[1] for row in rows if row[0] == metric) == sorted(values), (answer["file"], metric)
        for entry in answer["missing_not_zero"]:
            assert str(entry).split(" ")[0] not in {row[0] for row in rows}


def test_identity_of_the_examples(shared: Published) -> None:
    for answer in _gold():
        code, candidates, level, year, day = shared.rows(
            "select jurisdiction_code, candidate_codes, jurisdiction_level, report_year, published_on"
            " from marts.fct_reports where source_file = ?", answer["file"],
        )[0]  # fmt: skip
        wanted = str(answer.get("township_code") or answer["gb2260"]) if answer["gb2260_certain"] else None
        assert (code, level, year) == (wanted, answer["admin_level"], answer["report_year"])
        assert wanted or set(candidates) == {str(one["gb2260"]) for one in answer["jurisdiction_candidates"]}
        assert (str(day) if day else None) == answer["publication_date"]


def test_addresses_and_times_come_from_the_manifest_never_from_the_clock(shared: Published) -> None:
    rows = shared.rows("select source_url, fetched_at is null, trust from marts.fct_reports order by source_file")
    assert rows[0] == ("http://www.jingxian.gov.cn/art/2019/1/17/art_1_1.html", False, "official")
    assert [row[1] for row in rows[1:]] == [True] * 5
    assert rows[3][0] == "https://mirror.example.com/a/3.html" and rows[3][2] == "mirror"


def test_cells_of_the_pdf(shared: Published) -> None:
    answer = json.loads((SHARED / "real" / "huaian_office_2024.expected.json").read_text(encoding="utf-8"))
    rows = shared.rows(
        "select field_id, applicant_type, value from marts.fct_metric_values join marts.fct_reports using (report_id)"
        " where source_file like 'huaian%' and basis = 'table' order by evidence_start"
    )
    matrix = [value for _, kind, value in rows if kind is not None]
    assert matrix == [value for row in answer["table3"] for value in row["values"]]
    assert [value for field, _, value in rows if field.startswith(("review_", "litigation_"))] == answer["table4"]


def test_evidence_is_the_text_at_its_place(shared: Published, sample: Published) -> None:
    for published in (shared, sample):
        wrong = published.rows(
            "select v.report_id, v.field_id from marts.fct_metric_values as v"
            " join evidence.texts as t using (page_sha256)"
            " where substr(t.text, v.evidence_start + 1, v.evidence_end - v.evidence_start) is distinct from v.evidence"
        )
        assert wrong == []


# ---------------------------------------------------------------- bad input
def test_bad_input_is_set_aside_with_a_reason(bad: tuple[Published, Callable[[], Published]]) -> None:
    published, _ = bad
    aside = dict(published.rows("select source_file, reason_code from ops.pages_set_aside"))
    assert aside == {
        "empty.html": "empty_file",
        "encrypted.pdf": "encrypted",
        "rubbish.html": "binary",
        "scanned.pdf": "needs_ocr",
        "old_word.doc": aside["old_word.doc"],
        "too_large.html": "too_large",
    }
    (reason,) = published.rows("select reason from ops.pages_set_aside where source_file = 'old_word.doc'")[0]
    assert "needs_conversion" in f"{aside['old_word.doc']} {reason}"
    assert all(reason for (reason,) in published.rows("select reason from ops.pages_set_aside"))


def test_damaged_pages_are_read_and_say_so(bad: tuple[Published, Callable[[], Published]]) -> None:
    published, _ = bad
    issues = {
        (file, code)
        for file, code in published.rows(
            "select source_file, issue_code from marts.fct_report_issues join marts.fct_reports using (report_id)"
        )
    }
    assert ("truncated.html", "truncated_page") in issues
    assert ("wrong_encoding.html", "mojibake_recovered") in issues
    assert ("same_content_b.html", "duplicate") in issues
    rows = published.rows(
        "select source_file, duplicate_of is null from marts.fct_reports where source_file like 'same%' order by 1"
    )
    assert rows == [("same_content_a.html", True), ("same_content_b.html", False)]


def test_a_second_run_changes_nothing(bad: tuple[Published, Callable[[], Published]]) -> None:
    published, again = bad
    before = {path.name: path.read_bytes() for path in (published.root / "published").rglob("*") if path.is_file()}
    second = again()
    assert second.summary.outcome == "unchanged"
    assert {path.name: path.read_bytes() for path in (second.root / "published").rglob("*") if path.is_file()} == before
