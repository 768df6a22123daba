"""What is printed in a table cell, and what it means.

Blank, "-", "/" and "——" are missing, never zero; 0, 零 and 无 are zero (conventions of the forms, formats.yaml).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scrapers.extract.numbers import numeral_value, unit_names

_BLANK = re.compile(r"[\s\-－—–―/\\|_.。*…·]*|(?:空|不适用|无数据|未统计)")
_NUMBER = re.compile(
    r"(?P<sign>[+\-−－])?(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<decimals>\.\d{1,8})?(?P<mult>[万亿千百](?!元))?"
)
_SHORT = 60  # characters of a cell that is likely to stand in other tables too
_ZERO_WORDS = frozenset({"无", "零", "〇", "没有", "O", "o", "○", "無"})
_SCALES = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "亿": 100_000_000.0}


@dataclass(frozen=True, slots=True)
class CellValue:
    """A cell as understood. kind: number, zero_word, blank, text (words, no number), unreadable (several numbers …)."""

    kind: str
    value: float | None = None
    unit: str | None = None
    note: str | None = None


def read_cell(text: str) -> CellValue:
    """The meaning of a normalised cell text: sign, thousands marks, unit and note inside the cell are understood."""
    return _read_short(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> CellValue:
    bare = re.sub(r"\s+", "", text)
    if _BLANK.fullmatch(bare):
        return CellValue("blank")
    if bare in _ZERO_WORDS:
        return CellValue("zero_word", 0.0)
    core, note = _without_note(bare)
    match = _NUMBER.match(core.lstrip("共约"))
    if match is None:
        numeral = numeral_value(core) if len(core) <= 6 else None
        return CellValue("text") if numeral is None else CellValue("number", numeral)
    rest = core.lstrip("共约")[match.end() :]
    unit, rest = _unit(rest)
    if rest.strip("。.,;余多整") or (note and _NUMBER.fullmatch(note)):
        return CellValue("unreadable" if re.search(r"\d", rest) or not rest else "text", note=note)
    value = float(match["digits"].replace(",", "") + (match["decimals"] or ""))
    if match["mult"]:
        value = round(value * _SCALES[match["mult"]], 6)
    return CellValue("number", -value if match["sign"] in ("-", "−", "－") else value, unit, note)


_read_short = lru_cache(maxsize=20_000)(_read)  # every reader of tables asks for the same cells


def _without_note(text: str) -> tuple[str, str | None]:
    """Takes a note in brackets off: 22(其中修订16件) → 22; (22) stays."""
    match = re.fullmatch(r"([^(]+)\((.*?)\)?[。;]?", text)
    return (match[1], match[2]) if match else (text.strip("()"), None)


def _unit(text: str) -> tuple[str | None, str]:
    for name in unit_names() if text else ():
        if text.startswith(name):
            return name, text[len(name) :]
    return None, text
