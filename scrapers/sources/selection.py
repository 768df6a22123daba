"""Which sources of a folder a run asks: by division code and by family."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scrapers.sources.family import family_names
from scrapers.sources.schema import Source

_CODE = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3})?)?)?")


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes of provinces, prefectures, counties or towns (all below them are meant too) and families; empty: all."""

    codes: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    def __str__(self) -> str:
        """codes 33, 1311; families jcms: for people; empty where all are meant."""
        named = (("codes", self.codes), ("families", self.families))
        return "; ".join(f"{name} {', '.join(values)}" for name, values in named if values)

    def faults(self) -> list[str]:
        """What is wrong with the words themselves, a sentence each."""
        wrong = [code for code in self.codes if not _CODE.fullmatch(code)]
        faults = [f"{code!r} is not a division code of 2, 4, 6 or 9 digits" for code in wrong]
        known = family_names()
        faults += [f"{name!r} is no family ({', '.join(known)})" for name in self.families if name not in known]
        return faults

    def of(self, sources: Iterable[Source]) -> list[Source]:
        """The sources that are meant, in their order. One without a code lies in no area."""
        areas = [area_of(code) for code in self.codes]
        return [
            source
            for source in sources
            if (not areas or any((source.jurisdiction_code or "-").startswith(area) for area in areas))
            and (not self.families or source.family in self.families)
        ]


def area_of(code: str) -> str:
    """How the codes of all places of the area begin: 33 of 330000, 3306 of 330600, 330602 of itself."""
    area = code
    while len(area) in (4, 6) and area.endswith("00"):
        area = area[:-2]
    return area


ALL = Selection()
