"""Tables with one field a row: the statistical table of 2014 (T2014) and the Shanghai family (SH)."""

from __future__ import annotations

import re

from scrapers.catalogue.schema import FormField, FormTable
from scrapers.extract.align import align, best_similarity, label_key
from scrapers.extract.cells import read_cell
from scrapers.extract.grids import GridView, Slot

_UNIT_CELL = re.compile(r"[条件次篇个人元项份宗起封]|人次|万元|——|-+|")
_CLEAR = 0.9


def read_listed(
    view: GridView, table: FormTable, fields: list[FormField], value_column: int | None = None
) -> list[Slot]:
    """The cells of a list table; ``fields`` include the headers, which keep the order of the form.

    ``value_column``: of the table that this grid continues, where it has no header of its own.
    """
    rows = list(range(len(view.texts)))
    labels = [_label(view, row) for row in rows]
    matched = align([label for label, _ in labels], [field.labels for field in fields])
    if len(matched) < 3 and not _is_rest(labels, matched, fields, value_column):
        return []
    value_column = column_of_values(view, table) if value_column is None else value_column
    slots = []
    for index, number in sorted(matched.items()):
        field = fields[number]
        label, label_column = labels[index]
        column = _value_place(view, rows[index], label_column, value_column, field.code)
        if field.header or column is None:
            continue
        cells = view.grid.rows[rows[index]]
        text = view.texts[rows[index]][column]
        slots.append(Slot(field, None, cells[column], text, view.grid.number, cells[label_column], label, "统计数"))
    return slots


def _is_rest(
    labels: list[tuple[str, int]], matched: dict[int, int], fields: list[FormField], value_column: int | None
) -> bool:
    """Whether one or two rows are the table's where a page ended: each has a label of the form."""
    return value_column is not None and bool(matched) and all(
        index in matched and best_similarity(label, fields[matched[index]].labels) >= _CLEAR
        for index, (label, _) in enumerate(labels)
    )  # fmt: skip


def _label(view: GridView, row: int) -> tuple[str, int]:
    """The longest cell of words of a row is its label (units and codes are short)."""
    best, place = "", 0
    for column in view.distinct(row):
        text = view.texts[row][column]
        if view.is_label(row, column) and len(label_key(text)) > len(label_key(best)):
            best, place = text, column
    return best, place


def column_of_values(view: GridView, table: FormTable) -> int | None:
    """The column of the values: by its header, where several columns hold numbers by the one called the total."""
    for row in range(min(6, len(view.texts))):
        named = [
            (table.value_headers.index(header), column)
            for column in view.distinct(row)
            for header in table.value_headers
            if best_similarity(view.texts[row][column], [header]) >= 0.9 or label_key(view.texts[row][column]) == header
        ]
        if named:
            return min(named)[1]
    return None


def _value_place(view: GridView, row: int, label_column: int, value_column: int | None, code: str) -> int | None:
    """The cell of the row that holds its value; None where several numbers stand there and no header chooses."""
    texts = view.texts[row]
    if value_column is not None and label_column < value_column < len(texts) and not view.is_label(row, value_column):
        return value_column
    columns = [column for column in view.distinct(row) if column > label_column]
    if len(columns) > 1 and code and texts[columns[0]].strip().lstrip("0") == code.lstrip("0"):
        columns = columns[1:]  # the code of the row, as in the Shanghai family
    numbers = [column for column in columns if read_cell(texts[column]).kind in ("number", "zero_word")]
    if len(numbers) == 1:
        return numbers[0]
    rest = [
        column for column in columns if not _UNIT_CELL.fullmatch(texts[column].strip()) or not texts[column].strip()
    ]
    return rest[-1] if rest and not numbers else None
