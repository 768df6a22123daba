"""Every rule can fail, every table has one, and no row goes away without its name being called."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml
from damages import CONTRADICTS_ITSELF, OF_BUILD, OF_LANDING, OF_PUBLISHED
from test_gate import BUILD, LANDING
from trial import Trial

from expectations.gate import MAX_KEPT_ROWS, failing_rows
from expectations.rules import Rule, Surroundings, failing_rows_query, load_suites
from scrapers.fetch.outcomes import Outcome, Role

MODELS = Path(__file__).resolve().parents[2] / "dbt_project/models"
# staging renames these columns
RENAMED = {
    "page_sha256": "content_sha256", "gap_reason": "why", "section_kind": "kind", "value_percent": "value",
    "share_name": "name",
}  # fmt: skip


@pytest.fixture(scope="module")
def trial(original: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder, (world, ids) = tmp_path_factory.mktemp("trial"), original
    for name in ("landing", "build"):
        shutil.copy(world / f"{name}.duckdb", folder / f"{name}.duckdb")
    shutil.copy(world / "build.duckdb", folder / "before.duckdb")
    with duckdb.connect(str(folder / "before.duckdb")) as con:
        con.execute("update ops.runs set outcome = 'published', reader_version = 'reader-1'")
    found = Trial(folder / "build.duckdb", folder / "landing.duckdb", ids, folder / "before.duckdb")
    yield found
    found.db.close()


def test_the_sound_world_breaks_no_rule(trial: Trial) -> None:
    assert set(trial.all_failing("raw", "staging", "marts")) == CONTRADICTS_ITSELF


def _native(rule: Rule, table: str) -> str:
    """A statement that breaks a rule of a native kind in the first row of its table."""
    first = f"rowid = (select min(rowid) from {table})"
    if rule.unique:
        return f"insert into {table} select * from {table} where {first}"
    if rule.not_null:
        return f"update {table} set {_landed(rule, rule.not_null[0])} = null where {first}"
    if rule.between:
        return f"update {table} set {_landed(rule, rule.between.column)} = {1e6 if rule.between.max else -1:g} where {first}"
    column = rule.in_set.column if rule.in_set else rule.references.columns[0] if rule.references else ""
    name = _landed(rule, column)
    return (
        f"update {table} set {name} = 'no such' where rowid = (select min(rowid) from {table} where {name} is not null)"
    )


def _landed(rule: Rule, column: str) -> str:
    return RENAMED.get(column, column) if rule.table.startswith("staging.") else column


def _table(rule: Rule) -> str:
    """Staging holds views: what they show is damaged where it has landed."""
    for prefix, schema in (("staging.stg_raw__", "landing.raw."), ("staging.stg_ops__", "landing.ops.")):
        if rule.table.startswith(prefix):
            return rule.table.replace(prefix, schema)
    return rule.table


def test_every_rule_can_fail(trial: Trial) -> None:
    listed = {rule: [re.sub(r"\braw\.", "landing.raw.", statement)] for rule, _, statement in [*LANDING, *BUILD]}
    by_hand = listed | OF_LANDING | OF_BUILD | OF_PUBLISHED
    silent, refused = [], set()
    for name, rule in trial.rules.items():
        statements = by_hand.get(name) or ([_native(rule, _table(rule))] if rule.sql is None else [])
        try:
            with trial.damaged(*statements):
                if not statements or not trial.failing(name):
                    silent.append(name)
        except duckdb.ConstraintException:
            refused.add(name)
        except duckdb.Error as error:
            silent.append(f"{name}: {error}")
    silent = [name for name in silent if name not in SET_UP_BY_OTHERS]
    assert not silent, "\n".join(silent)
    assert refused == REFUSED_BY_THE_TABLE


# in the lists of test_gate these stand on the damage of the line before
SET_UP_BY_OTHERS = {"marts.superseded_points_to_report"}
# keys and columns that the table itself guards: the damage cannot be done, whatever the rule says
REFUSED_BY_THE_TABLE = {
    "raw.document_key", "staging.archive_record_key", "staging.asked_source_landed_key", "staging.attempt_key",
    "staging.attempt_named", "staging.cell_key", "staging.content_key", "staging.crawl_key", "staging.evidence_given",
    "staging.figure_key", "staging.gap_key", "staging.issue_key", "staging.named_report_key", "staging.reading_key",
    "staging.run_key", "staging.section_key", "staging.share_key", "staging.source_reading_key",
    "staging.staged_document_key", "staging.text_key", "marts.page_checksum",
}  # fmt: skip

ROWS = {
    "raw.attempts": "attempt_id", "raw.contents": "content_sha256", "raw.documents": "document_id",
    "raw.archive_records": "archive_offset", "raw.texts": "content_sha256", "raw.grid_cells": "content_sha256",
    "raw.readings": "document_id", "raw.sections": "document_id", "raw.figures": "document_id",
    "raw.gaps": "document_id", "raw.shares": "document_id", "raw.reader_issues": "document_id",
    "raw.named_reports": "address", "raw.source_readings": "source_id",
}  # fmt: skip


def test_all_raw_tables_are_tried() -> None:
    schema = (MODELS.parents[1] / "flows/warehouse/schema.sql").read_text(encoding="utf-8")
    assert {f"raw.{part.split()[0]}" for part in schema.split("create table if not exists raw.")[1:]} == set(ROWS)


@pytest.mark.parametrize("table", ROWS)
def test_one_row_less_is_called_by_its_name(trial: Trial, table: str) -> None:
    identity = ROWS[table]
    here = "where reader_version = 'reader-1'" if table.split(".")[1] not in (
        "attempts", "contents", "documents", "archive_records",
    ) else ""  # fmt: skip
    rows = trial.db.execute(f"select rowid, {identity} from landing.{table} {here} order by rowid").fetchall()
    for rowid, ident in {rows[0], rows[len(rows) // 2], rows[-1]}:
        with trial.damaged(f"delete from landing.{table} where rowid = {rowid}"):
            found = trial.all_failing("raw")
        said = [row for rows in found.values() for row in rows]
        assert any(ident in row.values() for row in said) or _counted(said, table), (rowid, ident, found)


def _counted(said: list[dict[str, object]], table: str) -> bool:
    """The last attempt of a run leaves no hole, and a request no page: the ledger counts them."""
    counted = table in ("raw.attempts", "raw.archive_records")
    return counted and any(row.get("table_name") == table.split(".")[1] for row in said)


def test_every_model_has_a_rule_and_every_staging_model_a_key() -> None:
    rules = [rule for suite in load_suites() for rule in suite.rules]
    tables = {rule.table for rule in rules}
    keyed = {rule.table for rule in rules if rule.unique}
    for folder in ("staging", "marts", "evidence", "ops"):
        for file in sorted((MODELS / folder).glob("*.sql")):
            name = file.stem.removeprefix(f"{folder}_")
            assert f"{folder}.{name}" in tables, f"{file.stem} has no rule in expectations/"
            assert folder != "staging" or f"{folder}.{name}" in keyed, f"{file.stem} has no rule about its key"


def test_words_of_the_crawl_are_those_of_its_code() -> None:
    sets = {rule.id: rule.in_set.values for suite in load_suites() for rule in suite.rules if rule.in_set}
    assert set(sets["attempt_outcomes"]) == {*map(str, Outcome), "unchanged"}
    assert set(sets["attempt_roles"]) == set(map(str, Role))


def test_every_rule_speaks_both_languages() -> None:
    for suite in load_suites():
        for rule in suite.rules:
            assert any("一" <= character <= "鿿" for character in rule.zh), rule.id
            assert rule.en and " / " not in rule.zh + rule.en, f"{rule.id}: the page parts the languages at ' / '"


RULE = {"id": "x", "table": "t", "severity": "warn", "zh": "字", "en": "word"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"sql": "select $most"}, "asks for"),
        ({"sql": "select 1", "limits": {"most": 2}, "because": "so"}, "asks for"),
        ({"sql": "select $most", "limits": {"most": 2}}, "without a reason"),
        ({"sql": "from limits", "limit_rows": [{"most": 2}]}, "lacks its reason"),
        ({"sql": "from limits", "limit_rows": [{"most": 2, "because": "so"}, {"because": "so"}]}, "lacks its reason"),
        ({"sql": "select 1", "unique": ["a"]}, "exactly one"),
    ],
)
def test_a_limit_is_used_and_argued(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Rule.model_validate(RULE | more)


AROUND = Surroundings(date(2026, 3, 1), ("a", "b"), False, {"numbers": ("n",)})


def _failing(rule: dict[str, object]) -> list[str]:
    with duckdb.connect() as con:
        con.execute("create table numbers as select range as n, range % 7 as seven, 'long' as words from range(2000)")
        con.execute("create table sevens as select range as seven from range(5)")
        return failing_rows(con, Rule.model_validate(RULE | {"table": "numbers"} | rule), AROUND)


def test_failing_rows_are_named_by_their_key_in_order_and_capped() -> None:
    rows = _failing({"references": {"columns": ["seven"], "table": "sevens"}})
    assert rows[:2] == ['{"n": 5, "seven": 5}', '{"n": 6, "seven": 6}']
    assert len(_failing({"between": {"column": "n", "min": 5000}})) == MAX_KEPT_ROWS
    limit = {"sql": "select n from batch where n > $most", "limits": {"most": 1997}, "because": "so"}
    assert _failing(limit) == ['{"n": 1998}', '{"n": 1999}']
    rows = [{"seven": 3, "least": 1998, "because": "it's so"}, {"seven": 4, "least": 1998, "because": "so"}]
    assert _failing({"sql": "select n from batch join limits using (seven) where n > least", "limit_rows": rows}) == [
        '{"n": 1999}'
    ]


def test_the_clock_is_that_of_the_data() -> None:
    rule = Rule.model_validate(RULE | {"sql": "select 1 from batch where day < $as_of"})
    assert "cast('2026-03-01' as date)" in failing_rows_query(rule, AROUND)
    year = Rule.model_validate(RULE | {"between": {"column": "year", "max": "next_year"}})
    assert "year > 2027" in failing_rows_query(year, AROUND)


def test_limits_of_metrics_reach_every_family(trial: Trial) -> None:
    metrics = trial.db.execute(
        "select distinct family, unit_class from marts.dim_metrics where kind <> 'rate'"
    ).fetchall()
    for name in ("values_in_range", "year_on_year_explosion"):
        rows = trial.rules[f"marts.{name}"].limit_rows or []
        reached = {(family, str(row["unit_class"])) for row in rows for family in str(row["families"]).split()}
        assert set(metrics) <= reached


def test_rules_are_yaml_that_people_can_read() -> None:
    for suite in ("raw", "staging", "marts"):
        text = (MODELS.parents[1] / f"expectations/{suite}.yaml").read_text(encoding="utf-8")
        assert len(yaml.safe_load(text)["rules"]) > 30
