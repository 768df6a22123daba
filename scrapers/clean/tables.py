"""Which tables are data and which only lay out a page: a data table becomes a grid, a layout table dissolves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from scrapers.clean.debris import is_form, key_of, patterns
from scrapers.clean.layout import Block, RawCell, TableBlock, TextBlock

_NUMBER = re.compile(r"[+\-−]?\d[\d,.]*%?")
_RECORD = re.compile(
    "索引号|主题分类|信息分类|发布机构|发文机关|发布日期|发文日期|生成日期|成文日期|公开日期|文号|主题词"
)
_LONG_CELL = 300  # characters from which a cell is a piece of text, not a value or a label
_LONG_CELL_OF_FORM = 2000
_LINKS = 0.5  # share of link text from which a text is a link, of links from which a form is none
_LINKS_OF_MENU = 0.3  # share of links from which another table is a menu or a list of pages
_MIN_NUMBERS_AROUND_NESTED = 6  # of a data table that has another table in one of its cells
_LABEL_LENGTH = 20


@dataclass(slots=True)
class SourceCell:
    """A cell of a source table with the blocks that stand in it."""

    blocks: list[Block]
    rowspan: int = 1
    colspan: int = 1

    @property
    def text(self) -> str:
        """The lines of the cell; a table in it gives a line a row."""
        parts: list[str] = []
        for block in self.blocks:
            if isinstance(block, TextBlock):
                parts.append(block.text)
            else:
                parts += [" ".join(cell.text for cell in row if cell.text) for row in block.rows]
        return "\n".join(parts).replace("\t", " ")

    @property
    def linked(self) -> bool:
        """Whether the cell is nothing but a link."""
        return all(isinstance(block, TextBlock) and block.links > _LINKS for block in self.blocks)


Rows = list[list[SourceCell]]


def table_blocks(rows: Rows, origin: str, chrome: bool = False) -> list[Block]:
    """A data table as one TableBlock; the contents of a layout table as blocks of their own."""
    raw = [[RawCell(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in rows]
    table = TableBlock(raw, origin, chrome)
    return [table] if _is_data(rows, table) else [block for row in rows for block in _dissolved(row)]


def _is_data(rows: Rows, table: TableBlock) -> bool:
    filled = [row for row in ([cell for cell in row if cell.blocks] for row in rows) if row]
    cells = [cell for row in filled for cell in row]
    if max(map(len, filled), default=0) < 2:
        return False
    texts = [cell.text for row in table.rows for cell in row if cell.text]
    found = (text for text in texts if len(text) <= _LONG_CELL and _NUMBER.fullmatch(key_of(text)))
    numbers = sum(1 for _ in islice(found, _MIN_NUMBERS_AROUND_NESTED))  # more make no difference
    nested = any(isinstance(block, TableBlock) for cell in cells for block in cell.blocks)
    if nested and numbers < _MIN_NUMBERS_AROUND_NESTED:
        return False
    form = is_form(table)
    linked = sum(1 for cell in cells if cell.linked)
    if linked > len(cells) * (_LINKS if form else _LINKS_OF_MENU):
        return False
    if max(map(len, texts), default=0) > (_LONG_CELL_OF_FORM if form and numbers >= 3 else _LONG_CELL):
        return False
    if not form and sum(1 for text in texts if _RECORD.search(key_of(text))) >= 2:
        return False  # the site's own record of the page
    return form or len(filled) >= 2 or numbers >= 2


def _dissolved(row: list[SourceCell]) -> Iterator[Block]:
    """The blocks of a layout row; a label of the page's record and its value stay on one line."""
    label: TextBlock | None = None
    for cell in row:
        for block in cell.blocks:
            if label is not None and isinstance(block, TextBlock):
                yield TextBlock(label.text + block.text, block.links, block.chrome)
                label = None
                continue
            if label is not None:
                yield label
                label = None
            if isinstance(block, TextBlock) and _is_record_label(block.text):
                label = block
            else:
                yield block
    if label is not None:
        yield label


def _is_record_label(text: str) -> bool:
    key = key_of(text)
    if len(key) >= _LABEL_LENGTH or not key.endswith((":", "】", "]")):
        return False
    return _RECORD.search(key) is not None or patterns().records.fullmatch(key) is not None
