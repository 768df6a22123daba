"""The sets of pages written blind: no figure may fall below its floor in floors.yaml.

corpus: every trap at least twice. heldout, heldout2 …: natural pages, each measured once before the reader was tuned on
it; docs/accuracy.md keeps those first figures, which are the honest ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.accuracy import measure
from scrapers.accuracy.answers import read_answers
from scrapers.accuracy.floors import breaches, load_floors

HERE = Path(__file__).parent
FLOORS = load_floors(HERE / "floors.yaml")


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_below_its_floor(name: str) -> None:
    found = measure(read_answers(HERE / name), workers=2)
    assert list(breaches(found, FLOORS[name])) == []
