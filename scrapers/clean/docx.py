"""DOCX → blocks: paragraphs and tables in the order of the body, with the labels that Word numbers by itself."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from scrapers.clean.layout import Block, TextBlock
from scrapers.clean.tables import Rows, SourceCell, table_blocks
from scrapers.document import Issue, Unreadable

MAX_UNPACKED = 100 * 1024 * 1024  # bytes
_MAX_DEPTH = 12  # tables in tables
_WRAPPERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")))
# Deleted and moved text, and the second copy that Word keeps of a text box for old programs.
_SKIPPED = frozenset(
    [
        *map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:txbxContent", "w:instrText", "w:footnoteReference")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)
_P, _TBL, _TR, _TC, _T, _BR, _CR, _TAB = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc", "w:t", "w:br", "w:cr", "w:tab"))
_VALUE = qn("w:val")
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting",
     "taiwaneseCountingThousand", "japaneseDigitalTenThousand")
)  # fmt: skip


def docx_blocks(content: bytes) -> tuple[list[Block], dict[str, str], list[Issue]]:
    """The blocks of a DOCX file, its title as meta, and issues. Insertions under review count, deletions do not.

    Raises Unreadable: too_large (more than 100 MB unpacked), corrupt.
    """
    check_unpacked(content)
    try:
        document = docx.Document(io.BytesIO(content))
        title = (document.core_properties.title or "").strip()
        reader = _Reader(_Numbering(document))
        blocks = list(reader.blocks(document.element.body, 0))
    except Unreadable:
        raise
    except Exception as error:  # python-docx raises whatever a broken package makes it trip over
        raise Unreadable("corrupt", f"the DOCX file cannot be read: {type(error).__name__}") from None
    return blocks, {"title": title} if title else {}, []


def check_unpacked(content: bytes) -> None:
    """Raise Unreadable(too_large) where a zip unpacks to more than 100 MB, (corrupt) where it is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Unreadable("corrupt", "the file begins as a zip and is broken") from None
    if size > MAX_UNPACKED:
        raise Unreadable("too_large", f"the file unpacks to {size // 2**20} MB")


class _Reader:
    def __init__(self, numbering: _Numbering) -> None:
        self.numbering = numbering

    def blocks(self, parent: Any, depth: int) -> Iterator[Block]:
        for child in parent.iterchildren():
            if child.tag == _P:
                yield from self._paragraph(child, depth)
            elif child.tag == _TBL:
                yield from self._table(child, depth)
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child, depth)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[Block]:
        text = "".join(_texts(paragraph))
        label = self.numbering.label(paragraph) if text.strip() else ""
        lines = (label + text).split("\n")
        yield from (TextBlock(line.strip()) for line in lines if line.strip())
        if depth < _MAX_DEPTH:
            for box in _text_boxes(paragraph):
                yield from self.blocks(box, depth + 1)

    def _table(self, table: Any, depth: int) -> Iterator[Block]:
        if depth >= _MAX_DEPTH:
            text = " ".join(element.text or "" for element in table.iter(_T))
            yield TextBlock(text.strip())
            return
        rows: Rows = []
        open_cells: dict[int, SourceCell] = {}  # by column: the cell that a vertical merge goes on with
        for row in _children(table, _TR):
            column = _grid_before(row)
            line: list[SourceCell] = [SourceCell([], colspan=column)] if column else []
            for cell in _children(row, _TC):
                span, merge = _spans(cell)
                if merge == "continue" and column in open_cells:
                    open_cells[column].rowspan += 1
                    open_cells[column].blocks += self.blocks(cell, depth + 1)
                else:
                    source = SourceCell(list(self.blocks(cell, depth + 1)), colspan=span)
                    line.append(source)
                    open_cells.pop(column, None)
                    if merge:
                        open_cells[column] = source
                column += span
            rows.append(line)
        yield from table_blocks(rows, "docx")


def _texts(element: Any) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == _T:
            yield child.text or ""
        elif child.tag in (_BR, _CR):
            yield "\n"
        elif child.tag == _TAB:
            yield " "
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif child.tag not in _SKIPPED:
            yield from _texts(child)


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(parent.tag in _SKIPPED for parent in box.iterancestors()):
            yield box


def _children(parent: Any, tag: str) -> Iterator[Any]:
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _grid_before(row: Any) -> int:
    found = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return _whole(found.get(_VALUE)) if found is not None else 0


def _spans(cell: Any) -> tuple[int, str]:
    """Columns of a cell, and "restart", "continue" or "" for its vertical merge."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, ""
    span, merge = properties.find(qn("w:gridSpan")), properties.find(qn("w:vMerge"))
    columns = max(_whole(span.get(_VALUE)), 1) if span is not None else 1
    return columns, "" if merge is None else (merge.get(_VALUE) or "continue")


def _whole(value: str | None) -> int:
    return min(int(value), 1000) if value and value.isdecimal() and len(value) < 9 else 0


class _Numbering:
    """The labels that Word counts by itself: 一、 (一) 1. and so on."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}  # (list, level) → format, pattern, first number
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.lists: dict[str, str] = {}
        self.styles: dict[str, tuple[str | None, str | None]] = {}
        try:
            numbering = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in numbering.iter(qn("w:abstractNum")):
            for level in abstract.iter(qn("w:lvl")):
                key = (abstract.get(qn("w:abstractNumId")), _whole(level.get(qn("w:ilvl"))))
                first = level.find(qn("w:start"))
                start = _whole(first.get(_VALUE)) if first is not None else 1
                self.levels[key] = (_value(level, "w:numFmt"), _value(level, "w:lvlText"), start)
        for number in numbering.iter(qn("w:num")):
            self.lists[number.get(qn("w:numId"))] = _value(number, "w:abstractNumId")
        for style in document.styles.element.iter(qn("w:style")):
            found = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if found is not None:
                self.styles[style.get(qn("w:styleId"))] = (_value(found, "w:numId"), _value(found, "w:ilvl"))

    def label(self, paragraph: Any) -> str:
        """The label of a numbered paragraph, "" for others; counts on."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        own = properties.find(qn("w:numPr"))
        style = self.styles.get(_value(properties, "w:pStyle"), (None, None))
        number = _value(own, "w:numId") if own is not None else style[0]
        level = _whole(_value(own, "w:ilvl") if own is not None else style[1])
        abstract = self.lists.get(number or "")
        if abstract is None or (abstract, level) not in self.levels:
            return ""
        counts = self.counts[abstract]
        counts[level] = counts.get(level, self.levels[abstract, level][2] - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return self._written(abstract, level, counts)

    def _written(self, abstract: str, level: int, counts: dict[int, int]) -> str:
        kind, pattern, _ = self.levels[abstract, level]
        if kind in ("bullet", "none"):
            return ""
        for other in range(level + 1):
            form, _, start = self.levels.get((abstract, other), ("decimal", "", 1))
            pattern = pattern.replace(f"%{other + 1}", _numeral(counts.get(other, start), form))
        return pattern


def _value(element: Any, name: str) -> str:
    found = element.find(qn(name))
    return (found.get(_VALUE) or "") if found is not None else ""


def _numeral(number: int, form: str) -> str:
    if form not in _CHINESE or not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
