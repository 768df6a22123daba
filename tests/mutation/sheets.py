"""A table as a rectangle of cells, expanded here by a plain model of its own, and written again in another way."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bs4 import Tag


@dataclass(eq=False)
class Spot:
    """One cell as written; the same object stands in every place it covers."""

    html: str
    text: str
    row: int
    column: int
    high: int = 1
    wide: int = 1
    lost: bool = False  # no cell covers the place

    @property
    def blank(self) -> bool:
        """Whether the cell shows nothing."""
        return not self.text.strip()


Sheet = list[list[Spot]]


def sheet_of(table: Tag) -> Sheet:
    """The rectangle of a table; places that no cell covers get a blank one."""
    rows = table.find_all("tr")
    places: dict[tuple[int, int], Spot] = {}
    for top, row in enumerate(rows):
        left = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (top, left) in places:
                left += 1
            high = min(_span(cell, "rowspan") or len(rows), len(rows) - top)
            wide = _span(cell, "colspan") or 1
            spot = Spot(cell.decode_contents(), cell.get_text(), top, left, high, wide)
            for y in range(top, top + high):
                for x in range(left, left + wide):
                    places.setdefault((y, x), spot)
            left += wide
    width = max((x for _, x in places), default=-1) + 1
    return [[places.get((y, x)) or Spot("", "", y, x, lost=True) for x in range(width)] for y in range(len(rows))]


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return int(value) if value.isdigit() else 1


def is_blank_anywhere(sheet: Sheet) -> bool:
    """Whether a cell of the rectangle shows nothing."""
    return any(spot.blank for row in sheet for spot in row)


def rows_as_written(sheet: Sheet, first: int = 0, last: int | None = None) -> list[list[Spot]]:
    """The cells that begin in each row."""
    found = []
    for number, row in list(enumerate(sheet))[first:last]:
        cells = []
        for column, spot in enumerate(row):
            if (spot.row, spot.column) == (number, column):
                cells.append(spot)
        found.append(cells)
    return found


def header_rows(sheet: Sheet) -> int:
    """The rows before the first one with a number in it."""
    for number, row in enumerate(sheet):
        if any(any(char.isdigit() for char in spot.text) and len(spot.text.strip()) < 12 and spot.text.strip()[0].isdigit()
               and spot.text.strip()[-1].isdigit() for spot in row if not spot.blank):  # fmt: skip
            return number
    return len(sheet)


def write(sheet: Sheet, first: int = 0, last: int | None = None, head: int = 0, tag: str = "td") -> str:
    """The rows [first, last) as a table. A cell that began above begins again, blank, in the first row; the first
    ``head`` rows go into a <thead>."""
    last = len(sheet) if last is None else last
    lines = []
    for y in range(first, last):
        cells = []
        for x, spot in enumerate(sheet[y]):
            begins = spot.row == y or (y == first and spot.row < first)
            if spot.column == x and begins:
                high = min(spot.row + spot.high, last) - y
                html = spot.html if spot.row == y else ""
                name = "th" if y < head else tag
                spans = (f' rowspan="{high}"' if high > 1 else "") + (
                    f' colspan="{spot.wide}"' if spot.wide > 1 else ""
                )
                cells.append(f"<{name}{spans}>{html}</{name}>")
        lines.append("<tr>" + "".join(cells) + "</tr>")
    if head:
        return f"<table border=1><thead>{''.join(lines[:head])}</thead><tbody>{''.join(lines[head:])}</tbody></table>"
    return f"<table border=1>{''.join(lines)}</table>"


def write_expanded(sheet: Sheet, repeated: bool) -> str:
    """Without spans: a cell's text in every place it covers, or only in its first one."""
    lines = []
    for y, row in enumerate(sheet):
        cells = [spot.html if repeated or (spot.row, spot.column) == (y, x) else "" for x, spot in enumerate(row)]
        lines.append("<tr>" + "".join(f"<td>{html}</td>" for html in cells) + "</tr>")
    return f"<table>{''.join(lines)}</table>"


def shown(spot: Spot) -> str:
    """The text of a cell on one line."""
    return escape("".join(spot.text.split()) if spot.text.strip() else "", quote=False)
