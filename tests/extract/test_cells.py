"""Cells: what is printed and what it means; labels of a form found in a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.extract.align import align, label_key, similarity
from scrapers.extract.blanks import prove_blanks
from scrapers.extract.cells import CellValue, read_cell


@pytest.mark.parametrize("text", ["", " ", "-", "——", "/", "\\", "－", "…", "\u00a0"])
def test_blank_is_missing_and_never_zero(text: str) -> None:
    assert read_cell(text) == CellValue("blank")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("0", 0, None), ("12", 12, None), ("1,234", 1234, None), ("+1", 1, None), ("-2", -2, None), ("59237.2449", 59237.2449, None),
     ("251000元", 251000, "元"), ("12.5万元", 12.5, "万元"), ("3件", 3, "件"), ("22(其中修订16件)", 22, None), ("(7)", 7, None),
     ("一百", 100, None), ("1 2", 12, None), ("约30人次", 30, "人次")],
)  # fmt: skip
def test_numbers_in_cells(text: str, value: float, unit: str | None) -> None:
    cell = read_cell(text)
    assert (cell.kind, cell.value, cell.unit) == ("number", value, unit)


@pytest.mark.parametrize("text", ["22,+1,23", "22/+1/23", "3-5", "12:30"])
def test_several_numbers_are_no_value(text: str) -> None:
    assert read_cell(text).value is None


def test_the_word_for_none_is_zero() -> None:
    assert read_cell("无") == CellValue("zero_word", 0.0)
    assert read_cell("零").kind == "zero_word"


@given(st.integers(min_value=0, max_value=10**12))
def test_any_printed_integer_is_read(value: int) -> None:
    assert read_cell(str(value)).value == value
    assert read_cell(f"{value:,}").value == value


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader_of_cells(text: str) -> None:
    read_cell(text)
    label_key(text)


@pytest.mark.parametrize(
    ("printed", "known"),
    [("1.属于国家秘密", "属于国家秘密"), ("(一)予以公开", "予以公开"), ("属于四类过程\n性信息", "属于四类过程性信息"),
     ("部分公开(区分处理的,只计这一情形,不计其他情形)", "部分公开"), ("3、危及“三安全一稳定”", '危及"三安全一稳定"')],
)  # fmt: skip
def test_a_label_is_known_in_any_dress(printed: str, known: str) -> None:
    assert similarity(printed, known) >= 0.98


@pytest.mark.parametrize(
    ("one", "other"), [("总计", "其他"), ("行政复议数量", "行政诉讼数量"), ("涉及商业秘密", "涉及国家秘密")]
)
def test_neighbours_are_told_apart(one: str, other: str) -> None:
    assert similarity(one, other) < similarity(one, one)
    assert similarity(one, other) < 0.82


def test_rows_are_matched_by_label_and_order() -> None:
    fields = [["收到申请"], ["其他"], ["办结申请"], ["其他"]]
    assert align(["收到申请", "其他", "办结申请", "其他"], fields) == {0: 0, 1: 1, 2: 2, 3: 3}
    assert align(["收到申请", "办结申请", "其他"], fields) == {0: 0, 1: 2, 2: 3}


def test_a_broken_label_takes_its_place_between_neighbours() -> None:
    fields = [["属于国家秘密"], ["保护第三方合法权益"], ["属于行政执法案卷"]]
    assert align(["属于国家秘密", "##", "属于行政执法案卷"], fields) == {0: 0, 1: 1, 2: 2}
    assert align(["属于国家秘密", "##", "##", "属于行政执法案卷"], fields) == {0: 0, 3: 2}, (
        "two rows for one field prove nothing"
    )


KINDS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_org",
    "legal_service_org",
    "other_org",
)


def _row(field: str, cells: list[str]) -> dict[tuple[str, str | None], CellValue]:
    return {(field, kind): read_cell(text) for kind, text in zip((*KINDS, "total"), cells, strict=True)}


def test_a_total_proves_its_blanks() -> None:
    cells = _row("requests_received_new", ["5", "", "1", "", "", "", "6"])
    assert prove_blanks(cells, "F2021") == {
        ("requests_received_new", kind)
        for kind in ("commercial_enterprise", "social_welfare_org", "legal_service_org", "other_org")
    }


def test_a_total_that_is_not_reached_proves_nothing() -> None:
    assert prove_blanks(_row("requests_received_new", ["5", "", "1", "", "", "", "7"]), "F2021") == frozenset()
    assert prove_blanks(_row("requests_received_new", ["5", "", "1", "", "", "", ""]), "F2021") == frozenset()
    assert prove_blanks(_row("requests_received_new", ["", "", "", "", "", "", ""]), "F2021") == frozenset()


def test_a_printed_zero_total_proves_a_blank_row() -> None:
    assert len(prove_blanks(_row("requests_received_new", ["", "", "", "", "", "", "0"]), "F2021")) == 6
