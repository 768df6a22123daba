"""T2 of F2019 and F2021: the blocks of 第二十条, a row label times the column labels of the header above it."""

from __future__ import annotations

from scrapers.catalogue.schema import FormField
from scrapers.extract.align import best_similarity
from scrapers.extract.grids import GridView, Slot

_CLEAR = 0.8


def read_blocks(view: GridView, fields: list[FormField]) -> list[Slot]:
    """The cells of the blocks in this grid; of several rows with one label (one per contract) the first."""
    slots: list[Slot] = []
    header: dict[int, str] = {}
    taken: set[str] = set()
    for row in range(len(view.texts)):
        found = _header_of(view, row, fields)
        if found:
            header = found
            continue
        label_column, choices = _row_fields(view, row, fields)
        if label_column is None:
            continue
        for field, column in _places(view, row, label_column, choices, header):
            if field.id not in taken:
                taken.add(field.id)
                cells = view.grid.rows[row]
                slots.append(
                    Slot(field, None, cells[column], view.texts[row][column], view.grid.number, cells[label_column],
                         view.texts[row][label_column], field.columns[0])
                )  # fmt: skip
    return slots


def _header_of(view: GridView, row: int, fields: list[FormField]) -> dict[int, str]:
    """Column → column label of the form, where the row is a header."""
    labels = {column for field in fields for column in field.columns}
    found: dict[int, str] = {}
    for column in view.distinct(row):
        text = view.texts[row][column]
        if not text or text.isdecimal():
            continue
        best = max(labels, key=lambda label: (best_similarity(text, [label]), label))
        if best_similarity(text, [best]) >= 0.75:
            found[column] = best
    return found


def _row_fields(view: GridView, row: int, fields: list[FormField]) -> tuple[int | None, list[FormField]]:
    """The column of the row's label and the fields that bear it."""
    for column in view.distinct(row):
        if not view.is_label(row, column):
            continue
        text = view.texts[row][column]
        scored = [(best_similarity(text, field.labels), field) for field in fields]
        score = max((one for one, _ in scored), default=0.0)
        if score >= _CLEAR:
            name = next(field.labels[0] for one, field in scored if one == score)
            return column, [field for _, field in scored if field.labels[0] == name]
    return None, []


def _places(
    view: GridView, row: int, label_column: int, choices: list[FormField], header: dict[int, str]
) -> list[tuple[FormField, int]]:
    """Which field stands in which column: by the header's labels, else by order where the numbers agree."""
    columns = [column for column in view.distinct(row) if column > label_column and not view.is_label(row, column)]
    by_label: list[tuple[FormField, int]] = []
    origins = view.grid.rows[row]
    for field in choices:
        for column, label in sorted(header.items()):
            if label in field.columns and column < len(origins):
                start = next((one for one in columns if origins[one].origin == origins[column].origin), None)
                if start is not None:
                    by_label.append((field, start))
                break
    if len(by_label) == len(choices) and len({column for _, column in by_label}) == len(by_label):
        return by_label
    spare = [column for column in columns[len(choices) :] if view.texts[row][column].strip()]
    by_order = list(zip(choices, columns, strict=False))
    if len(columns) >= len(choices) and not spare and all(pair in by_order for pair in by_label):
        return by_order  # a header cell is cut or lost, and those that are left agree with the order
    return by_label if len({column for _, column in by_label}) == len(by_label) else []
