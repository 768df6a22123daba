"""The answers of the second held-out set hold on their own pages. Says nothing about the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.golden.heldout2.check import answers, faults


@pytest.mark.parametrize("path", answers(), ids=lambda path: path.stem)
def test_the_answer_holds_on_its_page(path: Path) -> None:
    assert faults(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)) == []


def test_there_are_forty_pages() -> None:
    assert len(answers()) == 40
