"""A grid as the table readers see it: normalised cell texts, distinct cells of a row, labels and values."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from scrapers.catalogue.schema import FormField
from scrapers.document import Cell, Document, Grid
from scrapers.extract.align import label_key
from scrapers.extract.cells import read_cell

_MOST_LABELS = 2000  # different ones on a page; the longest report has some 300
_WORDS = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class GridView:
    """A grid with its cells' normalised texts, row by row."""

    grid: Grid
    texts: tuple[tuple[str, ...], ...]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The label keys of all cells that hold words."""
        return frozenset(key for row in self.texts for key in map(label_key, row) if key and not key.isdigit())

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(row) for row in self.texts), default=0)

    def distinct(self, row: int) -> list[int]:
        """The columns of a row that begin a cell, so that a cell over several columns counts once."""
        cells = self.grid.rows[row]
        columns: list[int] = []
        for column, cell in enumerate(cells):
            if column == 0 or cell.origin != cells[column - 1].origin:
                columns.append(column)
        return columns

    def is_label(self, row: int, column: int) -> bool:
        """True where the cell holds words that are no value."""
        text = self.texts[row][column]
        return bool(_WORDS.search(text)) and read_cell(text).kind in ("text", "unreadable")


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a form found in a grid: the field, the cell with its value, and how it is labelled there."""

    field: FormField
    applicant: str | None
    cell: Cell
    text: str  # normalised
    grid: int
    label_cell: Cell
    row_label: str
    column_label: str


def label_views(document: Document, grids: Sequence[Grid]) -> list[GridView]:
    """The grids that may be official tables: those with words, but not with more than any report has.

    Labels are compared with those of every form, which would take minutes for a page of nothing but different words.
    """
    views: list[GridView] = []
    room = _MOST_LABELS
    for grid in grids:
        view = view_grid(document, grid)
        if 0 < len(view.keys) <= room:
            room -= len(view.keys)
            views.append(view)
    return views


def view_grid(document: Document, grid: Grid) -> GridView:
    """The grid with the normalised text of each cell, taken from the document's normalised twin."""
    seen: dict[tuple[int, int], str] = {}
    rows = []
    for row in grid.rows:
        texts = []
        for cell in row:
            span = (cell.start, cell.end)
            if span not in seen:
                seen[span] = normal_text(document, cell.start, cell.end)
            texts.append(seen[span])
        rows.append(tuple(texts))
    return GridView(grid, tuple(rows))


def normal_text(document: Document, start: int, end: int) -> str:
    """The normalised text that stands for text[start:end]."""
    normal = document.normal
    first, last = bisect_left(normal.starts, start), bisect_left(normal.starts, end)
    return normal.text[first:last]
