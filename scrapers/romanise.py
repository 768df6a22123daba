"""Place names in English: the name in pinyin, the kind of unit in English (景县 → Jing County)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from scrapers.catalogue.loading import load_csv

_APART = ("a", "e", "o")  # a syllable that begins so needs an apostrophe before it: Xi'an
_FOLDER = "divisions"
_WITH_ZONES = ("township", "functional_zone")
# characters, beyond which a name is that of an office or a project
_LONGEST_NAME = 8
_LONGEST_WITHOUT_KIND = 4


@dataclass(frozen=True, slots=True)
class _Words:
    readings: dict[str, tuple[str, ...]]  # parts of names and single characters → their syllables
    longest: int
    kinds: dict[str, str]  # ends of names → kinds of units in English
    zones: dict[str, str]
    peoples: dict[str, str]
    established: dict[str, str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    readings: dict[str, tuple[str, ...]] = {
        character: (row["syllable"],) for row in load_csv(f"{_FOLDER}/syllables.csv") for character in row["characters"]
    }
    readings |= {row["part"]: tuple(row["syllables"].split()) for row in load_csv(f"{_FOLDER}/place_readings.csv")}
    kinds: dict[str, dict[str, str]] = {"unit": {}, "zone": {}, "people": {}}
    for row in load_csv(f"{_FOLDER}/english_kinds.csv"):
        kinds[row["of"]][row["ending"]] = row["english"]
    return _Words(
        readings=readings,
        longest=max(map(len, readings)),
        kinds=kinds["unit"],
        zones=kinds["unit"] | kinds["zone"],
        peoples=kinds["people"],
        established={row["name"]: row["name_en"] for row in load_csv(f"{_FOLDER}/english_names.csv")},
    )


@lru_cache(maxsize=65_536)
def english_name(name: str, level: str) -> str | None:
    """The English name of the place ``name`` below the province.

    None where a character has no known reading, and for names so long that they are no place's.
    """
    words = _words()
    if name in words.established:
        return words.established[name]
    kinds = words.zones if level in _WITH_ZONES else words.kinds
    ending = _ending(name, kinds)
    bare, peoples = _without_peoples(name[: len(name) - len(ending)], words.peoples)
    if len(bare) > (_LONGEST_NAME if ending else _LONGEST_WITHOUT_KIND):
        return None
    spoken = _pinyin(bare, name, words) if bare else ""
    if spoken is None:
        return None
    return " ".join(part for part in (spoken, _listed(peoples), kinds.get(ending)) if part) or None


def _ending(name: str, endings: dict[str, str]) -> str:
    """The longest end of ``name`` that is listed and leaves something of it."""
    return next((name[at:] for at in range(1, len(name)) if name[at:] in endings), "")


def _without_peoples(stem: str, peoples: dict[str, str]) -> tuple[str, list[str]]:
    """The name without the peoples at its end, and these in their order."""
    found: list[str] = []
    while stem:
        ending = next((stem[at:] for at in range(len(stem)) if stem[at:] in peoples), None)
        if ending is None:
            break
        found.insert(0, peoples[ending])
        stem = stem[: len(stem) - len(ending)]
    return stem, found


def _listed(words: list[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _pinyin(stem: str, name: str, words: _Words) -> str | None:
    """The beginning ``stem`` of ``name`` in pinyin, as one word; a part that is read may reach beyond it (长子县)."""
    syllables: list[str] = []
    while len(syllables) < len(stem):
        at = len(syllables)
        parts = (name[at : at + size] for size in range(words.longest, 0, -1))
        reading = next((words.readings[part] for part in parts if part in words.readings), None)
        if reading is None:
            return None
        syllables += reading
    syllables = syllables[: len(stem)]
    spoken = syllables[0] + "".join(f"'{one}" if one.startswith(_APART) else one for one in syllables[1:])
    return spoken[:1].upper() + spoken[1:]
