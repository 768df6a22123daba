"""A tiny reader; it imports little, so that the process that reads starts fast."""

from __future__ import annotations

import os
import time
from array import array

from scrapers.document import Document, Figure, NormalText, Page, Reading


def read_fake(page: Page) -> Reading:
    """One figure a line of NAME=NUMBER; some words make it fail in the ways in which a reader can fail."""
    text = page.content.decode("utf-8")
    if text.startswith("boom"):
        raise ValueError("the page is too much for the reader")
    if text.startswith("hang"):
        while True:
            pass
    if text.startswith("sleep"):
        time.sleep(600)
    if text.startswith("die"):
        os.abort()
    if text.startswith("surrogate"):
        return Reading("annual_report", reason="\ud800")
    if not text:
        return Reading("unreadable", "empty_file", "no bytes")
    figures = []
    place = 0
    for line in text.splitlines(keepends=True):
        name, _, number = line.strip().partition("=")
        figures.append(
            Figure(
                name, name, None, float(number), "件", "reported", "exact", "narrative", number, line.strip(), place,
                place + len(line.strip()), "requests",
            )
        )  # fmt: skip
        place += len(line)
    offsets = array("l", range(len(text)))
    normal = NormalText(text, offsets, array("l", range(1, len(text) + 1)))
    document = Document(text, normal, (), (), "text/plain", "utf-8", "simplified")
    return Reading("annual_report", document=document, figures=tuple(figures))
