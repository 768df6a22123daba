"""Checks between years and levels, whose a failure is, why a value is missing, and copies that lost a part."""

from __future__ import annotations

from world import Built

RESULTS = "from marts.fct_check_results where report_id"


def test_what_is_carried_over_must_agree_with_the_year_before(world: Built) -> None:
    found = world.rows(
        f"select instance, other_report_id, check_status, reported_value, recomputed_value, failure_class {RESULTS} = $county_2022$"
        " and check_id = 'Y_carry' and instance in ('total', 'other_org') order by instance desc"
    )
    other = world.ids["county_2021"]
    assert found == [("total", other, "fail", 2, 3, "theirs"), ("other_org", other, "pass", 0, 0, None)]
    issue = world.rows(
        "select detail from marts.fct_report_issues where report_id = $county_2022$ and issue_code = 'year_mismatch'"
    )
    assert len(issue) == 2  # the total and the column of natural persons
    assert all(other in detail and "theirs" in detail for (detail,) in issue)
    assert world.rows(f"select 1 {RESULTS} = $county_2021$ and check_id = 'Y_carry'") == []


def test_an_area_has_no_less_than_its_part(world: Built) -> None:
    found = world.one(
        f"select check_status, reported_value, recomputed_value, failure_class, reason {RESULTS} = $city_2022$"
        " and check_id = 'L_part' and other_report_id = $county_2022$ and instance = 'requests_received_new'"
    )
    assert found[:4] == ("fail", 7, 8, "scope")
    assert "its own offices" in found[4]
    whole = world.one(
        f"select check_status, reason_code {RESULTS} = $city_2022$ and check_id = 'L_sum' and instance = 'requests_received_new'"
    )
    assert whole == ("not_assessable", "missing_reports")
    severity = world.rows(
        "select distinct severity from marts.fct_report_issues where report_id = $city_2022$ and issue_code = 'level_mismatch'"
    )
    assert severity == [("info",)]


def test_a_misprinted_total_is_the_publishers(world: Built) -> None:
    found = world.one(
        f"select failure_class, reason_code, reason {RESULTS} = $mismatch.html$ and check_status = 'fail'"
    )
    assert found[:2] == ("theirs", "one_table")
    assert found[2].startswith("All 7 numbers")


def test_words_against_the_table_are_a_result_and_an_issue(world: Built) -> None:
    found = world.one(
        f"select instance, check_status, reported_value, recomputed_value {RESULTS} = $matrix.html$ and check_id = 'N_table'"
    )
    assert found == ("requests_received_new", "fail", 7, 5)
    issue = "select 1 from marts.fct_report_issues where report_id = $matrix.html$ and issue_code = 'narrative_contradicts_table'"
    assert len(world.rows(issue)) == 1


def test_what_does_not_apply_is_not_stored(world: Built) -> None:
    stored = world.rows("select check_status, count(*) from marts.fct_check_results group by 1 order by 1")
    assert [status for status, _ in stored] == ["fail", "not_assessable", "pass"]
    reasons = world.rows(
        "select check_id, reason_code from marts.checks_not_applicable where report_id = $matrix.html$"
        " and check_id in ('B_staff', 'Y_stock', 'L_sum', 'T3_outcomes_variant') order by 1"
    )
    assert ("B_staff", "other_form") in reasons
    assert ("T3_outcomes_variant", "other_variant_of_the_form") in reasons
    both = "select 1 from marts.checks_not_applicable join marts.fct_check_results using (report_id, check_id)"
    assert world.rows(both) == []


def test_a_later_copy_that_lost_its_table_does_not_supersede(world: Built) -> None:
    found = world.rows(
        "select report_id, is_current, duplicate_of from marts.fct_reports where report_id in ($whole$, $torn$) order by duplicate_of nulls first"
    )
    assert [(world.name(a), b, world.name(c)) for a, b, c in found] == [("whole", True, None), ("torn", True, "whole")]
    assert world.one("select review_total from marts.jurisdiction_years where jurisdiction_id = '331123'") == (2,)
    detail = world.one(
        "select detail from marts.fct_report_issues where report_id = $torn$ and issue_code = 'duplicate'"
    )
    assert "partial_copy" in detail[0]


