"""Plain text → blocks: a line is a paragraph; rows of "|" are debris, a table, or layout around the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scrapers.clean.empty_cells import empty_cells
from scrapers.clean.layout import Block, RawCell, TableBlock, TextBlock

_LINE_ENDS = re.compile(r"\r\n?|[\n\f\v\x1c-\x1e\x85\u2028\u2029]")
_RULE = re.compile(r"[\s|:+=\-—─━═┌┐└┘├┤┬┴┼│┃]*")
_PIPES = str.maketrans("｜│┃", "|||")
_MIN_PIPES = 2  # in a row of a table


def text_blocks(text: str) -> list[Block]:
    """The blocks of a plain text, nothing merged: lines as published without the layout around them."""
    lines = [line.strip() for line in _LINE_ENDS.split(text)]
    piped = [line.translate(_PIPES) for line in lines]
    empty = empty_cells(lines)
    blocks: list[Block] = []
    number = 0
    while number < len(lines):
        end = _table_end(piped, number)
        if end > number:
            rows = [_cells(line) for line in piped[number:end] if not _RULE.fullmatch(line)]
            blocks.append(TableBlock(rows, "pipes"))
            number = end
            continue
        if "|" not in piped[number]:
            blocks += [TextBlock(lines[number])] if lines[number] else []
        elif number in empty:
            blocks.append(TextBlock("|", cell=True))
        else:
            blocks += _around_pipes(lines[number], piped[number])
        number += 1
    return blocks


def _table_end(lines: Sequence[str], start: int) -> int:
    """Where the rows of the table that begins at ``start`` end; ``start`` itself where none begins."""
    if not _is_row(lines[start]):
        return start
    end, rows, width = start, 0, lines[start].count("|")
    while end < len(lines):
        line = lines[end]
        if _is_row(line) or (line.startswith("|") and line.count("|") == width):
            rows += 1
            width = max(width, line.count("|"))
        elif not (_is_rule(line) or (not line and end + 1 < len(lines) and _is_row(lines[end + 1]))):
            break
        end += 1
    return end if rows >= 2 else start


def _is_row(line: str) -> bool:
    """Two or more cells between "|", at least two of them filled."""
    if line.count("|") < _MIN_PIPES and not (line.count("|") == 1 and not line.startswith("|")):
        return False
    filled = [part for part in line.split("|") if part.strip()]
    if len(filled) < 2 or max(map(len, filled)) > 300:
        return False
    return line.startswith("|") or line.count("|") >= _MIN_PIPES


def _is_rule(line: str) -> bool:
    """A line drawn between two rows."""
    return bool(line) and _RULE.fullmatch(line) is not None and not set(line) <= set("| ")


def _cells(line: str) -> list[RawCell]:
    parts = line.removeprefix("|").removesuffix("|").split("|")
    return [RawCell(part.strip().replace("\t", " ")) for part in parts]


def _around_pipes(line: str, piped: str) -> list[Block]:
    """The texts of a layout row. A single "|" inside a line is punctuation and stays."""
    begin = len(piped) - len(piped.lstrip("| \t\u00a0\u3000"))
    end = len(piped.rstrip("| \t\u00a0\u3000"))
    inner = line[begin:end]
    if not inner:
        return []
    parts = [part.strip() for part in re.split(r"\|(?:[ \t\u00a0\u3000]*\|)+", inner.translate(_PIPES))]
    if len(parts) == 1:
        return [TextBlock(inner)]
    return [TextBlock(part) for part in parts if part]
