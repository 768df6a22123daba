"""Values, sums, checks and the wide marts, as the published contract has them."""

from __future__ import annotations

import pytest
from world import Built


def test_of_table_and_words_the_table_is_preferred(world: Built) -> None:
    found = world.rows(
        "select value, basis, applicant_type from marts.fct_metric_values where report_id = $matrix.html$ and is_preferred"
        " and field_id = 'requests_received_new' and coalesce(applicant_type, 'total') = 'total'"
    )
    assert found == [(5, "table", "total")]
    issue = world.one(
        "select reported_value, recomputed_value from marts.fct_report_issues"
        " where report_id = $matrix.html$ and issue_code = 'narrative_contradicts_table'"
    )
    assert issue == (7, 5)


def test_money_keeps_its_printed_unit_and_is_converted_beside_it(world: Built) -> None:
    found = world.one(
        "select value, unit, value_std, unit_std from marts.fct_metric_values where report_id = $words.html$ and field_id = 'foi_fees_collected'"
    )
    assert found == (0.5, "万元", 5000, "元")
    assert world.one(
        "select value, unit, value_std from marts.fct_metric_values where field_id = 'admin_fees_amount'"
    ) == (2.14, "万元", 2.14)


def test_a_unit_of_another_class_is_an_issue_and_no_standard_value(world: Built) -> None:
    assert world.one("select value, value_std from marts.fct_metric_values where field_id = 'training_sessions'") == (
        3,
        None,
    )
    assert world.rows("select report_id from marts.fct_report_issues where issue_code = 'unit_class_mismatch'") != []
    assert world.one("select training_sessions from marts.jurisdiction_years where report_id = $matrix.html$") == (
        None,
    )


def test_sums_stand_apart_with_their_parts(world: Built) -> None:
    value, parts, kinds = world.one(
        "select value_std, len(derived_from), len(missing_parts) from marts.fct_derived_values"
        " where report_id = $matrix.html$ and metric_id = 'refused_total' and applicant_type is null"
    )
    assert (value, parts, kinds) == (8, 8, 0)
    assert (
        world.rows(
            "select 1 from marts.fct_metric_values where report_id = $matrix.html$ and metric_id = 'refused_total'"
        )
        == []
    )
    assert world.one(
        "select refused_total__from_2019 from marts.jurisdiction_years where report_id = $matrix.html$"
    ) == (8,)


def test_a_sum_is_null_where_a_part_is_missing(world: Built) -> None:
    found = world.one(
        "select value_std, missing_parts from marts.fct_derived_values where report_id = $matrix.html$ and metric_id = 'litigation_total'"
    )
    assert found == (None, ["litigation_after_review_total"])
    assert world.one("select litigation_total from marts.jurisdiction_years where report_id = $matrix.html$") == (None,)


def test_parts_never_stand_in_the_column_of_their_sum(world: Built) -> None:
    total, part = world.one(
        "select unable_not_held, unable_not_held__reply_info_not_exist from marts.jurisdiction_years where report_id = $words.html$"
    )
    assert (total, part) == (5, 2)
    # one of the two parts of the 2014 form is missing
    assert world.one(
        "select refused_third_party_rights from marts.jurisdiction_years where report_id = $words.html$"
    ) == (None,)


def test_a_break_in_the_definition_has_columns_of_its_own(world: Built) -> None:
    found = world.one(
        "select refused_total__f2014, refused_total__from_2019, normative_docs_issued__to_2020, normative_docs_issued__from_2021"
        " from marts.jurisdiction_years where report_id = $words.html$"
    )
    assert found == (6, None, 12, None)


def test_missing_is_null_and_never_zero_in_the_wide_mart(world: Built) -> None:
    columns = [name for (name,) in world.rows("select distinct column_name from seeds.seed_metric_groups")]
    zeros = [f"{column} = 0" for column in columns]
    report = world.rows(
        f"select report_id from marts.jurisdiction_years where report_id = $second$ and ({' or '.join(zeros)})"
    )
    assert report == []
    row = world.one(
        "select foi_processing_fee_amount, requests_carried_over_in, review_total from marts.jurisdiction_years where report_id = $matrix.html$"
    )
    assert row == (0, 0, None)


def test_departments_stand_in_agency_years_only(world: Built) -> None:
    assert world.rows("select jurisdiction_id, agency_name, report_year, review_total from marts.agency_years") == [
        ("131127", "统计局", 2022, 0)
    ]
    chosen = {world.name(ident) for (ident,) in world.rows("select report_id from marts.jurisdiction_years")}
    assert {"town.html", "zone.html", "matrix.html"} <= chosen
    assert not chosen & {"bureau.html", "nowhere.html", "twice_b.html", "v1", "first", "notice.html"}


def test_counts_of_missing_metrics(world: Built) -> None:
    expected, found, missing = world.one(
        "select metrics_expected, metrics_found, metrics_missing from marts.jurisdiction_years where report_id = $second$"
    )
    assert (found, missing) == (1, expected - 1)
    assert expected > 40


def test_failed_identities_have_results_and_issues(world: Built) -> None:
    failed = world.one(
        "select check_id, instance, reported_value, recomputed_value from marts.fct_check_results where report_id = $mismatch.html$ and check_status = 'fail'"
    )
    assert failed == ("T3_rowsum", "requests_received_new", 6, 5)
    issue = world.one(
        "select reported_value, recomputed_value, severity from marts.fct_report_issues where report_id = $mismatch.html$ and issue_code = 'sum_mismatch'"
    )
    assert issue == (6, 5, "error")


def test_identities_are_assessed_only_with_all_terms(world: Built) -> None:
    balance = world.rows(
        "select distinct check_status, reason_code from marts.fct_check_results where report_id = $matrix.html$ and check_id = 'T3_balance'"
    )
    assert balance == [("pass", None)]
    review = world.one(
        "select check_status, reason_code, missing_term_count from marts.fct_check_results where report_id = $second$ and check_id = 'T4_review'"
    )
    assert review == ("not_assessable", "missing_terms", 4)


def test_only_this_reader_counts(world: Built) -> None:
    assert world.rows("select 1 from marts.fct_metric_values where value = 999") == []


@pytest.mark.parametrize("table", ["fct_metric_values", "fct_derived_values", "jurisdiction_years"])
def test_not_a_report_and_unreadable_pages_have_no_values(world: Built, table: str) -> None:
    ids = world.rows(
        f"select 1 from marts.{table} join marts.fct_reports using (report_id) where document_kind <> 'annual_report'"
    )
    assert ids == []
