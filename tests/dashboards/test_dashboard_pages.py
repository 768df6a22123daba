"""The pages in a real browser, on a whole sample run."""

from __future__ import annotations

import codecs
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from dashboard_tab import HOSTILE, Tab

from flows.published import point_to, published_build
from flows.warehouse.places import Places

PLACE = "451082"  # 平果市
# The report is the first that a new server is asked for: it must not need the overview to have been open before.
PAGES = {
    "report": "/report?lang={lang}&report={report}",
    "overview": "/?lang={lang}",
    "jurisdiction": "/jurisdiction?lang={lang}&place=" + PLACE,
    "quality": "/quality?lang={lang}",
}
HEADS = {
    ("overview", "zh"): "政府信息公开年报数据仓库", ("overview", "en"): "Reports on government information disclosure",
    ("jurisdiction", "zh"): "平果市", ("jurisdiction", "en"): "Pingguo",
    ("report", "zh"): "平果市 2022", ("report", "en"): "Pingguo 2022",
    ("quality", "zh"): "质量", ("quality", "en"): "Quality",
}  # fmt: skip

Tabs = Callable[..., Tab]


@pytest.fixture(scope="module")
def report(warehouse: Places) -> str:
    """The report whose page was changed."""
    with duckdb.connect(str(warehouse.published_db), read_only=True) as con:
        row = con.execute(
            "select report_id from marts.fct_reports where unit_id = ? and report_year = 2022 and is_current", [PLACE]
        ).fetchone()
    assert row is not None
    return str(row[0])


def query(page: Any) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", list(PAGES))
def test_every_page_opens(tab: Tabs, report: str, name: str, width: int, lang: str) -> None:
    page = tab(width).open(PAGES[name].format(lang=lang, report=report))
    head = page.locator("h1").first.inner_text()
    assert head == HEADS[name, lang]
    assert "INVENTED SAMPLE DATA" in page.locator(".sample").inner_text()
    assert page.locator(".foot").inner_text().count("Z-") >= 1
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
    across = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]'); return main.scrollWidth - main.clientWidth }"
    )
    assert across <= 0, "the page must not scroll sideways"


@pytest.mark.parametrize("asked", ["平果", "451082", "451023"])
def test_a_place_is_found_by_name_and_by_code(tab: Tabs, asked: str) -> None:
    opened = tab()
    page = opened.open("/jurisdiction?lang=zh")
    box = page.get_by_label("查找地区")
    box.fill(asked)
    box.press("Enter")
    page.locator(".st-key-found a", has_text="平果市").first.click()
    page.locator("h1", has_text="平果市").wait_for()
    opened.until("place", PLACE)
    page.locator("a", has_text="平果市2022年政府信息公开工作年度报告").first.wait_for()


@pytest.mark.parametrize(
    ("code", "lang", "head", "sentence"),
    [
        ("451023", "zh", "平果市", "451023 是“平果县”使用到2018年的代码"),
        ("451023", "en", "Pingguo", "451023 was the code of"),
        ("110103", "zh", "崇文区", "这个地区到2009年为止"),
    ],
)
def test_a_former_code_leads_to_the_place(tab: Tabs, code: str, lang: str, head: str, sentence: str) -> None:
    page = tab().open(f"/jurisdiction?lang={lang}&place={code}")
    assert head in page.locator("h1").first.inner_text()
    assert sentence in page.locator("[data-testid=stMain]").inner_text()


def test_an_abolished_place_leads_to_its_successor(tab: Tabs) -> None:
    opened = tab()
    page = opened.open("/jurisdiction?lang=zh&place=110103")
    page.locator(".st-key-successors a", has_text="东城区").click()
    opened.until("place", "110101")
    page.locator("h1", has_text="东城区").wait_for()


def test_a_correction_is_seen_on_the_pages(tab: Tabs, warehouse: Places) -> None:
    with duckdb.connect(str(warehouse.published_db), read_only=True) as con:
        row = con.execute(
            "select r.unit_id, v.report_id, v.figure_no, v.printed, v.corrected_value, c.said_by"
            " from marts.fct_metric_values as v join marts.fct_reports as r using (report_id)"
            " join marts.fct_corrections as c using (correction_id)"
            " where v.corrected_value is not null and coalesce(v.applicant_type, 'total') = 'total' and v.is_preferred"
        ).fetchone()
    assert row is not None
    place, report, figure, printed, corrected, who = row
    page = tab().open(f"/report?lang=en&report={report}&figure={figure}")
    shown = page.locator("[data-testid=stMain]").inner_text()
    assert f"corrected to {corrected:g}" in shown and who in shown and "Value that counts" in shown
    page = tab().open(f"/jurisdiction?lang=en&place={place}&family=request_outcomes")
    assert "◆ corrected" in page.locator("[data-testid=stMain]").inner_text()
    page.locator("summary", has_text="As a table").click()
    line = page.locator("table.rows tr", has_text="corrected by").first
    assert f"printed as {printed}" in line.inner_text() and who in line.inner_text()


