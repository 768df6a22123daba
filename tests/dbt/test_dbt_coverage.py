"""Coverage: whose report of which year is there, in the small world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builds import failures, rows, run_dbt
from world import Built

from scrapers.catalogue.loading import load_csv

STATE = """
    select is_expected, expected_because, coverage_state, reports_found, reports_read, reports_valid, agency_reports,
        is_gone, chosen_report_id from marts.fct_coverage
"""


def row(world: Built, place: str, year: int) -> tuple[Any, ...]:
    *rest, chosen = world.one(f"{STATE} where jurisdiction_id = '{place}' and report_year = {year}")
    return (*rest, world.name(chosen))


@pytest.mark.parametrize(
    ("place", "year", "wanted"),
    [
        # an official page, a mirror with the same figures, a hijacked one with others: three found, one stands
        ("210726", 2022, (True, "division_list", "valid", 3, 3, 1, 0, False, "official")),
        ("131127", 2019, (True, "division_list", "not_found", 0, 0, 0, 0, False, None)),
        ("430621112", 2022, (True, "named_by_source", "valid", 1, 1, 1, 0, False, "town.html")),
        ("430621112", 2012, (True, "named_by_source", "not_found", 0, 0, 0, 0, False, None)),
        # no source names the zone
        ("321300宿迁经济技术开发区", 2022, (False, None, "valid", 1, 1, 1, 0, False, "zone.html")),
        ("210102", 2021, (True, "division_list", "unreadable", 1, 0, 0, 0, False, None)),
        ("210103", 2020, (True, "division_list", "gone", 0, 0, 0, 0, True, None)),
    ],
)
def test_state_of_a_place_and_year(world: Built, place: str, year: int, wanted: tuple[Any, ...]) -> None:
    assert row(world, place, year) == wanted


def test_a_department_does_not_cover_its_county(world: Built) -> None:
    assert row(world, "131127", 2022)[6] == 1  # bureau.html
    assert world.rows("select 1 from marts.fct_coverage where chosen_report_id = $bureau.html$") == []


def test_what_the_list_expects(world: Built) -> None:
    years = "select min(report_year), max(report_year) from marts.fct_coverage where is_expected"
    assert world.one(years) == (2008, 2022)
    named = "select distinct province_name from marts.fct_coverage where is_expected and province_code in ('710000', '810000', '820000')"
    assert world.rows(named) == []
    assert world.rows("select 1 from marts.fct_coverage where jurisdiction_name = '金门县'") == []
    # 宣武区 was merged into 西城区 in 2010; 广丰县 became 广丰区 in 2015, under another code
    spans = (
        "select jurisdiction_id, min(report_year), max(report_year) from marts.fct_coverage"
        " where jurisdiction_id in ('110104', '361122', '361103') group by all order by all"
    )
    assert world.rows(spans) == [("110104", 2008, 2009), ("361103", 2015, 2022), ("361122", 2008, 2014)]


def test_all_places_of_the_list_stand_in_the_coverage_once(world: Built) -> None:
    def stood(unit: dict[str, str]) -> bool:
        last = 9999 if unit["carried_forward"] == "True" else int(unit["valid_to"])
        return int(unit["valid_from"]) <= 2015 <= last

    silent = {unit["code"] for unit in load_csv("divisions/not_publishing.csv")}
    wanted = sum(
        silent.isdisjoint({unit["code"], unit["parent_code"], unit["province_code"]})
        for unit in load_csv("divisions/units.csv")
        if stood(unit)
    )
    counted = world.one(
        "select count(*) from marts.fct_coverage where report_year = 2015 and expected_because = 'division_list'"
    )
    assert counted == (wanted,)


def test_shares_by_province_and_year(world: Built) -> None:
    query = "select expected_units, read_units, valid_units, read_percent from dashboards.coverage_by_province_year"
    where = "where report_year = 2022 and jurisdiction_level = 'all' and province_name = '{}'"
    expected, read, valid, percent = world.one(f"{query} {where.format('辽宁省')}")
    assert (read, valid) == (2, 2) and percent == round(200 / expected, 1)
    assert world.one(f"{query} {where.format('香港特别行政区')}") == (None, None, None, None)
    total = "select expected_units, valid_units from dashboards.coverage_by_year where report_year = 2022 and jurisdiction_level = 'all'"
    sums = "select sum(expected_units), sum(valid_units) from dashboards.coverage_by_province_year where report_year = 2022 and jurisdiction_level = 'all'"
    assert world.one(total) == world.one(sums)


def test_another_reader_has_its_own_names(world: Built, tmp_path: Path) -> None:
    again = tmp_path / "build.duckdb"
    result = run_dbt(world.state, world.landing, again, "run", "--select", "+int_coverage_units", reader="older")
    assert failures(result) == []
    assert rows(again, "select count(*) from intermediate.int_coverage_units") == [(0,)]


def test_provinces_have_names_labels_and_tiles(world: Built) -> None:
    query = "select count(*), count(distinct label_zh), count(distinct label_en), count(distinct [tile_row, tile_column]), count(province_name_en) from marts.dim_provinces"
    assert world.one(query) == (34, 34, 34, 34, 34)
    silent = world.rows("select province_name_en from marts.dim_provinces where not publishes order by all")
    assert silent == [("Hong Kong",), ("Macau",), ("Taiwan",)]
