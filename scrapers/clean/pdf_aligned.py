"""Tables of a PDF page without ruled lines: lines of numbers that stand in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scrapers.clean.layout import Placed, TableBlock, from_places

_NUMBER = re.compile(r"[+\-－]?\d[\d,.]*%?|[-—/]")
_NUMBERING = re.compile(r"(?:[一二三四五六七八九十]{1,3}\s*[、．.]|[（(].{1,3}[）)]|\d{1,2}\s*[.、．])")
_MIN_ROWS = 3
_MAX_LABEL_LINES = 2  # in a row without a number
_MIN_NUMBERS = 3  # in a row
_MAX_HEAD = 8  # lines above the first numbers that may be the head
_INDENT = 40.0  # points from which a line of one piece is no paragraph but the head of columns
_GAP = 0.7  # of the character size, from which two pieces of a line stand apart


@dataclass(slots=True)
class Piece:
    """A stretch of a line with blank space on both sides, in points from the left."""

    left: float
    right: float
    text: str


@dataclass(slots=True)
class AlignedTable:
    """Lines that are a table: from ``first`` up to ``last``, not included, of the lines of their page."""

    first: int
    last: int
    table: TableBlock


@dataclass(slots=True)
class _Row:
    pieces: list[Piece]
    label: list[str] = field(default_factory=list)


def pieces_of(chars: Sequence[dict[str, object]]) -> list[Piece]:
    """The pieces of one line of characters (as pdfplumber gives them), from left to right."""
    pieces: list[Piece] = []
    for char in chars:
        left, right, text = float(str(char["x0"])), float(str(char["x1"])), str(char["text"])
        if not text.strip():
            continue
        size = float(str(char["size"]))
        if pieces and left - pieces[-1].right < _GAP * size:
            pieces[-1].text += text
            pieces[-1].right = right
        else:
            pieces.append(Piece(left, right, text))
    return pieces


def find_aligned(lines: Sequence[Sequence[Piece]]) -> Iterator[AlignedTable]:
    """The tables among the lines of a page: three or more lines of numbers, most of them with three or more."""
    number = 0
    while number < len(lines):
        if not _is_row(lines[number]):
            number += 1
            continue
        start = _first_number(lines[number])
        last, rows, gap = number, 0, 0
        for place in range(number, len(lines)):
            if _is_row(lines[place]) or _is_part_of_row(lines[place], start):
                last, rows, gap = place + 1, rows + 1, 0
            elif gap == _MAX_LABEL_LINES or not _is_label(lines[place], start):
                break
            else:
                gap += 1
        if rows >= _MIN_ROWS and sum(map(_is_row, lines[number:last])) * 2 > rows:
            while last < len(lines) and _is_rest_of_label(lines[last], start):
                last += 1
            first = _head(lines, number)
            yield AlignedTable(first, last, _build(lines[first:last], number - first))
        number = last


def _is_row(pieces: Sequence[Piece]) -> bool:
    return sum(1 for piece in pieces if _NUMBER.fullmatch(piece.text)) >= _MIN_NUMBERS


def _first_number(pieces: Sequence[Piece]) -> float:
    return next(piece.left for piece in pieces if _NUMBER.fullmatch(piece.text))


def _is_part_of_row(pieces: Sequence[Piece], start: float) -> bool:
    """Whether a line has at least one number in the columns that begin at ``start``, and labels only before them."""
    numbers = [piece for piece in pieces if _NUMBER.fullmatch(piece.text)]
    labels = [piece for piece in pieces if not _NUMBER.fullmatch(piece.text)]
    right_places = all(piece.right > start for piece in numbers) and all(piece.right < start for piece in labels)
    return bool(numbers) and right_places


def _is_label(pieces: Sequence[Piece], start: float) -> bool:
    """Whether a line holds only labels, left of the numbers."""
    return bool(pieces) and all(piece.right < start for piece in pieces)


def _is_rest_of_label(pieces: Sequence[Piece], start: float) -> bool:
    return _is_label(pieces, start) and not _NUMBERING.match(pieces[0].text) and not pieces[0].text.endswith("。")


def _head(lines: Sequence[Sequence[Piece]], first: int) -> int:
    """The first line of the head above the numbers: lines of several pieces, or right of the labels."""
    start, margin = _first_number(lines[first]), lines[first][0].left + _INDENT
    for place in range(first - 1, max(first - _MAX_HEAD, 0) - 1, -1):
        pieces = lines[place]
        above = len(pieces) > 1 or (bool(pieces) and pieces[0].right > start and pieces[0].left > margin)
        label = bool(pieces) and pieces[-1].right < start and place == first - 1 and not _has_label(lines[first])
        if not (above or label) or _is_row(pieces):
            return place + 1
    return max(first - _MAX_HEAD, 0)


def _has_label(pieces: Sequence[Piece]) -> bool:
    return not _NUMBER.fullmatch(pieces[0].text)


def _build(lines: Sequence[Sequence[Piece]], head: int) -> TableBlock:
    columns = _columns([line for line in lines if _is_row(line)])
    placed: list[Placed] = []
    for row, line in enumerate(lines[:head]):
        for piece in line:
            first, last = _covered(columns, piece)
            placed.append(Placed(row, first, piece.text, 1, last - first + 1))
    start = columns[1][0]
    for row, joined in enumerate(_rows(lines[head:], start), head):
        if joined.label:
            placed.append(Placed(row, 0, "\n".join(joined.label)))
        for piece in joined.pieces:
            first, last = _covered(columns, piece)
            placed.append(Placed(row, max(first, 1), piece.text, 1, last - max(first, 1) + 1))
    return from_places(placed, "pdf")


def _rows(lines: Sequence[Sequence[Piece]], start: float) -> list[_Row]:
    """The rows below the head; a label broken over several lines comes together around its numbers."""
    rows: list[_Row] = []
    pending: list[str] = []
    for line in lines:
        label = "".join(piece.text for piece in line if not _NUMBER.fullmatch(piece.text))
        if _is_row(line) or _is_part_of_row(line, start):
            numbers = [piece for piece in line if _NUMBER.fullmatch(piece.text)]
            rows.append(_Row(numbers, [*pending, label] if label else pending))
            pending = []
        elif pending or not rows or _NUMBERING.match(label):
            pending.append(label)
        else:
            rows[-1].label.append(label)
    if pending and rows:
        rows[-1].label += pending
    return rows


def _columns(rows: Sequence[Sequence[Piece]]) -> list[tuple[float, float]]:
    """The columns: the label's, and one for each stretch that the numbers of the rows cover."""
    spans = sorted((piece.left, piece.right) for row in rows for piece in row if _NUMBER.fullmatch(piece.text))
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1] + 2:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return [(0.0, columns[0][0] - 1), *columns]


def _covered(columns: Sequence[tuple[float, float]], piece: Piece) -> tuple[int, int]:
    """The first and last column that ``piece`` stands in, else the nearest one."""
    inside = [number for number, (left, right) in enumerate(columns) if piece.left < right and piece.right > left]
    if inside:
        return inside[0], inside[-1]
    middle = (piece.left + piece.right) / 2
    nearest = min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - middle))
    return nearest, nearest
