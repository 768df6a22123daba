"""One damaged page, read: it must end as a reading with a kind, or a reason, and exact evidence, in little time."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from scrapers.document import Page, Reading
from scrapers.read import read_page
from tests.fuzz.damage import damaged
from tests.fuzz.extremes import extreme, giants
from tests.mutation.pages import golden_pages

SEED = 7
KINDS = {"annual_report", "annex", "not_a_report", "unreadable"}


@dataclass(frozen=True)
class Made:
    """A damaged page under its number."""

    number: int
    name: str
    page: Page


@dataclass(frozen=True)
class Verdict:
    """What became of a page: processor time of its reading, what is wrong with it."""

    number: int
    name: str
    size: int
    seconds: float
    kind: str
    faults: list[str] = field(default_factory=list)


@cache
def _giants() -> list[tuple[str, bytes]]:
    return giants()


def make(number: int, seed: int = SEED) -> Made:
    """The page of this number: the giants first, then every fifth an extreme, the others damaged golden pages."""
    if number < len(_giants()):
        name, content = _giants()[number]
        return Made(number, name, Page(content, file_name="giant.html"))
    dice = random.Random(f"{seed} {number}")
    if number % 5 == 0:
        name, content = extreme(dice)
        ending = "txt" if name.endswith("text file") else "html"
        return Made(number, name, Page(content, file_name=f"extreme.{ending}"))
    name, content = damaged(golden_pages(), dice)
    url = dice.choice((None, "http://www.example.invalid/nb/1.html", "http://xxgk.example.gov.invalid/2015/报告.htm"))
    ending = dice.choice(("html", "htm", "txt", "pdf", "docx")) if dice.random() < 0.2 else "html"
    header = dice.choice(
        (
            None,
            None,
            "text/html",
            "text/html; charset=gbk",
            "text/plain",
            "application/octet-stream",
            "text/html; charset=\x00",
        )
    )
    return Made(number, name, Page(content, file_name=f"page.{ending}", url=url, content_type=header))


def try_one(made: Made) -> Verdict:
    """Reads the page. The clock is the processor's, so that a busy machine makes no page slow."""
    start = time.process_time()
    try:
        reading = read_page(made.page)
    except Exception as error:  # the fault that is looked for
        seconds = time.process_time() - start
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{where.tb_lineno}" if where else ""
        return Verdict(
            made.number,
            made.name,
            len(made.page.content),
            seconds,
            "crash",
            [f"{type(error).__name__}: {error} ({place})"[:300]],
        )
    seconds = time.process_time() - start
    return Verdict(
        made.number, made.name, len(made.page.content), seconds, reading.document_kind, list(faults(reading))
    )


def faults(reading: Reading) -> Iterator[str]:
    """What is wrong with a reading, whatever its page."""
    if reading.document_kind not in KINDS:
        yield f"kind {reading.document_kind}"
    if reading.document_kind in ("not_a_report", "unreadable"):
        if not (reading.reason_code and reading.reason):
            yield "set aside without a reason"
        if reading.figures:
            yield "a page that is no report has figures"
    document = reading.document
    if document is None:
        if reading.document_kind != "unreadable":
            yield "no document"
        return
    text = document.text
    try:
        text.encode()
        document.normal.text.encode()
    except UnicodeEncodeError:
        yield "the text holds half a character"
    if "\x00" in text:
        yield "the text holds a zero byte"
    normal = document.normal
    if not len(normal.text) == len(normal.starts) == len(normal.ends):
        yield "the twin has lost its way back"
    if any(first > second for first, second in zip(normal.starts, normal.starts[1:], strict=False)):
        yield "the twin runs backwards"
    if any(text[cell.start : cell.end] != cell.text for grid in document.grids for row in grid.rows for cell in row):
        yield "a cell is not the text at its place"
    if any(not 0 <= one.start <= one.body_start <= one.end <= len(text) for one in reading.sections):
        yield "a section reaches outside the text"
    for one in reading.figures:
        if text[one.evidence_start : one.evidence_end] != one.evidence:
            yield f"{one.metric_id}: the evidence is not the text at its place"
        if not math.isfinite(one.value):
            yield f"{one.metric_id}: {one.value}"
        if one.value_state not in ("reported", "stated_zero", "implied", "blank_as_zero"):
            yield f"{one.metric_id}: state {one.value_state}"
