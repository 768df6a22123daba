"""Coverage and English names after a run on the sample."""

from __future__ import annotations

from tests.main_job.conftest import Published


def test_a_page_that_was_never_got_is_whose_its_link_says(sample: Published) -> None:
    row = sample.rows(
        "select coverage_state, is_expected, is_gone, reports_found from marts.fct_coverage"
        " where jurisdiction_name = '信丰县' and report_year = 2011"
    )
    assert row == [("gone", True, True, 0)]


def test_every_report_of_a_place_and_year_is_counted(sample: Published) -> None:
    counted = sample.rows("select sum(reports_read + agency_reports) from marts.fct_coverage")
    there = sample.rows(
        "select count(*) from marts.fct_reports where document_kind = 'annual_report' and jurisdiction_id is not null"
        " and report_year is not null"
    )
    assert counted == there
    states = dict(sample.rows("select coverage_state, count(*) from marts.fct_coverage group by all"))
    assert states["valid"] >= 15 and states["not_found"] > 40_000


def test_a_department_does_not_cover_its_province(sample: Published) -> None:
    rows = sample.rows(
        "select coverage_state, agency_reports from marts.fct_coverage where jurisdiction_name = '吉林省' and report_year = 2023"
    )
    assert rows == [("not_found", 1)]


def test_the_views_work_in_the_published_file(sample: Published) -> None:
    total = sample.rows(
        "select report_year, expected_units, valid_units from dashboards.coverage_by_year where jurisdiction_level = 'all'"
        " and report_year = 2022"
    )
    by_province = sample.rows(
        "select report_year, sum(expected_units), sum(valid_units) from dashboards.coverage_by_province_year"
        " where jurisdiction_level = 'all' and report_year = 2022 group by all"
    )
    assert total == by_province and total[0][1] > 3_000


def test_every_place_has_an_english_name(sample: Published) -> None:
    assert sample.rows("select jurisdiction_name from marts.dim_jurisdictions where jurisdiction_name_en is null") == []
    names = dict(sample.rows("select jurisdiction_name, jurisdiction_name_en from marts.dim_jurisdictions"))
    assert (names["内蒙古自治区"], names["陕西省"], names["山西省"]) == ("Inner Mongolia", "Shaanxi", "Shanxi")
    assert (names["清水塘街道"], names["景县"]) == ("Qingshuitang Subdistrict", "Jing County")
