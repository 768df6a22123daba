"""Reads the name of an organisation: [units][town or zone][government][office or agency].

景县人民政府办公室 → units 景县, government, own office. The words come from scrapers/catalogue/places.yaml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from scrapers.extract.places import Gazetteer, Mention, PlaceWords

_YEAR = r"(?:[0-9]{2,4}|二[〇零○OoＯ][〇零○OoＯ一二三四五六七八九]{2})\s?年?(?:度)?"
_LEADING_YEAR = re.compile(rf"^(?:{_YEAR}(?=\D)|年度|年|度)")
_INNER_YEAR = re.compile(r"(?:[0-9]{4}|[二三][0-9〇零○OoＯ一二三四五六七八九]{3})\s?(?:年|度|县?(?=政府信息公开))?")
_LATIN_HEAD = re.compile(r"^[0-9A-Za-z@:._\-/%&·|()《》<>\[\]【】“”\"'*#=?!,;\s]+")
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,12}")
_TOWN_LENGTH = 16
_NOTE = re.compile(r"\([^()]{0,30}\)?$|关于$")
_CLOSE = re.compile(r"^[的在]|[的之在]$")
_ORG = r"([^,。;:年《》\n]{2,40}?)"
_TASK = r"(?:政府信息公开|政务公开|信息公开)"
_LEAD_PATTERNS = (
    re.compile(r"由([^,。;:由\n]{2,40}?)(?:负责|组织)?(?:编制|编写|汇总|发布|公布)"),
    re.compile(rf"(?:[0-9]{{4}}年?度?|关于){_ORG}的?{_TASK}(?:工作)?[0-9年度]{{0,7}}(?:工作)?年?度?报告"),
    re.compile(rf"汇总(?:[0-9]{{4}}年?度?)?{_ORG}(?:[0-9]{{4}}年?度?)?的?{_TASK}"),
    re.compile(rf"(?:^|[,。;\n]){_ORG}(?:[0-9]{{4}}年?度?){_TASK}(?:工作)?年?度?报告"),
)
_CONTACT_PATTERN = re.compile(
    r"(?:请联系|请与|可与|可直接与|径与|请向|联系人及单位|联系单位):?([^,。;:(\n]{2,40}?)(?:联系|[:,(。;])"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one organisation's name says."""

    source: str  # title, first sentence, issuer, signature, contact
    printed: str  # the name as printed, without year and report words
    units: tuple[str, ...] = ()  # names of units, the largest first, as printed
    odd_head: str = ""  # what stands before the first unit or town (a brand, a domain, a motto)
    town: str | None = None
    zone: str | None = None
    short: str | None = None  # a unit's short name before the zone (西宁 in 西宁经济技术开发区)
    government: bool = False
    area_office: bool = False  # speaks for the area: its task is information disclosure
    own_office: bool = False  # office of the government
    agency: str | None = None  # the part that names an agency, without the units

    @property
    def names_place(self) -> bool:
        """Whether the name holds a unit, a town or a zone."""
        return bool(self.units or self.town or self.zone)


def read_title(title: str, places: Gazetteer) -> Claim | None:
    """The organisation that a report's title names; None where nothing stands before 政府信息公开 or the year."""
    text = _LEADING_YEAR.sub("", _compact(title))
    text = _LEADING_YEAR.sub("", text)  # 2018年2018年度
    cuts = [match.start()] if (match := _INNER_YEAR.search(text)) and match.start() else []
    cuts += [at for word in places.words.report_words if (at := text.find(word)) > 0]
    if any(text.startswith(word) for word in places.words.report_words) or not text:
        return None
    return read_name(text[: min(cuts)] if cuts else text, "title", places)


def read_lead(text: str, places: Gazetteer, source: str = "first sentence") -> tuple[Claim, ...]:
    """Organisations that the opening says to have made the report."""
    found = [match[1] for pattern in _LEAD_PATTERNS for match in pattern.finditer(text)]
    return _readable(found, source, places)


def read_contacts(text: str, places: Gazetteer) -> tuple[Claim, ...]:
    """Organisations that the opening names as contact."""
    return _readable([match[1] for match in _CONTACT_PATTERN.finditer(text)], "contact", places)


def read_name(text: str, source: str, places: Gazetteer) -> Claim | None:
    """The claim that an organisation's name makes; None for an empty name."""
    name = _LATIN_HEAD.sub("", _compact(text))
    odd = _compact(text)[: len(_compact(text)) - len(name)]
    for head in places.words.office_heads:
        name = name.removeprefix(head)
    name = _CLOSE.sub("", _NOTE.sub("", _LEADING_YEAR.sub("", name)))
    if not name:
        return None
    units, start, end = _chain(name, places)
    odd += name[:start]
    rest = name[end:]
    printed = name[start:] if units else name
    return _parse_rest(rest, Claim(source, printed, units, odd), places)


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text).strip("-_—|:·")


