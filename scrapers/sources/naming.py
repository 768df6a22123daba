"""Whom names speak of: the unit that a source's publisher is, and whose report of which year a link names.

For pages that could not be got or read: the words around them are all there is to tell whose report they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scrapers.clean.normalise import fold, script_of
from scrapers.document import Jurisdiction
from scrapers.extract.jurisdiction import JurisdictionFinding, PlaceClues, resolve
from scrapers.extract.places import PlaceWords, gazetteer
from scrapers.extract.titles import is_report_title, title_words
from scrapers.fetch.wording import year_and_unit

_MOST = 200  # characters of a link's words
_BELOW_COUNTY = ("township", "functional_zone")
# what may stand in a title beside the words for the report and still name nobody
_NOTHING_ELSE = re.compile(r"[\W\d_年度]*")


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, as the source's file says it."""

    name: str
    jurisdiction_code: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A unit, and the agency in it that is meant; a link has the year of the report too."""

    jurisdiction: Jurisdiction
    agency_name: str | None
    report_year: int | None = None


@lru_cache(maxsize=4_096)
def publisher_unit(publisher: Publisher) -> Named | None:
    """The unit that ``publisher`` is or belongs to; None where its name and its code do not tell it.

    A file that says township names no county: where only the county is understood, no unit is.
    """
    found = _resolve(publisher, publisher.name, None)
    if found is None or (publisher.level and found.jurisdiction.level != publisher.level):
        return None
    return Named(found.jurisdiction, found.agency_name)


@lru_cache(maxsize=65_536)
def linked_report(words: str | None, publisher: Publisher) -> Named | None:
    """The report that the words of a link name, with its year; None where they name none.

    Words without a place (2019年政府信息公开工作年度报告) speak of the publisher, where that is a government itself.
    """
    text = fold((words or "")[:_MOST], script_of((words or "")[:_MOST])).replace(" ", "")
    year = year_and_unit(text)[0] if text else None
    if year is None or not is_report_title(text):
        return None
    found = resolve(_clues(text, None, None, year))
    if found.jurisdiction.id is None:
        found = _of_publisher(text, publisher, year, bool(found.jurisdiction.candidate_codes)) or found
    return Named(found.jurisdiction, found.agency_name, year) if found.jurisdiction.id else None


def _of_publisher(text: str, publisher: Publisher, year: int, several: bool) -> JurisdictionFinding | None:
    """What ``text`` says in the mouth of its publisher: of several places of a name its own, without a place itself."""
    if publisher_unit(publisher) is None or not publisher.name.endswith(_government_ends(gazetteer().words)):
        return None
    found = _resolve(publisher, text, year)
    known = found is not None and (several or found.agency_name or found.jurisdiction.level in _BELOW_COUNTY)
    return found if known or _NOTHING_ELSE.fullmatch(_without_report_words(text)) else None


def _without_report_words(text: str) -> str:
    words = title_words()
    return words.genre_end.sub("", words.subject.sub("", text))


def _resolve(publisher: Publisher, title: str, year: int | None) -> JurisdictionFinding | None:
    found = resolve(_clues(title, publisher.name, publisher.jurisdiction_code, year))
    return found if found.jurisdiction.id else None


def _clues(title: str, issuer: str | None, code: str | None, year: int | None) -> PlaceClues:
    # the code of a site begins with its unit's, and so does that of the source
    return PlaceClues(title, issuer, None, None, "", site_code=code, report_year=year)


def _government_ends(words: PlaceWords) -> tuple[str, ...]:
    """How the names of governments, towns and zones end; agencies speak for themselves only."""
    return (*words.government_words, *words.zone_committees, *words.town_ends)