def test_an_issue_is_said_in_the_words_of_the_catalogue(tab: Tabs, warehouse: Places) -> None:
    with duckdb.connect(str(warehouse.published_db), read_only=True) as con:
        label = con.execute("select label_en from marts.dim_issues where issue_code = 'corrected'").fetchone()
    assert label is not None
    shown = tab().open("/quality?lang=en").locator("[data-testid=stMain]").inner_text()
    assert f"{label[0]} (corrected)" in shown


def test_the_gate_of_each_run_is_drawn(tab: Tabs) -> None:
    page = tab().open("/quality?lang=en")
    assert page.locator(".st-key-chart_gate_history canvas, .st-key-chart_gate_history svg").count() >= 1


def test_a_province_is_chosen_on_the_map(tab: Tabs) -> None:
    opened = tab()
    page = opened.open("/?lang=zh&level=county&year=2022&province=450000")
    assert "广西壮族自治区 · 各年覆盖" in page.locator(".st-key-chart_coverage_years").inner_text()
    opened = tab()
    page = opened.open("/?lang=zh&level=county&year=2022")
    drawn = page.locator(".st-key-chart_coverage canvas, .st-key-chart_coverage svg.marks").first
    box = drawn.bounding_box()
    # the fourth of eight columns, the sixth of eight rows, on the words of the tile
    drawn.click(position={"x": box["width"] * 3.5 / 8, "y": box["height"] * 5.2 / 8})
    opened.until("province", "450000")
    page.locator(".st-key-chosen_province a").first.wait_for()


def test_a_figure_leads_to_its_evidence_and_back(tab: Tabs, report: str) -> None:
    opened = tab()
    page = opened.open(f"/report?lang=zh&report={report}")
    figures = page.get_by_test_id("figures").locator("button[data-figure]")
    figures.first.wait_for()
    assert figures.count() > 150
    line = (
        figures.filter(has_text="本年新收政府信息公开申请数量").filter(has_text="58 件").filter(has_text="总计").first
    )
    line.click()
    opened.until("figure", line.get_attribute("data-figure"))
    lit = page.get_by_test_id("report-text").locator("mark.on")
    assert lit.all_inner_texts() == ["58"]
    box, text = lit.bounding_box(), page.get_by_test_id("report-text").bounding_box()
    assert text["y"] <= box["y"] <= text["y"] + text["height"], "the evidence is scrolled into view"
    other = page.get_by_test_id("report-text").locator("mark:not(.on)").first
    number = other.get_attribute("data-figures").split()[0]
    other.click()
    opened.until("figure", number)
    assert page.locator(f"button[data-figure='{number}']").get_attribute("aria-pressed") == "true"


def test_a_shared_address_restores_the_view(tab: Tabs, report: str) -> None:
    first = tab()
    page = first.open(f"/report?lang=en&report={report}")
    line = page.get_by_test_id("figures").locator("button[data-figure]").nth(5)
    line.click()
    first.until("figure", line.get_attribute("data-figure"))
    shared = page.url.removeprefix(first.address)
    lit = page.get_by_test_id("report-text").locator("mark.on").all_inner_texts()
    again = tab(360).open(shared)
    again.get_by_test_id("report-text").locator("mark.on").first.wait_for()
    assert again.get_by_test_id("report-text").locator("mark.on").all_inner_texts() == lit
    assert again.locator("[data-testid=stApp]").inner_text().count("The text and its figures") == 1


def test_what_is_chosen_stands_in_the_address(tab: Tabs) -> None:
    opened = tab()
    page = opened.open("/?lang=en&level=prefecture&year=2012")
    assert "Headline figures of 2012, prefecture level" in page.locator("[data-testid=stMain]").inner_text()
    page.get_by_role("button", name="中文").click()
    page.locator("h1", has_text="政府信息公开年报数据仓库").wait_for()
    opened.until("lang", "zh")
    assert query(page) == {"lang": "zh", "level": "prefecture", "year": "2012"}
    assert "2012年的主要数字（地级）" in page.locator("[data-testid=stMain]").inner_text()


