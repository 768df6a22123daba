"""A report's text cut at its evidence: pieces of plain text, each with the figures that rest on it; and what changed.

Offsets are Python code points in the text as published. The pieces together are the whole text; tables stand where they
were read, as cells, if every character of their place is in one of their cells.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dashboards.texts import escaped, visible

_BETWEEN_CELLS = set(" \t\r\n\u3000\xa0|│┃┆┊-—─━═+┌┐└┘├┤┬┴┼\ufeff\u200b")


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a figure's evidence."""

    start: int
    end: int
    figure: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table with its place in the text."""

    grid: int
    row: int
    column: int
    row_span: int
    column_span: int
    start: int
    end: int
    text: str


def pieces(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> list[dict[str, Any]]:
    """``text[start:end]`` cut wherever evidence begins or ends; evidence may overlap and is clipped to the text."""
    end = len(text) if end is None else min(end, len(text))
    start = max(0, start)
    inside = [(max(mark.start, start), min(mark.end, end), mark.figure) for mark in marks]
    inside = [mark for mark in inside if mark[0] < mark[1]]
    cuts = sorted({start, end, *(mark[0] for mark in inside), *(mark[1] for mark in inside)})
    opening: dict[int, list[int]] = defaultdict(list)
    closing: dict[int, list[int]] = defaultdict(list)
    for first, last, figure in inside:
        opening[first].append(figure)
        closing[last].append(figure)
    found: list[dict[str, Any]] = []
    here: list[int] = []
    for first, last in pairwise(cuts):
        for figure in closing[first]:
            here.remove(figure)
        here += opening[first]
        if first < last:
            found.append({"t": visible(text[first:last]), "f": sorted(set(here))})
    return found


def blocks(text: str, marks: Sequence[Mark], cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """The text as blocks: running text in pieces, and tables as rows of cells in pieces."""
    found: list[dict[str, Any]] = []
    at = 0
    for grid in _grids(cells):
        first, last = min(cell.start for cell in grid), max(cell.end for cell in grid)
        in_place = at <= first <= last <= len(text) and _covers(text, first, last, grid)
        stop = first if in_place else min(max(last, at), len(text))
        if stop > at:
            found.append({"kind": "text", "pieces": pieces(text, marks, at, stop)})
        found.append(_table(text, marks, grid, in_place))
        at = max(at, last if in_place else stop)
    if at < len(text):
        found.append({"kind": "text", "pieces": pieces(text, marks, at)})
    return found


def _grids(cells: Sequence[Cell]) -> list[list[Cell]]:
    grids: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        grids[cell.grid].append(cell)
    return sorted(grids.values(), key=lambda grid: (min(cell.start for cell in grid), grid[0].grid))


def _covers(text: str, first: int, last: int, grid: Sequence[Cell]) -> bool:
    """Whether nothing that a person could read is lost where the cells take the place of the text."""
    at = first
    for cell in sorted(grid, key=lambda cell: (cell.start, cell.end)):
        if cell.start > at and not _BETWEEN_CELLS.issuperset(text[at : cell.start]):
            return False
        at = max(at, cell.end)
    return at >= last


def _table(text: str, marks: Sequence[Mark], grid: Sequence[Cell], in_place: bool) -> dict[str, Any]:
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    first, last = min(cell.start for cell in grid), max(cell.end for cell in grid)
    near = [mark for mark in marks if mark.start < last and first < mark.end]
    for cell in sorted(grid, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row].append(
            {"pieces": pieces(text, near, cell.start, cell.end), "r": cell.row_span, "c": cell.column_span}
        )
    return {"kind": "table", "grid": grid[0].grid, "rows": [rows[row] for row in sorted(rows)], "again": not in_place}


def diff_html(before: str, after: str, around: int = 2, most: int = 400) -> tuple[str, bool]:
    """What changed between two texts, line by line, as escaped HTML; and whether more changed than is shown."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=around, lineterm="")
    shown: list[str] = []
    more = False
    for number, line in enumerate(lines):
        if number < 2:
            continue  # the names of the files
        if len(shown) >= most:
            more = True
            break
        sign, rest = line[:1], escaped(line[1:])
        shown.append({"+": f"<ins>{rest}</ins>", "-": f"<del>{rest}</del>", "@": "<i>…</i>"}.get(sign, rest))
    return "\n".join(shown), more
