"""Cutting and escaping as pure functions, on hostile text."""

from __future__ import annotations

import html
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import csv_bytes, scale_for
from dashboards.reading import Cell, Mark, blocks, diff_html, pieces
from dashboards.screens.report import may_link
from dashboards.tables import Badge, Link, cell, table_html
from dashboards.texts import escaped, label, number, visible

HOSTILE = "<script>alert('1')</script>&amp;\"><img src=x onerror=alert(1)>"


def shown(found: list[dict]) -> list[tuple[str, list[int]]]:  # type: ignore[type-arg]
    return [(piece["t"], piece["f"]) for piece in found]


def test_text_is_cut_where_evidence_begins_and_ends() -> None:
    assert shown(pieces("收到申请58件。", [Mark(4, 6, 1)])) == [("收到申请", []), ("58", [1]), ("件。", [])]


def test_evidence_at_both_ends() -> None:
    assert shown(pieces("58件", [Mark(0, 2, 1), Mark(2, 3, 2)])) == [("58", [1]), ("件", [2])]
    assert shown(pieces("58", [Mark(0, 2, 1)])) == [("58", [1])]
    assert pieces("", [Mark(0, 0, 1)]) == []


def test_overlapping_and_equal_evidence() -> None:
    found = pieces("abcdef", [Mark(0, 4, 1), Mark(2, 6, 2), Mark(2, 4, 3), Mark(2, 4, 3)])
    assert shown(found) == [("ab", [1]), ("cd", [1, 2, 3]), ("ef", [2])]


def test_evidence_outside_of_the_text_is_clipped() -> None:
    assert shown(pieces("abc", [Mark(-5, 1, 1), Mark(2, 99, 2), Mark(7, 9, 3), Mark(2, 1, 4)])) == [
        ("a", [1]), ("b", []), ("c", [2]),
    ]  # fmt: skip


def test_characters_beyond_the_basic_plane_count_as_one() -> None:
    assert shown(pieces("𠮷𠮷58", [Mark(2, 4, 1)])) == [("𠮷𠮷", []), ("58", [1])]


MARKS = st.lists(st.builds(Mark, st.integers(-3, 40), st.integers(-3, 40), st.integers(1, 5)), max_size=8)


@given(st.text("abc县<>&\n", max_size=30), MARKS)
def test_no_character_is_lost_or_doubled(text: str, marks: list[Mark]) -> None:
    found = pieces(text, marks)
    assert "".join(piece["t"] for piece in found) == text
    at = 0
    for piece in found:
        whole = {mark.figure for mark in marks if mark.start <= at and at + len(piece["t"]) <= mark.end}
        assert set(piece["f"]) == whole
        at += len(piece["t"])


def grid_of(text: str, lines: list[list[str]], grid: int = 1) -> list[Cell]:
    found, at = [], 0
    for row, line in enumerate(lines, 1):
        for column, content in enumerate(line, 1):
            at = text.index(content, at)
            found.append(Cell(grid, row, column, 1, 1, at, at + len(content), content))
            at += len(content)
    return found


def test_a_table_takes_the_place_of_its_text() -> None:
    text = "前\n项目\t数\n申请\t58\n后"
    found = blocks(
        text, [Mark(text.index("58"), text.index("58") + 2, 7)], grid_of(text, [["项目", "数"], ["申请", "58"]])
    )
    assert [block["kind"] for block in found] == ["text", "table", "text"]
    assert found[1]["rows"][1][1]["pieces"] == [{"t": "58", "f": [7]}] and not found[1]["again"]


def test_text_between_cells_is_never_lost() -> None:
    text = "项目\t数\n注：此行不在表中\n申请\t58\n后"
    found = blocks(text, [], grid_of(text, [["项目", "数"], ["申请", "58"]]))
    running = "".join(piece["t"] for block in found if block["kind"] == "text" for piece in block["pieces"])
    assert running == text
    assert [block["again"] for block in found if block["kind"] == "table"] == [True]


