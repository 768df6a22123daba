"""Official tables that lost their grid: one cell a line, a row a paragraph, rows of "|", rebuilt by their labels.

Observed shapes: wild variation §5 ("Tables as"). A row is kept only where it has as many values as its label asks for;
a row with fewer has lost a cell, and no one can say which (issue cells_lost).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from scrapers.catalogue import FORM_IDS, load_catalogue
from scrapers.clean.normalise import INVISIBLE
from scrapers.document import Cell, Document, Grid, Issue
from scrapers.extract.align import best_similarity, label_key
from scrapers.extract.cells import read_cell
from scrapers.extract.grids import normal_text
from scrapers.extract.numbers import unit_names

_PIECE = re.compile(r"[^\t|｜\n]+|(?<=[|｜])(?=[|｜])")
_PARTED = re.compile("[\\s|｜]")
_GAP = re.compile(r"[ \u00a0\u3000]{1,}")
_EMPTY = re.compile(f"[\\s{INVISIBLE}]*")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST = 60
_CLEAR = 0.82
_WINDOW = 4
_MOST_PIECES = 6000  # ten times those of all tables of a form: what is more is no report


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph that may have been a cell."""

    start: int
    end: int
    text: str  # normalised
    kind: str  # value, blank, words, unit


@dataclass(frozen=True, slots=True)
class Known:
    """What a label asks for: how many values stand behind it, per kind of table."""

    labels: tuple[str, ...]
    counts: frozenset[int]
    codes: frozenset[str]  # of the rows, without leading zeros; printed before the value in the Shanghai family


@dataclass(frozen=True, slots=True)
class LostRow:
    """A row of a flattened table that lost cells, so that no one can say which value is whose."""

    labels: tuple[str, ...]  # of the fields whose row it is
    start: int
    end: int


def rebuild_grids(document: Document) -> tuple[tuple[Grid, ...], tuple[LostRow, ...], tuple[Issue, ...]]:
    """Grids of the tables that stand in the paragraphs, numbered after the document's own."""
    pieces = [piece for run in _table_runs(document) for piece in run][:_MOST_PIECES]
    if not pieces:
        return (), (), ()
    rows: dict[str, list[list[Piece]]] = {"matrix": [], "results": [], "others": []}
    lost: list[LostRow] = []
    buffer: list[Piece] = []
    form, coded = _own_form(pieces), False
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        if piece.kind in ("words", "unit"):
            buffer += [piece] if piece.kind == "words" else []
            position += 1
            continue
        end = position
        while end < len(pieces) and pieces[end].kind != "words":
            end += 1
        values = [one for one in pieces[position:end] if one.kind != "unit"]
        coded = coded or (len(values) > 1 and _is_code(values[0], buffer, form))
        kind, found, short = _row(buffer, values, form, coded)
        if not found and not any(one.kind == "value" for one in values):
            position = end  # empty cells between the cells of a header
            continue
        rows[kind] += found
        lost += [short] if short else []
        buffer, position = [], end
    if sum(map(len, rows.values())) < 3:
        return (), (), ()
    detail = f"{len(lost)} rows of a flattened table have lost a cell"
    issues = (Issue("cells_lost", "warning", detail),) if lost else ()
    tables = [table for table in rows.values() if table]
    return (
        tuple(
            _grid(document.text, table, len(document.grids) + number) for number, table in enumerate(tables, start=1)
        ),
        tuple(lost),
        issues,
    )


def _table_runs(document: Document) -> Iterator[list[Piece]]:
    """The paragraphs outside the grids that belong to a flattened table: those between its first and last label."""
    paragraphs = [paragraph for paragraph in document.paragraphs if paragraph.grid is None]
    texts = [document.text[paragraph.start : paragraph.end] for paragraph in paragraphs]
    # rows of bars: a lone bar is debris
    bars = any(("|" in text or "｜" in text) and _shown(text).strip(" |｜\t") for text in texts)
    split = [_stretches(document, paragraph.start, paragraph.end, bars) for paragraph in paragraphs]
    marks = [any(_names_a_cell(words) for _, _, words in one) for one in split]
    if sum(marks) < 3:
        return
    first, last = marks.index(True), len(marks) - 1 - marks[::-1].index(True)
    while first and all(map(_may_be_a_cell, _as_pieces(split[first - 1]))):  # rows with short labels, 规章
        first -= 1
    end = min(last + 40, len(split))
    for text, one in zip(texts[first:end], split[first:end], strict=True):
        if all(len(words) <= _LONGEST for _, _, words in one) and not _is_told(text):
            yield _as_pieces(one)


