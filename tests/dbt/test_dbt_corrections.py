"""Corrections of printed numbers on the small world: what is printed stays, what counts is corrected, nothing is silent."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from builds import failures, run_dbt
from world import Built, build_world

from expectations.gate import GateResult, run_gate
from flows import corrections
from flows.why import why

HEAD = """
  reason: because
  said_by: {kind: person, name: A. Reader}
  said_on: 2024-01-02
"""
# id: report, the rest; ids of documents stand between dollar signs
WORLD = {
    "table-cell": ("{url: 'http://www.jingxian.gov.cn/a.html'}", "field: requests_received_new", "reported: 5", "corrected: 6", "expect: {value: 5}"),
    "part-of-a-sum": ("{id: $matrix.html$}", "field: refused_state_secret", "reported: 1", "corrected: 3", "expect: {value: 1}"),
    "one-column": (
        "{id: $matrix.html$}", "metric: outcomes_total\n  applicant: natural_person", "reported: 4", "corrected: null", "expect: {value: 4}",
    ),
    "words": (
        "{id: $shares.html$}", "metric: requests_by_network", "reported: 12", "corrected: 11",
        "expect: {evidence: requests_by_network}",
    ),
    "unit": ("{id: $words.html$}", "field: foi_fees_collected", "reported: 0.5", "corrected: 0.5\n  unit: 元", "expect: {value: 0.5}"),
    "withdrawn-total": ("{id: $county_2022$}", "field: requests_received_new", "reported: 8", "corrected: null", "expect: {value: 8}"),
    # named by its mirror; the official copy is the one that counts
    "copy": ("{url: 'http://m.example.com/1'}", "field: review_total", "reported: 4", "corrected: 40", "expect: {value: 4}"),
    "revised-page": ("{url: 'http://q.gov.cn/r'}", "field: review_total", "reported: 1", "corrected: 9", "expect: {value: 1}"),
    "mended-page": ("{url: 'http://x.example.com/1'}", "field: review_total", "reported: 6", "corrected: 5", "expect: {value: 6}"),
    "old-vintage": ("{id: $first$}", "field: review_total", "reported: 10", "corrected: 9", "expect: {value: 10}"),
    "other-bytes": ("{file: lonely.html}", "field: review_total", "reported: 3", "corrected: 2", "expect: {value: 3}"),
    "page": ("{file: zone.html}", "field: review_total", "reported: 1", "corrected: 2", f"expect: {{page_sha256: '{'0' * 64}'}}"),
    "sentence": ("{file: town.html}", "field: review_total", "reported: 0", "corrected: 2", "expect: {evidence: 另一句话}"),
    "nothing-there": ("{file: bureau.html}", "field: litigation_direct_total", "reported: 1", "corrected: 2", "expect: {value: 1}"),
    "elsewhere": ("{url: 'http://elsewhere.gov.cn/1'}", "field: review_total", "reported: 1", "corrected: 2", "expect: {value: 1}"),
}  # fmt: skip


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small world with the corrections above, and one of published reports that it must not see."""
    folder = tmp_path_factory.mktemp("corrected")
    landing = build_world(folder / "landing.duckdb")
    lines = ["data_origin: invented_sample", "corrections:"]
    for name, (report, field, reported, right, expect) in WORLD.items():
        lines.append(f"- id: {name}\n  report: {report}\n  {field}\n  {reported}\n  {right}{HEAD}  {expect}")
    text = "\n".join(lines)
    for name, ident in landing.ids.items():
        text = text.replace(f"${name}$", f"'{ident}'")
    (folder / "corrections").mkdir()
    (folder / "corrections/world.yml").write_text(text, encoding="utf-8")
    real = (
        text.replace("invented_sample", "published_reports")
        .replace("- id: ", "- id: real-")
        .replace("corrected: 6", "corrected: 60")
    )
    (folder / "corrections/zz_real.yml").write_text(real, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corrections, "CORRECTIONS", folder / "corrections")
        assert failures(run_dbt(folder, folder / "landing.duckdb", folder / "build.duckdb", "run")) == []
    return Built(folder, folder / "landing.duckdb", folder / "build.duckdb", landing.ids)


def _one(corrected: Built, columns: str, report: str, field: str, applicant: str = "total") -> tuple[Any, ...]:
    return corrected.one(
        f"select {columns} from marts.fct_metric_values where report_id = ${report}$ and field_id = '{field}'"
        f" and coalesce(applicant_type, 'total') = '{applicant}' and is_preferred"
    )


def test_each_correction_has_its_status(corrected: Built) -> None:
    found = corrected.rows("select correction_id, correction_status, reason_code from marts.fct_corrections")
    assert {name: (status, code) for name, status, code in found} == {
        **dict.fromkeys(("table-cell", "part-of-a-sum", "one-column", "words", "unit", "withdrawn-total", "copy"), ("applied", None)),
        "revised-page": ("stale", "value_changed"),
        "mended-page": ("stale", "now_corrected"),
        "old-vintage": ("stale", "report_superseded"),
        "other-bytes": ("unmatched", "no_such_report"),  # an annex without a report
        "page": ("stale", "page_changed"),
        "sentence": ("stale", "evidence_changed"),
        "nothing-there": ("stale", "value_gone"),
        "elsewhere": ("unmatched", "no_such_report"),
    }  # fmt: skip


