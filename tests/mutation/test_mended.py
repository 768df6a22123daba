"""Faults that rewritten pages have shown, each at its smallest."""

from __future__ import annotations

import pytest

from scrapers.catalogue import load_catalogue
from scrapers.clean import clean
from scrapers.document import Page, Reading
from scrapers.extract.rebuild import rebuild_grids
from scrapers.read import read_page

HEAD = (
    "<html><head><title>甲县政府</title></head><body><h1>甲县{year}年政府信息公开工作年度报告</h1>"
    "<p>本报告根据《中华人民共和国政府信息公开条例》编制，统计期限自{year}年1月1日起至{year}年12月31日止。</p>"
    "<p>一、总体情况</p><p>我县认真推进政务公开工作，各项任务有序落实。</p><p>二、主动公开政府信息情况</p>"
)
TAIL = "<p>五、存在的主要问题及改进情况</p><p>公开的及时性还需提高。</p></body></html>"
KINDS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
ROWS_2019 = [
    ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"], ["规章", "0", "0", "0"], ["规范性文件", "3", "4", "39"],
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"], ["行政许可", "140", "2", "142"], ["其他对外管理服务事项", "33", "1", "34"],
    ["行政处罚", "210", "5", "215"],
]  # fmt: skip
CODED = [["主动公开信息数", "01", "条", "6733"], ["其中：全文电子化的主动公开信息数", "02", "条", "6700"], ["新增的行政规范性文件数", "03", "条", "29"],
         ["申请总数", "10", "条", "17"], ["其中：1.当面申请数", "11", "条", "9"], ["2.传真申请数", "12", "条"], ["4.网上申请数", "14", "条", "3"]]  # fmt: skip


def read(body: str, year: int = 2019) -> Reading:
    return read_page(Page((HEAD.format(year=year) + body + TAIL).encode(), file_name="t.html"))


def lines(rows: list[list[str]]) -> str:
    return "".join(f"<p>{cell}</p>" for row in rows for cell in row)