def _shown(text: str) -> str:
    return _UNSEEN.sub("", text)


def _is_told(text: str) -> bool:
    """Whether a paragraph is sentences, in which blanks around a number part no cells."""
    return text.count("。") > 1 or ("。" in text and ("，" in text or "," in text))


def _as_pieces(stretches: Sequence[tuple[int, int, str]]) -> list[Piece]:
    return [Piece(start, end, words, _kind(words)) for start, end, words in stretches]


def _kind(words: str) -> str:
    if words in unit_names():
        return "unit"
    return {"number": "value", "zero_word": "value", "blank": "blank"}.get(read_cell(words).kind, "words")


def _stretches(document: Document, start: int, end: int, bars: bool) -> list[tuple[int, int, str]]:
    """(start, end, normalised text) of the parts of a paragraph that may have been cells."""
    text = document.text[start:end]
    if _PARTED.search(text) is None:
        words = normal_text(document, start, end).strip()
        return [(start, end, words)] if words else []
    if _shown(text).strip() in ("|", "｜"):  # an empty cell of its own, where cells stand line by line
        return [] if bars else [(start, end, "")]
    found: list[tuple[int, int, str]] = []
    for match in _PIECE.finditer(text):
        for first, last in _split(match.group()):
            words = normal_text(document, start + match.start() + first, start + match.start() + last).strip()
            if words or (found and first == last):  # what shows nothing between two blanks is no cell
                found.append((start + match.start() + first, start + match.start() + last, words))
    return found


def _split(text: str) -> Iterator[tuple[int, int]]:
    """Spans between gaps; a stretch of blanks between bars is one empty cell."""
    if _EMPTY.fullmatch(text):
        yield 0, 0
        return
    position = 0
    for gap in _GAP.finditer(text):
        if gap.start() > position:
            yield position, gap.start()
        position = gap.end()
    if position < len(text):
        yield position, len(text)


def _own_form(pieces: Sequence[Piece]) -> str | None:
    """The form that alone has the labels and column heads among the pieces; None where they decide nothing.

    Forms ask for other numbers of values behind the same label, so that rows of one must not be read by another.
    """
    keys = {label_key(_BRACKETS.sub("", piece.text)) for piece in pieces if piece.kind == "words"}
    hits = sorted(((len(keys & _own_keys(form_id)), form_id) for form_id in FORM_IDS), reverse=True)
    return hits[0][1] if hits[0][0] >= 2 and hits[0][0] > hits[1][0] else None


@cache
def _own_keys(form_id: str) -> frozenset[str]:
    forms = load_catalogue().forms
    keys: dict[str, set[str]] = {}
    for one in FORM_IDS:
        names = {name for field in forms[one].fields for name in (*field.labels, *field.columns)}
        keys[one] = {label_key(_BRACKETS.sub("", name)) for name in names}
    return frozenset(keys[form_id].difference(*(keys[other] for other in FORM_IDS if other != form_id)))


@cache
def _known(form_id: str | None = None) -> tuple[Known, ...]:
    """The labels of one form, or of all."""
    known: dict[tuple[str, ...], set[int]] = {}
    codes: dict[tuple[str, ...], set[str]] = {}
    for one in (form_id,) if form_id else FORM_IDS:
        form = load_catalogue().forms[one]
        for table in form.tables:
            fields = form.values(table.id)
            for field in fields:
                same = sum(1 for other in fields if other.labels[0] == field.labels[0])
                count = {"matrix": 7, "list": 1, "blocks": same}.get(table.kind)
                if count:
                    known.setdefault(tuple(field.labels), set()).add(count)
                    codes.setdefault(tuple(field.labels), set()).add(field.code.lstrip("0"))
    return tuple(Known(labels, frozenset(counts), frozenset(codes[labels])) for labels, counts in known.items())


@cache
def _headers() -> frozenset[str]:
    forms = load_catalogue().forms.values()
    columns = {column for form in forms for field in form.fields for column in field.columns}
    return _results() | {label_key(label) for label in columns}


@cache
def _results() -> frozenset[str]:
    forms = load_catalogue().forms.values()
    return frozenset(label_key(field.labels[0]) for form in forms for field in form.fields if field.table == "T4")


def _may_be_a_cell(piece: Piece) -> bool:
    return piece.kind != "words" or label_key(piece.text) in _short_labels()


