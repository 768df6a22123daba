"""HTML → blocks: paragraphs and data tables in reading order; tables used for layout dissolve."""

from __future__ import annotations

import re

from scrapers.clean.empty_cells import empty_cells
from scrapers.clean.html_tree import LINE_BREAK, Box, parse
from scrapers.clean.layout import Block, TextBlock
from scrapers.clean.tables import Rows, SourceCell, table_blocks
from scrapers.document import Issue

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MANY_BLANKS = re.compile(r"[\t\r\n\f]|  ")
# A line end of the source between two Chinese characters is no space to a reader.
_SOURCE_BREAK = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u3000-\u9fff\uff00-\uffef])")
_CJK = re.compile("[\u4e00-\u9fff]")
_FEW = 200  # Chinese characters below which a page may have hidden its text


def html_blocks(source: str) -> tuple[list[Block], dict[str, str], list[Issue]]:
    """The blocks of an HTML page, its meta tags, and what is worth knowing about it. Debris is still among them."""
    tree = parse(source)
    blocks = flatten(tree.body)
    issues: list[Issue] = []
    if (tree.hidden or tree.textareas) and _weight(blocks) < _FEW:
        hidden = flatten(parse(source, keep_hidden=True).body)
        for text in tree.textareas[:20]:
            hidden += flatten(parse(text).body) if "<" in text else []
        if _weight(hidden) > 2 * _weight(blocks):
            blocks = hidden
            issues.append(Issue("hidden_text", "info", "the text stands in elements that the page hides at first"))
    if not tree.closed:
        issues.append(Issue("truncated_page", "warning", "the page ends before its closing tags"))
    if tree.frames:
        issues.append(Issue("frames", "warning", f"the page is a frameset of {tree.frames} pages, which it only names"))
    if tree.images and _weight(blocks) < _FEW:
        issues.append(Issue("text_in_images", "info", f"little text beside {tree.images} images"))
    _mark_empty_cells(blocks)
    return blocks, tree.meta, issues


def _mark_empty_cells(blocks: list[Block]) -> None:
    for number in empty_cells([block.text if isinstance(block, TextBlock) else "table" for block in blocks]):
        block = blocks[number]
        if isinstance(block, TextBlock):
            block.cell = True


def flatten(box: Box) -> list[Block]:
    """The blocks inside ``box`` in reading order."""
    blocks: list[Block] = []
    run: list[tuple[str, bool]] = []
    chrome = box.chrome
    for child in box.children:
        if child is True or child is False:
            if run:
                blocks += _lines(run, chrome)
                run = []
            chrome = child
        elif isinstance(child, tuple):
            run.append(child)
        else:
            if run:
                blocks += _lines(run, chrome)
                run = []
            blocks += _table(child) if child.tag == "table" else flatten(child)
    if run:
        blocks += _lines(run, chrome)
    return blocks


def _lines(run: list[tuple[str, bool]], chrome: bool) -> list[Block]:
    """The lines of a run of inline text. Pieces are joined as they are: a number cut by tags comes out whole."""
    whole = "".join([text for text, _ in run]) if len(run) > 1 else run[0][0]
    if LINE_BREAK not in whole:
        line = clean_line(whole)
        if not line:
            return []
        linked = sum([len(text.strip()) for text, link in run if link])
        return [TextBlock(line, min(linked / len(line), 1.0), chrome)]
    lines: list[Block] = []
    pieces: list[str] = []
    linked = 0
    for text, link in [*run, (LINE_BREAK, False)]:
        first, *others = text.split(LINE_BREAK)
        pieces.append(first)
        linked += len(first.strip()) if link else 0
        for other in others:
            line = clean_line("".join(pieces))
            if line:
                lines.append(TextBlock(line, min(linked / len(line), 1.0), chrome))
            pieces, linked = [other], len(other.strip()) if link else 0
    return lines


def clean_line(text: str) -> str:
    """One line as a reader sees it: blanks of the source collapsed, no-break and wide spaces kept inside."""
    text = text.strip()
    if "\n" in text or "\r" in text:
        text = _SOURCE_BREAK.sub("", text)
    return _BLANKS.sub(" ", text) if _MANY_BLANKS.search(text) else text


def _table(table: Box) -> list[Block]:
    around: list[Block] = []
    rows: Rows = []
    _collect_rows(table, rows, around)
    return around + table_blocks(rows, "html", table.chrome)


def _collect_rows(box: Box, rows: Rows, around: list[Block]) -> None:
    """The rows of a table through its row groups; its caption and other text go before it."""
    for child in box.children:
        if isinstance(child, bool):
            continue  # no mark stands straight in a table
        if isinstance(child, tuple):
            around += _lines([child], box.chrome)
        elif child.tag in ("thead", "tbody", "tfoot"):
            _collect_rows(child, rows, around)
        elif child.tag == "tr":
            cells = [cell for cell in child.children if isinstance(cell, Box)]
            rows.append([SourceCell(flatten(cell), cell.rowspan, cell.colspan) for cell in cells])
        else:
            around += flatten(child)


def _weight(blocks: list[Block]) -> int:
    return sum(
        len(_CJK.findall(SourceCell([block]).text))
        for block in blocks
        if not (isinstance(block, TextBlock) and block.links > 0.5)
    )
