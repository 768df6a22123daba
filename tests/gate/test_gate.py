"""The gate passes a sound build and names the broken rule and its rows on a damaged one."""

from __future__ import annotations

import json
import os
from datetime import date

import duckdb
import pytest
from bench import Bench
from damages import CONTRADICTS_ITSELF

from expectations.rules import Rule, Surroundings, expectations_of, load_suites


def test_a_sound_build_passes_alone_and_beside_the_published_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    home = bench.folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    bench.publish()
    results = bench.run()
    assert {f"{one.suite}.{one.check_id}" for one in results if not one.success} == CONTRADICTS_ITSELF
    assert not bench.blocking(results)
    assert len(results) == sum(len(suite.rules) for suite in load_suites())
    assert os.listdir(home) == []
    # the gate has let go of its files
    for name in ("build", "landing"):
        duckdb.connect(str(bench.folder / f"{name}.duckdb")).close()


# One run of the gate for each block; every damage has a document of its own, whose id must stand among the failing rows.
TEXTS = "select content_sha256 from raw.documents where document_id"
LANDING = [
    ("raw.evidence_exact", "first", "update raw.figures set evidence_start = evidence_start + 1, evidence_end = evidence_end + 1 where document_id = $first$"),
    ("raw.document_has_reading", "second", "delete from raw.readings where document_id = $second$"),
    ("raw.source_has_reading", None, "delete from raw.source_readings where source_id = 'town'"),
    ("raw.figure_counts", "v1", "delete from raw.figures where document_id = $v1$"),
    ("raw.section_counts", "v2", "delete from raw.sections where document_id = $v2$"),
    ("raw.document_has_content", "v3", f"delete from raw.contents where content_sha256 in ({TEXTS} = $v3$)"),
    ("raw.readable_has_text", "town.html", f"delete from raw.texts where content_sha256 in ({TEXTS} = $town.html$)"),
    ("raw.issue_counts", "zone.html", "update raw.readings set issue_count = 1 where document_id = $zone.html$"),
    ("raw.sections_inside_text", "bureau.html", "update raw.sections set section_end = 99999 where document_id = $bureau.html$"),
    ("staging.set_aside_has_no_figures", "mirror", "update raw.readings set document_kind = 'not_a_report' where document_id = $mirror$"),
    ("staging.decided_place_is_whole", "official", "update raw.readings set jurisdiction_name = null where document_id = $official$"),
    ("staging.code_shape", "hijacked", "update raw.readings set jurisdiction_code = '2107' where document_id = $hijacked$"),
    ("staging.metrics_known", "nowhere.html", "update raw.figures set metric_id = 'no_such_metric' where document_id = $nowhere.html$"),
    ("staging.fields_known", "words.html", "update raw.figures set field_id = 'no_such_field' where document_id = $words.html$"),
    ("staging.value_states", None, "update raw.figures set value_state = 'guessed' where document_id = $twice_a.html$"),
    ("staging.levels", None, "update raw.readings set jurisdiction_level = 'country' where document_id = $twice_a.html$"),
    ("staging.units_known", "matrix.html", "update raw.figures set unit = '桶' where document_id = $matrix.html$ and figure_no = 1"),
    ("staging.stated_zero_is_zero", "mismatch.html", "update raw.figures set value_state = 'stated_zero' where document_id = $mismatch.html$"),
    ("raw.gap_exact", "torn", "update raw.gaps set gap_start = gap_start + 1 where document_id = $torn$"),
    ("staging.gap_reasons", None, "update raw.gaps set why = 'shy' where document_id = $torn$ and gap_no = 1"),
    ("staging.gap_fields_known", "torn", "update raw.gaps set field_id = 'no_such_field' where document_id = $torn$ and gap_no = 2"),
    ("raw.share_exact", "shares.html", "update raw.shares set share_start = share_start + 1 where document_id = $shares.html$ and share_no = 1"),
    ("staging.share_kinds", None, "update raw.shares set share_kind = 'slice' where document_id = $shares.html$ and share_no = 2"),
    ("staging.share_metrics_known", "shares.html", "update raw.shares set metric_id = 'no_such_metric' where document_id = $shares.html$ and share_no = 3"),
    ("staging.shares_finite", "shares.html", "update raw.shares set value = 'inf' where document_id = $shares.html$ and share_no = 4"),
    ("marts.values_as_read", "table.html", "update raw.figures set value = value + 1 where document_id = $table.html$"),
]  # fmt: skip
BUILD = [
    ("marts.value_key", "first", "insert into marts.fct_metric_values select * from marts.fct_metric_values where report_id = $first$"),
    ("marts.report_key", "second", "insert into marts.fct_reports select * from marts.fct_reports where report_id = $second$"),
    ("marts.one_preferred_value", "v1", "update marts.fct_metric_values set is_preferred = false where report_id = $v1$"),
    ("marts.table_is_preferred", "words.html", "update marts.fct_metric_values set is_preferred = (basis = 'narrative') where report_id = $words.html$ and field_id = 'info_disclosed_total'"),
    ("marts.failed_checks_have_issues", "mismatch.html", "delete from marts.fct_report_issues where issue_code = 'sum_mismatch'"),
    ("marts.wide_values_have_evidence", "matrix.html", "update marts.jurisdiction_years set litigation_total = 0 where report_id = $matrix.html$"),
    ("marts.only_reports_have_values", "v2", "update marts.fct_reports set document_kind = 'not_a_report' where report_id = $v2$"),
    ("marts.documents_accounted_for", "lonely.html", "delete from marts.fct_report_documents where document_id = $lonely.html$"),
    ("marts.figures_accounted_for", "town.html", "delete from marts.fct_metric_values where report_id = $town.html$"),
    ("marts.set_aside_is_listed", "empty.html", "delete from ops.pages_set_aside where reason_code = 'empty_file'"),
    ("marts.no_silent_negative", "bureau.html", "update marts.fct_metric_values set value = -1 where report_id = $bureau.html$"),
    ("marts.undecided_place_has_issue", "nowhere.html", "delete from marts.fct_report_issues where report_id = $nowhere.html$"),
    ("marts.decided_place_in_dimension", "twice_a.html", "delete from marts.dim_jurisdictions where jurisdiction_code = '331121'"),
    ("marts.duplicate_points_to_original", "twice_b.html", "update marts.fct_reports set duplicate_of = 'nowhere' where report_id = $twice_b.html$"),
    ("marts.best_copy_chosen", "official", "update marts.jurisdiction_years set trust = 'hijacked' where report_id = $official$"),
    ("marts.chosen_report_is_eligible", "zone.html", "update marts.fct_reports set superseded_by = report_id, is_current = false where report_id = $zone.html$"),
    ("marts.superseded_points_to_report", "zone.html", "select 1"),
    ("marts.derived_sum_is_whole", "matrix.html", "update marts.fct_derived_values set value_std = 77 where value_std is null"),
    ("marts.eligible_reports_chosen", "second", "delete from marts.jurisdiction_years where report_id = $second$"),
    ("marts.jurisdiction_year_key", None, "insert into marts.jurisdiction_years select * from marts.jurisdiction_years where report_id = $official$"),
    ("marts.check_result_key", "city_2022", "insert into marts.fct_check_results select * from marts.fct_check_results where report_id = $city_2022$"),
    ("marts.check_statuses", None, "update marts.fct_check_results set check_status = 'perhaps' where check_id = 'T4_direct' and report_id = $bureau.html$"),
    ("marts.failure_classes", None, "update marts.fct_check_results set failure_class = 'nobody' where check_id = 'N_table'"),
    ("marts.failures_are_explained", "county_2022", "update marts.fct_check_results set failure_class = null where report_id = $county_2022$ and check_status = 'fail'"),
    ("marts.checks_of_the_form_are_all_there", "matrix.html", "delete from marts.fct_check_results where report_id = $matrix.html$ and check_id = 'T4_review'"),
    ("marts.checks_of_two_years_are_all_there", "county_2022", "delete from marts.fct_check_results where report_id = $county_2022$ and check_id = 'Y_carry' and instance = 'other_org'"),
    ("marts.pairs_are_of_the_right_reports", "county_2022", "update marts.fct_check_results set other_report_id = $town.html$ where report_id = $county_2022$ and check_id = 'Y_in_force'"),
    ("marts.missing_reasons", None, "update marts.fct_missing set why = 'who knows' where report_id = $whole$ and field_id = 'review_upheld'"),
    ("marts.values_and_missing_make_up_the_form", "torn", "delete from marts.fct_missing where report_id = $torn$ and field_id = 'rules_issued'"),
    ("marts.missing_key", "words.html", "insert into marts.fct_missing select * from marts.fct_missing where report_id = $words.html$"),
    ("marts.missing_has_no_value", "words.html", "insert into marts.fct_missing by name select report_id, 'F2014' as form_id, field_id, metric_id, 'blank' as why, data_origin from marts.fct_metric_values where document_id = $table.html$"),
    ("marts.mart_share_key", "shares.html", "insert into marts.fct_shares select * from marts.fct_shares where report_id = $shares.html$ and share_no = 1"),
    ("marts.shares_accounted_for", "shares.html", "delete from marts.fct_shares where report_id = $shares.html$ and share_no = 2"),
    ("marts.shares_have_report", "shares.html", "update marts.fct_shares set report_id = $empty.html$ where report_id = $shares.html$ and share_no = 3"),
    ("marts.vintage_key", None, "insert into marts.fct_page_vintages select * from marts.fct_page_vintages where document_id = $v1$"),
    ("marts.documents_have_vintage", "v2", "delete from marts.fct_page_vintages where document_id = $v2$"),
    ("marts.one_newest_vintage", None, "update marts.fct_page_vintages set is_newest = true where document_id = $v1$"),
    ("marts.page_changes_match_figures", None, "update marts.fct_page_changes set new_value = 123456 where document_id = $v2$ and new_value is not null"),
    ("marts.coverage_key", None, "insert into marts.fct_coverage select * from marts.fct_coverage where jurisdiction_id = '110101' and report_year = 2022"),
    ("marts.coverage_states", None, "update marts.fct_coverage set coverage_state = 'maybe' where jurisdiction_id = '110102' and report_year = 2022"),
    ("marts.coverage_reasons", None, "update marts.fct_coverage set expected_because = 'why not' where jurisdiction_id = '110105' and report_year = 2022"),
    ("marts.coverage_counts_add_up", None, "update marts.fct_coverage set agency_reports = 7 where jurisdiction_id = '131127' and report_year = 2022"),
    ("marts.coverage_of_unread_pages", None, "update marts.fct_coverage set reports_found = 9 where jurisdiction_id = '210102' and report_year = 2021"),
    ("marts.coverage_state_follows", None, "update marts.fct_coverage set coverage_state = 'blocked' where jurisdiction_id = '110106' and report_year = 2022"),
    ("marts.coverage_expects_all", None, "delete from marts.fct_coverage where jurisdiction_id = '110107' and report_year = 2022"),
    ("marts.coverage_chosen_report", "nowhere.html", "update marts.fct_coverage set chosen_report_id = $nowhere.html$ where jurisdiction_id = '331121' and report_year = 2022"),
    ("marts.province_tiles", None, "update marts.dim_provinces set tile_row = 1, tile_column = 1 where label_en in ('BJ', 'TJ')"),
    ("marts.province_names", None, "update marts.dim_provinces set label_zh = null where label_en = 'HE'"),
    ("marts.lineage_of_every_value", "shares.html", "insert into evidence.pages select * from evidence.pages where document_id = $shares.html$"),
    ("marts.lineage_reaches_the_page", "official", "update evidence.pages set archive_file = null where document_id = $official$"),
    ("marts.sums_of_their_terms", "matrix.html", "update marts.fct_number_terms set value_std = value_std + 1 where report_id = $matrix.html$ and number_kind = 'sum'"),
    ("marts.rates_of_their_terms", "matrix.html", "update marts.fct_number_terms set value_used = value_used + 1 where report_id = $matrix.html$ and number_kind = 'rate'"),
    ("marts.issues_are_explained", None, "update marts.fct_report_issues set issue_code = 'oddity' where report_id = $twice_b.html$"),
    ("marts.sources_are_listed", None, "delete from marts.dim_sources"),
    ("marts.takedowns_fit_a_page", None, "insert into marts.fct_withheld by name select 9 as takedown_no, false as withholds_figures, 'x' as withheld_because, 'x' as data_origin"),
    ("marts.report_years", "empty.html", "update marts.fct_reports set report_year = 2107 where report_id = $empty.html$"),
]  # fmt: skip


