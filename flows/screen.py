"""What the command draws: progress bars, the closing table, the status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from flows.published import SAMPLE_NOTICE

_STAGES = {
    "server": "Starting Prefect",
    "fetch": "Fetching and landing pages",
    "extract": "Reading pages",
    "build": "Building the marts (dbt)",
    "validate": "Checking the build (Great Expectations)",
    "publish": "Publishing",
}
_REASONS_SHOWN = 12


class Bars:
    """Draws a run's stages as bars on a terminal; elsewhere one line a stage."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._task: TaskID | None = None

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end_stage()
        self._bars.stop()

    def _end_stage(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[self._bars.task_ids.index(self._task)]
            done = max(task.completed, 1) if task.total is None else task.total
            self._bars.update(self._task, total=done, completed=done)
            self._bars.stop_task(self._task)

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins."""
        self._end_stage()
        text = _STAGES.get(name, name)
        self._task = self._bars.add_task(text, total=total)
        if not self._console.is_terminal:
            self._console.print(Text(f"{text} …" if total is None else f"{text} ({total}) …"))

    def advance(self, steps: int = 1) -> None:
        """Steps are done."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def say(self, text: str) -> None:
        """One sentence."""
        self._console.print(clean(text))


def clean(value: str) -> Text:
    """Text of pages for a terminal: no markup, and no control characters that a terminal would obey."""
    return Text("".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in value))


def notice(console: Console, kind: str | None) -> None:
    """Says so where the figures are those of the sample."""
    if kind == "sample":
        console.print(Text(f" {SAMPLE_NOTICE}: every figure is made up ", style="black on yellow"))


def closing_table(console: Console, run: dict[str, Any], path: str | None) -> None:
    """What a run did, the last thing on the screen."""
    notice(console, run["kind"])
    table = Table(title=f"Run {run['run_id']}", title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    lines: list[tuple[str, str]] = [
        ("Pages seen", _number(run["pages_seen"])),
        ("Pages fetched", _number(run["pages_fetched"])),
        ("Pages landed (new)", _number(run["pages_landed"])),
        ("Reports read", _number(run["reports_read"])),
        ("Pages set aside", _counts(run["pages_set_aside"], run["set_aside"])),
        ("Metric values", _number(run["metric_values"])),
        ("Checks failed", _failed(run)),
        ("Sources with issues", _several(run.get("source_issues") or [])),
        ("Outcome", _OUTCOMES.get(run["outcome"], run["outcome"])),
    ]
    if run.get("message"):
        lines.append(("Because", " ".join(run["message"].split())[:400]))
    if run.get("gate_page"):
        lines.append(("Gate report", run["gate_page"]))
    if path:
        lines.append(("Published at", path))
    for name, value in lines:
        table.add_row(name, clean(value))
    console.print(table)


_OUTCOMES = {
    "published": "published",
    "unchanged": "unchanged: what is published is up to date",
    "refused": "REFUSED by the gate: what was published before stays",
    "failed": "FAILED",
    "cancelled": "stopped before its end",
    "crashed": "crashed",
}


def _number(value: int | None) -> str:
    return "not counted" if value is None else f"{value:,}"


def _counts(total: int | None, reasons: dict[str, int]) -> str:
    if not reasons:
        return _number(total)
    shown = [f"{reason} {number:,}" for reason, number in list(reasons.items())[:_REASONS_SHOWN]]
    more = ["…"] if len(reasons) > _REASONS_SHOWN else []
    return f"{_number(total)} ({', '.join(shown + more)})"


def _several(sentences: list[str]) -> str:
    more = [f"… and {len(sentences) - _REASONS_SHOWN} more"] if len(sentences) > _REASONS_SHOWN else []
    return "\n".join([_number(len(sentences)), *sentences[:_REASONS_SHOWN], *more])


def _failed(run: dict[str, Any]) -> str:
    if run["checks_failed"] is None:
        return "not run: nothing changed" if run["outcome"] == "unchanged" else "not run"
    lines = [_number(run["checks_failed"])]
    for check in run["failed_checks"][:_REASONS_SHOWN]:
        rows = "" if check["unexpected_count"] is None else f", {check['unexpected_count']} rows"
        lines.append(f"{check['severity']}: {check['suite']}.{check['check_id']}: {check['description']}{rows}")
    return "\n".join(lines)


def status_tables(console: Console, status: dict[str, Any], path: str) -> None:
    """The last run and what is published."""
    if status.get("last_run"):
        closing_table(console, status["last_run"], None)
    published = status.get("published")
    if not published:
        console.print(Text(f"Nothing is published in {path} yet."))
        return
    table = Table("Table", "Rows", title=f"Published: {published['build_id']}", title_justify="left")
    table.columns[1].justify = "right"
    for name, rows in published["row_counts"].items():
        table.add_row(name, f"{rows:,}")
    console.print(table)
    made = f"Made {published['created_at']}{_age(published['created_at'])} · reader {published['reader_version']}"
    console.print(Text(f"{made} · {path}/published (what the gate found: gate.html there)"), soft_wrap=True)


def _age(made: str) -> str:
    """How long ago, by the clock of who asks: no build holds it, so that the same rows give the same build."""
    try:
        days = (datetime.now(UTC) - datetime.fromisoformat(made)).days
    except (TypeError, ValueError):
        return ""
    return f" ({days} day{'' if days == 1 else 's'} ago)" if days > 0 else ""


def result_table(console: Console, names: list[str], rows: Iterable[Iterable[str]], most: int | None = None) -> None:
    """The rows of a query; the first ``most`` of them, and that there are more."""
    table = Table(*[Column(clean(name)) for name in names])
    count = 0
    for row in rows:
        if count == most:
            console.print(table)
            console.print(Text(f"the first {most:,} rows; there are more: --format csv or json gives all"))
            return
        table.add_row(*[clean(value) for value in row])
        count += 1
    console.print(table)
    console.print(Text(f"{count:,} row{'' if count == 1 else 's'}"))
