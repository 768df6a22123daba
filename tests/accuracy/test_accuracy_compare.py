"""An answer that differs from the reading in one attribute gives that one difference."""

from __future__ import annotations

from typing import Any

import pytest
from worlds import FIGURES, answer, changed, figure, reading

from scrapers.accuracy.compare import compare, differences
from scrapers.accuracy.identity import flag_verdicts
from scrapers.document import Reading


def _of(found: Reading, **changes: Any) -> list[tuple[str, str, str]]:
    return [(one.part, one.name, one.attribute) for one in differences(answer(**changes), found)]


def _verdicts(found: Reading, **changes: Any) -> dict[str, str]:
    return {one.name: one.verdict for one in compare(answer(**changes), found).values}


def test_a_reading_as_answered_has_no_difference() -> None:
    assert _of(reading()) == []
    assert set(_verdicts(reading()).values()) == {"right"}


@pytest.mark.parametrize(
    ("changes", "attribute", "verdict"),
    [
        ({"value": 121}, "value", "wrong"),
        ({"unit": "元"}, "unit", "wrong"),
        ({"unit": "份"}, "unit", "right"),  # another name for counting the same
        ({"qualifier": "at_least"}, "qualifier", "right"),
        ({"value_state": "implied"}, "value_state", "right"),
    ],
)
def test_each_attribute_of_a_sentence(changes: dict[str, Any], attribute: str, verdict: str) -> None:
    found = reading(changed(0, **changes))
    assert _of(found) == [("words", "info_disclosed_total", attribute)]
    assert _verdicts(found)["info_disclosed_total"] == verdict


def test_a_missed_and_an_invented_sentence() -> None:
    assert _of(reading(FIGURES[1:])) == [("words", "info_disclosed_total", "presence")]
    extra = figure("hot_topics_responded", 8, "次", "8")
    found = reading((*FIGURES, extra))
    assert _of(found) == [("words", "hot_topics_responded", "presence")]
    assert differences(answer(), found)[0].evidence == "8"
    assert _verdicts(found)["hot_topics_responded"] == "invented"


def test_a_second_value_of_a_metric_is_invented_a_repetition_is_not() -> None:
    again = figure("info_disclosed_total", 120, "条", "120条")
    other = figure("info_disclosed_total", 8, "条", "8")
    assert _of(reading((*FIGURES, again))) == []
    assert _of(reading((*FIGURES, other))) == [("words", "info_disclosed_total", "presence")]


def test_what_is_tolerated_may_be_there() -> None:
    assert _of(reading((*FIGURES, figure("visitors_received", 7, "人次", "7")))) == []


def test_an_accepted_metric_is_right_with_the_value_of_the_answer() -> None:
    other = changed(2, metric_id="foi_processing_fee_amount", field_id="foi_processing_fee_amount")
    assert _of(reading(other)) == []
    assert _of(reading((*FIGURES, other[2]))) == []
    wrong = changed(2, metric_id="foi_processing_fee_amount", value=31)
    assert [name for _, name, _ in _of(reading(wrong))] == ["foi_fees_collected", "foi_processing_fee_amount"]


def test_an_accepted_state_is_right() -> None:
    assert _of(reading(changed(2, value_state="implied"))) == []
    assert _of(reading(changed(2, value_state="stated_zero"))) == [("words", "foi_fees_collected", "value_state")]


def test_cells() -> None:
    assert _of(reading(changed(3, value=3))) == []  # accept_cells
    assert _of(reading(changed(3, value=4))) == [("cells", "training_sessions", "value")]
    assert _verdicts(reading(changed(3, value=4)))["training_sessions"] == "wrong"
    assert _of(reading(FIGURES[:3])) == [("cells", "training_sessions", "presence")]
    assert _of(reading(changed(3, value_state="blank_as_zero"))) == [("cells", "training_sessions", "value_state")]
    beyond = figure("complaints_total", 0, "件", "2", basis="table")
    assert _of(reading((*FIGURES, beyond))) == [("cells", "complaints_total", "presence")]
    assert _verdicts(reading((*FIGURES, beyond)))["complaints_total"] == "invented"


