"""The banks of paragraphs: no share of figures read right may fall below its floor, and inventions stay as few."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.paragraphs.measure import measure

HERE = Path(__file__).parent
FLOORS = {  # bank: (share of figures found at least, wrong or invented values at most)
    "old": (0.87, 10),
    "new": (0.93, 3),
    "plain_old": (0.94, 4),
    "plain_new": (0.93, 4),
}


@pytest.mark.parametrize("bank", FLOORS)
def test_no_bank_falls_below_its_floor(bank: str) -> None:
    counts, _ = measure(HERE / bank)
    found, wrong = FLOORS[bank]
    assert 1 - counts["missing"] / counts["figures"] >= found, counts
    assert counts["invented"] + counts["value"] <= wrong, counts
