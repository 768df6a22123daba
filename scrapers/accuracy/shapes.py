"""What a page looks like, in a few words: the shapes by which accuracy is counted.

Nobody has to write them into answers: they follow from the answer itself (flags, values of tables, cited evidence) and
from the page's markup, which is looked at here without the reader. An answer's own key ``shape`` stands in for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath

from zhconv_rs_opencc import zhconv

from scrapers.accuracy.answers import Answer

_BINARY = {".pdf": "pdf", ".docx": "docx", ".doc": "docx", ".xlsx": "xlsx", ".xls": "xlsx"}
_TEXT = {".txt", ".md", ".csv"}
_PINYIN = re.compile(r"[\u4e00-\u9fff][(（] ?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6} ?[)）]")
_ENOUGH = 0.5  # of the answer's cells: from here on a table holds them
_TRADITIONAL = 0.02  # of the letters; single variants stand in Simplified texts too


def shapes_of(answer: Answer, content: bytes) -> tuple[str, ...]:
    """The shapes of a page, sorted.

    Container: html, text, pdf, docx, xlsx. Tables (where the answer has values of tables): html_table, pipes (rows of
    "|"), flattened (cells as lines or paragraphs), and nested (tables inside tables, with or without values); else
    tables_lost or no_table. Marks: traditional, pinyin, hijacked, mirror, annex, not_a_report.
    """
    if answer.shape:
        return tuple(sorted(set(answer.shape)))
    return tuple(sorted({*_container(answer, content), *_marks(answer)}))


def _container(answer: Answer, content: bytes) -> Iterator[str]:
    suffix = PurePosixPath(answer.file).suffix.lower()
    cells = len(answer.printed_cells())
    if suffix in _BINARY:
        yield _BINARY[suffix]
    elif suffix in _TEXT:
        yield "text"
        yield from _tables(answer, cells, 0, content)
    else:
        markup = _Markup()
        markup.feed(_tags(content))
        markup.close()
        yield "html"
        if markup.nested:
            yield "nested"
        yield from _tables(answer, cells, markup.cells, content)


def _tables(answer: Answer, cells: int, in_tables: int, content: bytes) -> Iterator[str]:
    if "tables_lost" in answer.issues:
        yield "tables_lost"
    elif not cells:
        yield "no_table"
    elif in_tables >= _ENOUGH * cells:
        yield "html_table"
    else:
        yield "pipes" if content.count(b"|") >= _ENOUGH * cells else "flattened"


def _marks(answer: Answer) -> Iterator[str]:
    cited = "".join([answer.title or "", *(row.evidence or "" for row in answer.figures)])
    plain = zhconv(cited, "zh-hans")
    if sum(a != b for a, b in zip(cited, plain, strict=False)) > _TRADITIONAL * max(len(cited), 1):
        yield "traditional"
    if _PINYIN.search(cited):
        yield "pinyin"
    if "hijacked" in answer.issues:
        yield "hijacked"
    if "mirror" in (answer.trust, answer.trust_at_gov_host) or (answer.url and "mirror" in answer.accept_issues):
        yield "mirror"
    if answer.document_kind != "annual_report":
        yield answer.document_kind


def _tags(content: bytes) -> str:
    """Tags are ASCII in every encoding of the web but UTF-16."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    return content.decode("latin-1")


class _Markup(HTMLParser):
    """Counts the cells of tables that hold no other table, and whether any table stands in another."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = 0
        self.nested = False
        self._open: list[int] = []  # cells so far in each open table; a table with another in it counts none

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            if self._open:
                self.nested = True
                self._open[-1] = -1
            self._open.append(0)
        elif tag in ("td", "th") and self._open and self._open[-1] >= 0:
            self._open[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self.cells += max(self._open.pop(), 0)

    def close(self) -> None:
        super().close()
        while self._open:
            self.handle_endtag("table")
