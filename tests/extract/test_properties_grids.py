"""Grids: spans expand as a simple model says, through HTML; a flattened table of a form is rebuilt as it was."""

from __future__ import annotations

import random
from html import escape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.catalogue import load_catalogue
from scrapers.clean import clean
from scrapers.document import Page
from scrapers.extract.rebuild import rebuild_grids
from tests.mutation.sheets import sheet_of

SPAN = st.sampled_from([1, 1, 1, 1, 2, 3, 0])
CELLS = st.tuples(
    st.sampled_from(["自然人", "总计", "规章", "行政许可", "其他", "12", "0", "345", "-", ""]), SPAN, SPAN
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=2, max_size=6)
HEAD = "<p>行政许可和行政处罚的决定数量列表如下，本表由表格的单元测试生成，供核对之用。</p>"


def html_of(rows: list[list[tuple[str, int, int]]]) -> str:
    lines = []
    for row in rows:
        cells = (f"<td rowspan={high} colspan={max(wide, 1)}>{escape(text)}</td>" for text, high, wide in row)
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return f"<table>{''.join(lines)}</table>"


def overlaps(rows: list[list[tuple[str, int, int]]]) -> bool:
    """Whether two cells claim one place; browsers disagree there."""
    taken: set[tuple[int, int]] = set()
    for top, row in enumerate(rows):
        left = 0
        for _, high, wide in row:
            while (top, left) in taken:
                left += 1
            bottom = len(rows) if high == 0 else min(top + high, len(rows))
            places = {(y, x) for y in range(top, bottom) for x in range(left, left + max(wide, 1))}
            if places & taken:
                return True
            taken |= places
            left += max(wide, 1)
    return False


@given(TABLES)
@settings(max_examples=120, deadline=None)
def test_a_table_expands_as_the_simple_model_says(rows: list[list[tuple[str, int, int]]]) -> None:
    if overlaps(rows):
        return
    html = html_of(rows)
    document = clean(Page(f"<html><body>{HEAD}{html}</body></html>".encode(), file_name="t.html"))
    if not document.grids:  # a table without two filled cells in a row is layout
        return
    table = BeautifulSoup(html, "lxml").table
    assert table is not None
    model = _collapsed([[(0 if spot.lost else id(spot), spot.text.strip()) for spot in row] for row in sheet_of(table)])
    assert [[cell.text for cell in row] for row in document.grids[0].rows] == model
    for row in document.grids[0].rows:
        for cell in row:
            assert document.text[cell.start : cell.end] == cell.text


def _collapsed(rows: list[list[tuple[int, str]]]) -> list[list[str]]:
    """Without rows and columns that only repeat the one before, and without empty rows (columns, where most are)."""
    rows = [
        row
        for number, row in enumerate(rows)
        if not number or [one for one, _ in row] != [one for one, _ in rows[number - 1]]
    ]
    rows = [row for row in rows if any(text for _, text in row)]
    columns = [list(line) for line in zip(*rows, strict=True)]
    columns = [
        line
        for number, line in enumerate(columns)
        if not number or [one for one, _ in line] != [one for one, _ in columns[number - 1]]
    ]
    filled = [line for line in columns if any(text for _, text in line)]
    columns = filled if len(filled) * 2 < len(columns) else columns
    return [[text for _, text in row] for row in zip(*columns, strict=True)]


LAYOUTS = {
    "cell a paragraph": lambda rows: "".join(f"<p>{cell}</p>" for row in rows for cell in row),
    "cell a line": lambda rows: "<p>" + "<br>".join(cell for row in rows for cell in row) + "</p>",
    "row a paragraph": lambda rows: "".join(f"<p>{'  '.join(row)}</p>" for row in rows),
    "bars": lambda rows: "".join(f"<p>| {' | '.join(row)} |</p>" for row in rows),
    "tabs": lambda rows: "<pre>" + "\n".join("\t".join(row) for row in rows) + "</pre>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form_id", ["F2019", "F2021"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_a_flattened_matrix_is_rebuilt(form_id: str, layout: str, seed: int) -> None:
    dice = random.Random(seed)
    fields = [field for field in load_catalogue().forms[form_id].values("T3") if not field.variant]
    rows = [[field.labels[0], *(_number(dice) for _ in range(7))] for field in fields]
    document = clean(
        Page(
            f"<html><body>{HEAD}{LAYOUTS[layout](rows)}<p>以上为全部数据。</p></body></html>".encode(),
            file_name="t.html",
        )
    )
    grids = rebuild_grids(document)[0]
    assert [[cell.text.strip() for cell in row] for grid in grids for row in grid.rows] == rows


@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_a_row_that_lost_cells_is_left_out_and_no_other_changes(seed: int) -> None:
    dice = random.Random(seed)
    fields = [field for field in load_catalogue().forms["F2021"].values("T3") if not field.variant]
    rows = [[field.labels[0], *(_number(dice) for _ in range(7))] for field in fields]
    lost = set(dice.sample(range(len(rows)), 5))
    shown = [row[: -dice.randint(1, 5)] if number in lost else row for number, row in enumerate(rows)]
    document = clean(
        Page(f"<html><body>{HEAD}{LAYOUTS['cell a line'](shown)}</body></html>".encode(), file_name="t.html")
    )
    grids, gaps = rebuild_grids(document)[:2]
    kept = [[cell.text for cell in row] for grid in grids for row in grid.rows]
    assert kept == [row for number, row in enumerate(rows) if number not in lost]
    assert len(gaps) == len(lost)


def _number(dice: random.Random) -> str:
    value = dice.choice((0, dice.randint(1, 30), dice.randint(100, 99_999)))
    return dice.choice((str(value), str(value), f"{value:,}"))
