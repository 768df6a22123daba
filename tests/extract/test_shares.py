"""Shares, growth and rates stay what they are: kept with the metric they speak of, never taken for counts."""

from __future__ import annotations

import pytest
from builders import build

from scrapers.extract.sections import read_sections
from scrapers.extract.sentences import read_sentences

HEAD = "临溪县2018年政府信息公开工作年度报告\n一、概述\n按要求开展工作。\n二、依申请公开政府信息情况\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收到政府信息公开申请17件,其中网上申请12件,占70.6%。", [("share", 70.6, "requests_by_network")]),
        ("收到政府信息公开申请17件,同比增长6.3%。", [("growth", 6.3, "requests_received_new")]),
        ("收到政府信息公开申请17件,较上年下降百分之二十五。", [("growth", -25, "requests_received_new")]),
        ("收到政府信息公开申请17件,按时办结率100%。", [("rate", 100, None)]),
        ("答复满意率98%,较上年提高1.3个百分点。", [("rate", 98, None), ("points", 1.3, None)]),
        ("收到政府信息公开申请17件,其中网上申请12件,占比70.6%。", [("share", 70.6, "requests_by_network")]),
        ("收到政府信息公开申请17件,其中网上申请12件,所占比例为70.6%。", [("share", 70.6, "requests_by_network")]),
        ("收到政府信息公开申请17件,同比降3.2%。", [("growth", -3.2, "requests_received_new")]),
        ("收到政府信息公开申请17件。", []),
    ],
)
def test_a_share_is_kept_as_such(text: str, expected: list[tuple[str, float, str | None]]) -> None:
    document = build(HEAD + text)
    words = read_sentences(document, read_sections(document), 2018, "F2014")
    assert [(one.kind, one.value, one.metric_id) for one in words.shares] == expected
    for one in words.shares:
        assert document.text[one.start : one.end] == one.printed
    assert not {figure.value for figure in words.figures} & {abs(value) for _, value, _ in expected}
