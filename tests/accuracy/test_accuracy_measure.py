"""Counting, floors, the published file and the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner
from worlds import FIGURES, answer, changed, figure, reading

from flows import cli
from flows.seeds import ACCURACY_COLUMNS
from scrapers.accuracy import published
from scrapers.accuracy.answers import AnsweredPage, AnswerError, read_answer, read_answers
from scrapers.accuracy.floors import SetFloors, breaches, load_floors
from scrapers.accuracy.gold import gold_answer
from scrapers.accuracy.measure import Measure, Score, measure_page, summarise
from scrapers.accuracy.shapes import shapes_of
from scrapers.document import Page, Reading
from scrapers.version import reader_version

GOLDEN = Path(__file__).parents[1] / "golden"


def _page(tmp_path: Path, name: str, **changes: Any) -> AnsweredPage:
    path = tmp_path / f"{name}.html"
    path.write_text("<p>示例</p>", encoding="utf-8")
    return AnsweredPage(name, answer(**changes), path, "set.invalid")


@pytest.fixture
def measured(tmp_path: Path) -> Measure:
    """Three pages: as answered; one word wrong, one missed, one invented, the cell missed; no report but read as one."""
    invented = figure("hot_topics_responded", 8, "次", "8")
    readings = [reading(), reading((*changed(0, value=121)[:2], invented)), reading(phone=None)]
    none = {"document_kind": "not_a_report", "report_format": None, "figures": [], "cells": {}}
    pages = [_page(tmp_path, "1"), _page(tmp_path, "2"), _page(tmp_path, "3", **none)]
    return summarise([measure_page(page, lambda _, one=one: one) for page, one in zip(pages, readings, strict=True)])


def test_arithmetic_of_a_score() -> None:
    score = Score(right=6, wrong=1, missed=3, invented=2)
    assert (score.sample_size, score.precision, score.recall) == (10, 6 / 9, 0.6)
    assert (Score().precision, Score().recall) == (None, None)
    assert (Score(missed=2).precision, Score(missed=2).recall) == (None, 0)


def test_every_value_is_counted_once(measured: Measure) -> None:
    words, cells = measured.total.narrative, measured.total.table
    assert (words.right, words.wrong, words.missed, words.invented) == (4, 1, 1, 4)  # three invented on page 3
    assert (cells.right, cells.missed, cells.invented) == (1, 1, 1)
    assert (measured.pages, measured.faultless) == (3, 1)
    for groups in (measured.families, measured.forms):
        for basis in ("table", "narrative"):
            scores = [getattr(group, basis) for group in groups]
            whole = getattr(measured.total, basis)
            for name in ("right", "wrong", "missed", "invented"):
                assert sum(getattr(score, name) for score in scores) == getattr(whole, name), (basis, name)


def test_groups_by_form_and_metric(measured: Measure) -> None:
    assert {group.name: (group.pages, group.faultless) for group in measured.forms} == {"F2014": (2, 1), "none": (1, 0)}
    assert measured.by_metric["*", "narrative", "info_disclosed_total"].sample_size == 2
    assert measured.by_metric["F2014", "narrative", "info_disclosed_total"].recall == 0.5
    assert measured.by_metric["*", "table", "*"] == measured.total.table


def test_identity_and_flags(measured: Measure) -> None:
    phone = next(one for one in measured.identity if one.name == "phone")
    assert (phone.right, phone.accuracy) == (2, 1)  # of the page that is no report nothing is asked
    flag = next(one for one in measured.flags if one.name == "not_a_report")
    assert (flag.pages, flag.wanted, flag.found, flag.accuracy) == (3, 1, 0, 0)


def test_a_fault_of_the_reader_is_a_fault_of_the_page(tmp_path: Path) -> None:
    def boom(_: Page) -> Reading:
        raise ValueError("boom")

    result = measure_page(_page(tmp_path, "1"), boom)
    assert "boom" in str(result.comparison.differences[0])
    assert summarise([result]).total.narrative.missed == 3


def test_floors(measured: Measure) -> None:
    assert list(breaches(measured, SetFloors(pages=3, narrative_recall=0.6, table_recall=0.5))) == []
    said = list(breaches(measured, SetFloors(pages=4, narrative_recall=0.67, flags=0.5)))
    assert [one.split(":")[0] for one in said] == ["pages", "narrative_recall", "flags"]


def test_a_violation_is_below_any_floor(tmp_path: Path) -> None:
    figures = (*FIGURES, figure("foi_budget", 7, "元", "7"))
    found = summarise([measure_page(_page(tmp_path, "1"), lambda _: reading(figures))])
    assert list(breaches(found, SetFloors())) == ["must_be_missing_violations: 1, at most 0"]


def test_a_share_of_nothing_is_below_its_floor(tmp_path: Path) -> None:
    none = {"document_kind": "not_a_report", "figures": [], "cells": {}}
    found = summarise([measure_page(_page(tmp_path, "1", **none), lambda _: reading((), kind="not_a_report"))])
    assert list(breaches(found, SetFloors(table_recall=0.1))) == ["table_recall: nothing to measure, floor 0.1"]


def test_a_wrong_floors_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "floors.yaml"
    file.write_text("one:\n  pages: 3\n  recal: 0.5\n", encoding="utf-8")
    with pytest.raises(AnswerError, match=r"floors\.yaml, line 3: one\.recal"):
        load_floors(file)


def test_published_rows(measured: Measure, tmp_path: Path) -> None:
    rows = published.published_rows(measured, "a-set", date(2026, 1, 2), "abc")
    text = published.write_published(rows, tmp_path / "accuracy.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines[0] == ",".join(published.COLUMNS) == ",".join(ACCURACY_COLUMNS)
    assert "2026-01-02,a-set,abc,*,narrative,*,6,4,1,1,4,0.4444,0.6667" in lines
    assert not any(",none," in line for line in lines)


def test_the_published_measure_is_no_part_of_the_readers_version(tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    for name in ("document.py", "read.py", "catalogue/units.csv"):
        (tmp_path / name).write_text("a", encoding="utf-8")
    before = reader_version(tmp_path)
    (tmp_path / "catalogue" / "accuracy.csv").write_text("b", encoding="utf-8")
    assert reader_version(tmp_path) == before
    (tmp_path / "catalogue" / "units.csv").write_text("b", encoding="utf-8")
    assert reader_version(tmp_path) != before


def test_a_wrong_key_of_an_answer_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "1.yaml"
    file.write_text("file: a.html\ndocument_kind: annual_report\ntolerate: [a]\n", encoding="utf-8")
    with pytest.raises(AnswerError, match=r"1\.yaml, line 3: tolerate"):
        read_answer(file)


def test_a_page_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text("file: a.html\ndocument_kind: annual_report\n", encoding="utf-8")
    with pytest.raises(AnswerError, match=r"there is no page a\.html"):
        read_answers(tmp_path)


@pytest.mark.parametrize(
    ("changes", "markup", "wanted"),
    [
        ({"cells": {}}, "<p>1</p>", {"html", "no_table"}),
        ({}, "<table><tr><td>1<td>2</table>", {"html", "html_table"}),
        ({}, "<table><tr><td><table><tr><td>1<td>2</table></table>", {"html", "html_table", "nested"}),
        ({}, "<p>1|2</p>", {"html", "pipes"}),
        ({}, "<p>1</p><p>2</p>", {"html", "flattened"}),
        ({"issues": ["tables_lost", "hijacked"]}, "<p>1</p>", {"html", "tables_lost", "hijacked"}),
        ({"cells": {}, "title": "某縣2018年政府信息公開工作年度報告"}, "<p>", {"html", "no_table", "traditional"}),
        ({"file": "a.pdf"}, "%PDF", {"pdf"}),
        ({"shape": ["of_its_own"]}, "<p>", {"of_its_own"}),
    ],
)
def test_shapes(changes: dict[str, Any], markup: str, wanted: set[str]) -> None:
    assert set(shapes_of(answer(**changes), markup.encode())) == wanted


def test_gold_answers_of_the_other_layout() -> None:
    contact = dict.fromkeys(("fax", "email", "address", "postcode")) | {"phone": "0318-4222222"}
    number = {"metric": "info_disclosed_total", "value": 120, "unit": "條", "qualifier": "余", "kind": "count",
              "evidence": "公开信息120余条"}  # fmt: skip
    gold = {
        "file": "a.txt", "format_family": "2019-2020, tables lost", "contact": contact, "issuer": "某县人民政府",
        "jurisdiction_true": "某县 (某市)", "title": "一", "title_in_file": False, "scope": "whole_area", "report_year": 2019,
        "period_start": "2019-01-01", "period_end": "2019-12-31", "publication_date": None, "admin_level": "county",
        "gb2260": "131127", "gb2260_certain": True, "missing_not_zero": ["foi_budget (nowhere)"],
        "figures": [number | {"mart": True}, number | {"metric": "visitors_received", "mart": False}],
    }  # fmt: skip
    one = gold_answer(gold)
    assert (one.report_format, one.issues, one.parent_code) == ("F2019", ("tables_lost",), "131100")
    assert (one.jurisdiction_name, one.missing, one.tolerated) == ("某县", ("foi_budget",), ("visitors_received",))
    assert [(row.value, row.unit, row.qualifier) for row in one.figures] == [(120, "条", "at_least")]
    hijacked = gold | {"gb2260_certain": False, "brand_string": "b", "jurisdiction_candidates": [{"gb2260": 131127}]}
    assert gold_answer(hijacked).issues == ("tables_lost", "jurisdiction_undecided", "hijacked")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two pages of the sample with their answers; the second answer says another phone."""
    place = tmp_path_factory.mktemp("measured") / "two"
    place.mkdir()
    site = Path(__file__).parents[2] / "scrapers" / "sources" / "sample_site"
    for name in ("04_xianfeng_2014", "05_zhufoan_2016"):
        data = YAML(typ="safe").load((GOLDEN / "sample" / f"{name}.yaml").read_text(encoding="utf-8"))
        (place / f"{name}.html").write_bytes((site / data["file"]).read_bytes())
        data["file"] = f"{name}.html"
        data["phone"] = "0000-1" if name.startswith("05") else data["phone"]
        with (place / f"{name}.yaml").open("w", encoding="utf-8") as file:
            YAML().dump(data, file)
    (place / "floors.yaml").write_text("two: {faultless_pages: 0.5}\nother: {}\n", encoding="utf-8")
    (place / "high.yaml").write_text("two: {faultless_pages: 0.75}\n", encoding="utf-8")
    yield place


