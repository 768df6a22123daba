"""Small Documents for tests of the extract room: a text, a naive normal twin, grids marked by hand."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from zhconv_rs_opencc import zhconv

from scrapers.document import Cell, Document, Grid, NormalText, Paragraph

SHARED = Path(__file__).parents[3] / "shared"
_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def normalise(text: str) -> NormalText:
    """NFKC and Simplified character by character; blanks beside a Chinese character are dropped."""
    out: list[str] = []
    starts, ends = array("l"), array("l")
    for position, char in enumerate(text):
        if char in "\r \t\u00a0\u3000":
            before = text[position - 1] if position else "\n"
            after = text[position + 1] if position + 1 < len(text) else "\n"
            if char == "\r" or before.isspace() or after.isspace() or _CJK.match(before) or _CJK.match(after):
                continue
            char = " "
        folded = unicodedata.normalize("NFKC", char)
        simple = zhconv(folded, "zh-Hans")
        for letter in simple if len(simple) == len(folded) else folded:
            out.append(letter)
            starts.append(position)
            ends.append(position + 1)
    return NormalText("".join(out), starts, ends)


def build(text: str, meta: Mapping[str, str] | None = None, table: str | None = None) -> Document:
    """A Document of ``text``. ``table``: rows as lines, cells split by "|", appended as one grid."""
    grids: tuple[Grid, ...] = ()
    if table is not None:
        start = len(text) + 1
        text = f"{text}\n{table}"
        grids = (Grid(1, _rows(table, start), start, len(text), "html"),)
    paragraphs = []
    position = 0
    for line in text.split("\n"):
        if line.strip():
            inside = bool(grids) and position >= grids[0].start
            paragraphs.append(Paragraph(position, position + len(line), 1 if inside else None))
        position += len(line) + 1
    return Document(
        text=text,
        normal=normalise(text),
        paragraphs=tuple(paragraphs),
        grids=grids,
        media_type="text/html",
        encoding="utf-8",
        script="simplified",
        meta=dict(meta or {}),
    )


def _rows(table: str, start: int) -> tuple[tuple[Cell, ...], ...]:
    rows = []
    for number, line in enumerate(table.split("\n")):
        cells = []
        for column, text in enumerate(line.split("|")):
            cells.append(Cell(text, start, start + len(text), (number, column)))
            start += len(text) + 1
        rows.append(tuple(cells))
    return tuple(rows)


def seed_documents() -> list[tuple[str, dict[str, Any]]]:
    """(file name, gold answers) of each seed; one empty pair where the seeds are absent, so that tests skip."""
    gold = SHARED / "reference" / "seeds_gold.yaml"
    if not gold.is_file():
        return [("absent", {})]
    return [(str(answers["file"]), answers) for answers in YAML(typ="safe").load_all(gold.read_text(encoding="utf-8"))]
