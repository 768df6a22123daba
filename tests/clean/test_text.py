"""Plain text: lines as published, rows of pipes, and the five seeds with their gold evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.clean.pages import REPORT, check_offsets, read, texts

SHARED = Path(__file__).parents[3] / "shared"
GOLD = SHARED / "reference" / "seeds_gold.yaml"
needs_seeds = pytest.mark.skipif(not GOLD.exists(), reason="shared/ with the seeds is not here")


def lines(*parts: str, name: str = "a.txt") -> list[str]:
    return read("\n".join(parts), name).text.split("\n")


def test_lines_stay_as_published() -> None:
    assert lines(*REPORT, "", "　　末 段。", "\u00a0") == [*REPORT, "末 段。"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028"])
def test_every_kind_of_line_end(end: str) -> None:
    assert read(end.join(REPORT), "a.txt").text.split("\n") == list(REPORT)


def test_rows_of_pipes_are_debris() -> None:
    assert lines("|", "| |  |", *REPORT, "||||||", "某县 " + "| " * 300) == [*REPORT, "某县"]


def test_pipes_around_text_go_and_the_text_stays_whole() -> None:
    text = "一、总体情况 全年公开信息120条。 （一）平台建设 已完成。"
    assert lines("| " * 40 + text + " | |" + "|" * 300, *REPORT)[0] == text


def test_a_single_pipe_is_punctuation() -> None:
    assert lines("关注“桐川|发布”公众号，全年推送120条。", *REPORT)[0] == "关注“桐川|发布”公众号，全年推送120条。"


def test_rows_of_cells_become_a_grid() -> None:
    document = read(
        "\n".join(
            (
                *REPORT,
                "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |",
                "|---|---|---|---|",
                "| 规章 | 0 |  | 3 |",
                "| 行政规范性文件 | | 2 | 14 |",
                "特此报告。",
            )
        ),
        "a.txt",
    )
    assert texts(document) == [
        [
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "0", "", "3"],
            ["行政规范性文件", "", "2", "14"],
        ]
    ]
    assert document.grids[0].origin == "pipes"
    assert document.text.endswith("行政规范性文件\t\t2\t14\n特此报告。")
    check_offsets(document)


def test_one_cell_a_line_is_never_dropped_or_merged() -> None:
    cells = ["信息内容", "本年制发件数", "规章", "0", "|", "3", "行政规范性文件", "|", "2", "14"]
    assert lines(*REPORT, *cells, "特此报告。")[-11:] == [*cells, "特此报告。"]


def test_debris_at_the_edges_goes() -> None:
    top = ("当前位置 :首页 > 政务公开 > 年报", "打印 关闭", "分享到：")
    bottom = ("上一条:桐川县2024年政府信息公开工作年度报告", "下一条：没有了", "版权所有：桐川县人民政府")
    assert lines(*top, *REPORT, "桐川县人民政府", "2024年1月2日", *bottom) == [
        *REPORT,
        "桐川县人民政府",
        "2024年1月2日",
    ]


@needs_seeds
@pytest.mark.parametrize("number", range(5))
def test_gold_evidence_of_the_seeds_is_in_the_text(number: int) -> None:
    gold = list(YAML(typ="safe").load_all(GOLD.read_text(encoding="utf-8")))[number]
    document = read((SHARED / "seeds" / gold["file"]).read_bytes(), gold["file"])
    check_offsets(document)
    assert [figure["evidence"] for figure in gold["figures"] if figure["evidence"] not in document.text] == []
    assert document.script == gold["script"].split(" ")[0]
    for chapter in gold["chapters"]:
        heading = chapter["heading"].replace(" ", "")
        assert heading in document.normal.text or document.script == "traditional"
    assert "||" not in document.text
    assert "上一条" not in document.text
    assert "打印" not in document.text


@needs_seeds
def test_a_year_range_broken_over_two_lines_is_joined() -> None:
    document = read((SHARED / "seeds" / "000_b6bf35f4b5744c45.txt").read_bytes(), "000.txt")
    assert "(2018-2020\n年)》" in document.text
    assert "(2018-2020年)》" in document.normal.text
    assert document.normal.text.count("\n") == document.text.count("\n") - 1


def test_a_number_broken_by_hand_is_one_number_and_a_year_begins_a_line() -> None:
    broken = read("\n".join([*REPORT, "坚持应公开尽公开，全年累计主动公开各类政府信息4", "600余条。"]), "a.txt")
    assert "政府信息4600余条" in broken.normal.text
    apart = read(
        "\n".join([*REPORT, "来源：县政府办公室，本页面的总浏览量为：1208", "2014年，我县共公开信息88条。"]), "a.txt"
    )
    assert "1208\n2014年" in apart.normal.text
