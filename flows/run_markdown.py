"""What a run leaves for people in Prefect, as Markdown: summary, issues of sources, result of the gate.

Names and reasons come from pages and sites: everything is escaped.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from flows.history import Summary
from flows.published import SAMPLE_NOTICE

_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~])")
_ROWS_SHOWN = 100


def escaped(text: object) -> str:
    """``text`` as it stands, in one line: no markup, no table cell of its own, no link."""
    plain = " ".join(str(text).split())
    return _MARKS.sub(r"\\\1", html.escape(plain, quote=False)).replace("://", ":&#47;&#47;")


def summary_text(summary: Summary, published: Path | None) -> str:
    """The closing table of a run."""
    counts = {reason: number for reason, number in summary.set_aside.items() if number}
    aside = "" if not counts else f" ({', '.join(f'{reason} {number:,}' for reason, number in counts.items())})"
    rows: list[tuple[str, object]] = [
        ("Flow", summary.flow),
        ("Asked", summary.source),
        ("Pages seen", _count(summary.pages_seen)),
        ("Pages fetched", _count(summary.pages_fetched)),
        ("Pages landed (new)", _count(summary.pages_landed)),
        ("Reports read", _count(summary.reports_read)),
        ("Pages set aside", _count(summary.pages_set_aside) + aside),
        ("Metric values", _count(summary.metric_values)),
        ("Checks failed", "not run" if summary.checks_failed is None else _count(summary.checks_failed)),
        ("Sources with issues", _count(len(summary.source_issues))),
        ("Outcome", summary.outcome),
        ("Because", summary.message),
        ("Build", summary.build_id),
        ("Published folder", published),
        ("Data dictionary", published and published / "docs" / "dictionary.html"),
        ("Gate report", summary.gate_page and Path(summary.gate_page).resolve()),
        ("Seconds", ", ".join(f"{name} {seconds:g}" for name, seconds in summary.seconds.items())),
    ]
    notice = f"**{escaped(SAMPLE_NOTICE)}: every figure is made up**\n\n" if summary.kind == "sample" else ""
    table = _table(("what", "how much"), [(name, value) for name, value in rows if value not in (None, "")])
    return f"{notice}## Run {escaped(summary.run_id)}: {escaped(summary.outcome)}\n\n{table}"


def issues_text(summary: Summary) -> str:
    """The sources that a run found wanting."""
    shown = summary.source_issues[:_ROWS_SHOWN]
    new = set(summary.new_issues)
    rows = [("new" if issue in new else "as before", issue) for issue in shown]
    more = len(summary.source_issues) - len(shown)
    return f"## Sources with issues\n\n{_table(('', 'issue'), rows)}" + (f"\n\n… and {more} more" if more else "")


def gate_text(summary: Summary, folder: Path | None) -> str:
    """The rules that a build failed; ``folder`` holds it."""
    blocking = [row for row in summary.failed_checks if row["severity"] == "block"]
    if blocking:
        head = f"## The gate refused build {escaped(summary.build_id)}\n\nWhat was published before stays."
    else:
        head = f"## The gate let build {escaped(summary.build_id)} through"
    rules = _rules(folder)
    head += "" if rules is None else f"\n\n{rules - len(summary.failed_checks)} of {rules} rules hold."
    page = None if folder is None else escaped(folder / "gate.html")
    where = "" if page is None else f"\n\nAll rules and what to do: {page} (`gongkai gate` prints it)"
    if not summary.failed_checks:
        return f"{head}{where}"
    columns = ("severity", "suite", "check", "rule", "rows", "observed")
    return f"{head}\n\n{_table(columns, [_failed(row) for row in summary.failed_checks[:_ROWS_SHOWN]])}{where}"


def _rules(folder: Path | None) -> int | None:
    """How many rules the gate has; None where it did not say."""
    if folder is None:
        return None
    try:
        found = json.loads((folder / "gate.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return len(found) if isinstance(found, list) else None


def _failed(row: dict[str, Any]) -> tuple[object, ...]:
    names = ("severity", "suite", "check_id", "description", "unexpected_count", "observed")
    return tuple("" if row.get(name) is None else str(row[name])[:300] for name in names)


def _count(number: int | None) -> str:
    return "not counted" if number is None else f"{number:,}"


def _table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [columns, ("---",) * len(columns)]
    head = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join(head + ["| " + " | ".join(escaped(cell) for cell in row) + " |" for row in rows])
