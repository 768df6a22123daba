"""PDF: paragraphs of joined lines, tables that run over pages, files that cannot be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scrapers.document import Unreadable
from tests.clean.files import PdfPage, pdf
from tests.clean.pages import REPORT, TITLE, check_offsets, read, texts

REAL = Path(__file__).parents[3] / "shared" / "real"
WORDS = "各乡镇和县直单位都确定了一名联络员负责收集整理和发布信息并按季度通报办理进度做到件件有着落事事有回音"


def wrapped(page: PdfPage, text: str, top: float, indent: int = 2, width: int = 40) -> float:
    """Write ``text`` in lines of ``width`` Chinese characters, the first one indented; the top of the next line."""
    left = 50.0 + indent * 12
    while text:
        room, count = width - (left - 50) / 12, 0
        while count < len(text) and room >= 1:
            room -= 0.5 if text[count].isascii() else 1
            count += 1
        page.text(left, top, text[:count])
        text, top, left = text[count:], top + 20, 50.0
    return top


def report_page() -> PdfPage:
    page = PdfPage().text(150, 60, TITLE, 18)
    top = 100.0
    for line in REPORT[1:]:
        top = wrapped(page, line, top)
    return page


def test_lines_are_joined_and_headings_stay_apart() -> None:
    page = report_page()
    end = wrapped(page, WORDS * 3 + "。", 300)
    wrapped(page, "下一段。", end)
    document = read(pdf(page), "a.pdf")
    assert document.text.split("\n") == [*REPORT, WORDS * 3 + "。", "下一段。"]
    assert (document.media_type, document.encoding) == ("application/pdf", None)
    check_offsets(document)


def test_a_heading_without_indent_is_not_glued_to_a_full_line() -> None:
    page = PdfPage().text(150, 60, TITLE, 18)
    top = wrapped(page, WORDS[:37] + "。", 100)
    page.text(50, top, "一、总体情况")
    wrapped(page, WORDS + "。", top + 20)
    assert read(pdf(page), "a.pdf").text.split("\n") == [TITLE, WORDS[:37] + "。", "一、总体情况", WORDS + "。"]


def test_a_paragraph_goes_on_over_the_page_and_furniture_goes() -> None:
    first, second = report_page(), PdfPage()
    for number, page in enumerate((first, second), 1):
        page.text(50, 25, "桐川县政府办公室年报汇编", 9).text(270, 810, f"- {number} -", 9)
    wrapped(first, WORDS[:38] + WORDS[:40], 740)
    wrapped(second, WORDS[:20] + "。", 60, indent=0)
    document = read(pdf(first, second), "a.pdf")
    assert document.text.split("\n") == [*REPORT, WORDS[:38] + WORDS[:40] + WORDS[:20] + "。"]


COLUMNS = (50, 130, 300, 360, 420, 480)
HEAD = ("项目", None, "自然人", "商业企业", "总计")
FIRST = [HEAD, ("一、本年新收", None, "9", "1", "10"), ("三、本年度办\n理结果", "（一）予以公开", "5", "1", "6")]
REST = [("", "（二）部分公开", "4", "0", "4"), ("四、结转", None, "0", "0", "0")]


@pytest.mark.parametrize("shift", [0, 4])
@pytest.mark.parametrize("repeated", [False, True])
def test_a_table_goes_on_over_the_page(repeated: bool, shift: int) -> None:
    first, second = report_page(), PdfPage()
    first.table(COLUMNS, 740, FIRST)
    moved = [edge + shift for edge in COLUMNS]
    second.table(moved, 60, [HEAD, *REST] if repeated else REST)
    wrapped(second, "特此报告。", 200)
    document = read(pdf(first, second), "a.pdf")
    assert texts(document) == [
        [
            ["项目", "项目", "自然人", "商业企业", "总计"],
            ["一、本年新收", "一、本年新收", "9", "1", "10"],
            ["三、本年度办\n理结果", "（一）予以公开", "5", "1", "6"],
            ["", "（二）部分公开", "4", "0", "4"],
            ["四、结转", "四、结转", "0", "0", "0"],
        ]
    ]
    assert document.text.endswith("\n特此报告。")
    check_offsets(document)


def test_a_row_cut_by_the_end_of_the_page_is_one_row() -> None:
    first, second = report_page(), PdfPage()
    first.table(COLUMNS, 740, [*FIRST, ("", "1.申请人无正当理由", "4", "0", "4")])
    second.table(COLUMNS, 60, [("", "逾期不补正", "", "", ""), ("四、结转", None, "0", "0", "0")])
    grid = texts(read(pdf(first, second), "a.pdf"))[0]
    assert grid[3:] == [["", "1.申请人无正当理由\n逾期不补正", "4", "0", "4"], ["四、结转", "四、结转", "0", "0", "0"]]


def test_a_title_between_keeps_two_tables_apart() -> None:
    first, second = report_page(), PdfPage()
    first.table(COLUMNS, 740, FIRST)
    second.text(74, 60, "四、行政复议情况").table(COLUMNS, 90, REST)
    assert len(read(pdf(first, second), "a.pdf").grids) == 2


def test_a_frame_around_text_is_no_table() -> None:
    page = report_page().box(50, 300, 540, 340)
    wrapped(page, WORDS[:30] + "。", 310)
    document = read(pdf(page), "a.pdf")
    assert document.grids == ()
    assert document.text.endswith(WORDS[:30] + "。")


def test_columns_of_numbers_without_lines() -> None:
    page = report_page()
    rows = [("", "自然人", "商业企业", "总计"), ("一、本年新收申请", "9", "1", "10"), ("二、上年结转", "0", "0", "0")]
    rows += [("（一）予以公开", "5", "", "5"), ("（二）部分公开", "4", "1", "5")]
    for number, row in enumerate(rows):
        for place, text in zip((50, 300, 380, 460), row, strict=True):
            page.text(place, 320 + 20 * number, text)
    page.text(50, 430, "四、结转下年度").text(300, 430, "0").text(380, 430, "0").text(460, 430, "0")
    document = read(pdf(page), "a.pdf")
    assert texts(document)[0][0][1:] == ["自然人", "商业企业", "总计"]
    assert texts(document)[0][1] == ["一、本年新收申请", "9", "1", "10"]
    assert ["四、结转下年度", "0", "0", "0"] in texts(document)[0]


def test_password_and_damage() -> None:
    locked = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> >>"
    with pytest.raises(Unreadable) as caught:
        read(pdf(report_page(), extra=locked + " /ID [<00> <00>]"), "a.pdf")
    assert caught.value.code == "encrypted"
    with pytest.raises(Unreadable) as caught:
        read(b"%PDF-1.4\n" + b"garbage " * 100, "a.pdf")
    assert caught.value.code == "corrupt"


def test_a_pdf_without_text_needs_ocr() -> None:
    with pytest.raises(Unreadable) as caught:
        read(pdf(PdfPage().box(50, 50, 500, 700)), "a.pdf")
    assert caught.value.code == "needs_ocr"


def label_of(row: list[str]) -> str:
    parts = row[:3]
    return "".join(part for number, part in enumerate(parts) if part not in parts[:number])


@pytest.mark.skipif(not REAL.exists(), reason="shared/ with the real PDF is not here")
def test_the_real_report() -> None:
    answer = json.loads((REAL / "huaian_office_2024.expected.json").read_text(encoding="utf-8"))
    document = read((REAL / "huaian_office_2024.pdf").read_bytes(), "huaian.pdf")
    check_offsets(document)
    second, third, fourth = texts(document)
    assert [len(second[0]), len(third[0]), len(fourth[0])] == [4, 10, 15]
    assert ["行政许可", "447228", "447228", "447228"] in second
    rows = third[3:]
    assert [[float(text) for text in row[3:]] for row in rows] == [line["values"] for line in answer["table3"]]
    assert [float(text) for text in fourth[-1]] == answer["table4"]
    for row, line in zip(rows, answer["table3"], strict=True):
        wanted = re.sub(r"\s", "", line["label"].split("|")[2] or line["label"].split("|")[1])
        assert wanted in re.sub(r"\s", "", label_of(row))
    paragraphs = [document.text[item.start : item.end] for item in document.paragraphs if item.grid is None]
    assert [line for line in paragraphs if line[1:2] == "、"] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    assert not any(re.fullmatch(r"- \d -", line) for line in paragraphs)