def _gongkai(*arguments: str) -> tuple[int, str, str]:
    told = ["accuracy", *arguments, "--workers", "1"]
    ended = CliRunner().invoke(cli.app, told, env={"COLUMNS": "200", "TERM": "dumb"})
    return ended.exit_code, ended.stdout, ended.stderr


def test_the_command_shows_tables_and_faults(folder: Path) -> None:
    code, out, _ = _gongkai(str(folder), "--faults", "--floor", str(folder / "floors.yaml"))
    assert code == 0
    for word in ("two: 2 pages", "By metric family", "F2014", "50.0 %", "identity: phone", "answer '0000-1'"):
        assert word in out, word


def test_the_command_gives_json(folder: Path) -> None:
    code, out, _ = _gongkai(str(folder), "--json", "--faults")
    plain = json.loads(out)
    assert code == 0
    assert plain["figures"]["faultless_pages"] == 0.5
    assert [(one["page"], one["name"]) for one in plain["faults"]] == [("05_zhufoan_2016", "phone")]


def test_the_command_fails_below_the_floor(folder: Path) -> None:
    code, _, err = _gongkai(str(folder), "--floor", str(folder / "high.yaml"))
    assert code == 4
    assert "faultless_pages: 0.5000, floor 0.75" in err


def test_wrong_use_of_the_command(folder: Path, tmp_path: Path) -> None:
    assert _gongkai(str(tmp_path / "none"))[0] == 2
    assert _gongkai(str(tmp_path))[0] == 2
    other = tmp_path / "floors.yaml"
    other.write_text("another: {}\n", encoding="utf-8")
    code, _, err = _gongkai(str(folder), "--floor", str(other))
    assert code == 2
    assert "no floors for two" in err
