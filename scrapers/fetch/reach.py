"""How far a crawl goes: everything a source leads to, some years only, or what is known and nothing new."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """What a crawl asks for. The default is the whole crawl of a source."""

    years: frozenset[int] = frozenset()  # of the reports; empty: all. A report whose link names no year is asked for
    lists: bool = True  # whether lists are read, so that new reports are found
    known: bool = True  # whether known pages that nothing names any more are asked for too

    def __str__(self) -> str:
        """years 2021, 2022: for people; empty where all are meant."""
        return f"years {', '.join(str(year) for year in sorted(self.years))}" if self.years else ""

    @property
    def is_whole(self) -> bool:
        """Only a whole crawl can tell that a source has gone quiet."""
        return not self.years and self.lists and self.known

    def holds(self, year: int | None) -> bool:
        """Whether a report is asked for whose link says ``year``."""
        return year is None or not self.years or year in self.years


WHOLE = Reach()
RECHECK = Reach(lists=False)


def backfill(years: frozenset[int]) -> Reach:
    """The reports of ``years``; of all years where none is named. Known pages are the business of other crawls."""
    return Reach(years=years, known=False)
