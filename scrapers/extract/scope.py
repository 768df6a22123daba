"""Who reports and for whom: a whole area (its government, also through its office) or an agency for itself.

A title that names the area is the area's report; a title that names the government's office is the office's own,
whatever area its text speaks of (then with the issue scope_conflict). Departments always report for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scrapers.document import Issue
from scrapers.extract.place_claims import Claim
from scrapers.extract.places import PlaceWords

TOWN_KINDS = frozenset({"街道", "镇", "乡", "苏木"})


@dataclass(frozen=True, slots=True)
class Voice:
    """How a text speaks of its writer: 我县, 全县 … counted for each kind of area, and 我局, 本局 …"""

    kinds: Mapping[str, int] = field(default_factory=dict)
    agency: int = 0

    @property
    def area(self) -> int:
        """How often it speaks of its area."""
        return sum(self.kinds.values())

    @property
    def kind(self) -> str | None:
        """The kind of area it speaks of most."""
        return max(self.kinds, key=lambda kind: self.kinds[kind]) if self.kinds else None


@dataclass(frozen=True, slots=True)
class ScopeFinding:
    """The agency's name as printed, with its place where some field prints it so; the scope; what is doubtful."""

    agency_name: str | None
    scope: str | None  # whole_area, own_agency
    issues: tuple[Issue, ...] = ()


def read_voice(body: str, words: PlaceWords) -> Voice:
    """Counts the words by which the text speaks of itself."""
    counts = {kind: sum(body.count(word) for word in forms) for kind, forms in words.self_kinds.items()}
    return Voice({kind: count for kind, count in counts.items() if count}, sum(map(body.count, words.agency_self)))


def read_scope(
    level: str | None, claims: tuple[Claim, ...], voice: Voice, opening: str, words: PlaceWords
) -> ScopeFinding:
    """Agency and scope of a report of ``level``; ``claims``: the organisations named, the weightiest first."""
    title = next((claim for claim in claims if claim.source == "title"), None)
    if level in {"township", "functional_zone"}:
        return _of_town_or_zone(level, claims, opening, words)
    if title is not None and title.agency:
        return _of_office(title, voice) if title.own_office else ScopeFinding(_fullest(title, claims), "own_agency")
    if title is not None and (title.names_place or title.area_office):
        return _of_area(claims, voice)
    return _untitled(claims, voice)


def _of_town_or_zone(level: str | None, claims: tuple[Claim, ...], opening: str, words: PlaceWords) -> ScopeFinding:
    named = (claim for claim in claims if claim.agency and not claim.own_office)
    agency = next((claim for claim in named if claim.town or claim.zone or claim.source == "title"), None)
    if agency is not None:
        return ScopeFinding(agency.printed, "own_agency")
    covers = level == "functional_zone" and _covers_all(opening, words)
    return ScopeFinding(None, "whole_area" if covers else "own_agency")


def _of_office(title: Claim, voice: Voice) -> ScopeFinding:
    """The title names the government's office: its own report, whatever area the text speaks of."""
    if voice.area <= voice.agency:
        return ScopeFinding(title.printed, "own_agency")
    detail = f"the title names {title.printed}, the text speaks for the area"
    return ScopeFinding(title.printed, "own_agency", (Issue("scope_conflict", "warning", detail),))


def _of_area(claims: tuple[Claim, ...], voice: Voice) -> ScopeFinding:
    """The title names the area: the area's report, unless the text speaks only of an agency."""
    if voice.agency < 2 or voice.area >= voice.agency:
        return ScopeFinding(None, "whole_area")
    agency = next((claim for claim in claims if claim.agency and not claim.own_office), None)
    if agency is None:
        return _unnamed_agency()
    detail = f"the title names the area, the text speaks for {agency.printed}"
    return ScopeFinding(_fullest(agency, claims), "own_agency", (Issue("scope_conflict", "warning", detail),))


def _untitled(claims: tuple[Claim, ...], voice: Voice) -> ScopeFinding:
    """No title that names anyone: the opening, the issuer, the signature and the words of the text decide."""
    for claim in claims:
        if claim.agency and not claim.own_office and claim.source != "contact":
            return ScopeFinding(_fullest(claim, claims), "own_agency")
        if claim.own_office and claim.source != "contact" and voice.agency >= voice.area:
            return ScopeFinding(claim.printed, "own_agency")
        if claim.names_place and not claim.agency and voice.area >= voice.agency:
            return ScopeFinding(None, "whole_area")
    if voice.area > voice.agency:
        return ScopeFinding(None, "own_agency" if voice.kind in TOWN_KINDS else "whole_area")
    return _unnamed_agency() if voice.agency else ScopeFinding(None, None)


def _unnamed_agency() -> ScopeFinding:
    issue = Issue("agency_unnamed", "warning", "the text speaks of an agency that no field names")
    return ScopeFinding(None, "own_agency", (issue,))


def _fullest(claim: Claim, claims: tuple[Claim, ...]) -> str:
    """The agency's name with its place where some field prints it so."""
    same = [other.printed for other in claims if other.agency == claim.agency and other.units]
    return claim.printed if claim.units or not same else same[0]


def _covers_all(opening: str, words: PlaceWords) -> bool:
    """汇总各部门、各街道 … 编制: the text says that it covers all subordinate units."""
    verbs, units = "|".join(words.covers_all), "|".join(words.covers_all_units)
    pattern = rf"(?:{verbs})[^。;\n]{{0,24}}(?:{units})[^。\n]{{0,60}}(?:编制|报告)"
    return re.search(pattern, opening) is not None
