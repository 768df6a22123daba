"""Damaged and hostile pages: no crash, none without an end, each a reading with a kind or a reason and exact evidence.

A sample with a fixed seed; `python -m tests.fuzz --pages 10000` reads the whole set and judges the times too.
"""

from __future__ import annotations

import dataclasses
import time
import warnings
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from scrapers.document import Page
from scrapers.read import read_page
from tests.fuzz.extremes import PIECES, page, page_of
from tests.fuzz.pool import LIMIT, run
from tests.fuzz.trial import Verdict, faults, make
from tests.mutation.pages import golden_pages

SAMPLE = range(40, 320)  # the giants before them are for the whole run
WORST = sorted(Path(__file__).with_name("worst").glob("*.html"))


@cache
def _verdicts() -> tuple[Verdict, ...]:
    return tuple(run(SAMPLE))


def test_every_damaged_page_ends_as_a_reading() -> None:
    found = _verdicts()
    assert {one.number for one in found} == set(SAMPLE)
    assert [(one.number, one.name, one.faults) for one in found if one.faults] == []
    slow = [(one.number, one.name, round(one.seconds, 1)) for one in found if one.seconds > LIMIT]
    if slow:  # the clock of a busy machine fails no test
        warnings.warn(f"pages above {LIMIT:g} s: {slow}", stacklevel=1)


def test_the_sample_is_of_all_kinds() -> None:
    kinds = Counter(one.kind for one in _verdicts())
    assert kinds["annual_report"] > 100 and kinds["not_a_report"] > 20 and kinds["unreadable"] > 5, kinds


def test_a_damaged_page_is_the_same_each_time() -> None:
    for number in range(40, 60):
        assert make(number) == make(number)
    assert make(41) != make(41, seed=8)


@pytest.mark.parametrize("path", WORST, ids=lambda path: path.stem)
def test_the_worst_pages_so_far(path: Path) -> None:
    assert list(faults(read_page(Page(path.read_bytes(), file_name="worst.html")))) == []


def _rows(count: int, shape: str) -> bytes:
    words = ["".join(chr(0x4E00 + number // 90**place % 90 * 37) for place in range(4)) for number in range(count)]
    if shape == "lines":
        return page_of("".join(f"<p>行政{word}数量  {number}</p>" for number, word in enumerate(words)))
    if shape == "cells":
        return page_of("<p>行政处罚</p><p>1</p>" * count)
    rows = "".join(
        "<tr>" + "".join(f"<td>行政{word}</td>" for word in words[start : start + 30]) + "</tr>"
        for start in range(0, count, 30)
    )
    return page_of(f"<table>{rows}</table>")


@pytest.mark.parametrize("shape", ["lines", "cells", "table", "| ", "㈠"])
def test_time_grows_with_the_page_and_not_with_its_square(shape: str) -> None:
    """The shapes that once took minutes: every line or cell was compared with every label of every form, every bar began a
    search to the end of the bars, every numbering one for the ends of its line."""
    seconds = []
    for count in (1500, 6000):
        start = time.process_time()
        content = _rows(count, shape) if shape.isalpha() and shape.isascii() else page(shape, 3 * count, "heading")
        read_page(Page(content, file_name="t.html"))
        seconds.append(time.process_time() - start)
    assert seconds[1] < 10 * seconds[0] + 0.5, seconds


@pytest.mark.parametrize("place", ["sentence", "cell", "body", "text file"])
def test_every_piece_repeated(place: str) -> None:
    for piece in PIECES[::3] if place == "cell" else PIECES[1::9]:
        reading = read_page(Page(page(piece, 3000, place), file_name="t.txt" if place == "text file" else "t.html"))
        assert list(faults(reading)) == [], piece


def test_faults_are_noticed() -> None:
    reading = read_page(golden_pages()[0].page())
    assert list(faults(reading)) == []
    first = reading.figures[0]
    moved = dataclasses.replace(reading, figures=(dataclasses.replace(first, evidence_start=first.evidence_start + 1),))
    endless = dataclasses.replace(reading, figures=(dataclasses.replace(first, value=float("inf")),))
    silent = dataclasses.replace(reading, document_kind="not_a_report")
    assert all(list(faults(one)) for one in (moved, endless, silent, dataclasses.replace(reading, document_kind="?")))