def test_choosing_writes_the_address(tab: Tabs) -> None:
    opened = tab()
    page = opened.open("/?lang=zh")
    page.get_by_label("级别").first.click()
    page.get_by_role("option", name="地级").click()
    opened.until("level", "prefecture")
    page.locator("h2", has_text="（地级）").wait_for()


def test_the_data_of_a_chart_can_be_downloaded(tab: Tabs, tmp_path: Path) -> None:
    page = tab().open("/?lang=en&level=county")
    with page.expect_download() as given:
        page.locator(".st-key-chart_trend").get_by_role("button", name="Download data").click()
    file = tmp_path / "data.csv"
    given.value.save_as(file)
    content = file.read_bytes()
    assert content.startswith(codecs.BOM_UTF8)
    lines = content.decode("utf-8-sig").splitlines()
    assert "value_median" in lines[0] and len(lines) > 5
    assert all(line.endswith("invented_sample") for line in lines[1:])
    assert re.fullmatch(r"gongkai-trend-.*\.csv", given.value.suggested_filename)


def test_dangerous_text_is_shown_as_text(tab: Tabs, report: str) -> None:
    page = tab().open(f"/report?lang=zh&report={report}")
    text = page.get_by_test_id("report-text")
    text.wait_for()
    assert HOSTILE in text.inner_text()
    assert text.locator("script, img").count() == 0
    page.locator("summary", has_text="文字差异").click()
    assert HOSTILE in page.locator(".diff").inner_text()
    assert page.locator(".diff ins").count() >= 1 and page.locator(".diff script, .diff img").count() == 0
    assert page.evaluate("() => window.hacked") is None


def test_the_vintages_show_what_changed(tab: Tabs, report: str) -> None:
    page = tab().open(f"/report?lang=zh&report={report}")
    shown = page.locator("[data-testid=stMain]").inner_text()
    assert "网页的各个版本" in shown
    changed = page.locator("table.rows tr", has_text="收到政府信息公开申请数").filter(has_text="59")
    assert changed.count() >= 1 and "58" in changed.first.inner_text()


def test_a_hijacked_page_is_no_link(tab: Tabs, warehouse: Places) -> None:
    with duckdb.connect(str(warehouse.published_db), read_only=True) as con:
        row = con.execute("select report_id, source_url from marts.fct_reports where trust = 'hijacked'").fetchone()
    assert row is not None
    page = tab().open(f"/report?lang=zh&report={row[0]}")
    assert row[1] in page.locator("[data-testid=stMain]").inner_text()
    assert page.locator("[data-testid=stMain] a[href^='http://sample.invalid']").count() == 0


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/report?lang=en&report=0000000000000000", "is not among the published data"),
        ("/report?lang=en&report=%3Cscript%3Ealert(1)%3C/script%3E", "is not among the published data"),
        ("/report?lang=en", "Choose a report"),
        ("/jurisdiction?lang=en&place=999999", "names a place that does not exist"),
        ("/jurisdiction?lang=en&q=zzzz", "No such place was found"),
        ("/jurisdiction?lang=en&place=110000", "A missing report does not mean zero"),
        ("/?lang=xx&level=moon&year=1", "Reports on government information disclosure"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(tab: Tabs, path: str, sentence: str) -> None:
    page = tab().open(path)
    assert sentence in page.locator("[data-testid=stMain]").inner_text()


def test_a_new_build_is_seen_without_a_restart(tab: Tabs, warehouse: Places) -> None:
    old = published_build(warehouse)
    assert old is not None
    opened = tab()
    assert old.build_id in opened.open("/quality?lang=en").locator(".foot").inner_text()
    new_id = "29990101T000000000Z-00000000"
    copied = warehouse.builds / new_id
    shutil.copytree(old.folder, copied)
    manifest = {**old.manifest, "build_id": new_id}
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    try:
        point_to(warehouse, new_id)
        shown = opened.open("/quality?lang=en").locator(".foot").inner_text()
        assert new_id in shown and old.build_id not in shown.split("\n")[0]
    finally:
        point_to(warehouse, old.build_id)


GLYPHS = """() => {
  const font = getComputedStyle(document.querySelector('h1')).fontFamily;
  const drawn = (text) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext('2d');
    pen.font = `40px ${font}`;
    pen.fillText(text, 8, 48);
    return canvas.toDataURL();
  };
  return [drawn('县'), drawn(String.fromCodePoint(0xEFFFD)), drawn(' ')];
}"""


def test_chinese_characters_are_drawn(tab: Tabs) -> None:
    county, missing, blank = tab().open("/?lang=zh").evaluate(GLYPHS)
    assert county not in (missing, blank), "县 is drawn as a missing glyph: there is no font for Chinese"
