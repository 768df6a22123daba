"""Lone "|" on lines of their own: the empty cells of a table that has one cell a line, or debris of the layout."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scrapers.clean.normalise import INVISIBLE

_CELL = re.compile(r"[+\-]?\d[\d,.]*%?|[|｜│┃/\-—]")
_BARS = frozenset("|｜│┃")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_FEWEST = 3  # lines of one row: fewer beside each other are debris between links


def empty_cells(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines that are a lone "|" and stand for an empty cell.

    They stand in a run of lines that are nothing but numbers, dashes and bars. A run of bars alone counts where another
    run on the page has numbers. Empty lines are passed over, and what shows nothing beside a bar.
    """
    found: set[int] = set()
    bare: set[int] = set()
    run: list[int] = []
    lines = [_UNSEEN.sub("", line).strip() for line in lines]
    for number, line in enumerate([*lines, "."]):
        if _CELL.fullmatch(line):
            run.append(number)
        elif line:
            if len(run) >= _FEWEST:
                bars = {one for one in run if lines[one] in _BARS}
                (found if len(bars) < len(run) else bare).update(bars)
            run = []
    return found | bare if found else set()
