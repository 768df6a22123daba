"""What a page says, besides the name itself, about where it comes from; weighs the candidates of a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from scrapers.extract.places import Gazetteer, Unit

# Weights: a place named beside the name itself decides; then numbers given out by the post and telephone offices;
# then places named in the text; names of hosts are only hints. A lead of DECISIVE is needed between two candidates.
NAMED_BESIDE, SITE, NUMBER, IN_TEXT, PROVINCE_IN_TEXT, HOST, HINT = 6, 5, 4, 3, 2, 3, 1
WRONG_NUMBER = -3
DECISIVE = 2
_DOCUMENT = re.compile(r"([\u3400-\u9fff])[\u3400-\u9fff]{1,5}[〔\[(【﹝](?:19|20)\d\d")
_BODY_LIMIT = 200_000  # characters looked at


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with the sum of its evidence and the words for it."""

    unit: Unit
    score: int
    reasons: tuple[str, ...]
    contradicted: bool = False  # phone or postcode belong elsewhere


class Evidence:
    """The evidence of one page, weighed for any candidate. ``beside``: texts of the identity fields."""

    def __init__(
        self,
        places: Gazetteer,
        year: int | None,
        *,
        beside: Iterable[str | None],
        body: str,
        site_name: str | None = None,
        site_code: str | None = None,
        host: str | None = None,
        url_path: str | None = None,
        phones: Iterable[str] = (),
        postcodes: Iterable[str] = (),
    ) -> None:
        self.places, self.year = places, year
        self._beside = [text for text in beside if text]
        self._body = body[:_BODY_LIMIT]
        self._site_name, self._site_code = site_name, site_code
        self._host, self._path = (host or "").lower(), unquote(url_path or "").lower()
        self._phones, self._postcodes = tuple(phones), tuple(postcodes)

    # ------------------------------------------------------------------ readings, each made once
    @cached_property
    def names_beside(self) -> frozenset[str]:
        """Names of units in title, issuer, signature and first sentence."""
        mentions = (mention for text in self._beside for mention in self.places.mentions(text))
        return frozenset(mention.name for mention in mentions if mention.free)

    @cached_property
    def names_in_text(self) -> Counter[str]:
        """Names of units in the body with their number."""
        return Counter(mention.name for mention in self.places.mentions(self._body) if mention.free)

    @cached_property
    def site(self) -> Unit | None:
        """The unit whose site it is, by the site's code, else its name."""
        if self._site_code and re.match(r"\d{6}", self._site_code):
            found = self.places.unit(self._site_code[:6], None)
            if found:
                return self.places.by_id(found.unit_id, self.year)
        return self._site_by_name()

    def _site_by_name(self) -> Unit | None:
        names = [mention.name for mention in self.places.mentions(self._site_name or "") if mention.free]
        if not names:
            return None
        found = [unit for unit in self.places.named(names[-1], self.year) if self._fits_names(unit, names[:-1])]
        return found[0] if len(found) == 1 else None

    def _fits_names(self, unit: Unit, names: list[str]) -> bool:
        above = {parent.name for parent in self.places.parents(unit, self.year)}
        return all(name in above for name in names)

    @cached_property
    def phone_ids(self) -> frozenset[str]:
        """Unit ids of the phones' area codes."""
        return frozenset().union(*(self.places.area_code(phone) for phone in self._phones))

    @cached_property
    def postcode_ids(self) -> tuple[frozenset[str], ...]:
        """Unit ids of the postcodes, county, prefecture and province apart."""
        return tuple(ids for code in self._postcodes for ids in self.places.postcode(code))

    @cached_property
    def document_heads(self) -> Counter[str]:
        """First characters of the document numbers cited."""
        return Counter(match[1] for match in _DOCUMENT.finditer(self._body))

    @cached_property
    def _labels(self) -> tuple[str, ...]:
        dull = {"www", "gov", "cn", "com", "net", "org", "xxgk", "zwgk", "zfxxgk", "zw", "public", "gk", "zt", "zwfw"}
        labels = re.split(r"[.\-]", re.sub(r":\d+$", "", self._host))
        kept = [label for label in labels if label not in dull and re.search("[a-z]", label)]
        affixes = self.places.words.host_affixes
        kept += [label.removesuffix(end).removeprefix(end) for label in kept for end in affixes if label != end]
        return tuple(dict.fromkeys(kept))

    @cached_property
    def _path_parts(self) -> frozenset[str]:
        return frozenset(re.findall(r"[a-z]{4,14}", self._path))

    # ------------------------------------------------------------------ weighing
    def weigh(self, unit: Unit, named: bool = False) -> Weighed:
        """The evidence for ``unit``: what names its parents (``named``: and itself), its numbers, its host."""
        chain = (unit, *self.places.parents(unit, self.year))
        points: list[tuple[int, str]] = []
        for parent in chain if named else chain[1:]:
            points += self._named(parent)
        points += self._by_site(chain)
        numbers = [*self._by_phone(chain), *self._by_postcode(chain)]
        points += numbers
        points += self._by_host(chain)
        points += self._by_documents(chain)
        reasons = tuple(dict.fromkeys(reason for weight, reason in points if weight > 0))
        return Weighed(unit, sum(weight for weight, _ in points), reasons, any(weight < 0 for weight, _ in numbers))

    def check(self, unit: Unit) -> Weighed:
        """The one candidate of a name: nothing to weigh, only whether phone and postcode contradict it."""
        chain = (unit, *self.places.parents(unit, self.year))
        numbers = [*self._by_phone(chain), *self._by_postcode(chain)]
        return Weighed(unit, sum(weight for weight, _ in numbers), (), any(weight < 0 for weight, _ in numbers))

    def weigh_all(self, units: Iterable[Unit], named: bool = False) -> list[Weighed]:
        """All candidates, the best first, equals by code."""
        found = (self.weigh(unit, named) for unit in units)
        return sorted(found, key=lambda one: (-one.score, one.unit.code))

    def _named(self, parent: Unit) -> list[tuple[int, str]]:
        names = (parent.name,) if parent.level == "province" else tuple(_forms(parent))
        if self.names_beside.intersection(names):
            return [(NAMED_BESIDE, f"named with {parent.name}")]
        if any(self.names_in_text[name] for name in names):
            weight = PROVINCE_IN_TEXT if parent.level == "province" else IN_TEXT
            return [(weight, f"text names {parent.name}")]
        return []

    def _by_site(self, chain: tuple[Unit, ...]) -> list[tuple[int, str]]:
        if self.site is None or self.site.unit_id not in {unit.unit_id for unit in chain}:
            return []
        return [(PROVINCE_IN_TEXT if self.site.level == "province" else SITE, f"site of {self.site.name}")]

    def _by_phone(self, chain: tuple[Unit, ...]) -> list[tuple[int, str]]:
        if not self.phone_ids or chain[0].level == "province":
            return []
        if self.phone_ids & self._ids_around(chain):
            return [(NUMBER, "telephone area code")]
        return [(WRONG_NUMBER, "")]

    def _by_postcode(self, chain: tuple[Unit, ...]) -> list[tuple[int, str]]:
        if not self.postcode_ids or chain[0].level == "province":
            return []
        ids = self._ids_around(chain)
        for found in self.postcode_ids:
            hit = [unit for unit in chain if unit.unit_id in found]
            if hit and hit[0].level != "province":
                exact = hit[0].level == "county" and hit[0] is chain[0]
                return [(NUMBER + DECISIVE if exact else NUMBER, "postcode")]
        provinces = {unit for found in self.postcode_ids for unit in found if unit.endswith("0000")}
        return [(WRONG_NUMBER, "")] if provinces and not provinces & ids else []

    def _ids_around(self, chain: tuple[Unit, ...]) -> set[str]:
        """Ids of the chain now and, where a county changed its prefecture, at the other time too."""
        ids = {unit.unit_id for unit in chain}
        today = self.places.by_id(chain[0].unit_id, None)
        if today is not None:
            ids |= {unit.unit_id for unit in self.places.parents(today, None)}
        return ids

    def _by_host(self, chain: tuple[Unit, ...]) -> list[tuple[int, str]]:
        points = []
        for unit in chain:
            full = unit.pinyin.replace(" ", "")
            if any(full == label or (len(full) >= 5 and full in label) for label in self._labels):
                weight = HINT if unit.level == "province" else HOST
                points.append((weight, f"host name holds {full}"))
            elif unit.level != "province" and (weight := self._initials(unit)):
                points.append((weight, f"initials of {unit.name} in the address"))
        return points

    def _initials(self, unit: Unit) -> int:
        words = self.places.words
        short = "".join(part[0] for part in unit.pinyin.split() if part)
        kind = words.initials_of_kind.get(unit.name[-1], "")
        long = short if unit.short == unit.name else short + kind
        province = self.places.unit(unit.province_code, None)
        prefix = words.province_initials.get(province.short, "") if province else ""
        labels = {short, long, prefix + short, prefix + long, "cn" + short}
        if len(short) >= 2 and labels.intersection(self._labels):
            return 2 * HINT
        return 2 * HINT if any(long + end in self._path_parts for end in words.government_initials) else 0

    def _by_documents(self, chain: tuple[Unit, ...]) -> list[tuple[int, str]]:
        province = self.places.unit(chain[0].province_code, None)
        heads = {head for head, name in self.places.words.document_heads.items() if province and name == province.name}
        return [(HINT, "document numbers of the province")] if heads.intersection(self.document_heads) else []


def _forms(unit: Unit) -> set[str]:
    end = unit.name[-1]
    return {unit.name, unit.short + end} if len(unit.short) > 1 and unit.short[-1] != end else {unit.name}