@pytest.mark.parametrize(("database", "damages"), [("landing", LANDING), ("build", BUILD)])
def test_damage_trips_its_rule_and_is_named(
    bench: Bench, database: str, damages: list[tuple[str, str | None, str]]
) -> None:
    bench.damage(database, *[statement for _, _, statement in damages])
    failed = bench.failed()
    missed = {
        rule: name
        for rule, name, _ in damages
        if rule not in failed or (bench.ids[name] if name else "") not in failed[rule].sample_rows
    }
    assert missed == {}
    assert bench.blocking(failed.values())


def test_what_was_published_never_drops_silently(bench: Bench) -> None:
    bench.publish()
    bench.damage(
        "build",
        "delete from marts.fct_reports where jurisdiction_code in ('210726', '210727')",
        "delete from marts.fct_report_documents where document_id = $first$",
        "delete from marts.jurisdiction_years where jurisdiction_id = '210727'",
        "update marts.fct_reports set data_origin = 'published_reports'",
    )
    failed = bench.failed()
    assert {
        "marts.reports_never_drop", "marts.no_document_vanished", "marts.coverage_never_drops", "marts.same_origin_as_published",
        "marts.report_no_longer_read",
    } <= set(failed)  # fmt: skip
    assert failed["marts.coverage_never_drops"].severity == "warn"