def test_the_unit_of_a_cell() -> None:
    cells = {"cells": {"foi_budget": 2}, "units": {"foi_budget": "万元"}, "accept_cells": {}, "missing": []}
    budget = figure("foi_budget", 2, "元", "2", basis="table")
    assert _of(reading((*FIGURES[:3], budget)), **cells) == [("cells", "foi_budget", "unit")]
    assert _verdicts(reading((*FIGURES[:3], budget)), **cells)["foi_budget"] == "wrong"


def test_a_proven_blank_is_zero_only_with_its_state() -> None:
    matrix = {"matrix": {"requests_received_new": [1, "blank0", None, 0, 0, 0, 1]}, "cells": {}}
    kinds = (("natural_person", 1), ("commercial_enterprise", 0), ("social_welfare_org", 0), ("legal_service_org", 0),
             ("other_org", 0), ("total", 1))  # fmt: skip
    cells = [figure("requests_received_new", value, "件", "2", basis="table", applicant_type=kind)
             for kind, value in kinds]  # fmt: skip
    assert _of(reading((*FIGURES[:3], *cells)), **matrix) == [
        ("cells", "requests_received_new.commercial_enterprise", "value_state")
    ]


def test_must_be_missing_and_evidence() -> None:
    assert ("missing", "foi_budget", "presence") in _of(reading((*FIGURES, figure("foi_budget", 7, "元", "7"))))
    assert _of(reading(changed(0, evidence_start=0))) == [("evidence", "info_disclosed_total", "value")]


@pytest.mark.parametrize(
    ("changes", "name", "verdict"),
    [
        ({"title": "另一个题目"}, "title", "wrong"),
        ({"phone": None}, "phone", "missed"),
        ({"fax": "0318-1"}, "fax", "invented"),
        ({"code": "131128"}, "jurisdiction_code", "wrong"),
        ({"parent_code": None}, "parent_code", "missed"),
        ({"report_year": 2017}, "report_year", "wrong"),
    ],
)
def test_each_identity_field(changes: dict[str, Any], name: str, verdict: str) -> None:
    found = reading(**changes)
    assert _of(found) == [("identity", name, "value")]
    assert {one.name: one.verdict for one in compare(answer(), found).identity}[name] == verdict


def test_accepted_identity_and_brackets_of_other_width() -> None:
    assert _of(reading(fax="0318-1"), accept={"fax": ["0318-1"]}) == []
    assert _of(reading(title="某县（2018）报告"), title="某县(2018) 报告") == []


def test_issues() -> None:
    assert _of(reading(), issues=["tables_lost"]) == [("issues", "tables_lost", "presence")]
    assert _of(reading(), issues=["duplicate"]) == []  # needs a second page
    assert _of(reading(issues=("hijacked",))) == [("issues", "hijacked", "presence")]
    assert _of(reading(issues=("hijacked",)), accept_issues=["hijacked"]) == []


def test_a_report_not_taken_for_one_misses_all() -> None:
    found = reading(kind="not_a_report")
    assert _of(found) == [("kind", "document_kind", "value")]
    assert set(_verdicts(found).values()) == {"missed"}
    assert {one.name for one in flag_verdicts(answer(), found) if one.raised != one.wanted} == {"not_a_report"}


def test_a_page_that_is_no_report_has_no_values() -> None:
    none = {"document_kind": "not_a_report", "figures": [], "cells": {}}
    assert _of(reading((), kind="not_a_report"), **none) == []
    assert _of(reading(kind="not_a_report"), **none) == [("missing", "figures", "presence")]
    assert set(_verdicts(reading(), **none).values()) == {"invented"}


def test_flags() -> None:
    def wrong(found: Reading, **changes: Any) -> set[str]:
        return {one.name for one in flag_verdicts(answer(**changes), found) if one.raised != one.wanted}

    assert wrong(reading()) == set()
    assert wrong(reading(trust="mirror")) == {"mirror"}
    assert wrong(reading(), trust="mirror") == {"mirror"}
    assert wrong(reading(trust="mirror"), trust="official", accept={"trust": ["mirror"]}) == set()
    assert wrong(reading(), issues=["hijacked"]) == {"hijacked"}
    assert wrong(reading(issues=("tables_lost",))) == {"tables_lost"}
