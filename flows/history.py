"""The history of runs and of the gate's results, in the landing database."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import duckdb

from flows.warehouse.rows import insert_rows

PUBLISHED, UNCHANGED, REFUSED, FAILED = "published", "unchanged", "refused", "failed"
CANCELLED = "cancelled"
_RUNNING, _CRASHED = "running", "crashed"
_AT_START = {
    "run_id", "flow", "deployment", "prefect_flow_run_id", "source", "started_at", "outcome", "reader_version",
}  # fmt: skip
_GATE_COLUMNS = (
    "run_id", "build_id", "suite", "check_id", "description", "severity", "success", "observed", "unexpected_count",
    "sample_rows", "checked_at",
)  # fmt: skip


class GateResult(Protocol):
    """One expectation and what came of it, as the gate hands it over."""

    @property
    def suite(self) -> str: ...
    @property
    def check_id(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def severity(self) -> str: ...  # block, warn
    @property
    def success(self) -> bool: ...
    @property
    def observed(self) -> object: ...
    @property
    def unexpected_count(self) -> int | None: ...
    @property
    def sample_rows(self) -> object: ...
    @property
    def table_name(self) -> str: ...
    @property
    def because(self) -> str | None: ...
    @property
    def failing_sql(self) -> str: ...
    @property
    def kept_rows(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who started a run: which flow, and where Prefect schedules or records it, what it is called there."""

    flow: str = "refresh"
    deployment: str | None = None
    flow_run_id: str | None = None


@dataclass(slots=True)
class Summary:
    """What a run did, as its closing table, its row in ops.runs and status.json say it."""

    run_id: str
    source: str
    kind: str  # sample or real
    started_at: datetime
    reader_version: str
    flow: str = "refresh"  # publish where a person accepted a refused build
    deployment: str | None = None
    prefect_flow_run_id: str | None = None
    ended_at: datetime | None = None
    outcome: str = _RUNNING
    message: str | None = None
    pages_seen: int = 0
    pages_fetched: int = 0
    pages_landed: int = 0
    reports_read: int = 0  # pages that this run read
    pages_set_aside: int | None = None  # of all landed pages at this reader version, and attempts without a page
    metric_values: int | None = None  # of all landed pages at this reader version
    checks_failed: int | None = None
    build_id: str | None = None
    set_aside: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    source_issues: list[str] = field(default_factory=list)  # sources gone quiet, a sentence each
    new_issues: list[str] = field(default_factory=list)  # those that the crawl before did not notice
    crashed_before: list[str] = field(default_factory=list)  # runs that did not live to close their rows
    failed_checks: list[dict[str, Any]] = field(default_factory=list)
    gate_page: str | None = None  # where people read what the gate found
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    def as_json(self) -> dict[str, Any]:
        """Plain values for status.json."""
        return asdict(self)


def new_run_id(at: datetime) -> str:
    """A run's id: its start (UTC) and the process, so that ids sort by time."""
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z-{os.getpid()}"


def open_run(con: duckdb.DuckDBPyConnection, summary: Summary) -> None:
    """Writes the run's row, and closes the rows of runs that did not live to close theirs."""
    message = "the run ended without a word (killed, or the machine stopped)"
    open_rows = con.execute("select run_id from ops.runs where ended_at is null order by run_id").fetchall()
    summary.crashed_before = [run_id for (run_id,) in open_rows]
    con.execute(
        "update ops.runs set outcome = ?, ended_at = ?, message = ? where ended_at is null",
        [_CRASHED, summary.started_at, message],
    )
    row = {name: value for name, value in run_row(summary).items() if name in _AT_START}
    marks = ", ".join("?" * len(row))
    con.execute(f"insert into ops.runs ({', '.join(row)}) values ({marks})", list(row.values()))


def run_row(summary: Summary) -> dict[str, Any]:
    """The run as a row of ops.runs; a run that is not closed yet is written as ending now."""
    return {
        "run_id": summary.run_id,
        "flow": summary.flow,
        "deployment": summary.deployment,
        "prefect_flow_run_id": summary.prefect_flow_run_id,
        "source": summary.source,
        "started_at": summary.started_at,
        "ended_at": summary.ended_at or datetime.now(UTC),
        "outcome": summary.outcome,
        "pages_seen": summary.pages_seen,
        "pages_fetched": summary.pages_fetched,
        "pages_landed": summary.pages_landed,
        "reports_read": summary.reports_read,
        "pages_set_aside": summary.pages_set_aside,
        "metric_values": summary.metric_values,
        "checks_failed": summary.checks_failed,
        "build_id": summary.build_id,
        "reader_version": summary.reader_version,
        "message": summary.message,
    }


def close_run(con: duckdb.DuckDBPyConnection, summary: Summary) -> None:
    """Writes how the run ended."""
    summary.ended_at = summary.ended_at or datetime.now(UTC)
    row = run_row(summary)
    changes = ", ".join(f"{name} = ?" for name in row if name != "run_id")
    values = [value for name, value in row.items() if name != "run_id"]
    con.execute(f"update ops.runs set {changes} where run_id = ?", [*values, summary.run_id])


def _text(value: object) -> str | None:
    return None if value is None else value if isinstance(value, str) else str(value)


def keep_gate_rows(con: duckdb.DuckDBPyConnection, results: list[dict[str, Any]]) -> None:
    """Adds the gate's results to the landing database."""
    insert_rows(con, "ops.gate_results", _GATE_COLUMNS, [[one[name] for name in _GATE_COLUMNS] for one in results])


def gate_json(results: Sequence[GateResult], run_id: str, build_id: str, at: datetime) -> list[dict[str, Any]]:
    """The gate's results as rows of ops.gate_results, with what only the build keeps: query, reason, failing rows."""
    return [
        {
            "run_id": run_id, "build_id": build_id, "suite": r.suite, "check_id": r.check_id,
            "description": r.description, "severity": r.severity, "success": r.success, "observed": _text(r.observed),
            "unexpected_count": r.unexpected_count, "sample_rows": _text(r.sample_rows), "checked_at": at,
            "table_name": r.table_name, "because": r.because, "failing_sql": r.failing_sql,
            "kept_rows": list(r.kept_rows),
        }
        for r in results
    ]  # fmt: skip
