"""The official tables in every layout that pages give them: the values must not change with the layout.

Shapes: wild variation §5. The figures are invented and all different, so that a shifted cell shows.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scrapers.catalogue import load_catalogue
from scrapers.document import Page, Reading
from scrapers.read import read_page

Rows = list[list[str]]
KINDS = [kind.id for kind in load_catalogue().applicant_types]
NAMES = [kind.label_zh for kind in load_catalogue().applicant_types]
GROUPS = {
    "不予公开": "(三)不予公开",
    "无法提供": "(四)无法提供",
    "不予处理": "(五)不予处理",
    "其他处理": "(六)其他处理",
}
HEAD = (
    "<html><head><title>t</title></head><body><div>首页 &gt; 政府信息公开年报</div><div><h1>甲县{year}年政府信息公开工作年度报告</h1>"
    "<p>本报告根据《中华人民共和国政府信息公开条例》编制,统计期限自{year}年1月1日起至{year}年12月31日止。</p>"
    "<p>一、总体情况</p><p>{year}年,甲县认真推进政务公开。</p><p>二、主动公开政府信息情况</p>"
)
TAIL = (
    "<p>五、存在的主要问题及改进情况</p><p>有的单位更新不够及时,将加强培训。</p><p>六、其他需要报告的事项</p>"
    "<p>无其他需要报告的事项。</p></div></body></html>"
)
Key = tuple[str, str | None]


def _numbering(index: int) -> str:
    return f"{index + 1}."


def tables(form_id: str) -> tuple[Rows, Rows, Rows, dict[Key, float]]:
    """(T2, T3, T4, answers): the rows as printed and the value of every cell."""
    form = load_catalogue().forms[form_id]
    answers: dict[Key, float] = {}
    value = 1000.0
    blocks: Rows = []
    for code in dict.fromkeys(field.code for field in form.values("T2")):
        fields = [field for field in form.values("T2") if field.code == code]
        columns = list(dict.fromkeys(field.columns[0] for field in fields))
        blocks += [[f"第二十条第{code}项"], ["信息内容", *columns]]
        for label in dict.fromkeys(field.labels[0] for field in fields):
            row = [label]
            for field in fields:
                if field.labels[0] == label:
                    value += 7
                    answers[field.id, None] = value
                    row.append(f"{value:g}")
            blocks.append(row)
    matrix: Rows = [["申请人情况"], ["自然人", "法人或其他组织", "总计"], NAMES[1:6]]
    for field in [field for field in form.values("T3") if not field.variant]:
        row = (
            [GROUPS[field.group]]
            if field.group and GROUPS[field.group] not in [cell for line in matrix for cell in line]
            else []
        )
        row.append(field.labels[0])
        for kind in KINDS:
            value += 7
            answers[field.id, kind] = value
            row.append(f"{value:g}")
        matrix.append(row)
    results: Rows = [["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"]]
    results += [[field.labels[0] for field in form.values("T4")], []]
    for field in form.values("T4"):
        value += 7
        answers[field.id, None] = value
        results[-1].append(f"{value:g}")
    return blocks, matrix, results, answers


def test_a_proven_blank_leads_back_to_its_label_as_published() -> None:
    page = HEAD.format(year=2021) + "<p>三、收到和处理政府信息公开申请情况</p>"
    rows = [
        [field.labels[0]] + ["0"] * 7 for field in load_catalogue().forms["F2021"].values("T3") if not field.variant
    ]
    rows[2] = ["（一）予以公开", "4", "", "", "", "", "", "4"]  # full-width brackets: the twin has ASCII ones
    page += "".join("<p>" + "|".join(row) + "</p>" for row in rows) + TAIL
    reading = read_page(Page(page.encode(), file_name="t.html"))
    blanks = [figure for figure in reading.figures if figure.value_state == "blank_as_zero"]
    assert len(blanks) == 5
    text = reading.document.text if reading.document else ""
    assert {one.evidence for one in blanks} == {"（一）予以公开"}
    assert all(text[one.evidence_start : one.evidence_end] == one.evidence for one in blanks)


def _each(tag: str) -> Callable[[Rows], str]:
    return lambda rows: "".join(f"<{tag}>{cell}</{tag}>" for row in rows for cell in row)


def _joined(mark: str) -> Callable[[Rows], str]:
    return lambda rows: "".join(f"<p>{mark.join(row)}</p>" for row in rows)


LAYOUTS: dict[str, Callable[[Rows], str]] = {
    "one cell a paragraph": _each("p"),
    "one cell a div": _each("div"),
    "one cell a list item": lambda rows: f"<ul>{_each('li')(rows)}</ul>",
    "one cell a line": lambda rows: "<p>" + "<br>".join(cell for row in rows for cell in row) + "</p>",
    "a row a paragraph, blanks": _joined(" "),
    "a row a paragraph, nbsp": _joined("&nbsp;&nbsp; "),
    "a row a paragraph, wide blanks": _joined("\u3000"),
    "a row a paragraph, bars": _joined("|"),
    "a row a paragraph, bars around": lambda rows: "".join(f"<p>| {' | '.join(row)} |</p>" for row in rows),
    "preformatted, tabs": lambda rows: "<pre>" + "\n".join("\t".join(row) for row in rows) + "</pre>",
}


def read(form_id: str, layout: Callable[[Rows], str]) -> tuple[Reading, dict[Key, float]]:
    blocks, matrix, results, answers = tables(form_id)
    year = load_catalogue().forms[form_id].years.first
    page = HEAD.format(year=year) + layout(blocks) + "<p>三、收到和处理政府信息公开申请情况</p>" + layout(matrix)
    page += "<p>四、政府信息公开行政复议、行政诉讼情况</p>" + layout(results) + TAIL
    return read_page(Page(page.encode(), file_name="t.html")), answers


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("form_id", ["F2019", "F2021"])
def test_values_do_not_change_with_the_layout(form_id: str, name: str) -> None:
    reading, answers = read(form_id, LAYOUTS[name])
    assert reading.report_format == form_id
    assert [section.kind for section in reading.sections if section.level == 1] == [
        "overview", "proactive_disclosure", "requests", "review_litigation", "problems_improvements", "other_matters",
    ]  # fmt: skip
    found = {
        (figure.field_id, figure.applicant_type): figure.value for figure in reading.figures if figure.basis == "table"
    }
    assert found == answers
    text = reading.document.text if reading.document else ""
    assert all(text[one.evidence_start : one.evidence_end] == one.evidence for one in reading.figures)


@pytest.mark.parametrize("name", ["one cell a paragraph", "a row a paragraph, blanks"])
def test_a_row_that_lost_a_cell_has_no_values(name: str) -> None:
    layout = LAYOUTS[name]

    def without_a_cell(rows: Rows) -> str:
        return layout(
            [row[:-1] if (row and row[0] == "2.重复申请") or row[:1] == ["重复申请"] else row for row in rows]
        )

    reading, answers = read("F2021", without_a_cell)
    found = {
        (figure.field_id, figure.applicant_type): figure.value for figure in reading.figures if figure.basis == "table"
    }
    assert not [key for key in found if key[0] == "not_processed_duplicate"], "no one can say which cell was lost"
    assert found == {key: value for key, value in answers.items() if key[0] != "not_processed_duplicate"}
    assert "cells_lost" in {issue.code for issue in reading.issues}


def _listed(form_id: str, table: str, layout: Callable[[Rows], str], units: bool) -> tuple[Reading, dict[Key, float]]:
    form = load_catalogue().forms[form_id]
    answers: dict[Key, float] = {}
    rows: Rows = []
    for number, field in enumerate(field for field in form.fields if field.table == table):
        row = [field.labels[0]]
        if not field.header:
            answers[field.id, None] = 300 + number * 3
            row += [field.unit] * units + [str(300 + number * 3)]
        rows.append(row)
    year = form.years.first
    page = (
        HEAD.format(year=year)
        + "<p>主动公开政府信息。</p><p>附件:政府信息公开情况统计表</p>"
        + layout(rows)
        + "</div></body></html>"
    )
    return read_page(Page(page.encode(), file_name="t.html")), answers


@pytest.mark.parametrize("units", [True, False])
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_table_of_2014(name: str, units: bool) -> None:
    reading, answers = _listed("F2014", "T2014", LAYOUTS[name], units)
    found = {
        (figure.field_id, figure.applicant_type): figure.value for figure in reading.figures if figure.basis == "table"
    }
    assert found == answers
    assert reading.report_format == "F2014"


def _as_grid(rows: Rows) -> str:
    return (
        "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    )


@pytest.mark.parametrize(("form_id", "table"), [("F2014", "T2014"), ("F2008", "SH")])
def test_list_tables_as_grids(form_id: str, table: str) -> None:
    reading, answers = _listed(form_id, table, _as_grid, True)
    found = {
        (figure.field_id, figure.applicant_type): figure.value for figure in reading.figures if figure.basis == "table"
    }
    assert found == answers
