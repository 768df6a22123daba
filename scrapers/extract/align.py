"""Matches the rows of a table to the rows of a form: label and order, never by counting numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

_NUMBERING = re.compile(
    r"^(?:其中[:,]?)?(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)](?!\d)|其中[:,])+"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_NOT_WORDS = re.compile(r"[^\u3400-\u9fffA-Za-z0-9]+")
_LEAST = 0.62
_LEAST_RATIO = 0.7


@lru_cache(maxsize=50_000)
def label_key(text: str) -> str:
    """A label without numbering, spaces and punctuation: "1.属于国家 秘密" → 属于国家秘密."""
    bare = re.sub(r"\s+", "", text)
    for _ in range(3):
        shorter = _NUMBERING.sub("", bare)
        if shorter == bare:
            break
        bare = shorter
    return _NOT_WORDS.sub("", bare)


@lru_cache(maxsize=50_000)
def similarity(label: str, alias: str) -> float:
    """How well a printed label fits a label of the form, 0 to 1. Labels may be cut, extended or slightly wrong."""
    printed, known = label_key(label), label_key(alias)
    if not printed or not known:
        return 0.0
    if printed == known:
        return 1.0
    short = _bare_key(label)
    if short and short == known:
        return 0.98
    shorter, longer = sorted((printed, known), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter):
        return 0.9
    if len(shorter) >= 4 and longer.endswith(shorter):
        return 0.86
    if len(shorter) >= 5 and shorter in longer:
        return 0.82
    if min(len(printed), len(known)) < 4 or not _may_be_similar(printed, known):
        return 0.0
    ratio = SequenceMatcher(None, printed, known, autojunk=False).ratio()
    return ratio * 0.9 if ratio >= _LEAST_RATIO else 0.0


@lru_cache(maxsize=50_000)
def _bare_key(label: str) -> str:
    """The key of a label without what stands in brackets."""
    return label_key(_BRACKETS.sub("", re.sub(r"\s+", "", label)))


@lru_cache(maxsize=5_000)
def _letters(known: str) -> frozenset[str]:
    return frozenset(known)


def _may_be_similar(printed: str, known: str) -> bool:
    """False where the letters in common are too few for the ratio, so that the costly matcher need not run."""
    letters = _letters(known)
    common = min(sum(letter in letters for letter in printed), len(known))
    return 2 * common >= _LEAST_RATIO * (len(printed) + len(known))


def best_similarity(label: str, aliases: Sequence[str]) -> float:
    """The similarity to the alias that fits best."""
    if len(label) < 4 and label.isdecimal():  # most cells of a table
        return float(label in aliases)
    return max((similarity(label, alias) for alias in aliases), default=0.0)


def align(labels: Sequence[str], fields: Sequence[Sequence[str]], *, fill: bool = True) -> dict[int, int]:
    """Row number → field number, both rising, with the greatest sum of similarities.

    ``fill``: rows without a recognised label between two recognised neighbours take the fields between these where the
    numbers agree (a label broken or lost).
    """
    rows, columns = len(labels), len(fields)
    scores = [[best_similarity(label, aliases) for aliases in fields] for label in labels]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            take = scores[row][column] + best[row + 1][column + 1] if scores[row][column] >= _LEAST else -1.0
            best[row][column] = max(take, best[row + 1][column], best[row][column + 1])
    matched: dict[int, int] = {}
    row = column = 0
    while row < rows and column < columns:
        score = scores[row][column]
        if score >= _LEAST and best[row][column] == score + best[row + 1][column + 1]:
            matched[row] = column
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return _fill(matched, labels) if fill else matched


def _fill(matched: dict[int, int], labels: Sequence[str]) -> dict[int, int]:
    filled = dict(matched)
    pairs = sorted(matched.items())
    for (row, column), (next_row, next_column) in pairwise(pairs):
        gap = next_row - row - 1
        if 0 < gap <= 3 and gap == next_column - column - 1:
            for step in range(1, gap + 1):
                if len(label_key(labels[row + step])) <= 30:
                    filled[row + step] = column + step
    return filled
