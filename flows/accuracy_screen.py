"""How a measure is shown: tables for people, one JSON object for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from flows.screen import clean
from scrapers.accuracy.measure import SMALL_SAMPLE, Group, Measure, PageResult, Score
from scrapers.version import READER_VERSION

_FIGURES = {
    "faultless_pages": "Pages without a fault",
    "identity": "Identity fields as in the answer",
    "table_precision": "Table cells: precision",
    "table_recall": "Table cells: recall",
    "narrative_precision": "Sentences: precision",
    "narrative_recall": "Sentences: recall",
    "flags": "Not a report, hijacked, mirror: right marks",
}


def show(console: Console, measure: Measure, name: str) -> None:
    """All tables of a measure."""
    console.print(_overview(measure, name))
    console.print(_groups("By form", measure.forms))
    console.print(_groups("By metric family", measure.families))
    console.print(_groups("By page shape (a page has several)", measure.shapes))
    console.print(_identity(measure))
    console.print(_flags(measure))
    console.print(Text(f"* fewer than {SMALL_SAMPLE} values or pages: the share says little", style="dim"))
    if measure.not_assessed:
        said = ", ".join(f"{name} {count}" for name, count in sorted(measure.not_assessed.items()))
        console.print(Text(f"Not assessed, needs a second page: {said}", style="dim"))


def show_faults(console: Console, results: Iterable[PageResult]) -> None:
    """Every difference, under its page, with what the reader read it from."""
    for result in results:
        if result.faultless:
            continue
        console.print(Text(f"{result.name} ({result.file}; {result.form}; {', '.join(result.shapes)})", style="bold"))
        for one in result.comparison.differences:
            console.print(clean(f"  {one.part}: {one.sentence}"), soft_wrap=True)
            if one.evidence and one.evidence not in one.sentence:
                console.print(clean(f"    “{' '.join(one.evidence.split())[:200]}”"), soft_wrap=True, style="dim")


def as_json(measure: Measure, name: str, with_faults: bool) -> dict[str, Any]:
    """The measure as plain data; faults are listed where asked for."""
    plain: dict[str, Any] = {
        "set": name,
        "reader_version": READER_VERSION,
        "figures": measure.figures(),
        "must_be_missing_violations": measure.must_be_missing_violations,
        "lost_evidence": measure.lost_evidence,
        "not_assessed": measure.not_assessed,
        "total": _group_json(measure.total),
        "forms": {one.name: _group_json(one) for one in measure.forms},
        "families": {one.name: _group_json(one) for one in measure.families},
        "shapes": {one.name: _group_json(one) for one in measure.shapes},
        "metrics": [
            {"form": form, "basis": basis, "metric_id": metric, **_score_json(score)}
            for (form, basis, metric), score in measure.by_metric.items()
        ],
        "identity": {one.name: {**asdict(one), "accuracy": one.accuracy} for one in measure.identity},
        "flags": {one.name: {**asdict(one), "accuracy": one.accuracy} for one in measure.flags},
    }
    if with_faults:
        plain["faults"] = [
            {"page": result.name, "file": result.file, **asdict(one)}
            for result in measure.results
            for one in result.comparison.differences
        ]
    return plain


def _group_json(group: Group) -> dict[str, Any]:
    scores = {"table": _score_json(group.table), "narrative": _score_json(group.narrative)}
    return {"pages": group.pages, "faultless": group.faultless, **scores}


def _score_json(score: Score) -> dict[str, Any]:
    shares = {"sample_size": score.sample_size, "precision": score.precision, "recall": score.recall}
    return {**asdict(score), **shares}


def _overview(measure: Measure, name: str) -> Table:
    table = _table(f"{name}: {measure.pages} pages, reader {READER_VERSION}", "Figure", "Share", "Of")
    sizes = _sizes(measure)
    for figure, value in measure.figures().items():
        if figure in _FIGURES:
            table.add_row(_FIGURES[figure], percent(value), f"{sizes[figure]:,}")
    table.add_row("Values where the answer has none on purpose", f"{measure.must_be_missing_violations}", "")
    table.add_row("Evidence that is not the text at its place", f"{measure.lost_evidence}", "")
    return table


def _sizes(measure: Measure) -> dict[str, int]:
    """On how many things each figure rests."""
    total = measure.total
    identity = [asdict(one) for one in measure.identity]
    return {
        "faultless_pages": measure.pages,
        "identity": sum(value for one in identity for key, value in one.items() if key != "name"),
        "table_precision": _read(total.table),
        "table_recall": total.table.sample_size,
        "narrative_precision": _read(total.narrative),
        "narrative_recall": total.narrative.sample_size,
        "flags": sum(one.wanted + one.invented for one in measure.flags_counted()),
    }


def _read(score: Score) -> int:
    return score.right + score.wrong + score.invented


def _groups(title: str, groups: Iterable[Group]) -> Table:
    table = _table(
        title, "", "Pages", "Faultless", "Cells", "Precision", "Recall", "Sentences", "Precision", "Recall", "Wrong",
        "Missed", "Invented", "Attributes",
    )  # fmt: skip
    for group in groups:
        scores = (group.table, group.narrative)
        faultless = "" if group.faultless is None else f"{group.faultless}"
        table.add_row(group.name, f"{group.pages}", faultless, *_shares(group.table), *_shares(group.narrative),
                      *(_sum(name, scores) for name in ("wrong", "missed", "invented", "attributes")))  # fmt: skip
    return table


def _sum(name: str, scores: Iterable[Score]) -> str:
    return f"{sum(getattr(score, name) for score in scores) or ''}"


def _shares(score: Score) -> tuple[str, str, str]:
    size = f"{score.sample_size:,}{_mark(score.sample_size)}" if score.sample_size else ""
    return size, percent(score.precision), percent(score.recall)


def _mark(size: int) -> str:
    return "*" if size < SMALL_SAMPLE else ""


def _identity(measure: Measure) -> Table:
    table = _table("Identity", "Field", "As answered", "Right", "Rightly absent", "Wrong", "Missed", "Invented")
    for one in measure.identity:
        counts = (one.right, one.absent, one.wrong, one.missed, one.invented)
        table.add_row(one.name, percent(one.accuracy) + _mark(sum(counts)), *(f"{count or ''}" for count in counts))
    return table


def _flags(measure: Measure) -> Table:
    table = _table("Marks", "Mark", "Pages", "Have it", "Found", "Wrongly marked", "Right")
    for one in measure.flags:
        right = percent(one.accuracy) + (_mark(one.wanted) if one.accuracy is not None else "")
        table.add_row(one.name, f"{one.pages}", f"{one.wanted}", f"{one.found}", f"{one.invented or ''}", right)
    return table


def _table(title: str, first: str, *others: str) -> Table:
    return Table(first, *[Column(name, justify="right") for name in others], title=title, title_justify="left")


def percent(share: float | None) -> str:
    """A share for people. Only a whole share is 100 %: 0.9999 is shown as 99.9 %."""
    if share is None:
        return ""
    return "100 %" if share == 1 else f"{int(share * 1000) / 10:.1f} %"
