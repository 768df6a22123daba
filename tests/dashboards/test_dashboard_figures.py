"""What the pages make of the rows of the views, as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards import charts
from dashboards.published import Published
from dashboards.screens.jurisdiction import chosen_years, correction_note
from dashboards.screens.overview import gate_badge, step, trend_scale
from dashboards.screens.quality import with_own_gate
from dashboards.words import Words


@pytest.mark.parametrize(
    ("valid", "expected", "named"),
    [
        (None, None, "none"), (0, 9, "0"), (1, 3100, "25"), (1, 4, "25"), (1, 2, "50"), (3, 4, "75"), (3099, 3100, "99"),
        (9, 9, "100"),
    ],
)  # fmt: skip
def test_only_all_is_all_on_the_map(valid: int | None, expected: int | None, named: str) -> None:
    assert step(valid, expected) == named


def test_the_axis_of_the_years_holds_the_whole_band() -> None:
    data = pl.DataFrame({"value_lower_quartile": [-7.0, 2.0], "value_upper_quartile": [3.0, 9.0]})
    assert trend_scale(data).to_dict()["domain"] == [-7.0, 9.0]
    assert trend_scale(data.tail(1)).to_dict()["domain"] == [0.0, 9.0]


def test_the_csv_is_made_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    made: list[pl.DataFrame] = []
    monkeypatch.setattr(charts.st, "download_button", lambda label, data, **how: given.append(data))
    monkeypatch.setattr(charts, "csv_bytes", lambda data: made.append(data) or b"csv")
    charts.download(Published("b", Path(), {}), Words("en"), "x", pl.DataFrame({"a": [1]}))
    assert made == []
    assert given[0]() == b"csv" and len(made) == 1


def test_the_gate_is_red_for_what_blocks_and_amber_for_warnings() -> None:
    words = Words("en")
    assert [gate_badge(words, failed).tone for failed in ([], ["warn"], ["warn", "block"])] == ["good", "doubt", "bad"]
    assert gate_badge(words, ["warn", "block"]).text == "rules that block: 1"


def test_the_gate_of_the_build_stands_among_the_runs() -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    counts = {"rules_checked": [None, 3], "rules_blocked": [None, 0], "rules_warned": [None, 1]}
    history = pl.DataFrame(
        {"run_id": ["own", "before"], "started_at": [at, at], **counts, "failed_rules": [None, "raw.x"]},
        schema_overrides=dict.fromkeys(counts, pl.Int64),
    )
    results = pl.DataFrame(
        {
            "run_id": ["own"] * 3, "suite": ["raw", "marts", "raw"], "check_id": ["a", "b", "c"],
            "severity": ["warn", "block", "block"], "success": [False, False, True],
        }
    )  # fmt: skip
    rows = with_own_gate(history, results).select(*counts, "failed_rules").rows()
    assert rows == [(3, 1, 1, "marts.b, raw.a"), (3, 0, 1, "raw.x")]


def test_a_cross_is_for_the_report_that_stands_for_the_place() -> None:
    reports = [
        {"report_year": 2020, "is_chosen": True, "agency_name": None},
        {"report_year": 2020, "is_chosen": False, "agency_name": None},
        {"report_year": 2021, "is_chosen": False, "agency_name": None},  # of unknown scope: stands for nobody
        {"report_year": 2022, "is_chosen": True, "agency_name": "县政府办"},
    ]
    assert chosen_years(reports, None) == [2020]
    assert chosen_years(reports, "县政府办") == [2022]


def test_a_correction_says_what_was_printed_and_who_says_so() -> None:
    words = Words("en")
    row = {"has_correction": True, "correction_id": "c", "printed_std": 12.0, "said_by": "更正说明"}
    assert correction_note(words, row) == "printed as 12; corrected by: 更正说明"
    assert correction_note(words, {**row, "correction_id": None}) == "a part of the sum is corrected"
    assert correction_note(words, {**row, "has_correction": False}) == "—"
