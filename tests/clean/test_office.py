"""DOCX and XLSX: order, merged cells, changes under review, numbering, and files that are too much."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from scrapers.clean.docx import MAX_UNPACKED
from scrapers.clean.sniff import DOCX, XLS, XLSX
from scrapers.document import Unreadable
from tests.clean.files import docx_of, saved, word_paragraph, xlsx_of, zipped
from tests.clean.pages import REPORT, check_offsets, read, texts


def words(*lines: str) -> str:
    return "".join(map(word_paragraph, lines))


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{words(text)}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def test_paragraphs_and_tables_in_the_order_of_the_body() -> None:
    document = docx.Document()
    document.core_properties.title = "年报"
    for line in REPORT[:5]:
        document.add_paragraph(line)
    grid = document.add_table(rows=3, cols=3)
    values = [["项目", "数量", ""], ["规章", "3", "0"], ["规范性文件", "12", "1"]]
    for row, line in zip(grid.rows, values, strict=True):
        for place, text in zip(row.cells, line, strict=True):
            place.text = text
    grid.cell(0, 1).merge(grid.cell(0, 2))
    for line in REPORT[5:]:
        document.add_paragraph(line)
    read_back = read(saved(document), "a.docx")
    assert read_back.text.split("\n") == [*REPORT[:5], "项目\t数量", "规章\t3\t0", "规范性文件\t12\t1", *REPORT[5:]]
    assert texts(read_back)[0][0] == ["项目", "数量", "数量"]
    assert (read_back.media_type, read_back.meta) == (DOCX, {"title": "年报"})
    check_offsets(read_back)


def test_vertical_merges_and_a_row_that_begins_later() -> None:
    body = table(
        cell("办理结果", '<w:vMerge w:val="restart"/>') + cell("予以公开") + cell("5"),
        cell("", "<w:vMerge/>") + cell("不予公开") + cell("2"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("总计") + cell("7"),
    )
    assert texts(read(docx_of(words(*REPORT), body), "a.docx"))[0] == [
        ["办理结果", "予以公开", "5"],
        ["办理结果", "不予公开", "2"],
        ["", "总计", "7"],
    ]


def test_changes_under_review_and_breaks() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    changed = (
        "<w:p>" + run.format("收到申请1") + "<w:ins>" + run.format("2") + "</w:ins><w:del><w:r><w:delText>9</w:delText></w:r></w:del>"
        + run.format("3件。") + "<w:r><w:br/></w:r>" + run.format("已办结。") + "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )  # fmt: skip
    assert read(docx_of(words(*REPORT), changed), "a.docx").text.endswith("\n收到申请123件。\n已办结。")


def test_content_controls_and_text_boxes_are_read() -> None:
    control = f"<w:sdt><w:sdtContent>{words('控件里的一段。')}</w:sdtContent></w:sdt>"
    box = f"<w:p><w:r><w:pict><w:txbxContent>{words('框里的一段。')}</w:txbxContent></w:pict></w:r></w:p>"
    assert read(docx_of(words(*REPORT), control, box), "a.docx").text.endswith("\n控件里的一段。\n框里的一段。")


def test_a_nested_table_in_a_layout_table_is_a_grid_of_its_own() -> None:
    inner = table(cell("规章") + cell("3"), cell("规范性文件") + cell("12"))
    outer = table(f"<w:tc><w:tcPr/>{words(*REPORT)}{inner}{words('末段。')}</w:tc>")
    document = read(docx_of(outer), "a.docx")
    assert texts(document) == [[["规章", "3"], ["规范性文件", "12"]]]
    assert document.text.split("\n") == [*REPORT, "规章\t3", "规范性文件\t12", "末段。"]


def test_labels_that_word_counts_are_written_out() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract = docx.oxml.parse_xml(
        f'<w:abstractNum {docx.oxml.ns.nsdecls("w")} w:abstractNumId="90">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    )
    numbering.insert(0, abstract)
    numbering.append(
        docx.oxml.parse_xml(f'<w:num {docx.oxml.ns.nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )
    for level, text in ((0, "总体情况"), (1, "平台建设。"), (1, "教育培训。"), (0, "主动公开"), (1, "数量。")):
        paragraph = document.add_paragraph(text)
        number = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        number.get_or_add_numId().val = 90
        number.get_or_add_ilvl().val = level
    assert read(saved(document), "a.docx").text.split("\n") == [
        "一、总体情况",
        "1.平台建设。",
        "2.教育培训。",
        "二、主动公开",
        "1.数量。",
    ]


def test_a_workbook() -> None:
    rows = [
        ["桐川县2015年度政府信息公开情况统计表", None, None],
        ["统计指标", "单位", "统计数"],
        ["主动公开政府信息数", "条", 1234],
        ["专项经费", "万元", 36.5000000000000004],
        ["收到申请数", "件", None],
        ["备注", "本表由县政府办公室填报", None],
    ]
    document = read(xlsx_of(rows, ["A1:C1", "B6:C6"]), "a.xlsx")
    assert document.media_type == XLSX
    assert document.text.split("\n")[:3] == [rows[0][0], "统计指标\t单位\t统计数", "主动公开政府信息数\t条\t1234"]
    assert texts(document)[0][2:] == [
        ["专项经费", "万元", "36.5"],
        ["收到申请数", "件", ""],
        ["备注", "本表由县政府办公室填报", "本表由县政府办公室填报"],
    ]


def test_an_old_workbook() -> None:
    content = (Path(__file__).parents[1] / "fixtures/office/statistics.xls").read_bytes()
    document = read(content, "a.xls")
    assert document.media_type == XLS
    assert document.text.startswith("桐川县2015年度政府信息公开情况统计表\n")
    assert texts(document)[0] == [
        ["统计指标", "单位", "统计数"],
        ["主动公开政府信息数", "条", "1234"],
        ["专项经费", "万元", "36.5"],
        ["收到申请数", "件", ""],
        ["备注", *["本表由县政府办公室填报（数字为虚构）"] * 2],
    ]
    for damaged in (content[:3000], content[:512] + bytes(3000)):
        with pytest.raises(Unreadable):
            read(damaged, "a.xls")


def test_what_unpacks_to_too_much_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target, target.open("word/document.xml", "w") as entry:
        for _ in range(MAX_UNPACKED // 2**20 + 1):
            entry.write(b" " * 2**20)
    with pytest.raises(Unreadable) as caught:
        read(buffer.getvalue(), "a.docx")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        zipped({"word/document.xml": "<broken"}),
        zipped({"xl/worksheets/sheet1.xml": "<broken"}),
        zipped({"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'}),
    ],
)
def test_broken_packages_are_corrupt(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content, "a.docx")
    assert caught.value.code == "corrupt"
