"""The clean room: bytes → the report's own text and grids (see docs/architecture.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scrapers.clean import debris, sniff
from scrapers.clean.decode import decode
from scrapers.clean.html import html_blocks
from scrapers.clean.layout import Block, compose
from scrapers.clean.normalise import fold, normalise, script_of
from scrapers.clean.text import text_blocks
from scrapers.document import Document, Issue, Page

__all__ = ["clean"]


def clean(page: Page) -> Document:
    """The page's own text, its normalised twin and its grids; the same bytes give the same Document.

    Raises scrapers.document.Unreadable where the bytes hold no text that can be read.
    """
    media_type = sniff.sniff(page)
    if media_type in (sniff.HTML, sniff.TEXT):
        return _clean_text(page, media_type)
    blocks, meta, issues = _office_reader(media_type)(page.content)
    return _document(blocks, media_type, None, meta, issues)


def _clean_text(page: Page, media_type: str) -> Document:
    decoded = decode(page.content, page.content_type)
    issues = list(decoded.issues)
    meta: Mapping[str, str] = {}
    blocks: list[Block]
    if media_type == sniff.HTML:
        blocks, meta, found = html_blocks(decoded.text)
        issues += found
    else:
        blocks = text_blocks(decoded.text)
    if decoded.cut and not any(issue.code == "truncated_page" for issue in issues):
        issues.append(Issue("truncated_page", "warning", "the page ends inside a character"))
    return _document(blocks, media_type, decoded.encoding, meta, issues)


def _office_reader(media_type: str) -> Callable[[bytes], tuple[list[Block], dict[str, str], list[Issue]]]:
    # pdfplumber, python-docx and calamine are slow to import, and most pages need neither
    if media_type == sniff.PDF:
        from scrapers.clean.pdf import pdf_blocks

        return pdf_blocks
    if media_type == sniff.DOCX:
        from scrapers.clean.docx import docx_blocks

        return docx_blocks
    from scrapers.clean.workbook import workbook_blocks

    return workbook_blocks


def _document(
    blocks: Sequence[Block], media_type: str, encoding: str | None, meta: Mapping[str, str], issues: Sequence[Issue]
) -> Document:
    composed = compose(debris.trim(blocks))
    found = list(issues)
    if composed.truncated:
        found.append(Issue("grid_truncated", "warning", "a table is too large to be stored whole as a grid"))
    script = script_of(composed.text)
    return Document(
        text=composed.text,
        normal=normalise(composed.text, script, composed.breaks),
        paragraphs=composed.paragraphs,
        grids=composed.grids,
        media_type=media_type,
        encoding=encoding,
        script=script,
        meta={name: fold(value, script) for name, value in meta.items()},
        issues=tuple(found),
    )