@cache
def _short_labels() -> frozenset[str]:
    return frozenset(label_key(name) for known in _known() for name in known.labels if len(label_key(name)) < 4)


def _names_a_cell(text: str) -> bool:
    """Whether the text is a label or a column head of a form, cut or with more behind it."""
    if len(text) > _LONGEST or len(text) < 4:
        return False
    key = label_key(text)
    if len(key) < 4:
        return False
    short = label_key(_BRACKETS.sub("", text))
    labels, begins = _label_keys()
    if key in _headers() or key in begins or short in labels:
        return True
    return any(key[:end] in labels for end in range(4, len(key)))


@cache
def _label_keys() -> tuple[frozenset[str], frozenset[str]]:
    """The keys of all labels, and all that a label of four letters and more may begin with."""
    labels = frozenset(label_key(name) for known in _known() for name in known.labels)
    return labels, frozenset(key[:end] for key in labels for end in range(4, len(key) + 1))


def _is_code(value: Piece, buffer: list[Piece], form: str | None) -> bool:
    """Whether the value is the code that the form gives to the row of this label."""
    known = _label(buffer, form)[1]
    return known is not None and value.text.lstrip("0") in known.codes - {""}


def _row(
    buffer: list[Piece], values: list[Piece], form: str | None, coded: bool
) -> tuple[str, list[list[Piece]], LostRow | None]:
    """(kind of table, the row with a header row before it where one stands in the buffer, the row if it lost cells).

    ``coded``: the table prints the codes of its rows, so that a code alone is no value.
    """
    header = [piece for piece in buffer if label_key(_BRACKETS.sub("", piece.text)) in _headers()]
    results = [piece for piece in header if label_key(piece.text) in _results()]
    if len(results) == len(values) and len(values) in (5, 10, 15):
        return "results", [results, values], None
    label, known = _label(buffer, form)
    if label is None or known is None:
        return "others", [], None
    values = _without_lead(values, known, coded)
    if len(values) not in known.counts:
        end = values[-1].end if values else label.end
        return "others", [], LostRow(known.labels, label.start, end)
    corner = Piece(label.start, label.start, "", "blank")
    rows = [[corner, *header]] if len(header) == len(values) < 7 else []  # a header that lost cells names no column
    return ("matrix" if len(values) == 7 else "others"), [*rows, [label, *values]], None


def _without_lead(values: list[Piece], known: Known, coded: bool) -> list[Piece]:
    """The values without what stands around them: the code of the row, empty columns before and behind."""
    if (len(values) > 1 or coded) and values[0].text.lstrip("0") in known.codes - {""}:
        values = values[1:]
    for count in sorted(known.counts):
        lead = values[: len(values) - count]
        if len(values) > count and all(piece.kind == "blank" and not piece.text for piece in lead):
            return values[-count:]
        if len(values) > count and all(piece.kind == "blank" and not piece.text for piece in values[count:]):
            return values[:count]
    return values


@lru_cache(maxsize=20_000)
def _fit(text: str, form: str | None) -> tuple[float, Known | None]:
    """The label that a text fits best, and how well; None where it fits none clearly."""
    best: tuple[float, Known | None] = (0.0, None)
    for known in _known(form):
        score = best_similarity(text, known.labels)
        if score >= _CLEAR and score > best[0]:
            best = (score, known)
    return best


def _label(buffer: list[Piece], form: str | None) -> tuple[Piece | None, Known | None]:
    """The last pieces before the values, joined, that fit a label best (a label may be broken over pieces)."""
    best: tuple[float, Piece | None, Known | None] = (0.0, None, None)
    for size in range(1, min(_WINDOW, len(buffer)) + 1):
        pieces = buffer[-size:]
        text = "".join(piece.text for piece in pieces)
        score, known = _fit(text, form)
        if known is not None and score > best[0]:
            best = (score, Piece(pieces[0].start, pieces[-1].end, text, "words"), known)
    return best[1], best[2]


def _grid(text: str, rows: Sequence[Sequence[Piece]], number: int) -> Grid:
    """A grid of the pieces, with the text of each cell as published."""
    width = max(len(row) for row in rows)
    end = max(piece.end for row in rows for piece in row)
    cells = []
    for index, row in enumerate(rows):
        line = [
            Cell(text[piece.start : piece.end], piece.start, piece.end, (index, column))
            for column, piece in enumerate(row)
        ]
        line += [Cell("", end, end, (index, column)) for column in range(len(row), width)]
        cells.append(tuple(line))
    return Grid(number, tuple(cells), min(row[0].start for row in rows), end, "lines")
