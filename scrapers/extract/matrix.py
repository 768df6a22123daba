"""The requests matrix (T3 of F2019 and F2021): outcomes down, kinds of applicant across."""

from __future__ import annotations

from scrapers.catalogue import load_catalogue
from scrapers.catalogue.schema import FormField
from scrapers.extract.align import align, best_similarity, label_key
from scrapers.extract.grids import GridView, Slot

_APPLICANTS = 7
_LEAST_HEADERS = 4
_CLEAR = 0.86


def read_matrix(view: GridView, fields: list[FormField]) -> list[Slot]:
    """The cells of the matrix in this grid; empty where it is none."""
    header_end, columns = _header(view)
    rows = [row for row in range(header_end, len(view.texts)) if view.texts[row]]
    labels = [_own_label(view, row, columns) for row in rows]
    matched = align([label for label, _ in labels], [field.labels for field in fields])
    if len(matched) < 3 and not _is_rest(view, rows, labels, matched, fields):
        return []
    slots: list[Slot] = []
    for index, number in sorted(matched.items()):
        label, label_column = labels[index]
        slots += _row_slots(view, rows[index], label, label_column, columns, fields[number])
    return slots


def _is_rest(
    view: GridView, rows: list[int], labels: list[tuple[str, int]], matched: dict[int, int], fields: list[FormField]
) -> bool:
    """Whether one or two rows are the matrix's where a page ended: each has a label of the form and seven cells."""
    labelled = [index for index, (_, column) in enumerate(labels) if column >= 0]
    return bool(labelled) and all(
        index in matched
        and best_similarity(labels[index][0], fields[matched[index]].labels) >= _CLEAR
        and len(_after(view, rows[index], labels[index][1])) == _APPLICANTS
        for index in labelled
    )


def _after(view: GridView, row: int, label_column: int) -> list[int]:
    """The cells of a row behind its label, without the empty columns behind the grid."""
    last = max((column for line in view.texts for column, text in enumerate(line) if text.strip()), default=-1)
    return [column for column in view.distinct(row) if label_column < column <= last]


def _header(view: GridView) -> tuple[int, dict[str, int]]:
    """(first row after the header, applicant type → column). The lowest header row names all seven kinds."""
    types = load_catalogue().applicant_types
    best: tuple[int, dict[str, int]] = (0, {})
    for row in range(min(len(view.texts), 8)):
        found: dict[str, int] = {}
        for column in range(len(view.texts[row])):
            key = label_key(view.texts[row][column])
            for kind in types:
                if key in kind.labels and kind.id not in found:
                    found[kind.id] = column
                    break
        if len(found) >= _LEAST_HEADERS and len(found) >= len(best[1]):
            best = (row + 1, found)
    end, found = best
    if not found:
        return 0, _rightmost(view)
    return end, _complete(found, view)


def _complete(found: dict[str, int], view: GridView) -> dict[str, int]:
    """Kinds whose header is cut stand between their recognised neighbours."""
    ids = [kind.id for kind in load_catalogue().applicant_types]
    columns: dict[str, int] = dict(found)
    for position, kind in enumerate(ids):
        if kind in columns:
            continue
        before = next((columns[ids[p]] + position - p for p in range(position - 1, -1, -1) if ids[p] in columns), None)
        after = next(
            (columns[ids[p]] - (p - position) for p in range(position + 1, len(ids)) if ids[p] in columns), None
        )
        column = before if before is not None else after
        taken = set(columns.values())
        if column is not None and 0 <= column < view.width and column not in taken and after in (None, column):
            columns[kind] = column
    return columns


def _rightmost(view: GridView) -> dict[str, int]:
    """No header survives: the seven last columns, where the grid is wide enough for label columns too."""
    ids = [kind.id for kind in load_catalogue().applicant_types]
    first = view.width - _APPLICANTS
    return {kind: first + position for position, kind in enumerate(ids)} if first >= 1 else {}


def _own_label(view: GridView, row: int, columns: dict[str, int]) -> tuple[str, int]:
    """The row's own label is its last cell of words before the values; the cells before it name its groups."""
    first_value = min(columns.values(), default=view.width)
    label, label_column = "", -1
    for column in view.distinct(row):
        if view.is_label(row, column):
            if column >= first_value + 2:
                break
            label, label_column = view.texts[row][column], column
    return label, label_column


def _row_slots(
    view: GridView, row: int, label: str, label_column: int, columns: dict[str, int], field: FormField
) -> list[Slot]:
    ids = [kind.id for kind in load_catalogue().applicant_types]
    after = _after(view, row, label_column)
    if len(after) == _APPLICANTS and label_column >= 0:
        places = dict(zip(ids, after, strict=True))
    else:
        places = {kind: columns[kind] for kind in ids if kind in columns and columns[kind] < len(view.texts[row])}
        places = {kind: column for kind, column in places.items() if column > label_column}
    cells = view.grid.rows[row]
    label_cell = cells[max(label_column, 0)]
    names = {kind.id: kind.label_zh for kind in load_catalogue().applicant_types}
    return [
        Slot(field, kind, cells[column], view.texts[row][column], view.grid.number, label_cell, label, names[kind])
        for kind, column in places.items()
        if not view.is_label(row, column)
    ]
