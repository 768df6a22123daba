"""Chapters: the seeds against their gold, and every way in which a heading can be printed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from builders import SHARED, build, seed_documents

from scrapers.document import Section
from scrapers.extract.headings import chapter_kind, chapter_vocabulary
from scrapers.extract.sections import read_sections

F2019 = (
    "一、总体情况\n2020年我镇按规定推进公开。\n二、主动公开政府信息情况\n共公开30条。\n三、收到和处理政府信息公开申请情况\n收到2件。\n"
    "四、政府信息公开行政复议、行政诉讼情况\n未发生。\n五、存在的主要问题及改进情况\n人手少。\n六、其他需要报告的事项\n无。"
)
KINDS_2019 = [
    "overview",
    "proactive_disclosure",
    "requests",
    "review_litigation",
    "problems_improvements",
    "other_matters",
]


def chapters(text: str, **more: object) -> list[Section]:
    return [section for section in read_sections(build(text, **more)) if section.level == 1]  # type: ignore[arg-type]


def kinds(text: str, **more: object) -> list[str]:
    return [section.kind for section in chapters(text, **more)]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seeds stand in ../shared")
@pytest.mark.parametrize(("name", "gold"), seed_documents())
def test_seed_chapters_equal_the_gold(name: str, gold: dict) -> None:
    document = build((SHARED / "seeds" / name).read_text(encoding="utf-8"))
    sections = read_sections(document)
    found = [section for section in sections if section.level == 1]
    expected = gold["chapters"]
    assert [(n, s.heading, s.kind) for n, s in enumerate(found, 1)] == [
        (c["no"], c["heading"], c["kind"]) for c in expected
    ]
    for chapter, section in zip(expected, found, strict=True):
        parts = [s for s in sections if s.level == 2 and section.start < s.start < section.end]
        count = chapter.get("subsections", 0)
        if isinstance(count, int):
            assert len(parts) == count, chapter["heading"]
        else:
            assert "".join(part.label for part in parts) == "(一)(二)(四)(五)"
        if str(chapter.get("body", "")).startswith("EMPTY"):
            assert not document.text[section.body_start : section.end].strip(" |\n")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seeds stand in ../shared")
@pytest.mark.parametrize(("name", "gold"), seed_documents())
def test_seed_spans_nest_and_begin_with_their_label(name: str, gold: dict) -> None:
    document = build((SHARED / "seeds" / name).read_text(encoding="utf-8"))
    sections = read_sections(document)
    for section in sections:
        assert document.text[section.start :].startswith(section.label[0])
        assert section.start < section.body_start <= section.end <= len(document.text)
    tops = [section for section in sections if section.level == 1]
    for before, after in pairwise(tops):
        assert before.end == after.start


def test_headings_on_lines_of_their_own() -> None:
    assert kinds(F2019) == KINDS_2019


def test_whole_report_on_one_line_with_blanks_before_headings() -> None:
    text = "某县2020年政府信息公开工作年度报告 根据条例编制本报告。 " + F2019.replace("\n", " ")
    assert kinds(text) == KINDS_2019
    assert [c.heading for c in chapters(text)][:2] == ["总体情况", "主动公开政府信息情况"]


def test_whole_report_on_one_line_without_any_blank() -> None:
    assert kinds("根据条例编制本报告。" + F2019.replace("\n", "")) == KINDS_2019


def test_headings_without_a_text_follow_each_other_at_once() -> None:
    empty = F2019.replace("共公开30条。\n", "").replace("收到2件。\n", "").replace("未发生。\n", "").replace("\n", "")
    assert kinds("根据条例编制本报告。" + empty) == KINDS_2019


def test_glued_text_may_begin_with_any_word() -> None:
    text = F2019.replace("二、主动公开政府信息情况\n共公开", "二、主动公开政府信息情况通过网站公开").replace(
        "\n人手少", "通过自查发现人手少"
    )
    assert [c.heading for c in chapters(text)][1::3] == ["主动公开政府信息情况", "存在的主要问题及改进情况"]
    assert kinds(text) == KINDS_2019


@pytest.mark.parametrize(
    ("line", "heading", "kind"),
    [
        ("一、概述。", "概述", "overview"),
        ("一、基本情况概述:", "基本情况概述", "overview"),
        ("一、2023年政务公开总体情况", "2023年政务公开总体情况", "overview"),
        ("一、概述2017年,我局认真落实要求,全年公开信息12条。", "概述", "overview"),
        ("一、主动公开政府信息情况我局全年主动公开信息20条。", "主动公开政府信息情况", "proactive_disclosure"),
        ("一、动主公开政府信息的情况", "动主公开政府信息的情况", "proactive_disclosure"),
        ("一、依申请公开政府信息和不予公开政府信息情况", "依申请公开政府信息和不予公开政府信息情况", "requests"),
        (
            "一、因政府信息公开申请行政复议、提起行政诉讼的情况",
            "因政府信息公开申请行政复议、提起行政诉讼的情况",
            "review_litigation",
        ),
        (
            "一、存在的主要问题及改进措施2018年虽有进步,但仍有差距。",
            "存在的主要问题及改进措施",
            "problems_improvements",
        ),
        ("一、无其他需要报告的事项。", "无其他需要报告的事项", "other_matters"),
        ("一、其他需要报告的事项:无", "其他需要报告的事项", "other_matters"),
        ("一、其他需要报告的事项无。", "其他需要报告的事项", "other_matters"),
    ],
)
def test_form_of_a_first_heading(line: str, heading: str, kind: str) -> None:
    found = chapters(
        f"{line}\n正文一句话。\n二、收到和处理政府信息公开申请情况\n未收到。\n三、政府信息公开的收费及减免情况\n无。"
    )
    assert (found[0].heading, found[0].kind, found[0].label) == (heading, kind, "一、")


def test_answer_behind_the_colon_is_the_body() -> None:
    document = build(F2019.replace("六、其他需要报告的事项\n无。", "六、其他需要报告的事项:无。"))
    last = read_sections(document)[-1]
    assert document.text[last.body_start : last.end] == ":无。"


@pytest.mark.parametrize(
    "text",
    [
        F2019.replace("五、存在的主要问题及改进情况", "五、存在的主要问\n题及改进情况"),
        F2019.replace("五、存在的主要问题及改进情况", "五、\n存在的主要问题及改进情况"),
        F2019.replace("四、政府信息公开行政复议、行政诉讼情况", "四、政府信息公开行政复议、\n行政诉讼情况"),
    ],
)
def test_heading_broken_over_two_lines(text: str) -> None:
    found = chapters(text)
    assert [c.kind for c in found] == KINDS_2019
    assert {c.heading for c in found} >= {"存在的主要问题及改进情况", "政府信息公开行政复议、行政诉讼情况"}


def test_body_line_after_a_heading_is_not_joined_to_it() -> None:
    assert (
        chapters("一、概述\n工作情况\n二、依申请公开情况\n无申请。\n三、收费及减免情况\n无收费。")[0].heading == "概述"
    )


@pytest.mark.parametrize(
    "preface",
    [
        "本报告由一、总体情况,二、主动公开政府信息情况,三、收到和处理政府信息公开申请情况等六部分组成。",
        "全文包括:总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、其他需要报告的事项。",
        "目录\n一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
        "五、存在的主要问题及改进情况\n六、其他需要报告的事项\n某镇2020年年度报告",
    ],
)
def test_list_of_chapter_names_in_the_preface_is_no_heading(preface: str) -> None:
    text = f"{preface}\n{F2019}"
    found = chapters(text)
    assert [c.kind for c in found] == KINDS_2019
    assert found[0].start == text.rindex("一、总体情况\n2020年")


def test_numbered_list_inside_a_sentence_is_no_heading_in_a_one_line_report() -> None:
    text = (
        "本报告由一、总体情况;二、主动公开政府信息情况;三、收到和处理政府信息公开申请情况等部分组成。"
        + F2019.replace("\n", " ")
    )
    found = chapters(text)
    assert [c.kind for c in found] == KINDS_2019
    assert found[0].start == text.index("一、总体情况 2020年")


@pytest.mark.parametrize("word", ["一是", "二是", "第一、", "首先、", "十佳、"])
def test_other_enumerations_are_no_headings(word: str) -> None:
    text = F2019.replace("人手少。", f"人手少。\n{word}加强主动公开政府信息情况的检查。\n{word}落实责任。")
    assert kinds(text) == KINDS_2019


def test_repeated_number_and_gap() -> None:
    text = F2019.replace("四、政府", "三、政府")
    assert kinds(text) == KINDS_2019
    assert [c.label for c in chapters(text)] == ["一、", "二、", "三、", "三、", "五、", "六、"]


def test_missing_first_heading_leaves_the_rest() -> None:
    assert kinds(F2019.removeprefix("一、总体情况\n")) == KINDS_2019[1:]


def test_unnumbered_heading_fills_the_gap() -> None:
    assert kinds(F2019.replace("二、主动公开政府信息情况", "主动公开政府信息情况")) == KINDS_2019


def test_headings_without_any_number() -> None:
    for numeral in "一二三四五六":
        text = F2019 if numeral == "一" else text  # noqa: F821
        text = text.replace(f"{numeral}、", "", 1)
    found = chapters(text)
    assert [c.kind for c in found] == KINDS_2019
    assert found[0].label == ""


@pytest.mark.parametrize("form", ["第{}部分 ", "({})", "第{}章 "])
def test_other_numbering_of_chapters(form: str) -> None:
    text = F2019
    for numeral in "一二三四五六":
        text = text.replace(f"{numeral}、", form.format(numeral), 1)
    assert kinds(text) == KINDS_2019


def test_chapters_numbered_in_digits() -> None:
    text = F2019
    for number, numeral in enumerate("一二三四五六", 1):
        text = text.replace(f"{numeral}、", f"{number}、", 1)
    assert kinds(text) == KINDS_2019


@pytest.mark.parametrize("labels", ["(一)(二)(三)", "（一）（二）（三）", "㈠㈡㈢"])
def test_parts_of_a_chapter(labels: str) -> None:
    marks = [labels[i : i + len(labels) // 3] for i in range(0, len(labels), len(labels) // 3)]
    body = f"{marks[0]}公开数量。全年30条。\n{marks[1]} 公开形式\n1.政府网站:发布20条。\n2、公告栏:张贴10条。\n{marks[2]}政策解读情况\n解读3篇。\n"
    sections = read_sections(build(F2019.replace("共公开30条。\n", body)))
    parts = [s for s in sections if s.level == 2]
    assert [p.heading for p in parts] == ["公开数量", "公开形式", "政策解读情况"]
    assert [p.label for p in parts] == marks
    assert [s.heading for s in sections if s.level == 3] == ["政府网站", "公告栏"]
    assert [s.kind for s in sections if s.level == 1] == KINDS_2019


def test_parts_inside_a_line_and_mentions_of_items() -> None:
    body = "(一)完善机制。按照第(二)项要求执行,符合(三)款。(二)扩大公开。发布30条。 (三)加强培训 2020年培训2次。\n"
    parts = [s.heading for s in read_sections(build(F2019.replace("共公开30条。\n", body))) if s.level == 2]
    assert parts[:2] == ["完善机制", "扩大公开"] and len(parts) == 3


def test_gap_in_parts_is_kept() -> None:
    body = "(一)公开数量\n30条。\n(二)公开形式\n网站。\n(四)回应关切\n回应2次。\n"
    assert [s.label for s in read_sections(build(F2019.replace("共公开30条。\n", body))) if s.level == 2] == [
        "(一)",
        "(二)",
        "(四)",
    ]


def test_decimals_and_dates_are_no_parts() -> None:
    body = "投入\n2.5万元用于网站。\n2020.3.1改版。\n1.2万人次访问。\n"
    assert not [s for s in read_sections(build(F2019.replace("共公开30条。\n", body))) if s.level > 1]


def test_rows_of_a_flattened_form_are_no_headings() -> None:
    rows = "一、本年新收政府信息公开申请数量\n2\n二、上年结转政府信息公开申请数量\n0\n三、本年度办理结果\n(一)予以公开\n1\n四、结转下年度继续办理\n0\n"
    text = F2019.replace("收到2件。\n", rows)
    found = chapters(text)
    assert [c.kind for c in found] == KINDS_2019
    assert not [s for s in read_sections(build(text)) if s.level == 2]


def test_rows_of_a_grid_are_no_headings() -> None:
    table = "一、主动公开情况|——|——\n二、回应解读情况|——|——\n三、依申请公开情况|——|——\n四、行政复议数量|件|0"
    assert kinds(F2019, table=table)[:6] == KINDS_2019


def test_annex_closes_the_chapters() -> None:
    text = (
        F2019
        + "\n附件:2015年政府信息公开情况统计表\n一、主动公开情况\n(一)主动公开政府信息数\n30\n二、回应解读情况\n三、依申请公开情况"
    )
    found = chapters(text)
    assert [c.kind for c in found] == [*KINDS_2019, "annex"]
    assert found[-1].start == text.index("附件")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("政府信息公开的收费及减免情况", "fees"),
        ("政府信息公开申请的办理情况", "requests"),
        ("因政府信息公开工作被申请行政复议、提起行政诉讼情况", "review_litigation"),
        ("工作中存在的不足和下一步工作打算", "problems_improvements"),
        ("下一步工作打算", "plan_next_year"),
        ("2019年工作安排", "plan_next_year"),
        ("重点领域政府信息主动公开情况", "key_areas"),
        ("人大代表建议和政协提案办理结果公开情况", "proposals"),
        ("政府信息公开咨询情况", "consultation"),
        ("机构建设和保障经费情况", "staff_budget"),
        ("政府信息公开会议和培训情况", "training_meetings"),
        ("举报投诉情况", "complaints"),
        ("需要说明的其他事项", "other_matters"),
        ("说明与附表", "annex"),
        ("信息公开平台建设", "platform"),
        ("天气", "other"),
    ],
)
def test_kind_of_a_heading(heading: str, kind: str) -> None:
    assert chapter_kind(heading) == kind


def test_every_usual_label_has_the_kind_it_is_listed_under() -> None:
    wrong = {
        label: (kind, chapter_kind(label))
        for label, kind in chapter_vocabulary().labels.items()
        if chapter_kind(label) != kind
    }
    assert wrong == {}


def test_mistyped_heading_is_the_nearest_usual_one() -> None:
    assert kinds(F2019.replace("二、主动公开政府信息情况", "二、主动公幵政府信息情况")) == KINDS_2019


def test_no_chapters() -> None:
    assert read_sections(build("本镇全年公开信息三条。")) == ()
    assert read_sections(build("")) == ()


def test_ten_thousand_numberings_are_bounded() -> None:
    assert len(read_sections(build("一、总体情况\n二、依申请公开情况\n" * 3000))) < 1000


LISTED = ["概述", "主动公开情况", "依申请公开情况", "收费及减免情况", "行政复议、诉讼情况", "存在的问题"]
NUMERALS = "一二三四五六"
LISTINGS = {
    "commas": "报告由六个部分组成:" + ",".join(f"{n}、{name}" for n, name in zip(NUMERALS, LISTED, strict=True)),
    "blanks": "本报告包括以下内容:" + " ".join(f"{n}、{name}" for n, name in zip(NUMERALS, LISTED, strict=True)),
    "wrapped": "全文分为六个部分:" + ",\n".join(f"{n}、{name}" for n, name in zip(NUMERALS, LISTED, strict=True)),
    "brackets": "年报内容包括:" + ";".join(f"({n}){name}" for n, name in zip(NUMERALS, LISTED, strict=True)),
    "digits": "本年报由以下部分组成:" + "; ".join(f"{n}.{name}" for n, name in enumerate(LISTED, 1)),
}


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS)
def test_chapters_listed_in_a_sentence_are_none(listing: str) -> None:
    head = f"某县年度报告\n根据条例编制本报告。{listing}。\n"
    assert chapters(head + "全年公开30条。\n收到申请2件。\n") == []
    found = chapters(head + F2019)
    assert [section.kind for section in found] == KINDS_2019
    assert found[0].start > len(head) - 1


def test_chapters_with_text_behind_such_words_stay() -> None:
    assert kinds("某县年度报告\n主要内容:" + F2019.replace("\n", " ")) == KINDS_2019


def test_unnumbered_chapters_and_annexes_have_their_heading() -> None:
    text = "某县年度报告\n概述\n工作有序。\n主动公开情况:\n公开30条。\n　依申请公开情况　\n收到2件。\n附件:统计表\n"
    assert [(s.label, s.heading, s.kind) for s in chapters(text)] == [
        ("", "概述", "overview"),
        ("", "主动公开情况", "proactive_disclosure"),
        ("", "依申请公开情况", "requests"),
        ("", "附件:统计表", "annex"),
    ]
