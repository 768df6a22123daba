"""Compares the second reading of the corpus with its answers, the first reading.

The second readings were written from the pages alone: by other people than the answers, before they saw an answer, and without
the reader. `disagreements()` lists what is undecided; run it as `python -m tests.golden.corpus.second.compare`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent
IDENTITY = (
    "document_kind", "jurisdiction_name", "jurisdiction_level", "scope", "report_year", "period_start", "period_end",
    "published_on", "phone", "report_format",
)  # fmt: skip
OF_A_FIGURE = ("value", "unit", "qualifier", "value_state")
TOTAL = 6  # the place of 总计 among the seven columns of the matrix
WHOLE = {"F2019", "F2021"}  # of these forms the second reading has all the fields, of the others the first ten
BLANK = (None, "blank0")


def load(folder: Path) -> dict[str, dict[str, Any]]:
    """The readings of a folder by the name of their file."""
    return {
        p.stem: yaml.load(p.read_text(encoding="utf-8"), yaml.CSafeLoader) for p in sorted(folder.glob("[0-9]*.yaml"))
    }


def plain(value: Any) -> Any:
    """A value without the ways in which two files may write it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return value


def of_identity(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Place, scope, year, period, dates, phone and form. Of a page that is no report only the kind counts."""
    for key in IDENTITY if first["document_kind"] != "not_a_report" else IDENTITY[:1]:
        right = [first[key], *first.get("accept", {}).get(key, [])]
        if plain(second[key]) not in map(plain, right):
            yield key, f"first {plain(first[key])}, second {plain(second[key])}"


def differences(figure: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, str]]:
    """Where a figure of the second reading differs from one of the first."""
    return [
        (key, f"first {figure[key]}, second {other[key]}")
        for key in OF_A_FIGURE
        if plain(other[key]) not in map(plain, [figure[key], *figure.get(f"accept_{key}", [])])
    ]


def names(figure: dict[str, Any]) -> set[str]:
    return {figure["metric_id"], figure["field_id"], *figure.get("accept_metric_id", [])}


def of_figures(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the sentences say. A metric may come more than once: each figure is compared with the nearest one."""
    left, tolerated = list(second["figures"]), set(first.get("tolerated", []))
    for figure in first["figures"]:
        near = sorted((o for o in left if o["metric_id"] in names(figure)), key=lambda o: len(differences(figure, o)))
        if near:
            left.remove(near[0])
            for key, text in differences(figure, near[0]):
                yield f"figure {key}", f"{figure['metric_id']}: {text}"
        elif not names(figure) & tolerated:
            yield "figure not in the second", f"{figure['metric_id']} {figure['value']}: {figure['evidence']}"
    for other in left:
        if other["metric_id"] not in tolerated:
            yield "figure not in the first", f"{other['metric_id']} {other['value']}"


def of_tables(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The cells, and of the matrix the column of totals. A blank of the first may be a zero or nothing in the second."""
    totals = {field: row[TOTAL] for field, row in first.get("matrix", {}).items()}
    rows, cells = dict(second.get("row_totals") or {}), dict(second.get("cells") or {})
    if first["report_format"] not in WHOLE:  # a form without a matrix: its rows are cells, wherever they were put
        rows, cells = {}, rows | cells
    for kind, mine, theirs in (("row total", totals, rows), ("cell", first.get("cells", {}), cells)):
        for field in [*mine, *(f for f in theirs if f not in mine)]:
            if field not in theirs:
                if first["report_format"] in WHOLE and mine[field] not in BLANK:
                    yield f"{kind} not in the second", f"{field} {mine[field]}"
                continue
            right = [mine.get(field), *first.get("accept_cells", {}).get(field, [])]
            if plain(theirs[field]) not in [0.0 if value == "blank0" else plain(value) for value in right]:
                yield kind, f"{field}: first {mine.get(field)}, second {theirs[field]}"


@cache
def both() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    first, second = load(CORPUS), load(HERE)
    return {name: (first[name], second[name]) for name in first if name in second}


def found() -> list[tuple[str, str, str]]:
    """Page, kind and text of every disagreement that neither side's file has decided."""
    listed = []
    for name, (first, second) in both().items():
        parts = [of_identity(first, second)]
        if first["document_kind"] != "not_a_report":
            parts += [of_figures(first, second), of_tables(first, second)]
        listed += [(name, kind, text) for part in parts for kind, text in part]
    return listed


def disagreements() -> list[str]:
    return [f"{name}: {kind}: {text}" for name, kind, text in found()]


def counts() -> Counter[str]:
    """How many disagreements there are of each kind."""
    return Counter(kind for _, kind, _ in found())


def compared() -> Counter[str]:
    """How many things were compared, to put the disagreements into proportion."""
    seen: Counter[str] = Counter()
    for first, second in both().values():
        seen["pages"] += 1
        if first["document_kind"] != "not_a_report":
            seen["identity values"] += len(IDENTITY)
            seen["figures in words"] += len(first["figures"])
            seen["row totals"] += len(second.get("row_totals") or {})
            seen["cells"] += len(second.get("cells") or {})
    return seen


def main() -> None:
    print("\n".join(disagreements()))
    print(dict(compared()), dict(counts()), sep="\n")


if __name__ == "__main__":
    main()