def test_cells_out_of_order_and_beyond_the_end_lose_nothing() -> None:
    text = "甲 乙 丙"
    cells = [Cell(1, 1, 1, 1, 1, 4, 5, "丙"), Cell(1, 1, 2, 1, 1, 0, 1, "甲"), Cell(2, 1, 1, 1, 1, 2, 99, "乙 丙")]
    found = blocks(text, [], cells)
    running = "".join(piece["t"] for block in found if block["kind"] == "text" for piece in block["pieces"])
    assert running == text and sum(block["kind"] == "table" for block in found) == 2


def test_characters_that_nobody_sees_are_shown() -> None:
    assert visible("a\x00b\x1bc\u202ed\ud800\n\t县") == "a␀b␛c⟨U+202E⟩d�\n\t县"
    visible("\ud800\udfff").encode()  # nothing is left that cannot be sent


@pytest.mark.parametrize("text", [HOSTILE, "\x00<b>", "a'b\"c", "\ud800<i>"])
def test_html_of_hostile_text_is_only_text(text: str) -> None:
    assert not re.search(r"[<>'\"]", escaped(text))
    assert html.unescape(escaped(text)) == visible(text)
    for made in (
        cell(text),
        Badge(text).html(),
        Link(text, "report", {"report": text}).html(),
        table_html([text], [[text]]),
    ):
        assert "<script" not in made and "<img" not in made and "<b>" not in made.replace("<tbody>", "")


def test_a_link_holds_no_address_of_a_page() -> None:
    made = Link("x", "report", {"report": "javascript:alert(1)&q=<"}).html()
    assert 'href="report?report=javascript%3Aalert%281%29%26q%3D%3C"' in made


def test_labels_are_plain_text() -> None:
    assert label("![x](http://evil.invalid/a.png) :red[b]\n# *c* $d$") == (
        r"\!\[x\]\(http\:\/\/evil\.invalid\/a\.png\) \:red\[b\] \# \*c\* \$d\$"
    )


def test_what_changed_is_escaped() -> None:
    body, more = diff_html("旧\n同", f"新{HOSTILE}\n同")
    assert body == f"<i>…</i>\n<del>旧</del>\n<ins>新{escaped(HOSTILE)}</ins>\n同" and not more
    assert diff_html("a", "a") == ("", False)
    assert diff_html("", "\n".join(map(str, range(900))), most=10)[1]


def test_numbers_have_separators_and_nothing_is_a_dash() -> None:
    assert [number(value) for value in (1234567, 12.5, 1234.0, 0, None)] == ["1,234,567", "12.5", "1,234", "0", "—"]


def test_csv_has_a_mark_and_no_formula() -> None:
    data = pl.DataFrame({"a": ["=1+1", " @x", "县", None], "b": [1.0, 2.5, None, 0.0]})
    lines = csv_bytes(data).decode("utf-8").split("\r\n")
    assert lines == ["\ufeffa,b", "'=1+1,1", "' @x,2.5", "县,", ",0", ""]


@pytest.mark.parametrize(
    ("url", "trust", "linked"),
    [
        ("http://www.jingxian.gov.cn/a.html", "official", True),
        ("https://x.gov.cn/?a=1", "official", True),
        ("http://x.example.com/", "hijacked", False),
        ("http://x.example.com/", "mirror", False),
        ("javascript:alert(1)", "official", False),
        ("http://a@evil.example/", "official", False),
        ("http://[", "official", False),
        ("//evil.example/", "official", False),
    ],
)
def test_only_pages_of_publishers_become_links(url: str, trust: str, linked: bool) -> None:
    assert may_link(url, trust) is linked


@pytest.mark.parametrize(
    ("values", "domain"),
    [([0.0, 0.0], [0.0, 1.0]), ([0.0], [0.0, 1.0]), ([3.0, 8.0], [0.0, 8.0]), ([-2.0, -1.0], [-2.0, 0.0])],
)
def test_zero_is_drawn_as_zero(values: list[float], domain: list[float]) -> None:
    assert scale_for(values).to_dict()["domain"] == domain
