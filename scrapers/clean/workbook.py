"""XLSX and XLS → blocks: each sheet a table, its title rows as paragraphs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, time

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from scrapers.clean.docx import check_unpacked
from scrapers.clean.layout import MAX_COLUMNS, MAX_ROWS, Block, Placed, TextBlock, from_places
from scrapers.document import Issue, Unreadable

_MAX_SHEETS = 20
_ZIP = b"PK\x03\x04"


def workbook_blocks(content: bytes) -> tuple[list[Block], dict[str, str], list[Issue]]:
    """The blocks of a workbook: every sheet with text, in their order.

    Raises Unreadable: too_large (an XLSX of more than 100 MB unpacked), encrypted, corrupt.
    """
    if content.startswith(_ZIP):
        check_unpacked(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [workbook.get_sheet_by_index(index) for index in range(min(len(workbook.sheet_names), _MAX_SHEETS))]
        return [block for sheet in sheets for block in _blocks(sheet)], {}, []
    except PasswordError:
        raise Unreadable("encrypted", "the workbook is protected by a password") from None
    except (CalamineError, OSError, ValueError, MemoryError) as error:
        raise Unreadable("corrupt", f"the workbook cannot be read: {error}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the library makes of a file that breaks its rules
            raise
        raise Unreadable("corrupt", "the workbook cannot be read: it breaks the rules of its format") from None


def _blocks(sheet: CalamineSheet) -> Iterator[Block]:
    """The sheet's table; rows of one cell before it (title, unit) are paragraphs."""
    spans = {first: (last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in sheet.merged_cell_ranges or []}
    if sheet.total_width > 100 * MAX_COLUMNS:
        raise ValueError(f"{sheet.total_width} columns")
    by_row: dict[int, list[Placed]] = {}
    left = sheet.start[1] if sheet.start else 0
    top = sheet.start[0] if sheet.start else 0
    for row, values in enumerate(sheet.iter_rows()):
        if row >= MAX_ROWS:
            break
        for column, value in enumerate(values[:MAX_COLUMNS]):
            text = _text(value).strip()
            if text:
                high, wide = spans.get((top + row, left + column), (1, 1))
                by_row.setdefault(row, []).append(Placed(row, column, text, high, wide))
    for row in sorted(by_row):
        if len(by_row[row]) > 1:
            break
        yield TextBlock(by_row.pop(row)[0].text)
    rest = [placed for row in by_row.values() for placed in row]
    if rest:
        yield from_places(rest, "xlsx")


def _text(value: object) -> str:
    """A cell as a reader sees it: 1234, not 1234.0."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
