"""The gate of publishing: one Great Expectations checkpoint over the suites raw, staging and marts.

A rule that cannot be evaluated has failed, with the error as what was observed. Failing rows are named by SQL: every
result has the whole query, and up to MAX_KEPT_ROWS of what it found.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import math
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from expectations.rules import Rule, Suite, Surroundings, expectations_of, failing_rows_query, keys_of, load_suites

MAX_SAMPLE_ROWS = 20
MAX_KEPT_ROWS = 1000
MAX_CELL = 200  # characters of a text in a sample row
_PUBLISHED = re.compile(r"\bpublished\.(\w+\.\w+)")  # a table of the published build in a rule


@dataclass(frozen=True)
class GateResult:
    """One rule and what came of it. ``sample_rows`` is a JSON list of at most 20 failing rows.

    ``failing_sql`` finds all of them on the build, with the landing database attached as ``landing`` and the one that
    was published as ``published``; ``kept_rows`` are the first of them, a JSON object each.
    """

    suite: str
    check_id: str
    description: str
    severity: str  # block, warn
    success: bool
    observed: str
    unexpected_count: int | None
    sample_rows: str
    table_name: str = ""
    because: str | None = None  # the reason of its limits
    failing_sql: str = ""
    kept_rows: tuple[str, ...] = ()


@dataclass
class _Finding:
    """What Great Expectations found out about a rule, over all expectations it was turned into."""

    success: bool = True
    unexpected: int = 0
    errors: str = ""


def run_gate(build_db: Path, landing_db: Path, published_db: Path | None) -> list[GateResult]:
    """Check a build. Results come in the order of the suites; all databases are opened read-only and closed again.

    ``published_db`` is the database published now, if there is one; rules that need it are left out without it. The
    caller publishes only where no rule of severity block failed.
    """
    attached = {"landing": landing_db} | ({"published": published_db} if published_db else {})
    suites = load_suites()
    with _connected(build_db, attached) as db:
        around = surroundings(db, published_db is not None, suites)
        published = published_tables(db)
    suites = [needed(suite, around, published) for suite in suites]
    findings = _run_checkpoint(build_db, attached, suites, around)
    with _connected(build_db, attached) as db:
        return [
            _result(db, suite.suite, rule, findings.get((suite.suite, rule.id)), around)
            for suite in suites
            for rule in suite.rules
        ]


def needed(suite: Suite, around: Surroundings, published: set[str]) -> Suite:
    """Without the rules about what the published build does not hold: an earlier version had fewer tables."""
    rules = [
        rule
        for rule in suite.rules
        if rule.needs is None or (around.has_published and published.issuperset(_PUBLISHED.findall(rule.sql or "")))
    ]
    return suite.model_copy(update={"rules": rules})


def published_tables(db: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of the published build that is attached; empty where none is."""
    query = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'published'"
    return {str(name) for (name,) in db.execute(query).fetchall()}


def surroundings(db: duckdb.DuckDBPyConnection, has_published: bool, suites: list[Suite]) -> Surroundings:
    """What the rules need to know of an open build with its landing database attached."""
    names = db.execute("select distinct column_name from seeds.seed_metric_groups order by column_name").fetchall()
    row = db.execute("select cast(max(attempted_at) as date) from landing.raw.attempts").fetchone()
    as_of: date = row[0] if row and row[0] else datetime.now(UTC).date()  # without attempts nothing is dated
    return Surroundings(as_of, tuple(str(name) for (name,) in names), has_published, keys_of(suites))


@contextlib.contextmanager
def _connected(build_db: Path, attached: dict[str, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(build_db), read_only=True) as db:
        for name, path in attached.items():
            quoted = str(path).replace("'", "''")
            db.execute(f"attach '{quoted}' as {name} (read_only)")
        db.execute("set TimeZone = 'UTC'")
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
    def said(success: bool, observed: str, count: int | None, rows: Sequence[str] = ()) -> GateResult:
        sample = f"[{', '.join(rows[:MAX_SAMPLE_ROWS])}]"
        return GateResult(
            suite, rule.id, f"{rule.zh} / {rule.en}", rule.severity, success, observed, count, sample,
            rule.table, reason_of(rule), f"{failing_rows_query(rule, around)} order by all", tuple(rows),
        )  # fmt: skip

    if finding is None:
        return said(False, "the rule did not run", None)
    if finding.errors:
        return said(False, f"the rule could not be evaluated: {finding.errors}", None)
    if finding.success:
        return said(True, "no failing rows", 0)
    observed = f"{finding.unexpected} failing row{'' if finding.unexpected == 1 else 's'}"
    return said(False, observed, finding.unexpected, failing_rows(db, rule, around))


def reason_of(rule: Rule) -> str | None:
    """Why the rule's limits are what they are; None where it has none."""
    rows = [f"{row.get('subject', '')}: {row['because']}".removeprefix(": ") for row in rule.limit_rows or []]
    return "; ".join([rule.because, *rows] if rule.because else rows) or None


def failing_rows(db: duckdb.DuckDBPyConnection, rule: Rule, around: Surroundings) -> list[str]:
    """The first rows that break the rule, in an order that never changes, a JSON object each."""
    cursor = db.execute(f"{failing_rows_query(rule, around)} order by all limit {MAX_KEPT_ROWS}")
    names = [column[0] for column in cursor.description or []]
    rows = [{name: _shown(value) for name, value in zip(names, row, strict=True)} for row in cursor.fetchall()]
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def _shown(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)  # JSON has no infinity
    text = str(value)
    return text if len(text) <= MAX_CELL else text[:MAX_CELL] + "…"