LOST = "update marts.fct_coverage set reports_read = 0, reports_valid = 0, chosen_report_id = null where jurisdiction_id = "


def test_a_covered_place_is_not_lost_in_silence(bench: Bench) -> None:
    bench.publish()
    bench.damage(
        "build",
        # its page is no report any more; its page is that of another place; its page is gone at the publisher's
        f"{LOST} '210727'",
        "update marts.fct_reports set document_kind = 'not_a_report' where report_id = $second$",
        f"{LOST} '331121'",
        "update marts.fct_coverage set is_gone = true, pages_gone = 1 where jurisdiction_id = '360104'",
        "update marts.fct_coverage set reports_valid = 0, coverage_state = 'read_with_faults' where jurisdiction_id = '331123'",
    )
    failed = bench.failed()
    lost, worse = failed["marts.covered_place_was_lost"], failed["marts.coverage_got_worse"]
    assert lost.severity == "block" and [row["jurisdiction_id"] for row in json.loads(lost.sample_rows)] == ["210727"]
    assert worse.severity == "warn" and [row["jurisdiction_id"] for row in json.loads(worse.sample_rows)] == ["331123"]


def test_a_published_build_of_an_earlier_version_lacks_tables(bench: Bench) -> None:
    bench.publish()
    with duckdb.connect(str(bench.published)) as db:
        db.execute("drop view dashboards.coverage_by_province_year")
        db.execute("drop view dashboards.coverage_by_year")
        db.execute("drop table marts.fct_coverage")
    results = bench.run()
    assert {f"{one.suite}.{one.check_id}" for one in results if not one.success} == CONTRADICTS_ITSELF
    ran = {result.check_id for result in results}
    assert "covered_place_was_lost" not in ran and "reports_never_drop" in ran


