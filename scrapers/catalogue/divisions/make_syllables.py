"""Makes syllables.csv: how each character of a place name is read, after pypinyin. Run by hand when the lists change:

    python make_syllables.py

A character that is read in several ways has the reading that most names of units and towns have. What pypinyin does not
know better stands in place_readings.csv, by hand. ``pypinyin`` must be importable while this runs.
"""

from __future__ import annotations

import csv
import importlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_LEVEL_1_AND_2 = ((0xB0, 0xF7), (0xA1, 0xFE))  # the characters of GB 2312: names that no list has use few others


def main() -> None:
    """Writes syllables.csv beside this file."""
    lazy_pinyin: Any = importlib.import_module("pypinyin").lazy_pinyin
    readings: dict[str, Counter[str]] = defaultdict(Counter)
    for name in sorted(_names()):
        syllables = lazy_pinyin(name, v_to_u=True)
        if len(syllables) == len(name):
            for character, syllable in zip(name, syllables, strict=True):
                readings[character][syllable] += 1
    for character in _common_characters():
        if character not in readings:
            readings[character][lazy_pinyin(character, v_to_u=True)[0]] += 1
    by_syllable: dict[str, list[str]] = defaultdict(list)
    for character, counts in readings.items():
        syllable = min(counts, key=lambda one: (-counts[one], one))
        if syllable.isalpha() and syllable != character:
            by_syllable[syllable].append(character)
    with (HERE / "syllables.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("syllable", "characters"))
        writer.writerows((syllable, "".join(sorted(by_syllable[syllable]))) for syllable in sorted(by_syllable))


def _names() -> set[str]:
    names = set()
    for file in ("units.csv", "towns.csv"):
        with (HERE / file).open(encoding="utf-8", newline="") as stream:
            names |= {row["name"] for row in csv.DictReader(stream)}
    return names


def _common_characters() -> list[str]:
    rows, columns = _LEVEL_1_AND_2
    codes = [
        bytes((row, column)) for row in range(rows[0], rows[1] + 1) for column in range(columns[0], columns[1] + 1)
    ]
    return [character for code in codes if (character := code.decode("gb2312", "ignore"))]


if __name__ == "__main__":
    main()
