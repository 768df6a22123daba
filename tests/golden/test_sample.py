"""The bundled sample's pages against the answers that were written before the reader ran on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from scrapers.document import Page
from scrapers.read import read_page
from tests.golden.compare import differences

ANSWERS = sorted((Path(__file__).parent / "sample").glob("*.yaml"))
SITE = Path(__file__).parents[2] / "scrapers" / "sources" / "sample_site"


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_page_is_read_as_answered(path: Path) -> None:
    answer = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    content = (SITE / answer["file"]).read_bytes()
    page = Page(content, url="http://sample.invalid" + answer["url_path"], official=True)
    assert differences(answer, read_page(page)) == []


def test_every_report_page_of_the_site_has_an_answer() -> None:
    answered = {YAML(typ="safe").load(path.read_text(encoding="utf-8"))["file"] for path in ANSWERS}
    for file in sorted(answered):
        assert (SITE / file).is_file(), file
    assert len(answered) >= 16
