"""Blocks of a page and how they become one text: paragraphs a line each, tables as rows of cells in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scrapers.document import Cell, Grid, Paragraph

MAX_COLUMNS = 200
MAX_ROWS = 1000
MAX_CELLS = 150_000  # over all tables of one page


@dataclass(slots=True)
class TextBlock:
    """One line of the page's text. ``links`` is the share of its characters inside links; ``chrome`` marks text that
    stands in a menu, header or footer of the site; ``cell`` marks a line that stands for a cell, however it looks."""

    text: str
    links: float = 0.0
    chrome: bool = False
    cell: bool = False


@dataclass(slots=True)
class RawCell:
    """A cell as written in the source. A rowspan of 0 reaches to the last row."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    links: float = 0.0


@dataclass(slots=True)
class TableBlock:
    """A data table: rows of the cells as written, spans not yet expanded."""

    rows: list[list[RawCell]]
    origin: str
    chrome: bool = False


@dataclass(slots=True)
class Placed:
    """A cell at its place in a rectangle, as PDF, DOCX and XLSX know it."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1


Block = TextBlock | TableBlock
Slots = list[list[RawCell | None]]


@dataclass(slots=True)
class Composed:
    """The one text of a page. ``breaks`` are the offsets of line breaks that end a paragraph for certain."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    grids: tuple[Grid, ...]
    breaks: frozenset[int]
    truncated: bool = field(default=False)


def from_places(cells: Iterable[Placed], origin: str) -> TableBlock:
    """A table of cells that know their places; places without a cell get an empty one, so that none moves."""
    by_place: dict[tuple[int, int], RawCell | None] = {}
    height = width = 0
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        if cell.row >= MAX_ROWS or cell.column >= MAX_COLUMNS or (cell.row, cell.column) in by_place:
            continue
        high = min(cell.rowspan, MAX_ROWS - cell.row)
        wide = min(cell.colspan, MAX_COLUMNS - cell.column)
        places = [(cell.row + below, cell.column + right) for below in range(high) for right in range(wide)]
        if any(place in by_place for place in places):  # overlaps one before it: keep only its own place
            high = wide = 1
            places = places[:1]
        by_place.update(dict.fromkeys(places))
        by_place[cell.row, cell.column] = RawCell(cell.text.replace("\t", " "), high, wide)
        height, width = max(height, cell.row + high), max(width, cell.column + wide)
    rows: list[list[RawCell]] = []
    for row in range(height):
        slots = (by_place.get((row, column), RawCell("")) for column in range(width))
        rows.append([raw for raw in slots if raw is not None])
    return TableBlock(rows, origin)


def expand(rows: Sequence[Sequence[RawCell]]) -> Slots:
    """The rectangle of ``rows`` with every span filled by its cell, after the table model of HTML.

    At most MAX_ROWS × MAX_COLUMNS; a slot no cell covers is None; a span ends where it meets another one.
    """
    height = min(len(rows), MAX_ROWS)
    slots: list[dict[int, RawCell]] = [{} for _ in range(height)]
    for number, line in enumerate(rows[:height]):
        column = 0
        for cell in line:
            while column in slots[number]:
                column += 1
            if column >= MAX_COLUMNS:
                break
            wide = min(max(cell.colspan, 1), MAX_COLUMNS - column)
            high = min(cell.rowspan if cell.rowspan > 0 else height, height - number)
            for below in range(number, number + high):
                for right in range(column, column + wide):
                    if slots[below].setdefault(right, cell) is not cell:
                        break
            column += wide
    width = max((max(row, default=-1) + 1 for row in slots), default=0)
    return [[row.get(column) for column in range(width)] for row in slots]


def _size(rows: Sequence[Sequence[RawCell]]) -> int:
    """How many slots the expansion of ``rows`` may fill."""
    height = min(len(rows), MAX_ROWS)
    width = area = 0
    for number, row in enumerate(rows[:height]):
        columns = 0
        for cell in row:
            wide = min(max(cell.colspan, 1), MAX_COLUMNS)
            columns += wide
            area += wide * min(cell.rowspan if cell.rowspan > 0 else height, height - number)
        width = max(width, columns)
    return max(height * min(width, MAX_COLUMNS), area)