def _readable(names: list[str], source: str, places: Gazetteer) -> tuple[Claim, ...]:
    claims = (read_name(name, source, places) for name in names)
    return tuple(claim for claim in claims if claim is not None and (claim.names_place or claim.agency))


def _chain(name: str, places: Gazetteer) -> tuple[tuple[str, ...], int, int]:
    """The first run of unit names that follow each other directly."""
    run: list[Mention] = []
    for mention in places.mentions(name):
        if (not run and mention.free) or (run and mention.start == run[-1].end):
            run.append(mention)
        elif run:
            break
    while run and _is_town(name[run[-1].start :], places):  # 城区街道: a town whose name holds a unit's
        run.pop()
    return tuple(mention.name for mention in run), run[0].start if run else 0, run[-1].end if run else 0


def _is_town(name: str, places: Gazetteer) -> bool:
    town, after = _town(name, places)
    return town is not None and not after.startswith(places.words.town_ends) and bool(places.towns(town))


def _parse_rest(rest: str, claim: Claim, places: Gazetteer) -> Claim:
    words = places.words
    rest, government = _cut_government(rest, words)
    town: str | None = None
    zone: str | None = None
    short: str | None = None
    if not government:
        town, after = _town(rest, places)
        if town is None or not places.towns(town):
            zone, short, behind = _zone(rest, places, bool(claim.units))
            if zone:
                # 南湖新区某某街道 is a town; the zone it stands in has no code
                town, after = _town(behind, places)
                zone, after = (None, after) if town else (zone, behind)
        if zone or town:
            rest, government = _cut_government(after, words)
    area = own = False
    agency: str | None = None
    if rest:
        area = rest.startswith(words.area_offices) or ("公开" in rest and rest.endswith(("办", "办公室", "小组", "科")))
        own = not area and rest in words.own_offices
        if not area and (own or rest.endswith(words.agency_ends)):
            agency = rest
    return replace(
        claim, town=town, zone=zone, short=short, government=government or area, area_office=area, own_office=own,
        agency=agency,
    )  # fmt: skip


def _cut_government(rest: str, words: PlaceWords) -> tuple[str, bool]:
    for word in words.government_words:
        if rest == word or (word != "人民" and rest.startswith(word) and not rest.startswith("政府采购")):
            cut = rest.removeprefix(word)
            # 政府信息公开办 is an office of the government, 政府办 too
            if word == "政府" and cut.startswith(("信息", "办")):
                return (rest, False) if cut.startswith("信息") else (cut, True)
            return cut, True
    return rest, False


def _town(rest: str, places: Gazetteer) -> tuple[str | None, str]:
    """(town, what follows): the longest name of the list, else the first name that is followed by nothing but its
    government (乡镇企业局 and 城乡建设局 hold no town)."""
    words = places.words
    ends = [match.end() for match in _town_ends(words.town_ends).finditer(rest[:_TOWN_LENGTH]) if match.start()]
    for end in reversed(ends):
        if places.towns(rest[:end]) and rest[:end] not in words.not_town_names and not _is_cut(rest, end, words):
            return rest[:end], rest[end:]
    for end in ends:
        town, after = rest[:end], rest[end:]
        odd = town.endswith(words.not_town_names) or town[0] in "各我本全" or "和" in town[1:-2]
        plain = not after or after.startswith((*words.government_words, "党", "机关", "办公室", *words.area_offices))
        if plain and not odd and _HAN_NAME.fullmatch(town):
            return town, after
    return None, rest


def _is_cut(rest: str, end: int, words: PlaceWords) -> bool:
    """安镇 is cut from 安镇街道."""
    return rest.startswith(words.town_ends, end) and not rest.startswith("办事处", end)


def _zone(rest: str, places: Gazetteer, has_units: bool) -> tuple[str | None, str | None, str]:
    """(zone's name, short name of its parent where the name begins with one, what follows)."""
    words = places.words
    match = _zone_pattern(words.zone_words).match(rest)
    if not match:
        return None, None, rest
    name, after = match[1], rest[match.end() :]
    for word in words.zone_committees:
        name = name.removesuffix(word) if len(name) > len(word) else name
        after = after.removeprefix(word)
    if not name.endswith(words.zone_words) or name in words.zone_committees:
        return None, None, rest
    name = _full_zone_name(name, words)
    sizes = range(min(6, len(name)), 1, -1)
    short = None if has_units else next((name[:size] for size in sizes if places.short_named(name[:size], None)), None)
    return name, short, after


def _full_zone_name(name: str, words: PlaceWords) -> str:
    for alias, full in words.zone_aliases.items():
        if name.endswith(alias):
            return name.removesuffix(alias) + full
    return name


@lru_cache(maxsize=4)
def _town_ends(ends: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(ends))


@lru_cache(maxsize=4)
def _zone_pattern(zone_words: tuple[str, ...]) -> re.Pattern[str]:
    ends = "|".join(sorted(zone_words, key=len, reverse=True))
    return re.compile(r"([^,。;:]{0,24}(?:" + ends + r"))")
