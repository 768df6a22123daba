"""Grids: spans expand as a plain model of a table says, and every cell points at its text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.clean.layout import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Placed,
    RawCell,
    TableBlock,
    TextBlock,
    collapse,
    compose,
    expand,
    from_places,
)
from tests.clean.pages import check_offsets, page, paragraphs, read, texts

CELLS = st.builds(
    RawCell,
    st.text("政府信息0123 \n", max_size=4),
    st.integers(min_value=0, max_value=4),
    st.integers(min_value=1, max_value=4),
)
TABLES = st.lists(st.lists(CELLS, max_size=5), max_size=6)


def naive(rows: list[list[RawCell]]) -> dict[tuple[int, int], RawCell]:
    """The table model written down as plainly as can be: place by place."""
    taken: dict[tuple[int, int], RawCell] = {}
    for top, row in enumerate(rows):
        left = 0
        for cell in row:
            while (top, left) in taken:
                left += 1
            bottom = len(rows) if cell.rowspan == 0 else min(top + cell.rowspan, len(rows))
            for y in range(top, bottom):
                for x in range(left, left + cell.colspan):
                    if (y, x) in taken:
                        break
                    taken[y, x] = cell
            left += cell.colspan
    return taken


@given(TABLES)
def test_expansion_equals_the_naive_model(rows: list[list[RawCell]]) -> None:
    slots = expand(rows)
    model = naive(rows)
    assert {(y, x): id(cell) for (y, x), cell in model.items()} == {
        (y, x): id(cell) for y, row in enumerate(slots) for x, cell in enumerate(row) if cell is not None
    }


@given(TABLES)
def test_collapsing_loses_no_text(rows: list[list[RawCell]]) -> None:
    before = {id(cell) for row in expand(rows) for cell in row if cell is not None and cell.text}
    after = {id(cell) for row in collapse(expand(rows)) for cell in row if cell is not None and cell.text}
    assert before == after


@given(TABLES, TABLES)
@settings(max_examples=60)
def test_composed_text_and_offsets(first: list[list[RawCell]], second: list[list[RawCell]]) -> None:
    composed = compose([TextBlock("前文"), TableBlock(first, "html"), TextBlock(" 中 "), TableBlock(second, "html")])
    assert composed.text == "\n".join(composed.text[item.start : item.end] for item in composed.paragraphs)
    for grid in composed.grids:
        assert grid.end <= len(composed.text)
        for number, row in enumerate(grid.rows):
            for column, cell in enumerate(row):
                assert composed.text[cell.start : cell.end] == cell.text
                assert cell.origin <= (number, column)
    assert all(composed.text[place] == "\n" for place in composed.breaks if place < len(composed.text))


def test_each_origin_is_written_once() -> None:
    rows = [[RawCell("办理结果", rowspan=2), RawCell("甲", colspan=2)], [RawCell("1"), RawCell("2")]]
    composed = compose([TableBlock(rows, "html")])
    assert composed.text == "办理结果\t甲\n1\t2"
    grid = composed.grids[0]
    assert [[cell.text for cell in row] for row in grid.rows] == [["办理结果", "甲", "甲"], ["办理结果", "1", "2"]]
    assert grid.rows[1][0].origin == (0, 0)
    assert grid.rows[0][2].origin == (0, 1)


def test_columns_that_only_repeat_go_and_blank_columns_stay() -> None:
    rows = [
        [RawCell("项目", colspan=2), RawCell("数量"), RawCell("")],
        [RawCell("规章", colspan=2), RawCell("3"), RawCell("")],
    ]
    assert [[cell.text if cell else None for cell in row] for row in collapse(expand(rows))] == [
        ["项目", "数量", ""],
        ["规章", "3", ""],
    ]


def _row(*texts: str) -> list[RawCell]:
    return [RawCell(text) for text in texts]


def _columns(tables: list[list[list[RawCell]]]) -> list[list[int]]:
    grids = compose([block for table in tables for block in (TableBlock(table, "html"), TextBlock("续表"))]).grids
    return [[len(row) for row in grid.rows] for grid in grids]


def test_a_table_that_continues_another_keeps_its_blank_columns() -> None:
    head = [_row("事项", "甲", "乙", "丙", "丁", "合计")]
    rest = [_row(name, "", "", "", "", "0") for name in ("许可", "处罚")]
    assert _columns([head + rest, rest]) == [[6] * 3, [6] * 2]


def test_a_blank_label_column_over_the_whole_rest_stays() -> None:
    head = [_row("结果", "小项", "甲", "乙", "丙", "丁")]
    rest = [[RawCell("", rowspan=2), *_row("重复", "", "", "", "4")], _row("其他", "", "", "", "5")]
    assert _columns([head, rest])[1] == [6, 6]


def test_blank_columns_of_a_layout_go_where_no_table_names_them() -> None:
    spaced = [_row("许可", "", "", "", "", "7"), _row("处罚", "", "", "", "", "8")]
    named = [_row("事项", "数量", "说明")]
    assert _columns([spaced]) == [[2, 2]]
    assert _columns([named, spaced])[1] == [2, 2]
    assert _columns([spaced, spaced]) == [[2, 2], [2, 2]]


def test_absurd_spans_are_bounded() -> None:
    slots = expand([[RawCell("甲", rowspan=10**9, colspan=10**9)]] + [[RawCell("乙")]] * 3)
    assert (len(slots), len(slots[0])) == (4, MAX_COLUMNS)
    assert len(expand([[RawCell("x")]] * (MAX_ROWS + 5))) == MAX_ROWS


def test_rows_beyond_the_bound_stay_as_text() -> None:
    rows = [[RawCell(str(number)), RawCell("件")] for number in range(MAX_ROWS + 3)]
    composed = compose([TableBlock(rows, "html")])
    assert len(composed.grids[0].rows) == MAX_ROWS
    assert composed.text.endswith(f"\n{MAX_ROWS + 2}\t件")
    assert composed.truncated


def test_all_cells_of_a_page_are_bounded() -> None:
    rows = [[RawCell("甲", colspan=MAX_COLUMNS)], *([[]] * (MAX_ROWS - 1))]
    composed = compose([TableBlock(rows, "html")] * (MAX_CELLS // (MAX_COLUMNS * MAX_ROWS) + 2))
    assert composed.truncated
    assert composed.text.count("甲") == MAX_CELLS // (MAX_COLUMNS * MAX_ROWS) + 2


def test_places_without_a_cell_move_nothing() -> None:
    table = from_places(
        [Placed(0, 1, "甲"), Placed(1, 0, "乙", colspan=2), Placed(2, 2, "丙"), Placed(2, 2, "丁")], "pdf"
    )
    assert [[cell.text if cell else "" for cell in row] for row in expand(table.rows)] == [
        ["", "甲", ""],
        ["乙", "乙", ""],
        ["", "", "丙"],
    ]


MATRIX = """<table>
<tr><td rowspan=3 colspan=3>（本列数据的勾稽关系）</td><td colspan=7>申请人情况</td></tr>
<tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>
<tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>
<tr><td colspan=3>一、本年新收政府信息公开申请数量</td><td>9</td><td>1</td><td>0</td><td></td><td>2</td><td>0</td><td>12</td></tr>
<tr><td rowspan=0>三、本年度办理结果</td><td colspan=2>（一）予以公开</td><td>8</td><td>1</td><td>0</td><td>0</td><td>2</td><td>0</td><td>11</td></tr>
<tr><td rowspan=2>（三）不予公开</td><td>1.属于国家秘密</td><td>1</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>1</td></tr>
<tr><td>2.其他</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td></tr>
</table>"""


def test_the_matrix_of_requests() -> None:
    document = read(page(paragraphs(), MATRIX))
    grid = texts(document)[0]
    assert grid[2][3:] == ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    assert grid[3] == ["一、本年新收政府信息公开申请数量"] * 3 + ["9", "1", "0", "", "2", "0", "12"]
    assert grid[6][:4] == ["三、本年度办理结果", "（三）不予公开", "2.其他", "0"]
    check_offsets(document)
