"""Whose report it is: place, level, agency and scope, decided by evidence; undecided where the evidence ends.

A department has the level and the code of its place, and its name as printed (with the place where it is printed so).
A township's code is that of the list of 2023; its parent is the county of the report's year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scrapers.document import Issue, Jurisdiction
from scrapers.extract.place_claims import Claim, read_contacts, read_lead, read_name, read_title
from scrapers.extract.place_evidence import DECISIVE, Evidence, Weighed
from scrapers.extract.places import Gazetteer, Town, Unit, gazetteer, town_name
from scrapers.extract.scope import TOWN_KINDS, read_scope, read_voice
from scrapers.extract.trust import holds_brand

MAX_CANDIDATES = 50
_LEAD = 1200  # characters of the body taken as its opening
_UNNAMED_DECISIVE = 6  # a place that no field names needs two kinds of evidence
_KIND_ENDS = {"州": "自治州"}  # the end of a unit's name where it is not the kind itself


@dataclass(frozen=True, slots=True)
class PlaceClues:
    """What a page offers to tell its place; all texts normalised (NFKC, Simplified)."""

    title: str | None
    issuer: str | None
    signature: str | None
    first_sentence: str | None
    body: str
    host: str | None = None
    url_path: str | None = None
    site_name: str | None = None
    site_code: str | None = None  # the SiteIDCode meta: begins with the six digits of the site's unit
    phones: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    email: str | None = None
    report_year: int | None = None


@dataclass(frozen=True, slots=True)
class JurisdictionFinding:
    """The place with agency and scope, and what is doubtful about them."""

    jurisdiction: Jurisdiction
    agency_name: str | None
    scope: str | None  # whole_area, own_agency
    issues: tuple[Issue, ...] = ()


def resolve(clues: PlaceClues) -> JurisdictionFinding:
    """The jurisdiction of the report. Never raises; what can't be decided keeps candidates and an issue."""
    return _Case(clues, gazetteer()).finding()


