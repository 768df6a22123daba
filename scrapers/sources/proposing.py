"""Proposes the file of a source from the address of one of its pages, and from the page where it is at hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapers.clean import clean
from scrapers.document import Document, Identity, Jurisdiction, Page, Reading, Unreadable
from scrapers.extract.place_evidence import Evidence
from scrapers.extract.places import gazetteer
from scrapers.fetch.addresses import bare_host, web_address
from scrapers.fetch.listing import LinkKind, read_links
from scrapers.fetch.signs import page_text
from scrapers.read import read_page
from scrapers.sources.family import BASE, Family, families_of, is_gateway
from scrapers.sources.schema import Source

_REPORTS_OF_A_LIST = 3
_MARKS = 200_000  # characters of a page in which the marks of its family are looked for
_LEVELS = ("province", "prefecture", "county", "township", "functional_zone")
_FILL_IN = "fill in"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file for a source. What could not be told is left empty, so that ``gongkai sources check`` asks for it."""

    source_id: str
    text: str  # YAML
    remarks: tuple[str, ...]  # what it rests on and what is missing, for people

    @property
    def file_name(self) -> str:
        return f"{self.source_id}.yaml"


@dataclass(frozen=True, slots=True)
class _Publisher:
    name: str = ""
    code: str = ""
    level: str = ""
    basis: str = ""


def propose(url: str, content: bytes | None = None, content_type: str | None = None) -> Proposal:
    """The file of the source that the page at ``url`` belongs to. Raises BadUrl.

    Only what the address and the page say is filled in; a list page only where the page is one, or where it follows
    from the address by the rule of its family.
    """
    address = web_address(url)
    text = page_text(content) if content else ""
    family = families_of(address, text[:_MARKS])[0]
    is_list = _is_list(address, content, family)
    reading = read_page(Page(content, url=address, content_type=content_type)) if content else None
    publisher = _publisher(reading, content, address) if content else _Publisher()
    host = bare_host(urlsplit(address).hostname or "")
    label = re.sub(r"[^a-z0-9]+", "_", host.removesuffix(".gov.cn")).strip("_") or "site"
    source_id = f"{publisher.code or 'new'}_{label}"[:64]
    lists = [address] if is_list else [page for page in (family.list_address(address),) if page]
    traditional = bool(reading and reading.document and reading.document.script == "traditional")
    lines = _lines(source_id, publisher, family, address, lists, is_list, traditional)
    return Proposal(source_id, "\n".join(lines) + "\n", tuple(_remarks(publisher, family, address, lists, content)))


def _is_list(address: str, content: bytes | None, family: Family) -> bool:
    """Whether the page names several reports (or, unseen, has an address that only lists have)."""
    if not content:
        return family.lists_tell and family.is_list_address(address) and not family.is_report_address(address)
    source = Source(source_id="new", publisher="?", family=family.family, base_url=address, list_pages=(address,))
    kinds = [link.kind for link in read_links(content, address, source, True)]
    reports = sum(kind in (LinkKind.report, LinkKind.off_site) for kind in kinds)
    shaped = family.family == BASE or not family.report_addresses or not family.is_report_address(address)
    return shaped and reports >= _REPORTS_OF_A_LIST


def _publisher(reading: Reading | None, content: bytes, address: str) -> _Publisher:
    identity = reading.identity if reading else None
    place = identity.jurisdiction if identity else None
    if identity is not None and place is not None and place.name and place.level in _LEVELS:
        code = place.code or place.parent_code or ""
        return _Publisher(_name(identity, place), code, place.level, place.basis)
    return _publisher_of_site(reading.document if reading else None, content, address)


def _name(identity: Identity, place: Jurisdiction) -> str:
    """Who publishes: the agency, else the government of the place; with the place in its name."""
    place_name = place.name or ""
    if identity.scope == "own_agency" and identity.agency_name:
        agency = identity.agency_name
        return agency if place_name in agency else place_name + agency
    body = {"functional_zone": "管理委员会"}.get(place.level or "", "人民政府")
    return place_name + ("办事处" if place_name.endswith("街道") else body)


def _publisher_of_site(document: Document | None, content: bytes, address: str) -> _Publisher:
    """By the site's own meta data (SiteIDCode, SiteName), for pages that are no reports."""
    if document is None:
        try:
            document = clean(Page(content, url=address))
        except Unreadable:
            return _Publisher()
    meta = document.meta
    code = next((meta[name] for name in ("siteidcode", "site_id_code") if meta.get(name)), None)
    name = next((meta[key] for key in ("sitename", "og:site_name") if meta.get(key)), None)
    site = Evidence(gazetteer(), None, beside=(), body="", site_code=code, site_name=name).site
    if site is None:
        return _Publisher()
    return _Publisher(f"{site.name}人民政府", site.code, site.level, "the site's own meta data")


def _lines(
    source_id: str,
    publisher: _Publisher,
    family: Family,
    address: str,
    lists: list[str],
    is_list: bool,
    traditional: bool,
) -> list[str]:
    parts = urlsplit(address)
    base = f"{parts.scheme}://{parts.netloc}"
    lines = [
        f"source_id: {_quoted(source_id)}",
        f"publisher: {_quoted(publisher.name)}" + _hint(publisher.name, "who publishes, with the place in the name"),
        f"jurisdiction_code: {_quoted(publisher.code)}" + _hint(publisher.code, "6 digits, of a township 9"),
        f"level: {publisher.level or 'null'}" + _hint(publisher.level, ", ".join(_LEVELS)),
        *(["language: zh-Hant"] if traditional else []),
        f"family: {family.family}",
        f"base_url: {base}",
    ]
    if lists:
        lines += ["list_pages:", *(f"  - {_quoted(page.removeprefix(base) or '/')}" for page in lists)]
    else:
        reason = family.no_list_reason or "the address of the report does not tell where its list is"
        lines += ["list_pages: null", f"list_pages_missing: {_quoted(reason)}"]
    if not is_list:
        lines += ["report_pages:", f"  - {_quoted(address.removeprefix(base))}"]
    return [*lines, f"expected_minimum: {0 if is_list else 1}", "verified: false"]


def _remarks(publisher: _Publisher, family: Family, address: str, lists: list[str], content: bytes | None) -> list[str]:
    remarks = [f"Family {family.family}: {family.title}."]
    if publisher.basis:
        remarks.append(f"Place: {publisher.basis}.")
    elif content is None:
        remarks.append("The page itself was not looked at: name, code and level are left for you.")
    else:
        remarks.append("The page does not say whose it is: name, code and level are left for you.")
    if is_gateway(address):
        remarks.append("The address is a gateway's copy; give the site's own address if you know it.")
    if not lists:
        remarks.append("No list page follows from the address: look for it on the site and put it in list_pages.")
    return remarks


def _hint(value: str, text: str) -> str:
    return "" if value else f" # {_FILL_IN}: {text}"


def _quoted(value: str) -> str:
    """A string in double quotes; characters that would end or break it are escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else " " for char in escaped) + '"'
