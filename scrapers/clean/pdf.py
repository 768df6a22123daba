"""PDF → blocks: paragraphs of joined lines and the tables between them, without page numbers and running heads."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from scrapers.clean.layout import Block, TableBlock, TextBlock
from scrapers.clean.pdf_aligned import find_aligned, pieces_of
from scrapers.clean.pdf_tables import Part, find_parts, stitch
from scrapers.document import Issue, Unreadable

MAX_PAGES = 300
_MAX_SECONDS = 120.0
_MAX_OBJECTS = 60_000  # on one page, above which no tables are looked for
_FEW_CHARACTERS = 15  # a page, below which a page with an image counts as a scan
_PAGE_NUMBER = re.compile(r"[-—–─·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共,，]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–─·\s]*")
_SENTENCE_END = ("。", "；", "：", "！", "？", ";", ":", "!", "?", "……")
_LABEL = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、．.]|[（(][一二三四五六七八九十]{1,3}[）)]|附[件表])")
_LONG_LINE = 15  # characters of a line that can show where the right margin is
_UNBROKEN = re.compile(r"[!-~]{1,60}")  # a number or address that goes to the next line as a whole
_GLYPHS = re.compile(r"\(cid:\d+\)")


@dataclass(slots=True)
class _Line:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    page: int
    size: float  # height of its characters


@dataclass(slots=True)
class _Aligned:
    """A table without ruled lines."""

    top: float
    table: TableBlock

    @property
    def text(self) -> str:
        """The texts of all cells."""
        return "".join(cell.text for row in self.table.rows for cell in row)


_Item = _Line | Part | _Aligned


@dataclass(slots=True)
class _Sheet:
    """What stands on one page, in order from the top."""

    items: list[_Item]
    height: float


def pdf_blocks(content: bytes) -> tuple[list[Block], dict[str, str], list[Issue]]:
    """The blocks of a PDF, its title as meta, and issues.

    Raises Unreadable: encrypted, corrupt, needs_ocr (no text but images, or text without a character table).
    """
    issues: list[Issue] = []
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            meta = _meta(pdf.metadata)
            sheets, images = _read_pages(pdf, issues)
    except Unreadable:
        raise
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, (PDFPasswordIncorrect, PDFTextExtractionNotAllowed)):
            raise Unreadable("encrypted", "the PDF is protected by a password") from None
        raise Unreadable("corrupt", f"the PDF cannot be read: {cause}") from None
    except PDFPasswordIncorrect:
        raise Unreadable("encrypted", "the PDF is protected by a password") from None
    except Exception as error:  # pdfminer raises whatever a broken file makes it trip over
        raise Unreadable("corrupt", f"the PDF cannot be read: {type(error).__name__}") from None
    _check_text(sheets, images)
    _drop_furniture(sheets)
    return list(_blocks(sheets)), meta, issues


def _meta(metadata: dict[str, Any]) -> dict[str, str]:
    title = metadata.get("Title")
    sensible = isinstance(title, str) and title.strip() and not title.startswith("ÿþ")
    return {"title": title.strip()[:2000]} if sensible and isinstance(title, str) else {}


def _read_pages(pdf: PDF, issues: list[Issue]) -> tuple[list[_Sheet], int]:
    sheets: list[_Sheet] = []
    images = 0
    deadline = time.monotonic() + _MAX_SECONDS
    count = len(pdf.pages)
    for page in pdf.pages[:MAX_PAGES]:
        if time.monotonic() > deadline:
            break
        sheets.append(_read_page(page))
        images += len(page.images)
        page.close()
    if len(sheets) < count:
        issues.append(Issue("pages_left_out", "warning", f"only {len(sheets)} of {count} pages were read"))
    return sheets, images


def _read_page(page: Any) -> _Sheet:
    small = sum(len(found) for found in page.objects.values()) <= _MAX_OBJECTS
    parts = find_parts(page) if small else []
    boxes = [part.box for part in parts]

    def outside(item: dict[str, Any]) -> bool:
        middle, centre = (item["top"] + item["bottom"]) / 2, (item["x0"] + item["x1"]) / 2
        return not any(box[0] <= centre <= box[2] and box[1] <= middle <= box[3] for box in boxes)

    rest = page.filter(lambda item: item["object_type"] != "char" or outside(item)) if boxes else page
    found = (rest.dedupe_chars() if small else rest).extract_text_lines(return_chars=True, strip=True)
    items: list[_Item] = [*parts]
    done = 0
    for aligned in find_aligned([pieces_of(line["chars"]) for line in found]):
        items += [_line(line, page.page_number) for line in found[done : aligned.first]]
        items.append(_Aligned(found[aligned.first]["top"], aligned.table))
        done = aligned.last
    items += [_line(line, page.page_number) for line in found[done:]]
    return _Sheet(sorted(items, key=lambda item: item.top), float(page.height))


def _line(line: dict[str, Any], page: int) -> _Line:
    top, bottom = line["top"], line["bottom"]
    return _Line(line["text"], line["x0"], line["x1"], top, bottom, page, bottom - top)


def _check_text(sheets: list[_Sheet], images: int) -> None:
    text = "".join(item.text for sheet in sheets for item in sheet.items)
    glyphs = len(_GLYPHS.findall(text))
    if glyphs * 8 > len(text) * 0.5:
        raise Unreadable("needs_ocr", "the fonts of the PDF do not say which characters they show")
    if len(text.strip()) < _FEW_CHARACTERS * max(len(sheets), 1) and images >= max(len(sheets) * 0.5, 1):
        raise Unreadable("needs_ocr", f"the PDF has {images} images and no text")
    if not text.strip():
        raise Unreadable("needs_ocr", "the PDF shows no text")


def _drop_furniture(sheets: list[_Sheet]) -> None:
    """Take page numbers and running heads and feet off every page."""
    edges: Counter[str] = Counter()
    for sheet in sheets:
        edges.update({_furniture_key(item.text) for item in _edge_lines(sheet)})
    repeated = {key for key, count in edges.items() if count >= 2 and count >= len(sheets) * 0.5}
    for sheet in sheets:
        dropped = {
            id(item)
            for item in _edge_lines(sheet)
            if _PAGE_NUMBER.fullmatch(item.text) or _furniture_key(item.text) in repeated
        }
        sheet.items = [item for item in sheet.items if id(item) not in dropped]


def _edge_lines(sheet: _Sheet) -> list[_Line]:
    edges = [*sheet.items[:2], *sheet.items[-2:]]
    near = [item for item in edges if item.top < sheet.height * 0.12 or item.top > sheet.height * 0.86]
    return [item for item in near if isinstance(item, _Line) and len(item.text) < 60]


def _furniture_key(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text))


def _blocks(sheets: list[_Sheet]) -> Iterator[Block]:
    lines = [item for sheet in sheets for item in sheet.items if isinstance(item, _Line)]
    margins = _margins(lines)
    paragraph: list[_Line] = []
    for run in _runs(sheets):
        if not isinstance(run, _Line):
            yield from _joined(paragraph)
            paragraph = []
            yield stitch(run) if isinstance(run, list) else run.table
        elif paragraph and _continues(paragraph[-1], run, margins):
            paragraph.append(run)
        else:
            yield from _joined(paragraph)
            paragraph = [run]
    yield from _joined(paragraph)


def _runs(sheets: list[_Sheet]) -> Iterator[_Line | _Aligned | list[Part]]:
    """Lines one by one, and the parts of each table together: it may go on at the top of the next page."""
    open_parts: list[Part] = []
    for sheet in sheets:
        for number, item in enumerate(sheet.items):
            if isinstance(item, Part) and number == 0 and open_parts and open_parts[-1].goes_on(item):
                open_parts.append(item)
                continue
            if open_parts:
                yield open_parts
                open_parts = []
            if isinstance(item, Part):
                open_parts = [item]
            else:
                yield item
    if open_parts:
        yield open_parts


def _margins(lines: list[_Line]) -> tuple[float, float, bool]:
    """The left and right edge of full lines, and whether paragraphs begin with an indent."""
    if not lines:
        return 0.0, 0.0, False
    lefts = Counter(round(line.left / 4) for line in lines)
    right = max(
        (line.right for line in lines if len(line.text) >= _LONG_LINE), default=max(line.right for line in lines)
    )
    full = [line for line in lines if line.right > right - 1.6 * line.size]
    left_counts = Counter(round(line.left / 4) for line in full) or lefts
    common = [place for place, count in left_counts.items() if count >= max(left_counts.values()) * 0.15]
    left = min(common) * 4.0
    indented = sum(1 for line in full if line.left > left + line.size)
    return left, right, indented >= max(1, len(full) * 0.03)


def _continues(line: _Line, following: _Line, margins: tuple[float, float, bool]) -> bool:
    """Whether ``following`` goes on with the paragraph of ``line``."""
    left, right, indents = margins
    token = _UNBROKEN.match(following.text)
    room = max(1.6, 0.6 * len(token.group()) + 0.6 if token else 0.0) * line.size
    if line.right < right - room or abs(following.size - line.size) > 0.35 * line.size:
        return False
    if following.left > left + 0.8 * following.size:
        return False
    if following.page == line.page and following.top - line.bottom > 2.2 * line.size:
        return False
    ends = line.text.rstrip().endswith(_SENTENCE_END)
    return not (ends and _LABEL.match(following.text)) and (indents or not ends)


def _joined(lines: list[_Line]) -> Iterator[TextBlock]:
    if not lines:
        return
    text = lines[0].text
    for line in lines[1:]:
        latin = text[-1:].isascii() and text[-1:].isalpha() and line.text[:1].isascii() and line.text[:1].isalpha()
        text += (" " if latin else "") + line.text
    yield TextBlock(text)
