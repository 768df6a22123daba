"""The bundled sample's pages against the answers that were written before the reader ran on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.accuracy.answers import AnsweredPage, read_answers
from scrapers.accuracy.compare import differences
from scrapers.read import read_page

SITE = Path(__file__).parents[2] / "scrapers" / "sources" / "sample_site"
PAGES = read_answers(Path(__file__).parent / "sample", SITE)  # raises where an answer's page is not there


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_page_is_read_as_answered(one: AnsweredPage) -> None:
    assert [str(difference) for difference in differences(one.answer, read_page(one.page()))] == []


def test_every_report_page_of_the_site_has_an_answer() -> None:
    assert len({one.path for one in PAGES}) >= 16