def test_why_values_are_missing(world: Built) -> None:
    why = "select why, count(*) from marts.fct_missing where report_id = $torn$ and field_id"
    assert world.rows(f"{why} = 'review_upheld' group by 1") == [("blank", 1)]
    assert world.rows(f"{why} = 'outcomes_total' group by 1") == [("unreadable", 7)]
    # the gap shows that this table stands on the page, the others are lost
    assert world.rows(f"{why} = 'review_corrected' group by 1") == [("not_printed", 1)]
    assert world.rows(f"{why} = 'rules_issued' group by 1") == [("table_lost", 1)]
    assert world.rows(f"{why} = 'info_disclosed_total' group by 1") == []
    printed = world.one(
        "select m.printed, substr(t.text, m.evidence_start + 1, m.evidence_end - m.evidence_start) from marts.fct_missing m"
        " join marts.fct_report_documents d using (document_id) join evidence.texts t on t.page_sha256 = d.page_sha256"
        " where m.report_id = $torn$ and m.field_id = 'review_upheld'"
    )
    assert printed[0] == printed[1] == "遂昌"


def test_values_and_missing_make_up_the_form(world: Built) -> None:
    doubled = world.rows(
        "select m.report_id, m.field_id from marts.fct_missing m join marts.fct_metric_values v on v.report_id = m.report_id"
        " and v.field_id = m.field_id and coalesce(v.applicant_type, 'total') = coalesce(m.applicant_type, 'total')"
    )
    assert doubled == []
    assert world.one("select count(*) from marts.fct_missing where report_id = $second$ and table_id = 'T3'") == (175,)


def test_a_share_in_words_is_checked_against_its_part_and_total(world: Built) -> None:
    found = world.rows(
        "select instance, check_status, coalesce(failure_class, reason_code), reported_value, round(recomputed_value, 2)"
        f" {RESULTS} = $shares.html$ and check_id = 'N_rate' order by instance"
    )
    assert found == [
        ("info_via_website", "not_assessable", "missing_terms", None, None),
        ("requests_by_in_person", "not_assessable", "inexact_values", None, None),
        ("requests_by_letter", "fail", "theirs", 39.4, 29.41),
        ("requests_by_network", "pass", None, 70.6, 70.59),
    ]
    issue = world.one(
        "select issue_code, detail from marts.fct_report_issues where report_id = $shares.html$ and detail like 'N_rate%'"
    )
    assert issue[0] == "sum_mismatch" and "(requests_by_letter)" in issue[1]
    assert ("no_share_of_a_total",) in world.rows(
        "select reason_code from marts.checks_not_applicable where report_id = $matrix.html$ and check_id = 'N_rate'"
    )


def test_parts_and_totals_are_those_of_the_catalogue(world: Built) -> None:
    pairs = set(world.rows("select part_id, total_id from intermediate.int_part_totals"))
    assert {
        ("requests_by_network", "requests_received_new"), ("outcome_disclosed_full", "outcomes_total"),
        ("info_via_website", "info_disclosed_total"), ("refused_state_secret", "outcomes_total"),
    } <= pairs  # fmt: skip
    assert not {(total, part) for part, total in pairs} & pairs
    assert "requests_received_new" not in {part for part, _ in pairs}


def test_shares_are_published_as_printed(world: Built) -> None:
    found = world.rows(
        "select share_kind, value_percent, metric_id, printed from marts.fct_shares where report_id = $shares.html$ order by share_no"
    )
    assert len(found) == 6
    assert found[1] == ("share", 39.4, "requests_by_letter", "３９．４％")
    assert found[4] == ("growth", -6.3, "requests_received_new", "6.3%")
    assert found[5] == ("rate", 100, None, "100%")
    torn = world.rows(
        "select s.share_no from marts.fct_shares s join marts.fct_report_documents d using (document_id) join evidence.texts t"
        " on t.page_sha256 = d.page_sha256"
        " where substr(t.text, s.evidence_start + 1, s.evidence_end - s.evidence_start) is distinct from s.printed"
    )
    assert torn == []