def test_what_is_printed_stays(corrected: Built, world: Built) -> None:
    printed = "select document_id, figure_no, value, value_std, unit, evidence, is_preferred from marts.fct_metric_values order by all"
    assert corrected.rows(printed) == world.rows(printed)
    assert _one(corrected, "value, value_used, corrected_value, correction_id", "matrix.html", "requests_received_new") == (
        5, 6, 6, "table-cell",
    )  # fmt: skip
    # the words of the same report print another number, which nobody corrected
    words = corrected.one(
        "select value, value_used, correction_id from marts.fct_metric_values where report_id = $matrix.html$"
        " and field_id = 'requests_received_new' and basis = 'narrative'"
    )
    assert words == (7, 7, None)


def test_checks_judge_what_is_printed(corrected: Built, world: Built) -> None:
    query = "select * exclude (data_origin) from marts.fct_check_results order by all"
    assert corrected.rows(query) == world.rows(query)
    missing = "select * from marts.fct_missing order by all"
    assert corrected.rows(missing) == world.rows(missing)


def test_the_wide_mart_takes_the_corrected_value_and_says_so(corrected: Built) -> None:
    row = corrected.one(
        "select requests_received_new, refused_total__from_2019, has_correction from marts.jurisdiction_years where report_id = $matrix.html$"
    )
    assert row == (6, 10, True)
    other = corrected.one("select review_total, has_correction from marts.jurisdiction_years where report_id = $v2$")
    assert other == (2, False), "a stale correction is not applied"


def test_a_withdrawn_number_counts_nowhere(corrected: Built) -> None:
    assert _one(corrected, "value, value_used, corrected_value", "county_2022", "requests_received_new") == (
        8,
        None,
        None,
    )
    assert corrected.one(
        "select requests_received_new, has_correction from marts.jurisdiction_years where report_id = $county_2022$"
    ) == (None, True)
    cell = corrected.one(
        "select value, printed_value, correction_id from marts.fct_requests_matrix where report_id = $matrix.html$"
        " and field_id = 'outcomes_total' and applicant_type = 'natural_person'"
    )
    assert cell == (None, 4, "one-column")
    assert (
        corrected.rows(
            "select 1 from marts.fct_changes where report_id = $county_2022$ and metric_id = 'requests_received_new'"
        )
        == []
    )


def test_sums_have_what_is_printed_and_what_counts(corrected: Built) -> None:
    assert corrected.one(
        "select value_std, value_used, has_correction from marts.fct_derived_values where report_id = $matrix.html$"
        " and metric_id = 'refused_total' and applicant_type is null"
    ) == (8, 10, True)


def test_a_corrected_unit_is_converted(corrected: Built) -> None:
    columns = "value, unit, value_std, corrected_value, corrected_unit, value_used"
    assert _one(corrected, columns, "words.html", "foi_fees_collected") == (0.5, "万元", 5000, 0.5, "元", 0.5)


def test_copies_of_a_report_are_corrected_with_it(corrected: Built) -> None:
    assert corrected.one("select applied_count from marts.fct_corrections where correction_id = 'copy'") == (2,)
    found = corrected.one(
        "select report_id, review_total, has_correction from marts.jurisdiction_years where jurisdiction_id = '210726'"
    )
    assert found == (corrected.ids["official"], 40, True)


def test_nothing_is_silent(corrected: Built) -> None:
    [(detail, reported, right)] = corrected.rows(
        "select detail, reported_value, recomputed_value from marts.fct_report_issues"
        " where issue_code = 'corrected' and report_id = $county_2022$"
    )
    assert (reported, right) == (8, None)
    assert detail.startswith(
        "requests_received_new: 8 as printed, withdrawn; withdrawn-total: because (A. Reader, 2024-01-02"
    )
    stale = corrected.one(
        "select detail from marts.fct_report_issues where issue_code = 'correction_stale' and report_id = $v2$"
    )
    assert stale[0].startswith("not applied (value_changed): revised-page")


def _gate(corrected: Built) -> dict[str, GateResult]:
    return {one.check_id: one for one in run_gate(corrected.build, corrected.landing, None)}


def test_the_gate_names_file_and_line_of_a_correction_whose_source_changed(corrected: Built) -> None:
    results = _gate(corrected)
    hold = results["corrections_hold"]
    assert (hold.success, hold.severity, hold.unexpected_count) == (False, "block", 5)
    rows = {row["correction_id"]: row for row in json.loads(hold.sample_rows)}
    text = (corrected.state / "corrections/world.yml").read_text(encoding="utf-8").splitlines()
    line = text.index("- id: revised-page") + 1
    assert rows["revised-page"]["place"] == f"dbt_project/corrections/world.yml, line {line}"
    assert rows["revised-page"]["status_reason"] == "the report now shows 2, not 1"
    needed = results["corrections_still_needed"]
    assert (needed.success, needed.severity, needed.unexpected_count) == (False, "warn", 1)
    # the world refuses more requests than it concludes, corrected or not; sums are judged as they are printed
    others = [one.check_id for one in results.values() if not one.success and "correction" not in one.check_id]
    assert others == ["rate_in_range"]


def test_why_shows_the_correction(corrected: Built) -> None:
    with duckdb.connect(str(corrected.build), read_only=True) as con:
        answer = why(con, corrected.ids["official"], "review_total")
        assert [row["correction_id"] for row in answer.corrections] == ["copy"]
        stale = why(con, corrected.ids["v2"], "review_total")
    assert [(row["correction_id"], row["correction_status"]) for row in stale.corrections] == [
        ("revised-page", "stale")
    ]
