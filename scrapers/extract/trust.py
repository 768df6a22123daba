"""Whether a page is the publisher's own, a copy, or taken over: signs in the address, the title and the text.

The words stand in scrapers/catalogue/trust.yaml.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.document import Issue

if TYPE_CHECKING:
    from scrapers.extract.jurisdiction import JurisdictionFinding

_HEAD, _TAIL = 400, 400  # characters at the top and the end where advertisers put their words
_LABELS = r"(?<![@\w.])(?:[a-z0-9][a-z0-9-]{0,40}\.){1,4}"
_DOMAIN = re.compile(_LABELS + r"(?:com|net|org|cc|vip|top|xyz|app|info|bet|club|site|online|cn)(?![a-z0-9.])")
_GLUED = re.compile(_LABELS + r"[a-z]{2,6}(?=[一-鿿]{0,8}(?:县|区|市|镇|乡|街道|政府|局))")
_YEAR = re.compile(r"(?:[（(]?(?:19|20)\d\d年?度?|二[〇零○oO][〇零○oO一二三四五六七八九]{2}年?)")
_REPORT = re.compile(r"(?:年度?)?(?:政府|政务)?信息公开|政务公开|年度报告|年报")
_PINYIN = re.compile(r"[一-鿿]\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{1,7}\)")
_TRADITIONAL = re.compile(r"[報開關訴訟復議務導辦實際應當與個這規經統計說結構請問題縣鎮鄉區機構數據]")


class TrustWords(BaseModel):
    """trust.yaml"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    official_ends: tuple[str, ...]
    gateway_paths: tuple[str, ...]
    mirror_hosts: tuple[str, ...]
    government_paths: tuple[str, ...]
    government_hosts: tuple[str, ...]
    brands: tuple[str, ...]
    brand_shapes: tuple[str, ...]
    stands_before: tuple[str, ...]
    office_ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrustFinding:
    """official, mirror, hijacked or unknown; why; and the issue that tells the user of the data."""

    trust: str
    reasons: tuple[str, ...]
    issues: tuple[Issue, ...] = ()


_OFTEN = 3  # title and two sentences: a name that is neither place nor office speaks for the government


def judge(
    url: str | None,
    meta: Mapping[str, str],
    title: str | None,
    body: str,
    finding: JurisdictionFinding,
    *,
    issuer: str | None = None,
    official_hosts: Collection[str] = (),
) -> TrustFinding:
    """How far the page can be trusted to be the publisher's.

    ``meta``: the page's meta data, names in lower case. ``body``: the text as published or normalised (pinyin in
    brackets and Traditional script are only seen in the former). ``official_hosts``: further hosts known as official.
    """
    address = _Address.of(url)
    signs = tuple(_signs(title, issuer, body, meta))
    place = finding.jurisdiction
    if not signs and address.is_disguised:
        signs = (f"{address.host} only looks like a state host",)
    if not signs and address.is_foreign and address.has_government_path and not place.name and place.id is None:
        signs = ("path of a government site on a foreign host, and no place is named",)
    if signs:
        return _hijacked(signs)
    if address.host is None:
        return TrustFinding("unknown", ("the address is not known",))
    if address.is_official or address.host in official_hosts:
        if address.is_gateway:
            return _mirror(("copy made by the official site's gateway",))
        return TrustFinding("official", (f"host {address.host}",))
    if address.is_number:
        return TrustFinding("unknown", (f"host {address.host} is a bare number",))
    if place.id is None and not address.is_known_mirror:
        return TrustFinding("unknown", (f"foreign host {address.host}, place undecided"[:200],))
    if address.has_government_host:
        return TrustFinding("unknown", (f"host {address.host} may be an older one of the publisher"[:200],))
    return _mirror((f"report on the foreign host {address.host}", *_copy_signs(address, body)))


@lru_cache(maxsize=1)
def trust_words() -> TrustWords:
    """The signs of trust.yaml."""
    return load_yaml("trust.yaml", TrustWords)


def holds_brand(text: str) -> bool:
    """Whether ``text`` holds the name of a betting or adult brand or has the shape of one."""
    return _brand_in(text) is not None


def odd_string(title: str, body: str, issuer: str | None = None) -> str | None:
    """The string that stands in the title where the jurisdiction should and is neither a place nor an agency.

    It counts where it is a brand or a domain, or recurs in the text in the place of a government's name.
    """
    from scrapers.extract.place_claims import read_title
    from scrapers.extract.places import gazetteer

    claim = read_title(title, gazetteer())
    known = claim is not None and (claim.names_place or claim.agency is not None) and not holds_brand(claim.printed)
    head = (claim.odd_head if claim else "") if known else _before_report(title)
    head = head.strip("-_—|·: ()0123456789年度")
    if len(head) < 3:
        return None
    if holds_brand(head) or _DOMAIN.search(head.lower()):
        return head
    if head.endswith(trust_words().office_ends):
        return None
    ends = "|".join(trust_words().stands_before)
    text = f"{body}\n{issuer or ''}"
    in_place = re.search(re.escape(head) + f"(?:{ends})", text) is not None
    again = text.count(head)
    return head if (in_place and again >= 2) or again >= _OFTEN else None


