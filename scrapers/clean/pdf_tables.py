"""Tables of a PDF page: cells from ruled lines, parts on following pages stitched into one table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scrapers.clean.layout import Placed, TableBlock, from_places

_TOLERANCE = 3.0  # points between two edges that are one
_SHIFT = 12.0  # points by which a table may move from page to page
_NUMBER = re.compile(r"[+\-]?\d[\d,.]*%?")
_NUMBERING = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、．.]|[（(].{1,3}[）)]|\d{1,2}\s*[.、．])")
_BOTTOM = 0.6  # of the page's height, above which a table that ends does not go on


@dataclass(slots=True)
class PdfCell:
    """A cell on its page, in points from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(slots=True)
class Part:
    """A table, or the part of one that stands on one page."""

    cells: list[PdfCell]
    box: tuple[float, float, float, float]
    page: int
    page_height: float

    @property
    def top(self) -> float:
        """The upper edge, in points."""
        return self.box[1]

    @property
    def text(self) -> str:
        """The texts of all cells, in no promised order."""
        return "".join(cell.text for cell in self.cells)

    def goes_on(self, following: Part) -> bool:
        """Whether ``following``, the first thing on the next page, is the rest of this table."""
        return (
            following.page == self.page + 1
            and self.box[3] > self.page_height * _BOTTOM
            and abs(self.box[0] - following.box[0]) <= _SHIFT
            and abs(self.box[2] - following.box[2]) <= _SHIFT
        )


def find_parts(page: Any) -> list[Part]:
    """The tables of a page: ruled ones with at least one row of two filled cells. Frames around text are none."""
    parts: list[Part] = []
    for table in page.find_tables():
        texts = table.extract()
        cells = [
            PdfCell(box[0], box[1], box[2], box[3], (text or "").strip())
            for row, line in zip(table.rows, texts, strict=True)
            for box, text in zip(row.cells, line, strict=True)
            if box is not None
        ]
        filled = [sum(1 for text in line if text and text.strip()) for line in texts]
        if max(filled, default=0) >= 2:
            parts.append(Part(cells, table.bbox, page.page_number, float(page.height)))
    return parts


def stitch(parts: Sequence[Part]) -> TableBlock:
    """One table of its parts. Repeated heads go; a cell that the page end cut in two is joined."""
    columns: list[float] = []
    placed: list[Placed] = []
    height = 0
    head: list[list[Placed]] = []
    for part in parts:
        shift = parts[0].box[0] - part.box[0]
        columns = _edges(columns, [place + shift for cell in part.cells for place in (cell.left, cell.right)])
    for number, part in enumerate(parts):
        shift = parts[0].box[0] - part.box[0]
        rows = _edges([], [place for cell in part.cells for place in (cell.top, cell.bottom)])
        own = [_place(cell, shift, columns, rows, height) for cell in part.cells]
        by_row = _by_row(own, height, len(rows) - 1)
        if number == 0:
            head = by_row
        else:
            repeated = _repeated_head(head, by_row)
            own = [cell for cell in own if cell.row >= height + repeated]
            for cell in own:
                cell.row -= repeated
            own = _join_cut(placed, own, height)
        placed += own
        height = max((cell.row + cell.rowspan for cell in placed), default=0)
    return from_places(placed, "pdf")


def _edges(known: list[float], places: list[float]) -> list[float]:
    """The distinct edges of ``known`` and ``places``, in order; those within the tolerance count as one."""
    edges = list(known)
    tolerance = _TOLERANCE if not known else 2 * _TOLERANCE
    for place in sorted(places):
        if not any(abs(place - edge) <= tolerance for edge in edges):
            edges.append(place)
    return sorted(edges)


def _nearest(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - place))


def _place(cell: PdfCell, shift: float, columns: Sequence[float], rows: Sequence[float], offset: int) -> Placed:
    left, right = _nearest(columns, cell.left + shift), _nearest(columns, cell.right + shift)
    top, bottom = _nearest(rows, cell.top), _nearest(rows, cell.bottom)
    return Placed(offset + top, left, cell.text, max(bottom - top, 1), max(right - left, 1))


def _by_row(cells: Sequence[Placed], offset: int, height: int) -> list[list[Placed]]:
    rows: list[list[Placed]] = [[] for _ in range(max(height, 0))]
    for cell in cells:
        rows[min(cell.row - offset, len(rows) - 1)].append(cell)
    return rows


def _repeated_head(head: list[list[Placed]], rows: list[list[Placed]]) -> int:
    """How many rows at the top of a part repeat the head of the table."""
    count = 0
    for first, own in zip(head, rows, strict=False):
        texts = ["".join(cell.text.split()) for cell in own]
        same = texts == ["".join(cell.text.split()) for cell in first]
        if not same or not any(texts) or any(_NUMBER.fullmatch(text) for text in texts):
            break
        count += 1
    return count


def _join_cut(before: list[Placed], own: list[Placed], height: int) -> list[Placed]:
    """Join the cells of the first row of a part to those above that the page end cut; the rest is returned."""
    first = [cell for cell in own if cell.row == height]
    last = {cell.column: cell for cell in before if cell.row + cell.rowspan == height}
    numbers = any(_NUMBER.fullmatch(cell.text) for cell in first)
    whole_row = (
        not numbers
        and any(cell.text for cell in first)
        and all(cell.rowspan == 1 and cell.column in last and not _NUMBERING.match(cell.text) for cell in first)
        and any(_NUMBER.fullmatch(cell.text) for cell in last.values())
    )
    if whole_row:  # the row itself was cut: its rest has no number of its own
        for cell in first:
            upper = last[cell.column]
            upper.text = "\n".join(text for text in (upper.text, cell.text) if text)
        rest = [cell for cell in own if cell.row != height]
        for cell in rest:
            cell.row -= 1
        return rest
    joined: set[int] = set()
    for cell in first:
        above = last.get(cell.column)
        if above is None or above.colspan != cell.colspan or not _same_label(above, cell):
            continue
        above.rowspan += cell.rowspan
        above.text = "\n".join(text for text in (above.text, cell.text) if text)
        joined.add(id(cell))
    return [cell for cell in own if id(cell) not in joined]


def _same_label(upper: Placed, cell: Placed) -> bool:
    """A label over several rows, or one whose text the page end cut."""
    if _NUMBER.fullmatch(cell.text) or _NUMBER.fullmatch(upper.text) or _NUMBERING.match(cell.text):
        return False
    if not cell.text:
        return cell.rowspan > 1 or upper.rowspan > 1
    return bool(upper.text) and _NUMBERING.match(upper.text) is not None
