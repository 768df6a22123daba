"""The gate passes a sound build and names the broken rule and its rows on a damaged one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pytest
from conftest import Bench

from expectations.gate import may_publish
from expectations.rules import Rule, Surroundings, expectations_of, load_suites


def test_a_sound_build_passes_alone_and_beside_the_published_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    home = bench.folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    bench.publish()
    results = bench.run()
    assert [result for result in results if not result.success] == []
    assert may_publish(results)
    assert len(results) == sum(len(suite.rules) for suite in load_suites())
    assert os.listdir(home) == []
    stored = json.loads((bench.folder / "state/gate_results.json").read_text(encoding="utf-8"))
    assert len(stored) == len(results)
    # the gate has let go of its files
    for name in ("build", "landing"):
        duckdb.connect(str(bench.folder / f"{name}.duckdb")).close()


def test_without_a_published_build_only_its_rules_are_left_out(bench: Bench) -> None:
    left_out = {rule.id for suite in load_suites() for rule in suite.rules if rule.needs}
    ids = {result.check_id for result in bench.run()}
    assert left_out and not left_out & ids


LANDING = {
    "raw.evidence_exact": "update raw.figures set evidence_start = evidence_start + 1, evidence_end = evidence_end + 1 where figure_no = 1 and document_id = $first$",
    "raw.document_has_reading": "delete from raw.readings where document_id = $first$",
    "raw.figure_counts": "delete from raw.figures where document_id = $first$ and reader_version = 'reader-1'",
    "raw.section_counts": "delete from raw.sections where document_id = $first$",
    "raw.ok_attempt_has_content": "update raw.attempts set content_sha256 = 'gone' where source_file = 'first'",
    "raw.readable_has_text": "delete from raw.texts where content_sha256 in (select content_sha256 from raw.documents where document_id = $first$)",
    "staging.value_states": "update raw.figures set value_state = 'guessed' where document_id = $first$",
    "staging.units_known": "update raw.figures set unit = '桶' where document_id = $first$",
    "staging.metrics_known": "update raw.figures set metric_id = 'no_such_metric' where document_id = $first$",
    "staging.fields_known": "update raw.figures set field_id = 'no_such_field' where document_id = $first$",
    "staging.levels": "update raw.readings set jurisdiction_level = 'country' where document_id = $first$",
    "staging.stated_zero_is_zero": "update raw.figures set value_state = 'stated_zero' where document_id = $first$",
    "marts.values_as_read": "update raw.figures set value = value + 1 where document_id = $first$",
}

BUILD = {
    "marts.value_key": "insert into marts.fct_metric_values select * from marts.fct_metric_values where report_id = $first$",
    "marts.report_key": "insert into marts.fct_reports select * from marts.fct_reports where report_id = $first$",
    "marts.jurisdiction_year_key": "insert into marts.jurisdiction_years select * from marts.jurisdiction_years where report_id = $second$",
    "marts.one_preferred_value": "update marts.fct_metric_values set is_preferred = false where report_id = $first$",
    "marts.table_is_preferred": "update marts.fct_metric_values set is_preferred = (basis = 'narrative') where report_id = $words.html$ and field_id = 'info_disclosed_total'",
    "marts.failed_checks_have_issues": "delete from marts.fct_report_issues where issue_code = 'sum_mismatch'",
    "marts.wide_values_have_evidence": "update marts.jurisdiction_years set litigation_total = 0 where report_id = $second$",
    "marts.only_reports_have_values": "update marts.fct_reports set document_kind = 'not_a_report' where report_id = $first$",
    "marts.documents_accounted_for": "delete from marts.fct_report_documents where document_id = $lonely.html$",
    "marts.figures_accounted_for": "delete from marts.fct_metric_values where report_id = $first$",
    "marts.set_aside_is_listed": "delete from ops.pages_set_aside where reason_code = 'empty_file'",
    "marts.decided_place_in_dimension": "delete from marts.dim_jurisdictions where jurisdiction_code = '210727'",
    "marts.duplicate_points_to_original": "update marts.fct_reports set duplicate_of = 'nowhere' where duplicate_of is not null",
    "marts.best_copy_chosen": "update marts.jurisdiction_years set trust = 'hijacked' where report_id = $official$",
    "marts.chosen_report_is_eligible": "update marts.fct_reports set is_current = false where report_id = $second$",
    "marts.no_silent_negative": "update marts.fct_metric_values set value = -1 where report_id = $second$",
    "marts.derived_sum_is_whole": "update marts.fct_derived_values set value_std = 0 where value_std is null",
    "marts.report_years": "update marts.fct_reports set report_year = 2107 where report_id = $bureau.html$",
}


def test_damage_to_what_landed_trips_its_rules(bench: Bench, original: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    for number, (rule, statement) in enumerate(LANDING.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        damaged = Bench(original[0], folder, original[1])
        damaged.damage("landing", statement)
        failed = damaged.failed()
        assert rule in failed, (rule, sorted(failed))
        assert json.loads(failed[rule].sample_rows), rule
        assert failed[rule].unexpected_count, rule


def test_damage_to_the_marts_trips_its_rules(original: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    for number, (rule, statement) in enumerate(BUILD.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        damaged = Bench(original[0], folder, original[1])
        damaged.damage("build", statement)
        failed = damaged.failed()
        assert rule in failed, (rule, sorted(failed))
        assert json.loads(failed[rule].sample_rows), rule


def test_reports_never_drop_silently(bench: Bench) -> None:
    bench.publish()
    bench.damage("build", "delete from marts.fct_reports where jurisdiction_code in ('210726', '210727')",
                 "delete from marts.fct_report_documents where document_id = $first$",
                 "delete from marts.jurisdiction_years where jurisdiction_id = '210727'")  # fmt: skip
    failed = bench.failed()
    assert {"marts.reports_never_drop", "marts.no_document_vanished", "marts.coverage_never_drops"} <= set(failed)
    assert failed["marts.coverage_never_drops"].severity == "warn"


def test_sample_and_real_data_never_follow_each_other(bench: Bench) -> None:
    bench.publish()
    bench.damage("build", "update marts.fct_reports set data_origin = 'published_reports'")
    assert "marts.same_origin_as_published" in bench.failed()


def test_a_warning_does_not_block(bench: Bench) -> None:
    bench.damage("landing", LANDING["staging.units_known"])
    bench.damage("build", "update marts.fct_metric_values set unit = '桶' where report_id = $first$")
    failed = bench.failed()
    assert set(failed) == {"staging.units_known"}
    assert may_publish(list(failed.values()))


def test_a_rule_that_cannot_be_evaluated_has_failed(bench: Bench) -> None:
    bench.damage("build", "alter table marts.fct_derived_values drop column missing_parts")
    result = bench.failed()["marts.derived_sum_is_whole"]
    assert "could not be evaluated" in result.observed and "missing_parts" in result.observed
    assert not may_publish([result])


def test_a_missing_table_fails_its_rules_and_not_the_gate(bench: Bench) -> None:
    bench.damage("build", "drop table ops.pages_set_aside")
    assert "marts.set_aside_is_listed" in bench.failed()


def test_a_rule_has_one_kind() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Rule.model_validate({"id": "x", "table": "t", "severity": "block", "zh": "", "en": ""})


def test_native_and_sql_rules_are_both_in_use() -> None:
    around = Surroundings(2026, ("a",), True)
    kinds = {type(one).__name__ for suite in load_suites() for rule in suite.rules for one in expectations_of(rule, around)}
    assert len(kinds) >= 5
    assert all(rule.zh and rule.en for suite in load_suites() for rule in suite.rules)
