"""The held-out answers hold on their own pages. Says nothing about the reader: these pages measure it, they never tune it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.golden.heldout.check import HERE, faults

ANSWERS = sorted(HERE.glob("[0-9]*.yaml"))


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_the_answer_holds_on_its_page(path: Path) -> None:
    assert faults(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)) == []


def test_there_are_enough_pages() -> None:
    assert len(ANSWERS) >= 60
