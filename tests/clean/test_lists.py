"""Lists whose entries are of one length are no hard-wrapped text."""

from __future__ import annotations

import pytest

from scrapers.clean.normalise import normalise

NAMES = ("甲塘镇", "乙塘镇", "丙塘镇", "丁塘镇", "戊塘镇", "己塘镇", "庚塘镇")
SHAPES = {
    "colon": "{}人民政府：2018年政府信息公开工作年度报告",
    "enumeration": "{}、2018年政府信息公开工作年度报告",
    "dates": "{}政府信息公开年度报告 发布日期：2019-01-{:02d}",
    "same beginning": "政府信息公开工作年度报告，{}人民政府",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_entries_of_one_length_stay_apart(shape: str) -> None:
    text = "\n".join(shape.format(name, day) for day, name in enumerate(NAMES, 1))
    assert normalise(text).text.count("\n") == len(NAMES) - 1
