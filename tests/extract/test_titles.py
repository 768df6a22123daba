"""Titles in every word order, over several lines or absent; issuer, signature and first sentence."""

from __future__ import annotations

from datetime import date

import pytest
from builders import SHARED, build, normalise, seed_documents

from scrapers.extract.sections import read_sections
from scrapers.extract.signatures import Issuer, find_issuer, find_signature, first_sentence
from scrapers.extract.titles import (
    agency_of_title,
    find_title,
    is_report_title,
    meta_title,
)

BODY = "\n根据《中华人民共和国政府信息公开条例》要求,编制本报告。\n一、概述\n2018年我局公开信息20条。"


def title(text: str, meta: dict[str, str] | None = None) -> str | None:
    text = normalise(text).text
    found = find_title(text, text.find("一、概述") if "一、概述" in text else len(text), meta or {})
    return found.text if found else None


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seeds stand in ../shared")
@pytest.mark.parametrize(("name", "gold"), seed_documents())
def test_seed_titles_and_signatures(name: str, gold: dict) -> None:
    document = build((SHARED / "seeds" / name).read_text(encoding="utf-8"))
    text = document.normal.text
    found = find_title(text, text.index("一、"), {})
    assert found is not None
    assert found.text == normalise(gold["title"]).text
    assert found.basis == ("text" if gold["title_in_file"] else "first_sentence")
    signature = find_signature(text)
    in_gold = gold["publication_date"] if name[:3] in ("002", "003", "004") else None
    assert (str(signature.day) if signature else None) == in_gold
    assert read_sections(document)
    issuer = find_issuer(text[: text.index("一、")], found.text, signature)
    expected = gold["issuer"].replace("(brand)", "")
    assert issuer is not None and (issuer.name in expected or expected in issuer.name)


@pytest.mark.parametrize(
    "line",
    [
        "临溪县2018年政府信息公开工作年度报告",
        "2018年白马镇政府信息公开工作年度报告",
        "临溪县政府信息公开工作2019年度报告",
        "临溪县2014年度政府信息公开工作报告",
        "临溪县统计局2016年度信息公开年报",
        "临溪县教育局2018年信息公开工作年度报告",
        "临溪县2018度政府信息公开年度报告",
        "2018年临溪县2018年政府信息公开工作年度报告",
        "二○一二年度白马镇政府信息公开年报",
        "临溪市人民政府办公室关于2013年度政府信息公开工作情况的报告",
        "2025年政府信息公开工作年度报告",
        "临溪县2015年政务公开工作年度报告",
        "白马镇2011年政府信息公开工作总结",
        "临溪市2017年政府信息公开工作年度报告(修订)",
    ],
)
def test_title_in_any_word_order(line: str) -> None:
    assert is_report_title(normalise(line).text)
    assert title(line + BODY) == normalise(line).text
    assert title("当前位置:首页>信息公开>年报\n" + line + "\n(2019年3月1日)" + BODY) == normalise(line).text
    assert title("\u3000\u3000" + line + " 根据《条例》要求编制本报告。 一、概述 2018年公开20条。") == normalise(
        line
    ).text.replace("(修订)", "(修订)")


