"""The gate of publishing: one Great Expectations checkpoint over the suites raw, staging and marts.

A rule that cannot be evaluated has failed, with the error as what was observed. Failing rows are named by SQL.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from expectations.rules import Rule, Suite, Surroundings, expectations_of, failing_rows_sql, load_suites

MAX_SAMPLE_ROWS = 20
MAX_CELL = 200  # characters of a text in a sample row
_PUBLISHED = re.compile(r"\bpublished\.(\w+\.\w+)")  # a table of the published build in a rule


@dataclass(frozen=True)
class GateResult:
    """One rule and what came of it. ``sample_rows`` is a JSON list of at most 20 failing rows."""

    suite: str
    check_id: str
    description: str
    severity: str  # block, warn
    success: bool
    observed: str
    unexpected_count: int | None
    sample_rows: str


@dataclass
class _Finding:
    """What Great Expectations found out about a rule, over all expectations it was turned into."""

    success: bool = True
    unexpected: int = 0
    errors: str = ""


def run_gate(build_db: Path, landing_db: Path, published_db: Path | None, state: Path) -> list[GateResult]:
    """Check a build. Results come in the order of the suites; all databases are opened read-only and closed again.

    ``published_db`` is the database published now, if there is one; rules that need it are left out without it. The
    results are also written to ``state/gate_results.json``. The caller publishes only where ``may_publish`` says so.
    """
    attached = {"landing": landing_db} | ({"published": published_db} if published_db else {})
    with _connected(build_db, attached) as db:
        around = _surroundings(db, published_db is not None)
        suites = [_needed(suite, around, _published_tables(db)) for suite in load_suites()]
    findings = _run_checkpoint(build_db, attached, suites, around)
    with _connected(build_db, attached) as db:
        results = [
            _result(db, suite.suite, rule, findings.get((suite.suite, rule.id)), around)
            for suite in suites
            for rule in suite.rules
        ]
    state.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1)
    (state / "gate_results.json").write_text(text, encoding="utf-8")
    return results


def may_publish(results: list[GateResult]) -> bool:
    """True where no rule of severity block failed."""
    return all(result.success or result.severity != "block" for result in results)


def _needed(suite: Suite, around: Surroundings, published: set[str]) -> Suite:
    """Without the rules about tables that the published build does not hold: it may be of an earlier version."""
    rules = [
        rule
        for rule in suite.rules
        if rule.needs is None or (around.has_published and published.issuperset(_PUBLISHED.findall(rule.sql or "")))
    ]
    return suite.model_copy(update={"rules": rules})


def _published_tables(db: duckdb.DuckDBPyConnection) -> set[str]:
    query = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'published'"
    return {str(name) for (name,) in db.execute(query).fetchall()}


def _surroundings(db: duckdb.DuckDBPyConnection, has_published: bool) -> Surroundings:
    names = db.execute("select distinct column_name from seeds.seed_metric_groups order by column_name").fetchall()
    return Surroundings(datetime.now(UTC).year, tuple(str(name) for (name,) in names), has_published)


@contextlib.contextmanager
def _connected(build_db: Path, attached: dict[str, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(build_db), read_only=True) as db:
        for name, path in attached.items():
            quoted = str(path).replace("'", "''")
            db.execute(f"attach '{quoted}' as {name} (read_only)")
        yield db


def _run_checkpoint(
    build_db: Path, attached: dict[str, Path], suites: list[Suite], around: Surroundings
) -> dict[tuple[str, str], _Finding]:
    """Run all suites as one checkpoint; the findings by suite and rule."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    from expectations.dialect import DRIVER, close_connections, register_dialect

    gx: Any = import_module("great_expectations")  # late: it takes seconds to import
    register_dialect()
    # a query that fails is reported as a failed rule; Great Expectations would also log its whole traceback
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    options = {"read_only": True, "attach": {name: str(path) for name, path in attached.items()}}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            source = context.data_sources.add_sql(
                "build",
                connection_string=f"{DRIVER}:///{build_db.resolve()}",
                create_temp_table=False,
                kwargs={"connect_args": options},
            )
            validations = [
                _validation(context, source, suite.suite, table, rules, around)
                for suite in suites
                for table, rules in _by_table(suite).items()
            ]
            checkpoint = context.checkpoints.add(
                gx.Checkpoint(name="gate", validation_definitions=validations, result_format="BASIC")
            )
            outcome = checkpoint.run()
        findings: dict[tuple[str, str], _Finding] = defaultdict(_Finding)
        for validation in outcome.run_results.values():
            for result in validation.results:
                suite_name = validation.suite_name.split(":")[0]
                _take(findings[suite_name, result.expectation_config.meta["check_id"]], result)
        return dict(findings)
    finally:
        close_connections()


def _by_table(suite: Suite) -> dict[str, list[Rule]]:
    tables: dict[str, list[Rule]] = {}
    for rule in suite.rules:
        tables.setdefault(rule.table, []).append(rule)
    return tables


def _validation(context: Any, source: Any, suite_name: str, table: str, rules: list[Rule], around: Surroundings) -> Any:
    """The rules of one suite about one table, bound to that table."""
    gx: Any = import_module("great_expectations")
    name = f"{suite_name}:{table}"
    asset = source.add_query_asset(name, query=f"select * from {table}")
    batch = asset.add_batch_definition_whole_table("all")
    expectations = [expectation for rule in rules for expectation in expectations_of(rule, around)]
    suite = context.suites.add(gx.ExpectationSuite(name, expectations=expectations))
    return context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))


def _take(finding: _Finding, result: Any) -> None:
    finding.success = finding.success and bool(result.success)
    values = result.result or {}
    count = values.get("unexpected_count", values.get("observed_value"))
    if isinstance(count, int):
        finding.unexpected += count
    if message := _error_of(result.exception_info):
        finding.errors = finding.errors or message


def _error_of(info: Any) -> str:
    """The first error message of an exception_info, which nests one dict a metric where metrics failed."""
    if not isinstance(info, dict):
        return ""
    if info.get("raised_exception"):
        return str(info.get("exception_message") or "error without message")
    return next((text for value in info.values() if (text := _error_of(value))), "")


def _result(
    db: duckdb.DuckDBPyConnection, suite: str, rule: Rule, finding: _Finding | None, around: Surroundings
) -> GateResult:
    description = f"{rule.zh} / {rule.en}"
    if finding is None:
        return GateResult(suite, rule.id, description, rule.severity, False, "the rule did not run", None, "[]")
    if finding.errors:
        observed = f"the rule could not be evaluated: {finding.errors}"
        return GateResult(suite, rule.id, description, rule.severity, False, observed, None, "[]")
    if finding.success:
        return GateResult(suite, rule.id, description, rule.severity, True, "no failing rows", 0, "[]")
    rows = _sample(db, rule, around)
    observed = f"{finding.unexpected} failing rows"
    return GateResult(suite, rule.id, description, rule.severity, False, observed, finding.unexpected, rows)


def _sample(db: duckdb.DuckDBPyConnection, rule: Rule, around: Surroundings) -> str:
    query = f"with batch as (select * from {rule.table}) select * from ({failing_rows_sql(rule, around)}) as failing"
    cursor = db.execute(f"{query} limit {MAX_SAMPLE_ROWS}")
    names = [column[0] for column in cursor.description or []]
    rows = [{name: _shown(value) for name, value in zip(names, row, strict=True)} for row in cursor.fetchall()]
    return json.dumps(rows, ensure_ascii=False)


def _shown(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= MAX_CELL else text[:MAX_CELL] + "…"