def table(rows: list[list[str]]) -> str:
    return (
        "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    )


def cells(reading: Reading) -> dict[tuple[str, str | None], float]:
    return {(one.field_id, one.applicant_type): one.value for one in reading.figures if one.basis == "table"}


def test_a_header_that_lost_its_words_moves_no_value() -> None:
    whole = cells(read(lines(ROWS_2019)))
    assert sorted(value for (name, _), value in whole.items() if name.startswith("normative_docs")) == [3, 4, 39]
    cut = [["信息内容", "本年新", "本年新", "对外公开总数量"], *ROWS_2019[1:]]
    assert cells(read(lines(cut))) == whole


def test_a_row_is_read_by_its_own_form() -> None:
    """Of 2019 three values stand behind 行政处罚, of 2021 one: two lost blanks must not make it the first of three."""
    lost = [*ROWS_2019[:-1], ["行政处罚", "880"], ["行政强制", "14"]]
    for body in (lines(lost), "".join(f"<p>| {' | '.join(row)} |</p>" for row in lost)):
        assert 880 not in cells(read(body)).values() and 14 not in cells(read(body)).values()


def test_the_code_of_a_row_is_no_value() -> None:
    found = {name: value for (name, _), value in cells(read(lines(CODED), 2010)).items()}
    assert 12 not in found.values()
    assert found["requests_in_person" if "requests_in_person" in found else "requests_by_in_person"] == 9


def test_results_that_lost_blanks_are_given_to_no_one() -> None:
    names = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows = [["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"], names * 3]
    body = lines(ROWS_2019) + "<p>四、政府信息公开行政复议、行政诉讼情况</p>"
    assert {name for name, _ in cells(read(body + lines([*rows, ["1"] * 15])))} >= {
        "review_total",
        "litigation_after_review_total",
    }
    assert not {
        name for name, _ in cells(read(body + lines([*rows, ["1"] * 10]))) if name.startswith(("review", "litigation"))
    }


def matrix(count: int | None = None) -> list[list[str]]:
    fields = [field for field in load_catalogue().forms["F2021"].values("T3") if not field.variant][:count]
    return [
        [field.labels[0], *(str(100 + 10 * number + kind) for kind in range(7))] for number, field in enumerate(fields)
    ]


def test_an_empty_column_behind_the_matrix_moves_no_value() -> None:
    rows = [["申请人情况", *KINDS], *matrix()]
    groups = [[*row, ""] for row in rows]
    groups[5] = ["", *rows[5], ""]  # a blank cell of a group whose span is lost
    assert cells(read(table(groups), 2021)) == cells(read(table(rows), 2021)) != {}


@pytest.mark.parametrize("first", [1, 2, 24])
def test_one_or_two_rows_behind_the_end_of_a_page(first: int) -> None:
    rows, head = matrix(), ["申请人情况", *KINDS]
    whole = cells(read(table([head, *rows]), 2021))
    again = cells(read(table([head, *rows[:first]]) + "<p>— 2 —</p>" + table([head, *rows[first:]]), 2021))
    assert again == whole and len(whole) == 7 * len(rows)


def test_two_rows_of_a_list_behind_the_end_of_a_page() -> None:
    form = load_catalogue().forms["F2014"]
    rows = [[field.labels[0], field.unit or "——", "——" if field.header else str(300 + number)]
            for number, field in enumerate(field for field in form.fields if field.table == "T2014")]  # fmt: skip
    head = ["统计指标", "单位", "统计数"]
    whole = cells(read(table([head, *rows]), 2015))
    assert cells(read(table([head, *rows[:-2]]) + table(rows[-2:]), 2015)) == whole != {}


def test_what_shows_nothing_is_no_cell_of_a_flattened_row() -> None:
    plain = "".join(f"<p>{'  '.join(row)}</p>" for row in ROWS_2019)
    strewn = "".join("<p>" + " \u200b ".join(row) + "\u2060</p>" for row in ROWS_2019)
    assert cells(read(strewn)) == cells(read(plain)) != {}


def test_a_short_label_before_the_first_long_one() -> None:
    document = clean(
        Page(
            (
                HEAD.format(year=2021)
                + lines([["本年制", "本年废", "现行有"], ["规章", "0", "1", "2"], *matrix()])
                + TAIL
            ).encode(),
            file_name="t.html",
        )
    )
    rows = [[cell.text for cell in row] for grid in rebuild_grids(document)[0] for row in grid.rows]
    assert ["规章", "0", "1", "2"] in [row[:4] for row in rows]


def test_headings_and_names_in_traditional_script_are_understood() -> None:
    page = (
        "<html><head><title>廣元市朝天區2017年度政府信息公開情況統計表</title></head><body><h1>朝天區政府2019年信息公開年度報告</h1>"
        "<p>一、概述</p><p>我區認真推進政務公開，各項任務有序落實，統計期限為2019年1月1日至2019年12月31日。</p><p>二、主動公開</p><p>主動公開信息95條。</p>"
        "<p>三、依申請公開</p><p>未收到依申請公開件。</p><p>四、收費情況</p><p>無收費。</p><p>五、複議訴訟</p><p>無行政複議、行政訴訟。</p></body></html>"
    )
    traditional = read_page(Page(page.encode(), file_name="t.html"))
    assert traditional.document is not None
    assert traditional.document.meta["title"] == "广元市朝天区2017年度政府信息公开情况统计表"
    assert traditional.report_format_basis == "chapters"


def test_words_of_converters_are_mended_where_blanks_cut_them() -> None:
    page = "<p>本縣製發規 範 性 檔 案三件，政 府 資 訊公開網路運行順暢，縣政府辦公室編製報告。</p>" * 3
    document = clean(Page(page.encode(), file_name="t.html"))
    assert "规范性文件三件,政府信息公开网络" in document.normal.text


def test_an_entry_of_a_menu_is_no_title() -> None:
    menu = "".join(
        f"<li>{name}</li>"
        for name in (
            "首页",
            "机构职能",
            "政府信息公开年报",
            "公开指南",
            "财政预决算",
            "依申请公开",
            "公开制度",
            "领导信息",
        )
    )
    reading = read_page(
        Page(
            (
                HEAD.format(year=2019).replace(
                    "<body>", f"<body><ul>{menu}</ul><div>您所在的位置：首页 &gt; 年报</div>"
                )
                + TAIL
            ).encode(),
            file_name="t.html",
        )
    )
    assert reading.document is not None and reading.identity is not None
    assert reading.identity.title == "甲县2019年政府信息公开工作年度报告"
    assert "您所在的位置" not in reading.document.text
