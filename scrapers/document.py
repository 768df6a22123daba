"""What the rooms of the library hand on to each other: Page → Document → Reading.

All offsets are Python code points in ``Document.text``, the report's own text as published.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Page:
    """One page as fetched or as found in a folder. At least one of file_name and url is set."""

    content: bytes
    file_name: str | None = None  # path inside the pages folder, with "/" between parts
    url: str | None = None
    content_type: str | None = None  # the Content-Type header as sent, else None
    official: bool = False  # the source registry says that the host is the publisher's own


class Unreadable(Exception):
    """The bytes hold no text that can be read. ``code`` is machine-readable, ``detail`` is for people.

    Codes: empty_file, binary, undecodable, too_large, encrypted, needs_ocr, needs_conversion, corrupt.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a user of the data should know about this page. Severity: info, warning or error."""

    code: str
    severity: str
    detail: str
    reported_value: float | None = None
    recomputed_value: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an expanded grid. A cell that a rowspan or colspan repeats has span and text of its origin."""

    text: str  # as published; line breaks inside the cell are "\n"
    start: int
    end: int
    origin: tuple[int, int]  # (row, column) of the cell it repeats; its own place where it is not repeated


@dataclass(frozen=True, slots=True)
class Grid:
    """One data table, expanded to a rectangle; its text stands in Document.text[start:end], a row a line."""

    number: int  # 1, 2 … in the order of the document
    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int
    origin: str  # html, pdf, docx, pipes (rows of "|"), lines (one cell a line)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of the page's own text. ``grid`` is the number of the grid whose row it is, else None."""

    start: int
    end: int
    grid: int | None = None


@dataclass(frozen=True, slots=True)
class NormalText:
    """The normalised twin of a text, with the way back.

    NFKC, Simplified, no pinyin in brackets, no spaces inside words, paragraphs ("\\n") kept.
    ``starts[i]`` and ``ends[i]`` are the span of the published text that normal character i stands for.
    """

    text: str
    starts: array[int]
    ends: array[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the published text behind normal[start:end] (end > start)."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Document:
    """A page's own text and grids, without navigation and debris."""

    text: str
    normal: NormalText
    paragraphs: tuple[Paragraph, ...]
    grids: tuple[Grid, ...]
    media_type: str  # text/html, text/plain, application/pdf, …docx
    encoding: str | None
    script: str  # simplified, traditional
    meta: Mapping[str, str] = field(default_factory=dict)  # <meta> names in lower case, and "title" for <title>; folded
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter (level 1) or a part of one (level 2, 3); [start, end) includes the heading."""

    number: int  # 1, 2 … in the order of the document, over all levels
    level: int
    label: str  # the numbering as printed, e.g. 一、 or (二)
    heading: str  # without the numbering
    kind: str  # a kind of catalogue/chapters.yaml, "other" where none fits
    start: int
    end: int
    body_start: int


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Whose report it is. code is None where the place is undecided; candidates then say what it may be."""

    id: str | None
    code: str | None
    name: str | None
    level: str | None  # province, prefecture, county, township, functional_zone
    parent_code: str | None
    candidate_codes: tuple[str, ...] = ()
    basis: str = ""  # in words: which evidence decided


@dataclass(frozen=True, slots=True)
class Identity:
    """Title, place, time and contacts of a report; None where the page does not say it."""

    title: str | None
    issuer: str | None
    jurisdiction: Jurisdiction
    agency_name: str | None
    scope: str | None  # whole_area, own_agency
    report_year: int | None
    report_year_basis: str | None
    period_start: date | None
    period_end: date | None
    published_on: date | None
    phone: str | None
    fax: str | None
    email: str | None
    postcode: str | None
    address: str | None
    website: str | None
    trust: str  # official, mirror, hijacked, unknown
    trust_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with its evidence. ``value`` and ``unit`` as published (unit in Simplified)."""

    field_id: str
    metric_id: str
    applicant_type: str | None
    value: float
    unit: str | None
    value_state: str  # reported, stated_zero, implied, blank_as_zero
    qualifier: str  # exact, at_least, about
    basis: str  # table, narrative
    printed: str  # the number or the words as printed
    evidence: str
    evidence_start: int
    evidence_end: int
    section: str | None  # kind of the chapter it stands in
    grid: int | None = None
    table_row: str | None = None
    table_column: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A place of the report's form that stands on the page without a value. ``printed`` is text[start:end]."""

    field_id: str
    applicant_type: str | None  # None in the matrix: the whole row
    why: str  # blank, unreadable (no single number), cell_lost (the row of a flattened table lost cells)
    printed: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share, growth or rate in the words: never a count. ``value`` is in percent; ``printed`` is text[start:end]."""

    kind: str  # share (占70.6%), growth (同比增长6.3%; negative where it fell), points (个百分点), rate (办结率100%)
    value: float
    name: str  # the words before the number that name it
    metric_id: str | None  # of the figure it speaks of
    printed: str
    start: int
    end: int
    section: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read on one page. ``reason_code`` and ``reason`` say why a page is set aside."""

    document_kind: str  # annual_report, annex, not_a_report, unreadable
    reason_code: str | None = None
    reason: str | None = None
    document: Document | None = None
    identity: Identity | None = None
    report_format: str | None = None
    report_format_basis: str | None = None
    sections: tuple[Section, ...] = ()
    figures: tuple[Figure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    shares: tuple[Share, ...] = ()
    issues: tuple[Issue, ...] = ()
