"""Whom names speak of: the unit of a publisher, and the report that the words of a link name."""

from __future__ import annotations

import pytest

from scrapers.catalogue.loading import load_csv
from scrapers.fetch.outcomes import Outcome
from scrapers.sources.naming import Publisher, linked_report, publisher_unit
from scrapers.sources.schema import load_sources

COUNTY = Publisher("江西省上饶市广丰县人民政府", "361122", "county")
STREET = Publisher("北京市西城区大栅栏街道办事处", "110102013", "township")
ZONE = Publisher("西宁经济技术开发区管理委员会", "630100", "functional_zone")
BUREAU = Publisher("北京市信访办", "110000", "province")
SOMEWHERE = Publisher("浙江省金华市武义县的一个乡（名称未辨明）", "330723", "township")
NOBODY = Publisher("某网", None, None)


@pytest.mark.parametrize(
    ("publisher", "wanted"),
    [
        (COUNTY, ("361122", "county", None)),
        (STREET, ("110102013", "township", None)),
        (ZONE, ("630100西宁经济技术开发区", "functional_zone", None)),
        (BUREAU, ("110000", "province", "北京市信访办")),
        (SOMEWHERE, None),  # a town of which only the county is known is not the county
        (NOBODY, None),
    ],
)
def test_unit_of_a_publisher(publisher: Publisher, wanted: tuple[str, str, str | None] | None) -> None:
    found = publisher_unit(publisher)
    assert (found and (found.jurisdiction.id, found.jurisdiction.level, found.agency_name)) == wanted


@pytest.mark.parametrize(
    ("words", "publisher", "wanted"),
    [
        ("信丰县2011年政府信息公开工作年度报告", NOBODY, ("360722", None, 2011)),
        ("蕉嶺縣2017年政府信息公開工作年度報告", NOBODY, ("441427", None, 2017)),
        # the publisher speaks of itself, under the code and the name of the year
        ("2012年政府信息公开工作年度报告", COUNTY, ("361122", None, 2012)),
        ("2018年政府信息公开工作年度报告", COUNTY, ("361103", None, 2018)),
        ("2009年度政府信息公开工作报告", STREET, ("110102013", None, 2009)),
        ("2022年政府信息公开年报", ZONE, ("630100西宁经济技术开发区", None, 2022)),
        # of several places of a name its own
        (
            "鼓楼区2019年政府信息公开工作年度报告",
            Publisher("福州市人民政府", "350100", "prefecture"),
            ("350102", None, 2019),
        ),
        ("鼓楼区2019年政府信息公开工作年度报告", NOBODY, None),
        # an agency's report is not its county's
        ("高邮市教育局2018年政府信息公开工作年度报告", NOBODY, ("321084", "高邮市教育局", 2018)),
        ("2019年政府信息公开工作年度报告", BUREAU, None),
        ("2019年政府信息公开工作年度报告", SOMEWHERE, None),
        # no year, several years, no report, words about something else
        ("政府信息公开年报", COUNTY, None),
        ("2014-2019年政府信息公开年报", COUNTY, None),
        ("关于做好2019年度政府信息公开工作年度报告编制发布工作的通知", COUNTY, None),
        ("凯旋门在线(官方)首页2018年政府信息公开年度报告", COUNTY, None),
        ("", COUNTY, None),
        (None, COUNTY, None),
    ],
)
def test_report_named_by_a_link(
    words: str | None, publisher: Publisher, wanted: tuple[str, str | None, int] | None
) -> None:
    found = linked_report(words, publisher)
    assert (found and (found.jurisdiction.id, found.agency_name, found.report_year)) == wanted


def test_towns_and_zones_of_the_shipped_sources_are_understood() -> None:
    below = [source for source in load_sources() if source.level in ("township", "functional_zone")]
    found = {
        source.source_id: publisher_unit(Publisher(source.publisher, source.jurisdiction_code, source.level))
        for source in below
    }
    assert [name for name, unit in found.items() if unit is None] == ["330723_zjwy_xiang"]
    assert len(below) >= 20


def test_every_outcome_has_a_meaning_or_none_on_purpose() -> None:
    known = {row["code"] for row in load_csv("coverage.csv") if row["about"] == "outcome"}
    silent = {"off_site_link", "links_not_read", "bad_url", "bad_manifest_row"}
    assert known | silent == {str(outcome) for outcome in Outcome} | {"unchanged"}
    assert {row["means"] for row in load_csv("coverage.csv")} == {"there", "gone", "blocked"}