def collapse(slots: Slots, continues: bool = False) -> Slots:
    """``slots`` without rows and columns that only repeat the one before, and without empty rows.

    Empty columns stay, for a blank column of a form has its place; where most columns are empty they are layout and go,
    unless the table ``continues`` one that names these columns.
    """
    rows = [row for number, row in enumerate(slots) if number == 0 or not _repeats(row, slots[number - 1])]
    rows = [row for row in rows if _filled(row)]
    columns = list(zip(*rows, strict=True))
    columns = [line for number, line in enumerate(columns) if number == 0 or not _repeats(line, columns[number - 1])]
    filled = [line for line in columns if _filled(line)]
    if _mostly_empty(len(filled), len(columns)) and not continues:
        columns = filled
    return [list(row) for row in zip(*columns, strict=True)]


def _mostly_empty(filled: int, columns: int) -> bool:
    return filled * 2 < columns


def _filled(line: Sequence[RawCell | None]) -> bool:
    return any(cell is not None and cell.text for cell in line)


def _repeats(line: Sequence[RawCell | None], before: Sequence[RawCell | None]) -> bool:
    return all(cell is other for cell, other in zip(line, before, strict=True))


def compose(blocks: Iterable[Block]) -> Composed:
    """Put the blocks into one text, a line for each paragraph and each row of a grid."""
    writer = _Writer()
    for block in blocks:
        if isinstance(block, TextBlock):
            writer.paragraph(block.text.strip())
        else:
            writer.table(block)
    return Composed(
        "".join(writer.parts), tuple(writer.paragraphs), tuple(writer.grids), frozenset(writer.breaks), writer.truncated
    )


class _Writer:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.paragraphs: list[Paragraph] = []
        self.grids: list[Grid] = []
        self.breaks: set[int] = set()
        self.room = MAX_CELLS
        self.widths: set[int] = set()  # of the tables whose columns are filled
        self.truncated = False

    def paragraph(self, text: str) -> None:
        if not text:
            return
        self._break()
        start = self._write(text)
        self.paragraphs.append(Paragraph(start, self.length))

    def table(self, block: TableBlock) -> None:
        rows, rest = block.rows[:MAX_ROWS], block.rows[MAX_ROWS:]
        size = _size(rows)
        if size > self.room or any(len(row) > MAX_COLUMNS for row in rows):
            rows, rest = [], block.rows  # too large for a grid: the text stays, as paragraphs
        else:
            self.room -= size
            self._grid(self._collapsed(expand(rows)), block.origin)
        self.truncated |= bool(rest)
        for line in rest:
            self.paragraph("\t".join(cell.text for cell in line))

    def _collapsed(self, slots: Slots) -> Slots:
        """Collapsed; a table as wide as one before it, whose columns are named there, may be the rest of it."""
        width = len(slots[0]) if slots else 0
        collapsed = collapse(slots, width in self.widths)
        columns = list(zip(*slots, strict=True))
        if columns and not _mostly_empty(sum(map(_filled, columns)), width):
            self.widths.add(width)
        return collapsed

    def _grid(self, slots: Slots, origin: str) -> None:
        if not slots:
            return
        number = len(self.grids) + 1
        spans: dict[int, tuple[int, int]] = {}
        origins: dict[int, tuple[int, int]] = {}
        rows: list[list[Cell]] = []
        if self.length:
            self.breaks.add(self.length)
        start = self.length + (1 if self.length else 0)
        for row_number, row in enumerate(slots):
            self._break()
            row_start = self.length
            rows.append(self._row(row, row_number, spans, origins))
            self.paragraphs.append(Paragraph(row_start, self.length, number))
            self.breaks.add(self.length)
        self.grids.append(Grid(number, tuple(map(tuple, rows)), start, self.length, origin))

    def _row(
        self,
        row: Sequence[RawCell | None],
        number: int,
        spans: dict[int, tuple[int, int]],
        origins: dict[int, tuple[int, int]],
    ) -> list[Cell]:
        cells: list[Cell] = []
        first = True
        for column, cell in enumerate(row):
            if cell is not None and id(cell) in spans:
                cells.append(Cell(cell.text, *spans[id(cell)], origins[id(cell)]))
                continue
            if not first:
                self._write("\t")
            first = False
            text = cell.text if cell is not None else ""
            span = (self._write(text), self.length)
            if cell is not None:
                spans[id(cell)], origins[id(cell)] = span, (number, column)
            cells.append(Cell(text, *span, (number, column)))
        return cells

    def _break(self) -> None:
        if self.length:
            self._write("\n")

    def _write(self, text: str) -> int:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start
