"""Sentences: what comes out, and what must not (cases in cases/)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from scrapers.clean import clean
from scrapers.document import Document, Figure, Page
from scrapers.extract.numbers import make_template, numeral_value
from scrapers.extract.sections import read_sections
from scrapers.extract.sentences import read_sentences

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
]


def _read(chapter: str, text: str, year: int, form: str) -> tuple[Document, tuple[Figure, ...]]:
    numbers = ("一", "二", "三")
    chapters = [("概述", "按照要求开展工作。"), (chapter, text), ("其他需要报告的事项", "另行说明。")]
    if chapter in ("概述", "其他需要报告的事项"):
        chapters = [(chapter, text) if name == chapter else (name, body) for name, body in (chapters[0], chapters[2])]
    body = "".join(f"{number}、{name}\n{words}\n" for number, (name, words) in zip(numbers, chapters, strict=False))
    page = f"某某县政府信息公开年度报告\n本报告由县人民政府编制。\n{body}"
    document = clean(Page(page.encode()))
    return document, read_sentences(document, read_sections(document), year, form)[0]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:28] for case in CASES])
def test_figures_of_a_sentence(case: dict[str, Any]) -> None:
    document, figures = _read(case["chapter"], case["text"], case.get("year", 2018), case.get("form", "F2014"))
    found = {one.metric_id: [one.value, one.unit, one.value_state, one.qualifier] for one in figures}
    assert found == case["answer"]
    for figure in figures:
        assert document.text[figure.evidence_start : figure.evidence_end] == figure.evidence != ""


@given(st.integers(min_value=0, max_value=10**9))
def test_a_printed_number_is_read_back(value: int) -> None:
    for text in (f"共{value}条", f"共{value:,}条"):
        assert [number.value for number in make_template(text, 0, len(text)).numbers.values()] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [("一百二十", 120), ("两", 2), ("十五", 15), ("二十", 20), ("三千零五", 3005), ("一万二千", 12000), ("一亿三千万", 130_000_000),
     ("二〇一五", 2015), ("零", 0)],
)  # fmt: skip
def test_chinese_numerals(text: str, value: int) -> None:
    assert numeral_value(text) == value


@pytest.mark.parametrize(
    "text",
    ["浙政办发〔2019〕37号", "青政办发[2017]15号", "辽政发【2014】14号", "第二十条第三项", "0578-6508316", "《2018-2020年行动计划》",
     "2018年1月1日", "二O一五年三月十三日", "拨打12315投诉", "13800000000"],
)  # fmt: skip
def test_what_only_looks_like_a_value(text: str) -> None:
    assert make_template(text, 0, len(text)).numbers == {}
