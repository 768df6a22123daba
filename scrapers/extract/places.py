"""The gazetteer: which administrative units bore a name in a year, and where a text names them.

All data come from scrapers/catalogue/divisions (see docs/divisions.md). Reading it takes about a tenth of a second,
once a process; the towns are read when the first one is asked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import ahocorasick
from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_csv, load_yaml

_AREA_CODE = re.compile(r"^\D{0,4}(?:\+?0{0,2}86\D{0,2})?\(?(0\d{2,3})")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEVELS = {"province": 0, "prefecture": 1, "county": 2}


class PlaceWords(BaseModel):
    """places.yaml: words about places that no list of units holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    aliases: dict[str, str]
    common_words: frozenset[str]
    not_after: dict[str, str]
    before_name: tuple[str, ...]
    office_heads: tuple[str, ...]
    government_words: tuple[str, ...]
    area_offices: tuple[str, ...]
    own_offices: tuple[str, ...]
    agency_ends: tuple[str, ...]
    zone_words: tuple[str, ...]
    zone_committees: tuple[str, ...]
    zone_generic: tuple[str, ...]
    zone_aliases: dict[str, str]
    town_ends: tuple[str, ...]
    not_town_names: tuple[str, ...]
    self_kinds: dict[str, tuple[str, ...]]
    agency_self: tuple[str, ...]
    central_bodies: tuple[str, ...]
    report_words: tuple[str, ...]
    initials_of_kind: dict[str, str]
    government_initials: tuple[str, ...]
    host_affixes: tuple[str, ...]
    province_initials: dict[str, str]
    document_heads: dict[str, str]
    covers_all: tuple[str, ...]
    covers_all_units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, prefecture or county as it stood from ``valid_from`` to ``valid_to`` (years, both included)."""

    code: str
    unit_id: str  # one id over renames and new codes
    name: str
    short: str
    pinyin: str
    level: str
    parent_code: str
    parent_name: str
    province_code: str
    valid_from: int
    valid_to: int
    carried_forward: bool  # stands in the last year of the data and is taken to go on

    def valid_in(self, year: int) -> bool:
        """Whether the unit bore this code and name in ``year``."""
        return self.valid_from <= year and (year <= self.valid_to or self.carried_forward)


@dataclass(frozen=True, slots=True)
class Town:
    """A township as listed by the statistics office (state of 2023)."""

    code: str
    name: str
    county_code: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit's full name at text[start:end]. ``free`` is False where the name may be part of another word."""

    start: int
    end: int
    name: str
    free: bool