@pytest.mark.parametrize(
    "line",
    [
        "关于做好2018年政府信息公开工作年度报告编制工作的通知",
        "临溪县政府信息公开指南",
        "2018年政府工作报告",
        "临溪县2018年法治政府建设年度报告",
        "本报告是2018年政府信息公开年度报告。",
        "临溪县2018年政府信息公开工作年度报告解读",
        "政府信息公开",
    ],
)
def test_lines_that_are_no_report_titles(line: str) -> None:
    assert not is_report_title(line)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["临溪县人民政府办公室", "2021年政府信息公开工作年度报告"],
            "临溪县人民政府办公室2021年政府信息公开工作年度报告",
        ),
        (["临溪市人民政府2009年", "政府信息公开工作年度报告"], "临溪市人民政府2009年政府信息公开工作年度报告"),
        (["临溪县2012年度", "政府信息公开工作年度报告"], "临溪县2012年度政府信息公开工作年度报告"),
        (["临溪县2019年政府信息公开", "工作年度报告"], "临溪县2019年政府信息公开工作年度报告"),
        (
            ["临溪县白马镇人民政府", "2018年度政府信息公开", "工作报告"],
            "临溪县白马镇人民政府2018年度政府信息公开工作报告",
        ),
        (["白马镇", "2022年政府信息公开工作年度报告"], "2022年政府信息公开工作年度报告"),
        (["来源:临溪县政府", "2021年政府信息公开工作年度报告"], "2021年政府信息公开工作年度报告"),
        (
            ["临溪县人民政府", "临溪县统计局2021年政府信息公开工作年度报告"],
            "临溪县统计局2021年政府信息公开工作年度报告",
        ),
        (["政务公开领导小组办公室", "临溪县2017年政府信息公开年报"], "临溪县2017年政府信息公开年报"),
        (["《临溪县2016年政府信息公开年度报告》"], "临溪县2016年政府信息公开年度报告"),
        (["临溪县政府信息公开年度报告(2016年度)"], "临溪县政府信息公开年度报告(2016年度)"),
        (["临溪县2016年政府信息公开年度报告 2017-02-01", "作者:办公室"], "临溪县2016年政府信息公开年度报告"),
        (["临溪县2016年政府信息公开年度报告发布日期:2017-02-01"], "临溪县2016年政府信息公开年度报告"),
        (["名 称:临溪县2016年政府信息公开年度报告", "发布日期:2017-02-01"], "临溪县2016年政府信息公开年度报告"),
    ],
)
def test_title_over_several_lines(lines: list[str], expected: str) -> None:
    assert title("\n".join(lines) + BODY) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("打印 关闭 临溪县 2018年政府信息公开工作年度报告 根据条例编制。", "临溪县2018年政府信息公开工作年度报告"),
        ("2019-02-01 有效 临溪县 白马镇2018年政府信息公开工作年度报告", "临溪县白马镇2018年政府信息公开工作年度报告"),
    ],
)
def test_title_behind_other_pieces_of_its_line(line: str, expected: str) -> None:
    twin = normalise(line)
    gaps = [at for at in range(1, len(twin.text)) if line[twin.ends[at - 1] : twin.starts[at]].isspace()]
    found = find_title(twin.text, len(twin.text), {}, gaps)
    assert found is not None and found.text == expected


def test_title_glued_to_its_date_line() -> None:
    assert title("临溪县2018年政府信息公开工作年度报告(2019年1月17日)" + BODY) == "临溪县2018年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"title": "白马镇2018年政府信息公开年度报告_临溪县人民政府门户网站"}, "白马镇2018年政府信息公开年度报告"),
        ({"title": "临溪县人民政府 - 年报 - 白马镇2018年政府信息公开年度报告"}, "白马镇2018年政府信息公开年度报告"),
        ({"title": "临溪县政府网", "articletitle": "临溪县审计局2012年信息公开年报"}, "临溪县审计局2012年信息公开年报"),
        ({"og:title": "2020年政府信息公开工作年度报告|某局"}, "2020年政府信息公开工作年度报告"),
    ],
)
def test_title_from_the_meta_data_where_the_text_has_none(meta: dict[str, str], expected: str) -> None:
    assert title("本报告根据条例编制。" + BODY, meta) == expected
    assert (
        title("临溪县粮食局2018年政府信息公开工作年度报告" + BODY, meta) == "临溪县粮食局2018年政府信息公开工作年度报告"
    )


def test_title_of_another_page_is_no_title() -> None:
    assert meta_title({"title": "办事指南-临溪县政府"}) == "临溪县政府"
    assert title("办事指南" + BODY, {"title": "办事指南-临溪县政府"}) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("根据《条例》规定,汇总2012年度白马镇政府信息公开年度报告编制而成。", "2012年度白马镇政府信息公开年度报告"),
        ("按照要求,现将临溪县林业局2016年政府信息公开工作报告公布如下。", "临溪县林业局2016年政府信息公开工作报告"),
        ("2017年度临溪区政府信息公开年度报告全文包括概述等七部分。", "2017年度临溪区政府信息公开年度报告"),
        ("現編制2018年度白馬鎮政府信息公開年度報告。", "2018年度白马镇政府信息公开年度报告"),
    ],
)
def test_title_named_in_the_first_sentence(sentence: str, expected: str) -> None:
    assert title(sentence + "\n一、概述\n正文。") == expected


def test_footer_and_next_page_are_never_the_title() -> None:
    text = "本报告根据条例编制。\n一、概述\n正文。\n上一条:临溪县2015年度政府信息公开工作报告"
    assert title(text) is None
    assert (
        title("上一条:临溪县2015年度政府信息公开工作报告\n临溪县2014年度政府信息公开工作报告" + BODY)
        == "临溪县2014年度政府信息公开工作报告"
    )