@dataclass(frozen=True, slots=True)
class _Address:
    host: str | None
    path: str

    @classmethod
    def of(cls, url: str | None) -> _Address:
        try:
            parts = urlsplit(url or "")
            host = parts.hostname
        except ValueError:
            return cls(None, "")
        return cls(host, parts.path.lower()) if host else cls(None, "")

    @property
    def is_official(self) -> bool:
        host = self.host or ""
        return any(host.endswith(end) or host == end[1:] for end in trust_words().official_ends)

    @property
    def is_foreign(self) -> bool:
        return self.host is not None and not self.is_official and not self.is_number

    @property
    def is_disguised(self) -> bool:
        """xx.gov.cn.example.com"""
        return self.is_foreign and re.search(r"(?:^|[.\-])gov[.\-]cn[.\-]", self.host or "") is not None

    @property
    def is_number(self) -> bool:
        try:
            ipaddress.ip_address(self.host or "")
        except ValueError:
            return False
        return True

    @property
    def is_gateway(self) -> bool:
        return any(part in self.path for part in trust_words().gateway_paths)

    @property
    def is_known_mirror(self) -> bool:
        host = self.host or ""
        return any(host == mirror or host.endswith("." + mirror) for mirror in trust_words().mirror_hosts)

    @property
    def has_government_host(self) -> bool:
        """xxgk.example.com, www.xxgov.com: named as government sites are, and none of the state's"""
        labels = (self.host or "").split(".")[:-1]
        return not self.is_known_mirror and any(_government_host().search(label) for label in labels)

    @property
    def has_government_path(self) -> bool:
        return any(part in self.path for part in trust_words().government_paths) and not self.is_known_mirror


def _signs(title: str | None, issuer: str | None, body: str, meta: Mapping[str, str]) -> Iterable[str]:
    """Reasons to take the page for a hijacked one."""
    odd = odd_string(title, body, issuer) if title else None
    if odd:
        again = f" ({count} times in the text)" if (count := body.count(odd)) else ""
        yield f"the title names “{odd[:60]}” in the place of the jurisdiction{again}"
    named = [title or "", issuer or "", *(meta.get(key, "") for key in ("title", "keywords", "description"))]
    brand = next((found for text in named if (found := _brand_in(text))), None)
    if brand and not odd:
        yield f"“{brand}” in title, issuer or meta data"
    domains = (match[0] for text in named[:2] for match in _GLUED.finditer(text.lower()))
    glued = next((domain for domain in domains if not _is_state(domain)), None)
    if glued and not odd:
        yield f"the domain {glued} stands before a name"
    edges = f"{body[:_HEAD]}\n{body[-_TAIL:]}" if len(body) > _HEAD + _TAIL else body
    lines = [found for line in edges.split("\n") if len(line) < 120 and (found := _brand_in(line))]
    if lines and not odd and not brand:
        yield f"“{lines[0]}” in a line at the top or the end of the page"


def _is_state(domain: str) -> bool:
    return domain.endswith(trust_words().official_ends)


def _before_report(title: str) -> str:
    cuts = [match.start() for pattern in (_YEAR, _REPORT) for match in pattern.finditer(title) if match.start() > 0]
    return title[: min(cuts)] if cuts else ""


def _brand_in(text: str) -> str | None:
    match = _brand_pattern().search(text.lower()) if text else None
    return match[0] if match else None


@lru_cache(maxsize=1)
def _brand_pattern() -> re.Pattern[str]:
    words = trust_words()
    # latin names must stand alone: hth is no part of a longer word
    names = [rf"(?<![a-z0-9]){name}(?![a-z0-9])" if name.isascii() else name for name in map(re.escape, words.brands)]
    # 开云镇 is a town, not the brand
    return re.compile("|".join([f"(?:{'|'.join(names)})(?!镇|乡|街道|村|社区|路|大道)", *words.brand_shapes]))


@lru_cache(maxsize=1)
def _government_host() -> re.Pattern[str]:
    return re.compile("|".join(trust_words().government_hosts))


def _copy_signs(address: _Address, body: str) -> Iterable[str]:
    if len(_PINYIN.findall(body[:20_000])) >= 5:
        yield "pinyin in brackets behind characters"
    if len(_TRADITIONAL.findall(body[:20_000])) >= 10:
        yield "Traditional script on a foreign host"
    if address.has_government_path:
        yield "path of a government site"


def _hijacked(signs: tuple[str, ...]) -> TrustFinding:
    issue = Issue("hijacked", "warning", "; ".join(signs))
    return TrustFinding("hijacked", signs, (issue,))


def _mirror(reasons: tuple[str, ...]) -> TrustFinding:
    return TrustFinding("mirror", reasons, (Issue("mirror", "info", "; ".join(reasons)),))