class _Case:
    """One page: its claims, its evidence, and the issues found on the way."""

    def __init__(self, clues: PlaceClues, places: Gazetteer) -> None:
        self.clues, self.places, self.year = clues, places, clues.report_year
        self.claims = tuple(_claims(clues, places))
        self.evidence = Evidence(
            places, clues.report_year,
            beside=(clues.title, clues.issuer, clues.signature, clues.first_sentence), body=clues.body,
            site_name=clues.site_name, site_code=clues.site_code, host=clues.host, url_path=clues.url_path,
            phones=clues.phones, postcodes=clues.postcodes,
        )  # fmt: skip
        self.voice = read_voice(clues.body, places.words)
        self.issues: list[Issue] = []

    def finding(self) -> JurisdictionFinding:
        if self._is_central():
            self._issue("central_body", "info", "a body of the central government: no local jurisdiction")
            name = next((claim.printed for claim in self.claims), None)
            return JurisdictionFinding(_nowhere("a central body"), name, "own_agency", tuple(self.issues))
        claim = self._place_claim()
        if claim is None:
            place = self._unnamed()
        elif claim.town:
            place = self._town(claim, claim.town)
        elif claim.zone:
            place = self._zone(claim, claim.zone)
        else:
            place = self._unit(claim)
        found = read_scope(place.level, self.claims, self.voice, self.clues.body[:_LEAD], self.places.words)
        return JurisdictionFinding(place, found.agency_name, found.scope, (*self.issues, *found.issues))

    # ---------------------------------------------------------------- which name speaks
    def _is_central(self) -> bool:
        fields = [text for text in (self.clues.title, self.clues.issuer) if text]
        return any(text.startswith(self.places.words.central_bodies) for text in fields)

    def _place_claim(self) -> Claim | None:
        """The first claim that names a place: title, opening, issuer, signature, contact."""
        named = [claim for claim in self.claims if claim.names_place]
        if not named:
            return None
        first = named[0]
        if first.town is None and first.zone is None and self.voice.kind in TOWN_KINDS:
            # the title names the county, the text says 我镇: the town may be named further down
            first = next((claim for claim in named if claim.town), first)
        return first

    # ---------------------------------------------------------------- units
    def _candidates(self, names: tuple[str, ...]) -> list[Weighed]:
        """Units of the last name that stand below the names before it."""
        units = self.places.named(names[-1], self.year)
        fitting = [unit for unit in units if self._stands_below(unit, names[:-1])]
        if len(fitting or units) == 1:
            return [self.evidence.check((fitting or units)[0])]
        return self.evidence.weigh_all(fitting or units)

    def _stands_below(self, unit: Unit, names: tuple[str, ...]) -> bool:
        above = {parent.unit_id for parent in self.places.parents(unit, self.year)}
        return all(above & {found.unit_id for found in self.places.named(name, None)} for name in names)

    def _unit(self, claim: Claim) -> Jurisdiction:
        found = self._candidates(claim.units)
        best = _decided(found)
        if best is None:
            level = found[0].unit.level if found else None
            return self._undecided(claim.units[-1], level, found, "several places of one name")
        how = f"named in {claim.source}"
        if len(found) > 1:
            how += f", one of {len(found)} of this name: {'; '.join(best.reasons)}"
        self._check(best, claim)
        return _jurisdiction(best.unit, how)

    def _check(self, best: Weighed, claim: Claim) -> None:
        """Raises place_conflict where phone, postcode or another field speak for another place."""
        if best.contradicted:
            detail = f"telephone area code or postcode do not belong to {best.unit.name}"
            self._issue("place_conflict", "warning", detail)
        mine = self._family(best.unit)
        for other in self.claims:
            if other is claim or not other.units:
                continue
            units = self.places.named(other.units[-1], self.year)
            if units and not any(self._family(unit) & {best.unit.unit_id} or unit.unit_id in mine for unit in units):
                detail = f"{claim.source} names {best.unit.name}, {other.source} {other.units[-1]}"
                self._issue("place_conflict", "warning", detail)
                return

    def _family(self, unit: Unit) -> set[str]:
        return {unit.unit_id, *(parent.unit_id for parent in self.places.parents(unit, self.year))}

    def _context(self, claim: Claim) -> Unit | None:
        """The unit that the claim, another field or the site puts around a town or a zone."""
        for other in (claim, *self.claims):
            if other.units and (best := _decided(self._candidates(other.units))):
                return best.unit
        site = self.evidence.site
        return site if site is not None and site.level != "province" else None

    # ---------------------------------------------------------------- towns
    def _town(self, claim: Claim, town: str) -> Jurisdiction:
        name = town_name(town)
        around = self._context(claim)
        known = self.places.towns(name)
        if around is not None and around.level == "county":
            here = self.places.towns(name, around)
            if len(here) == 1:
                return self._known_town(here[0], around, f"named in {claim.source}; county {around.name}")
            return self._unknown_town(name, around)
        if around is not None:
            below = self._family_below(around)
            known = tuple(town for town in known if town.county_code in below)
            if not known and around.level == "prefecture":
                county = self._county_in_text(around)
                return self._unknown_town(name, county or around)
        return self._town_by_evidence(claim, name, known)

    def _family_below(self, unit: Unit) -> set[str]:
        return {unit.code, *(below.unit_id for below in self.places.below(unit.code, self.year))}

    def _town_by_evidence(self, claim: Claim, name: str, known: tuple[Town, ...]) -> Jurisdiction:
        """A town named without its county: text, numbers and host must tell it. A name alone never decides."""
        pairs = ((town, self.places.county_of(town, self.year)) for town in known)
        counties = {county.unit_id: (town, county) for town, county in pairs if county is not None}
        found = self.evidence.weigh_all((county for _, county in counties.values()), named=True)
        best = _decided(found)
        if best is not None and best.score > 0:
            town, county = counties[best.unit.unit_id]
            return self._known_town(town, county, f"named in {claim.source}; " + "; ".join(best.reasons))
        if not known and (county_in_text := self._county_in_text(None)) is not None:
            return self._unknown_town(name, county_in_text)
        top = [one for one in found if one.score == found[0].score] if found and found[0].score > 0 else found
        codes = [counties[one.unit.unit_id][0].code for one in top]
        return self._open(name, "township", codes, f"no evidence tells the county of {name}")

    def _county_in_text(self, around: Unit | None) -> Unit | None:
        """The one county that the text names most, if it is clearly ahead."""
        counts: Counter[str] = Counter()
        units: dict[str, Unit] = {}
        for name, count in self.evidence.names_in_text.items():
            for unit in self.places.named(name, self.year):
                inside = around is None or around.unit_id in self._family(unit)
                if unit.level == "county" and inside and self.evidence.weigh(unit).score >= 0:
                    counts[unit.code] += count
                    units[unit.code] = unit
        top = counts.most_common(2)
        return units[top[0][0]] if top and (len(top) == 1 or top[0][1] >= 2 * top[1][1]) else None

    def _known_town(self, town: Town, county: Unit, how: str) -> Jurisdiction:
        return Jurisdiction(town.code, town.code, town_name(town.name), "township", county.code, (), how)

    def _unknown_town(self, name: str, parent: Unit) -> Jurisdiction:
        self._issue("township_code_unknown", "info", f"{name} of {parent.name} is not in the list of townships of 2023")
        how = f"town of {parent.name}, no code known"
        return Jurisdiction(f"{parent.code}{name}", None, name, "township", parent.code, (), how)

    # ---------------------------------------------------------------- zones
    def _zone(self, claim: Claim, zone: str) -> Jurisdiction:
        parent = _decided(self._candidates(claim.units)) if claim.units else self._zone_by_short(claim)
        around = parent.unit if parent else self._context(claim)
        if around is None:
            around = self._zone_by_numbers()
        if around is None:
            return self._open(zone, "functional_zone", [], f"nothing tells where {zone} lies")
        name = around.short + zone if zone in self.places.words.zone_generic else zone
        how = f"zone named in {claim.source}, its parent {around.name}"
        return Jurisdiction(f"{around.code}{name}", around.code, name, "functional_zone", around.code, (), how)

    def _zone_by_short(self, claim: Claim) -> Weighed | None:
        """西宁经济技术开发区 belongs to 西宁市; of a city and a county of one short name the city is meant."""
        found = self.evidence.weigh_all(self.places.short_named(claim.short, self.year)) if claim.short else []
        cities = [one for one in found if one.unit.level != "county" and one.score >= 0]
        # 南湖新区 need not lie in 南湖区: a county wants some evidence
        return _decided(cities or [one for one in found if one.score > 0])

    def _zone_by_numbers(self) -> Unit | None:
        ids = {unit_id for unit_id in self.evidence.phone_ids if not unit_id.endswith("0000")}
        named = [unit for name in self.evidence.names_in_text for unit in self.places.named(name, self.year)
                 if unit.level == "prefecture"]  # fmt: skip
        fitting = [unit for unit in named if not ids or unit.unit_id in ids]
        if len({unit.code for unit in fitting}) == 1:
            return fitting[0]
        return self.places.by_id(next(iter(ids)), self.year) if len(ids) == 1 else None

    # ---------------------------------------------------------------- no name at all
    def _unnamed(self) -> Jurisdiction:
        """No field names a place: the word the text uses for itself, the site, and whose documents it follows."""
        kind = self.voice.kind
        site = self.evidence.site
        if kind is None or (self.voice.agency and not self.voice.area):
            if site is None:
                return self._open(None, None, [], "the page names no place")
            return _jurisdiction(site, "site of the unit; the report names no place")
        if kind in TOWN_KINDS:
            return self._unnamed_town(kind)
        units = [unit for unit in self._units_in_reach() if unit.name.endswith(_KIND_ENDS.get(kind, kind))]
        if site is not None and site in units:
            return _jurisdiction(site, f"site of {site.name}; the text says {kind}")
        found = self.evidence.weigh_all(units, named=True)
        best = _decided(found)
        if best is not None and best.score >= _UNNAMED_DECISIVE:
            return _jurisdiction(best.unit, f"the text speaks of a {kind}; " + "; ".join(best.reasons))
        top = [one for one in found if one.score == found[0].score and one.score > 0]
        reason = f"no place is named; the text speaks of a {kind}" + (f"; {'; '.join(top[0].reasons)}" if top else "")
        return self._undecided(None, top[0].unit.level if top else None, top, reason)

    def _unnamed_town(self, kind: str) -> Jurisdiction:
        site = self.evidence.site
        county = site if site is not None and site.level == "county" else self._county_in_text(None)
        where = f" of {county.name}" if county else ""
        codes = [town.code for town in self.places.towns_of(county, kind)] if county else []
        open_place = self._open(None, "township", codes, f"a {kind}{where} that the page does not name")
        return replace(open_place, parent_code=county.code if county else None)

    def _units_in_reach(self) -> tuple[Unit, ...]:
        """Units that some evidence touches: those named, those of the numbers, and all below them."""
        roots = [unit for name in {*self.evidence.names_in_text, *self.evidence.names_beside}
                 for unit in self.places.named(name, self.year)]  # fmt: skip
        ids = {*self.evidence.phone_ids, *(one for found in self.evidence.postcode_ids for one in found)}
        roots += [unit for unit_id in ids if (unit := self.places.by_id(unit_id, self.year))]
        roots += [self.evidence.site] if self.evidence.site else []
        reach = {unit.code: unit for unit in roots}
        for root in roots:
            reach |= {unit.code: unit for unit in self.places.below(root.code, self.year)}
        return tuple(reach[code] for code in sorted(reach))

    # ---------------------------------------------------------------- open ends
    def _undecided(self, name: str | None, level: str | None, found: Iterable[Weighed], reason: str) -> Jurisdiction:
        found = list(found)
        top = [one for one in found if found[0].score - one.score < DECISIVE]
        return self._open(name, level, [one.unit.code for one in top], reason)

    def _open(self, name: str | None, level: str | None, codes: Iterable[str], reason: str) -> Jurisdiction:
        candidates = tuple(sorted(set(codes))[:MAX_CANDIDATES])
        shown = f"; candidates {', '.join(candidates[:10])}" if candidates else ""
        self._issue("jurisdiction_undecided", "warning", reason + shown)
        return Jurisdiction(None, None, name, level, self._common_parent(candidates), candidates, reason)

    def _common_parent(self, codes: tuple[str, ...]) -> str | None:
        parents = {unit.parent_code for code in codes if (unit := self.places.unit(code, self.year))}
        return next(iter(parents)) if len(parents) == 1 and "" not in parents else None

    def _issue(self, code: str, severity: str, detail: str) -> None:
        self.issues.append(Issue(code, severity, detail))