class Gazetteer:
    """Look-ups by name, code and year. A year of None means: any year."""

    def __init__(self, units: Iterable[Unit], successors: Iterable[tuple[str, str]], words: PlaceWords) -> None:
        self.words = words
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        self._by_short: dict[str, list[Unit]] = defaultdict(list)
        self._by_code: dict[str, list[Unit]] = defaultdict(list)
        self._by_id: dict[str, list[Unit]] = defaultdict(list)
        self._children: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._by_code[unit.code].append(unit)
            self._by_id[unit.unit_id].append(unit)
            self._children[unit.parent_code].append(unit)
            for name in _names_of(unit):
                self._by_name[name].append(unit)
            self._by_short[unit.short].append(unit)
        for alias, name in words.aliases.items():
            self._by_name[alias].extend(self._by_name[name])
        self._new_codes: dict[str, list[str]] = defaultdict(list)
        for old, new in successors:
            self._new_codes[old].append(new)
        self._names = _automaton(self._by_name)

    # ---------------------------------------------------------------- units
    def named(self, name: str, year: int | None) -> tuple[Unit, ...]:
        """Units of this full name (or usual form of it) in ``year``; where none bore it then, those of the years
        around it, as they stood in ``year``."""
        return self._in_year(self._by_name.get(name, ()), year)

    def short_named(self, short: str, year: int | None) -> tuple[Unit, ...]:
        """Units of this short name (岳阳: 岳阳市 and 岳阳县) in ``year``."""
        return self._in_year(self._by_short.get(short, ()), year)

    def unit(self, code: str, year: int | None) -> Unit | None:
        """The unit of this code in ``year``, else the one that bore the code last."""
        spans = self._by_code.get(code, ())
        return next((span for span in spans if year is None or span.valid_in(year)), spans[-1] if spans else None)

    def by_id(self, unit_id: str, year: int | None) -> Unit | None:
        """The unit of this harmonised id as it stood in ``year`` (the nearest years where it did not stand)."""
        spans = self._by_id.get(unit_id, [])
        return min(spans, key=lambda span: _distance(span, year), default=None)

    def parents(self, unit: Unit, year: int | None) -> tuple[Unit, ...]:
        """The units above, the nearest first."""
        found: list[Unit] = []
        code = unit.parent_code
        while code and (parent := self.unit(code, year)) is not None:
            found.append(parent)
            code = parent.parent_code
        return tuple(found)

    def children(self, code: str, year: int | None) -> tuple[Unit, ...]:
        """The units straight below, sorted by code."""
        spans = (span for span in self._children.get(code, ()) if year is None or span.valid_in(year))
        return tuple(sorted({span.code: span for span in spans}.values(), key=lambda span: span.code))

    def below(self, code: str, year: int | None) -> tuple[Unit, ...]:
        """All units below, sorted by code."""
        found: list[Unit] = []
        for child in self.children(code, year):
            found += (child, *self.below(child.code, year))
        return tuple(sorted(found, key=lambda span: span.code))

    def _in_year(self, spans: Iterable[Unit], year: int | None) -> tuple[Unit, ...]:
        spans = tuple(spans)
        if year is None:
            latest = {span.unit_id: span for span in spans}
            return tuple(latest.values())
        exact = [span for span in spans if span.valid_in(year)]
        if not exact:  # a report of 2014 may already sign with the name of 2015, one of 2012 still with that of 2010
            exact = [self.by_id(span.unit_id, year) or span for span in spans]
            nearest = min((_distance(span, year) for span in exact), default=0)
            exact = [span for span in exact if _distance(span, year) == nearest]
        return tuple({span.code: span for span in exact}.values())

    # ---------------------------------------------------------------- towns
    @cached_property
    def _towns(self) -> Mapping[str, tuple[Town, ...]]:
        by_name: dict[str, list[Town]] = defaultdict(list)
        for row in load_csv("divisions/towns.csv"):
            town = Town(row["code9"], row["name"], row["county_code"])
            by_name[town_name(town.name)].append(town)
        return {name: tuple(towns) for name, towns in by_name.items()}

    def towns(self, name: str, county: Unit | None = None) -> tuple[Town, ...]:
        """Towns of this name, everywhere or in ``county`` (also in what the county has since become)."""
        towns = self._towns.get(town_name(name), ())
        if county is None:
            return towns
        codes = self._today(county)
        return tuple(town for town in towns if town.county_code in codes)

    def towns_of(self, county: Unit, end: str = "") -> tuple[Town, ...]:
        """The towns of ``county`` whose name ends with ``end``, sorted by code."""
        codes = self._today(county)
        found = (town for towns in self._towns.values() for town in towns if town.county_code in codes)
        return tuple(sorted((town for town in found if town.name.endswith(end)), key=lambda town: town.code))

    def county_of(self, town: Town, year: int | None) -> Unit | None:
        """The county (or the city without counties) that runs ``town``, as it stood in ``year``."""
        unit = self.unit(town.county_code, None)
        return self.by_id(unit.unit_id, year) if unit else None

    def _today(self, unit: Unit) -> set[str]:
        """Codes the unit bears today, through renames, new codes and mergers."""
        codes = {unit.code, unit.unit_id}
        waiting = list(codes)
        while waiting:
            for code in self._new_codes.get(waiting.pop(), ()):
                if code not in codes:
                    codes.add(code)
                    waiting.append(code)
        return codes

    # ---------------------------------------------------------------- texts and numbers
    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every full name of a unit in ``text``, the longest at each place, in the order of the text."""
        found: list[Mention] = []
        for start, name in self._longest(text):
            end = start + len(name)
            joined = start == 0 or (found and found[-1].end == start)
            if text[end : end + 1] and text[end] in self.words.not_after.get("always" if joined else name[-1], ""):
                continue
            found.append(Mention(start, end, name, self._is_free(text, start, name, found)))
        return tuple(found)

    def _longest(self, text: str) -> Iterator[tuple[int, str]]:
        """Names and where they begin, leftmost and longest first. Read backwards, where the few last characters of
        names (省, 市, 县 …) sort out most of a text at once: 30 times faster than forwards."""
        hits = [(len(text) - 1 - last, name) for last, name in self._names.iter(text[::-1])]
        behind = 0
        for start, name in sorted(hits, key=lambda hit: (hit[0], -len(hit[1]))):
            if start >= behind:
                behind = start + len(name)
                yield start, name

    def _is_free(self, text: str, start: int, name: str, before: list[Mention]) -> bool:
        """Short names (开县 in 公开县级) and common words (城区) count only at a beginning or behind another unit."""
        if len(name) > 2 and name not in self.words.common_words:
            return True
        gap = start - before[-1].end if before else -1
        if gap == 0 or (gap == 1 and text[start - 1] in "和与及"):
            return True
        if name in self.words.common_words:
            return start == 0
        return start == 0 or not _HAN.match(text[start - 1]) or text.endswith(self.words.before_name, 0, start)

    def area_code(self, phone: str) -> frozenset[str]:
        """Unit ids that the phone's area code stands for; empty where it has none or an unknown one."""
        match = _AREA_CODE.match(phone)
        if not match:
            return frozenset()
        digits = match[1]
        return self._area_codes.get(digits[:3], frozenset()) or self._area_codes.get(digits, frozenset())

    def postcode(self, postcode: str) -> tuple[frozenset[str], ...]:
        """Unit ids of the postcode, from the county to the province (empty sets left out)."""
        digits = re.sub(r"\D", "", postcode)
        if len(digits) != 6:
            return ()
        sizes = (6, 4, 2) if digits[:4] in self._postcodes else (6, 3, 2)
        return tuple(found for size in sizes if (found := self._postcodes.get(digits[:size], frozenset())))

    @cached_property
    def _area_codes(self) -> Mapping[str, frozenset[str]]:
        return _sets("divisions/area_codes.csv", "area_code")

    @cached_property
    def _postcodes(self) -> Mapping[str, frozenset[str]]:
        return _sets("divisions/postcodes.csv", "prefix")