@pytest.mark.parametrize(
    ("end", "name", "day"),
    [
        ("白马镇人民政府\n2019年2月14日", "白马镇人民政府", date(2019, 2, 14)),
        ("临溪县统计局 2019年2月14日", "临溪县统计局", date(2019, 2, 14)),
        (
            "新场镇人民政府(某市某区新场镇牌楼西路88号,电话58170012)\n2011年2月28日",
            "新场镇人民政府",
            date(2011, 2, 28),
        ),
        ("二00九年度报告　二0一0年三月十五日", None, date(2010, 3, 15)),
        ("二○一三年三月八日", None, date(2013, 3, 8)),
        (
            "临溪县政务公开领导小组办公室\n二O一五年三月十三日\n上一条:某县2015年度政府信息公开工作报告",
            "临溪县政务公开领导小组办公室",
            date(2015, 3, 13),
        ),
        ("2018年3月2日\n临溪县人民政府办公室", "临溪县人民政府办公室", date(2018, 3, 2)),
        (
            "(临溪县住房和城乡建设局\n2018年3月2日)\n打印 关闭\n版权所有 临溪县人民政府 2023年1月1日",
            "临溪县住房和城乡建设局",
            date(2018, 3, 2),
        ),
        ("临溪经济开发区管委会", "临溪经济开发区管委会", None),
        ("我局将于2020年1月1日继续公开。", None, None),
        ("会议定于2020年1月1日", None, None),
        ("白马镇人民政府(盖章)\n2019年2月14日", "白马镇人民政府", date(2019, 2, 14)),
        ("白马镇人民政府\n2017年3月", "白马镇人民政府", None),
    ],
)
def test_signature(end: str, name: str | None, day: date | None) -> None:
    found = find_signature(normalise("一、概述\n正文一句。\n六、其他事项\n无其他事项。\n" + end).text)
    assert ((found.name, found.day) if found else (None, None)) == (name, day)


def test_signature_at_the_end_of_a_one_line_page() -> None:
    found = find_signature("某镇年报 一、概述 公开20条。 二、其他事项 无。 白马镇人民政府 2019年2月14日")
    assert found is not None and (found.name, found.day) == ("白马镇人民政府", date(2019, 2, 14))


@pytest.mark.parametrize(
    ("preface", "named", "expected", "basis"),
    [
        ("本报告由临溪县人民政府办公室编制。", "临溪县2018年政府信息公开年度报告", "临溪县人民政府办公室", "compiled"),
        ("本报告由概述等六部分组成。", "临溪县财政局2018年政府信息公开年度报告", "临溪县财政局", "title"),
        ("如有疑问,请与临溪县政务公开办公室联系(电话:85804301)。", None, "临溪县政务公开办公室", "contact"),
        ("如有疑问,请联系:临溪区信息公开办,联系电话:85804301。", None, "临溪区信息公开办", "contact"),
        ("本报告依条例编制。", "临溪县2018年政府信息公开年度报告", "临溪县", "title"),
    ],
)
def test_issuer(preface: str, named: str | None, expected: str, basis: str) -> None:
    assert find_issuer(preface, named, None) == Issuer(expected, basis)
    assert find_issuer("本报告依条例编制。", None, None) is None


def test_signature_comes_before_the_title() -> None:
    signature = find_signature("正文。\n临溪县审计局\n2019年1月2日")
    assert find_issuer("本报告依条例编制。", "临溪县2018年政府信息公开年度报告", signature) == Issuer(
        "临溪县审计局", "signature"
    )


def test_agency_of_a_title() -> None:
    assert agency_of_title("2018年临溪县2018年政府信息公开工作年度报告") == "临溪县"
    assert agency_of_title("关于公布临溪县统计局2016年度信息公开年报") == "临溪县统计局"
    assert agency_of_title("2025年政府信息公开工作年度报告") is None


def test_first_sentence_is_behind_title_and_date() -> None:
    text = "临溪县2018年政府信息公开工作年度报告\n(2019年1月17日)\n来源:县政府\n根据条例,由县政府办汇总2018年度各单位情况编制。第二句。\n一、概述"
    named = find_title(text, text.index("一、"), {})
    assert first_sentence(text, named, text.index("一、")) == "根据条例,由县政府办汇总2018年度各单位情况编制"
