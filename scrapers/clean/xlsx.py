"""XLSX → blocks: each sheet a table, its title rows as paragraphs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from scrapers.clean.docx import check_unpacked
from scrapers.clean.layout import MAX_COLUMNS, MAX_ROWS, Block, Placed, TextBlock, from_places
from scrapers.document import Issue, Unreadable

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_SHEET = re.compile(r"xl/worksheets/sheet\d{1,4}\.xml")
_MAX_SHEETS = 20


def xlsx_blocks(content: bytes) -> tuple[list[Block], dict[str, str], list[Issue]]:
    """The blocks of a workbook: every sheet with text, in the order of their files.

    Raises Unreadable: too_large (more than 100 MB unpacked), corrupt.
    """
    check_unpacked(content)
    blocks: list[Block] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            strings = _shared_strings(archive)
            names = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
            for name in sorted(names, key=lambda name: (len(name), name))[:_MAX_SHEETS]:
                blocks += _sheet(_parse(archive.read(name)), strings)
    except (zipfile.BadZipFile, KeyError, ValueError, ElementTree.ParseError, OSError) as error:
        raise Unreadable("corrupt", f"the workbook cannot be read: {type(error).__name__}") from None
    return blocks, {}, []


def _parse(data: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in data[:4096]:  # no workbook has one; entities could grow without bound
        raise ValueError("a document type in a workbook")
    return ElementTree.fromstring(data)


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = _parse(archive.read("xl/sharedStrings.xml"))
    return ["".join(_plain(item)) for item in root.findall(f"{_NAMESPACE}si")]


def _plain(item: ElementTree.Element) -> Iterator[str]:
    """The texts of a string, without its phonetic reading."""
    for child in item:
        if child.tag == f"{_NAMESPACE}t":
            yield child.text or ""
        elif child.tag in (f"{_NAMESPACE}r", f"{_NAMESPACE}is"):
            yield from _plain(child)


def _sheet(root: ElementTree.Element, strings: list[str]) -> Iterator[Block]:
    spans = dict(_merged(root))
    cells: list[Placed] = []
    for cell in root.iter(f"{_NAMESPACE}c"):
        place = _place(cell.get("r") or "")
        text = _text(cell, strings).strip()
        if place and text and place[0] < MAX_ROWS and place[1] < MAX_COLUMNS:
            high, wide = spans.get(place, (1, 1))
            cells.append(Placed(*place, text, high, wide))
    by_row: dict[int, list[Placed]] = {}
    for placed in cells:
        by_row.setdefault(placed.row, []).append(placed)
    for row in sorted(by_row):
        if len(by_row[row]) > 1:
            break
        yield TextBlock(by_row.pop(row)[0].text)
    rest = [placed for row in by_row.values() for placed in row]
    if rest:
        yield from_places(rest, "xlsx")


def _merged(root: ElementTree.Element) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for merge in root.iter(f"{_NAMESPACE}mergeCell"):
        first, _, last = (merge.get("ref") or "").partition(":")
        start, end = _place(first), _place(last)
        if start and end:
            yield start, (max(end[0] - start[0] + 1, 1), max(end[1] - start[1] + 1, 1))


def _place(reference: str) -> tuple[int, int] | None:
    """(row, column) from 0 of a reference such as B3."""
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if not found:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)) - 1, column - 1


def _text(cell: ElementTree.Element, strings: list[str]) -> str:
    kind, value = cell.get("t") or "n", cell.findtext(f"{_NAMESPACE}v") or ""
    if kind == "inlineStr":
        return "".join(_plain(cell))
    if kind == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    if kind == "n" and value:
        return format(float(value), ".15g")
    return value
