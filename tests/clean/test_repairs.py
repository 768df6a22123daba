"""Wrong letters of text recognition, PDF fonts and input methods; the words that only look like them stay."""

from __future__ import annotations

import pytest

from scrapers.clean import repairs
from scrapers.clean.normalise import normal_span, normalise


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("主动公幵政府信息20条", "主动公开政府信息20条"),
        ("公 幵信息幵及时更新", "公开信息并及时更新"),
        ("召幵会议2次,幵展培训", "召开会议2次,开展培训"),
        ("主动公廾信息", "主动公开信息"),
        ("信息公井年报", "信息公开年报"),
        ("収布信息20条,収到申请3件", "发布信息20条,收到申请3件"),
        ("觃范性文件癿公开", "规范性文件的公开"),
        ("依申清公开,均巳办理", "依申请公开,均已办理"),
        ("行政复仪0件,行政诉松1件", "行政复议0件,行政诉讼1件"),
        ("笫三条", "第三条"),
        ("某某巿政府", "某某市政府"),
        ("沒有收到申请", "没有收到申请"),
        ("截至目前;栽至2018年底", "截至目前;截至2018年底"),
    ],
)
def test_damaged_words_are_read_as_meant(text: str, meant: str) -> None:
    normal = normalise(text)
    assert normal.text == meant
    assert normal_span(normal, 0, len(text)) == (0, len(meant))


@pytest.mark.parametrize(
    "text",
    [
        "安徽博物馆的安徽信息",
        "自己公开的信息",
        "举行恢复仪式",
        "向法院起诉松原市某公司",
        "水管埋设工程",
        "重申清理要求",
        "诚信患者",
        "接受埋怨",
        "加倍息收取",
        "集中办公并网上办理",
        "其中请求公开3件",
        "水库库容3公升",
        "转载至网站",
        "佩戴至少3天",
        "乙巳年",
    ],
)
def test_words_that_hold_such_letters_by_chance_stay(text: str) -> None:
    assert normalise(text).text == text


def test_each_repair_is_done_at_once() -> None:
    found = repairs.repairs()
    for wrong, right in found.words.items():
        assert len(wrong) == len(right), wrong
        assert repairs.damaged_words(right) == [], wrong
    assert not set(found.characters.values()) & set(found.characters)