def town_name(name: str) -> str:
    """The name by which a town is looked up: 某某街道办事处 and 某某办事处 are 某某街道."""
    for end in ("街道办事处", "街道办", "地区办事处", "办事处"):
        if name.endswith(end) and len(name) > len(end):
            return name[: -len(end)] + ("地区" if end.startswith("地区") else "街道")
    return name


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The one gazetteer of the process."""
    units = [
        Unit(
            row["code"], row["unit_id"], row["name"], row["short"], row["pinyin"], row["level"], row["parent_code"],
            row["parent_name"], row["province_code"], int(row["valid_from"]), int(row["valid_to"]),
            row["carried_forward"] == "True",
        )
        for row in load_csv("divisions/units.csv")
    ]  # fmt: skip
    successors = [(row["old_code"], row["new_code"]) for row in load_csv("divisions/successors.csv")]
    return Gazetteer(units, successors, load_yaml("places.yaml", PlaceWords))


def _names_of(unit: Unit) -> set[str]:
    """The full name and its usual shorter forms: 临夏州 for 临夏回族自治州, 彭水县 for 彭水苗族土家族自治县."""
    names = {unit.name}
    for end in ("自治州", "自治县", "自治旗"):
        if unit.name.endswith(end) and unit.short != unit.name:
            names.add(unit.short + end[-1])
    return names


def _distance(span: Unit, year: int | None) -> int:
    """Years between ``year`` and the span; the newest span first where no year is known."""
    if year is None:
        return -span.valid_to
    if span.valid_in(year):
        return 0
    return span.valid_from - year if year < span.valid_from else year - span.valid_to


def _automaton(names: Iterable[str]) -> ahocorasick.Automaton:
    """Finds names in a text that is read backwards."""
    automaton = ahocorasick.Automaton()
    for name in names:
        automaton.add_word(name[::-1], name)
    automaton.make_automaton()
    return automaton


def _sets(name: str, key: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in load_csv(name):
        found[row[key]].add(row["unit_id"])
    return {prefix: frozenset(units) for prefix, units in found.items()}
