"""T4 of F2019 and F2021: reviews and lawsuits, three blocks of five results in one row (or one block a table)."""

from __future__ import annotations

from scrapers.catalogue.schema import FormField
from scrapers.extract.align import best_similarity, label_key
from scrapers.extract.grids import GridView, Slot

_BLOCK = 5


def read_results(view: GridView, fields: list[FormField]) -> list[Slot]:
    """The cells of the blocks in this grid; empty where the grid has no such header."""
    groups = list(dict.fromkeys(field.group for field in fields))
    blocks = {group: [field for field in fields if field.group == group] for group in groups}
    results = [field.labels[0] for field in blocks[groups[0]]]
    slots: list[Slot] = []
    row = 0
    while row < len(view.texts):
        end, columns = _header_run(view, row, results)
        if len(columns) < _BLOCK - 1:
            row += 1
            continue
        found = _block_columns(view, end - 1, columns, results, groups)
        values = _value_row(view, end, [column for _, _, column in found])
        if values is not None:
            slots += _slots(view, values, found, blocks)
        row = end
    return slots


def _header_run(view: GridView, row: int, results: list[str]) -> tuple[int, list[tuple[int, str]]]:
    """(first row after the header, its results): the lowest name in a column counts, since a header may be torn."""
    named: dict[int, str] = {}
    while row < len(view.texts):
        found = _header(view, row, results)
        if not found:
            break
        if len(found) >= len(named):  # a cell that reaches down stands in the lower row too
            named = {column: result for column, result in named.items() if column < found[0][0]}
        named.update(dict(found))
        row += 1
    return row, sorted(named.items())


def _header(view: GridView, row: int, results: list[str]) -> list[tuple[int, str]]:
    """(column, result) of the cells that name a result."""
    found = []
    for column in view.distinct(row):
        key = label_key(view.texts[row][column])
        for result in results:
            if key == result or (len(key) >= 3 and best_similarity(key, [result]) >= 0.75):
                found.append((column, result))
                break
    return found


def _block_columns(
    view: GridView, row: int, columns: list[tuple[int, str]], results: list[str], groups: list[str]
) -> list[tuple[str, str, int]]:
    """(group, result, column): a new block begins where the order of results begins anew."""
    blocks: list[list[tuple[int, str]]] = []
    last = len(results)
    for column, result in columns:
        position = results.index(result)
        if position <= last and (not blocks or position <= results.index(blocks[-1][-1][1])):
            blocks.append([])
        blocks[-1].append((column, result))
        last = position
    named = [_group_above(view, row, block[0][0], groups) for block in blocks]
    if len(blocks) == len(groups):
        names: list[str | None] = list(groups)
    elif len(blocks) == len(groups) - 1 and not any(named):
        names = list(groups[1:])
    else:
        names = named
    return [
        (name, result, column)
        for name, block in zip(names, blocks, strict=True)
        if name is not None
        for column, result in block
    ]


def _group_above(view: GridView, row: int, column: int, groups: list[str]) -> str | None:
    """The name of a block: the nearest header above that is one of the groups."""
    for above in range(row - 1, -1, -1):
        if column < len(view.texts[above]):
            text = view.texts[above][column]
            for group in groups:
                if best_similarity(text, [group]) >= 0.85:
                    return group
    return None


def _value_row(view: GridView, start: int, columns: list[int]) -> int | None:
    """The next row that holds a value in at least one of the columns (or blanks in all)."""
    for row in range(start, min(start + 3, len(view.texts))):
        if any(column < len(view.texts[row]) and view.is_label(row, column) for column in columns):
            continue
        return row
    return None


def _slots(
    view: GridView, row: int, found: list[tuple[str, str, int]], blocks: dict[str, list[FormField]]
) -> list[Slot]:
    slots = []
    cells = view.grid.rows[row]
    for group, result, column in found:
        field = next((field for field in blocks[group] if result in field.labels), None)
        if field is not None and column < len(cells):
            header = f"{group} / {result}"
            slots.append(
                Slot(
                    field, None, cells[column], view.texts[row][column], view.grid.number, cells[column], group, header
                )
            )
    return slots
