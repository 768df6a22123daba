"""The normalised twin: its spelling, and the way back from each of its characters."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.clean.normalise import normal_span, normalise, runs, script_of
from scrapers.document import NormalText


def twin(text: str, **options: object) -> str:
    normal = normalise(text, **options)  # type: ignore[arg-type]
    check(text, normal)
    return normal.text


def check(text: str, normal: NormalText) -> None:
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert normal.starts.typecode == normal.ends.typecode == "I"
    for number in range(len(normal.text)):
        assert 0 <= normal.starts[number] < normal.ends[number] <= len(text)
    assert list(normal.starts) == sorted(normal.starts)
    assert list(normal.ends) == sorted(normal.ends)
    flat = runs(normal)
    assert sum(flat[2::3]) == len(normal.text)
    back = [source + step for source, length in zip(flat[1::3], flat[2::3], strict=True) for step in range(length)]
    assert back == list(normal.starts)
    assert flat[0::3] == [sum(flat[2 : 3 * number : 3]) for number in range(len(flat) // 3)]


CASES = [
    ("（一）公开信息３４５６条，占９９．５％：", "(一)公开信息3456条,占99.5%:"),
    ("㈠概述 ㈩其他", "(一)概述(十)其他"),
    ("①5件 25①", "(1)5件25(1)"),
    ("⒈12件", "1、12件"),
    ("〔2019〕37号﹝2020﹞8号", "〔2019〕37号〔2020〕8号"),
    ("二○一五年三月 二〇一六年", "二○一五年三月二〇一六年"),
    ("“双公示”", "“双公示”"),
    ("面积20m²", "面积20m²"),
    ("⻓江⻅效⼀", "长江见效一"),
    ("信 息公开 120 条", "信息公开120条"),
    ("　　信\u00a0息\u3000公开", "信息公开"),
    ("共收到 1 234 件", "共收到1234件"),
    ("共1\u00a0234\u00a0567条", "共1234567条"),
    ("2018 2019", "2018 2019"),
    ("自然人 12 3 119 四", "自然人12 3 119四"),
    ("2 0 2 3 年 1 月", "2023年1月"),
    ("20 23年度", "2023年度"),
    ("12 2019年", "12 2019年"),
    ("2021-03-29 18:26", "2021-03-29 18:26"),
    ("电话： 0578 - 6508316", "电话:0578-6508316"),
    ("增减 +1 -2 0", "增减+1 -2 0"),
    ("1. 5件", "1. 5件"),
    ("13, 25", "13, 25"),
    ("app content", "app content"),
    ("规章\t0\t 3 ", "规章\t0\t3"),
    ("信\u200b息\u00ad公\ufeff开", "信息公开"),
    ("報(bào)告數(shù)字", "报告数字"),
    ("国(guo)务(wu)院政(zheng)(zheng)府", "国务院政府"),
    ("（ｂàｏ）报（bào）告", "(bào)报告"),
    ("邮箱(email)附件(a)", "邮箱(email)附件(a)"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_spelling(text: str, expected: str) -> None:
    assert twin(text) == expected


TRADITIONAL_CASES = [
    ("政府信息公開條例", "政府信息公开条例"),
    ("各方麵的谘詢與複議", "各方面的咨询与复议"),
    ("歷年餘額與馀額", "历年余额与余额"),
    ("編製曆年報告", "编制历年报告"),
    ("隨著改革著力推進著作", "随着改革着力推进著作"),
    ("政府資訊公開與檔案館", "政府信息公开与档案馆"),
    ("規範性檔案數", "规范性文件数"),
    ("軟體與網路", "软件与网络"),
]


@pytest.mark.parametrize(("text", "expected"), TRADITIONAL_CASES)
def test_traditional_text_is_converted_and_repaired(text: str, expected: str) -> None:
    assert twin(text, script="traditional") == expected


def test_simplified_text_is_never_converted() -> None:
    assert twin("乾隆年间的著作，新闻资讯，谘议") == "乾隆年间的著作,新闻资讯,谘议"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("匯總2018年度信息公開年度報告編制而成", "traditional"),
        ("汇总2018年度信息公开年度报告编制而成", "simplified"),
        ("年度工作", "simplified"),
        ("汇总全县信息公开工作，個別單位", "simplified"),
        ("", "simplified"),
    ],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


JOINS = [
    ("行动计划(2018-2020\n年)》，深入推进", True),
    ("印发《关于推进\n信息公开的意见》", True),
    ("全年公开政府信息25\n条，其中网站公开3条", True),
    ("全年公开政府信息共计\n25\n条，其中网站公开3条", True),
    ("公开的内容包括机构职能、法规文件、\n工作动态和人事信息", True),
    ("（一）概述\n全年公开信息25条。", False),
    ("收到申请25件。\n条件成熟后公开。", False),
    ("本年新收\n25\n件", False),
    ("规章\t0\n规范性文件\t3", False),
    ("一、总体情况，\n二、主动公开", False),
    ("2023\n年度报告工作情况如下", False),
    ("全部申请均已按期答复，其中公开的9件\n，部分公开的2件。", True),
    ("县直各部门的专栏中也已挂出“服务指南\n”与流程图。", True),
    ("主动公开目录及依申请公开须知\n）全文见下", True),
    ("电话\n、传真", False),
]


@pytest.mark.parametrize(("text", "joined"), JOINS)
def test_line_ends_inside_a_sentence(text: str, joined: bool) -> None:
    assert ("\n" not in twin(text)) is joined


WORDS = (
    "各乡镇和县直单位都确定了一名联络员,负责收集整理和发布信息,按季度通报工作情况,做到了件件有着落事事有回音,"
    "本年收到申请37件,其中当面递交5件,信函寄来8件,从网上提交24件,办理结果是同意公开的30件、部分公开的4件、信息不存在的3件"
)


def wrapped(text: str, width: int, first: int = 0) -> str:
    """``text`` in lines of so many characters, the first one shorter by its indent; digits stay together."""
    lines, line, room = [], "", width - first
    for word in re.findall(r"[\d.%]+|.", text):
        if len(line) + len(word) > room and word not in ",;。、”":
            lines.append(line)
            line, room = "", width
        line += word
    return "\n".join([*lines, line])


@pytest.mark.parametrize("width", [22, 26, 30, 34, 41])
@pytest.mark.parametrize("first", [0, 2])
def test_hard_wrapped_text_is_joined_at_its_width(width: int, first: int) -> None:
    one, two = f"{WORDS}。", f"全年举办培训3期,{WORDS}。"
    text = f"一、概述\n{wrapped(one, width, first)}\n二、其他\n{wrapped(two, width, first)}"
    assert twin(text) == f"一、概述\n{one}\n二、其他\n{two}"


def test_a_text_wrapped_at_columns_is_joined() -> None:
    lines = ["县政府门户网站2016年公开信息31206条,其中规划计", "划类148条,占0.47%,财政资金类2013条,占6.45%,其他",
             "各类信息共29045条,较2015年增加1278条,专职人员", "4名,兼职人员26名。"]  # fmt: skip
    assert twin("\n".join(lines)) == "".join(lines)


def test_headings_items_and_signatures_of_a_hard_wrapped_text_stay() -> None:
    heads = "政府信息公开工作中的主要问题以及改进"
    items = "(1)公开目录还不够细,\n(2)答复不够规范"
    signed = "某某县人民政府办公室\n2016年3月1日"
    text = f"{heads}\n{wrapped(WORDS, 30)}。\n{items}。\n{wrapped(WORDS, 30)}。\n{signed}"
    assert twin(text) == f"{heads}\n{WORDS}。\n{items}。\n{WORDS}。\n{signed}"


def test_two_numbers_never_become_one() -> None:
    lines = wrapped(f"{WORDS}。", 30).split("\n")
    full = "2015-03-19" + "浏览量:" + "某某县政府网站信息中心" + "1208"
    text = "\n".join([full, "2014年," + lines[0], *lines[1:]])
    assert "1208\n2014年" in twin(text)


def test_lines_of_a_list_are_not_hard_wrapped_text() -> None:
    titles = [f"县{name}局办理政务公开{tail}" for name, tail in (
        ("财政", "事项,让群众少跑路"), ("水利", "培训班,邀请专家到场授课"), ("教育体育", "工作会"), ("交通运输", "开放日,市民代表走进服务大厅"),
    )]  # fmt: skip
    text = "\n".join(titles)
    assert twin(text) == text
    cells = "二、上年结转的申请、含补正的申请\n0\n三、本年办理结果、全部公开的件数\n12\n四、部分公开、区分处理的件数\n3"
    assert twin(cells) == cells
    rows = "\n".join(f"|第{number}项|公开、部分公开|{number}|{number}|0|" for number in range(10, 30))
    assert twin(f"{wrapped(WORDS, 22)}。\n{rows}") == f"{WORDS}。\n{rows}"


def test_a_wrapped_sentence_points_back_at_what_was_published() -> None:
    text = wrapped(f"{WORDS}。{WORDS}。", 30)
    normal = normalise(text)
    place = normal.text.index("信函寄来8件")
    start, end = normal.source_span(place, place + 6)
    assert text[start:end].replace("\n", "") == "信函寄来8件"


def test_certain_line_ends_stay() -> None:
    text = "行政规范性文件(2018-\n2020)数"
    assert twin(text) == "行政规范性文件(2018-2020)数"
    assert twin(text, breaks={text.index("\n")}) == text


def test_the_way_back() -> None:
    text = "共 公開\u00a0（㈠） 1 234 條"
    normal = normalise(text, script="traditional")
    assert normal.text == "共公开((一))1234条"
    place = normal.text.index("1234")
    assert text[slice(*normal.source_span(place, place + 4))] == "1 234"
    assert text[slice(*normal.source_span(4, 7))] == "㈠"
    start = text.index("1 234")
    assert normal_span(normal, start, start + 5) == (place, place + 4)
    assert normal_span(normal, 1, 2) == (1, 1)


ALPHABET = "政府信息公開報告數據條例複議谘詢方麵著力12 3,.:()（）㈠①⒈　\u00a0\u200b\t\n《》年件baobàoABC½…ﬁ%-+/"


@given(st.text(ALPHABET, max_size=80), st.sampled_from([None, "simplified", "traditional"]))
@settings(max_examples=400, deadline=None)
def test_every_character_has_a_source(text: str, script: str | None) -> None:
    check(text, normalise(text, script))


@given(st.text(max_size=60), st.sampled_from(["simplified", "traditional"]))
@settings(max_examples=300, deadline=None)
def test_any_text_at_all(text: str, script: str) -> None:
    check(text, normalise(text, script))


@given(st.text("政府信息公开工作报告，。一二", max_size=60))
@settings(deadline=None)
def test_twice_is_once(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


def test_plain_text_is_fast() -> None:
    text = "2023年，全县主动公开政府信息1234条，其中政府网站公开1000条。\n" * 30_000
    normalise(text[:1000])
    start = time.process_time()
    normalise(text)
    assert time.process_time() - start < len(text.encode()) / 1e6  # 1 MB/s at the least, on a busy machine