def _claims(clues: PlaceClues, places: Gazetteer) -> Iterable[Claim]:
    """Every organisation the identity fields name, the weightiest field first; brands are no organisations."""
    found: list[Claim | None] = []
    if clues.title:
        found.append(read_title(clues.title, places))
    if clues.first_sentence:
        found += read_lead(clues.first_sentence, places)
    for text, source in ((clues.issuer, "issuer"), (clues.signature, "signature")):
        if text:
            found.append(read_name(text, source, places))
    opening = clues.body[:_LEAD]
    found += read_lead(opening, places, "opening")
    found += read_contacts(opening, places)
    for claim in found:
        if claim is not None:
            yield _without_brand(claim)


def _without_brand(claim: Claim) -> Claim:
    """A town, a zone or an agency whose name holds a brand is none."""
    named = claim.town or claim.zone
    if named and holds_brand(named):
        claim = replace(claim, town=None, zone=None)
    return replace(claim, agency=None) if claim.agency and holds_brand(claim.printed) else claim


def _decided(found: list[Weighed]) -> Weighed | None:
    """The best candidate: the only one, or one with a clear lead that some evidence supports."""
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    return found[0] if found[0].score > 0 and found[0].score - found[1].score >= DECISIVE else None


def _jurisdiction(unit: Unit, how: str) -> Jurisdiction:
    return Jurisdiction(unit.code, unit.code, unit.name, unit.level, unit.parent_code or None, (), how)


def _nowhere(why: str) -> Jurisdiction:
    return Jurisdiction(None, None, None, None, None, (), why)