def test_a_warning_does_not_block(bench: Bench) -> None:
    bench.damage("landing", "update raw.figures set unit = '桶' where document_id = $first$")
    bench.damage("build", "update marts.fct_metric_values set unit = '桶' where report_id = $first$")
    results = bench.run()
    assert {f"{one.suite}.{one.check_id}" for one in results if not one.success} == {
        "staging.units_known"
    } | CONTRADICTS_ITSELF
    assert not bench.blocking(results)
    needing = {rule.id for suite in load_suites() for rule in suite.rules if rule.needs}
    assert needing and not needing & {result.check_id for result in results}  # there is no published build here


def test_a_rule_that_cannot_be_evaluated_has_failed(bench: Bench) -> None:
    bench.damage(
        "build", "alter table marts.fct_derived_values drop column missing_parts", "drop table marts.agency_years"
    )
    failed = bench.failed()
    broken = failed["marts.derived_sum_is_whole"]
    assert "could not be evaluated" in broken.observed and "missing_parts" in broken.observed
    assert broken in bench.blocking([broken])
    assert not failed["marts.agency_year_key"].success


def test_a_rule_has_one_kind() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Rule.model_validate({"id": "x", "table": "t", "severity": "block", "zh": "", "en": ""})


def test_native_and_sql_rules_are_both_in_use() -> None:
    around = Surroundings(date(2026, 3, 1), ("a",), True)
    kinds = {
        type(one).__name__ for suite in load_suites() for rule in suite.rules for one in expectations_of(rule, around)
    }
    assert len(kinds) >= 5
    assert all(rule.zh and rule.en for suite in load_suites() for rule in suite.rules)
