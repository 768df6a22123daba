"""Families of sites: how a content management system writes addresses and lists, as data in ``families/*.yaml``.

A source names its family; the family's rules are mixed into those of every site (``plain_list``). Nothing here asks a
site for anything: addresses and pages are matched against the rules, scripts are read as text and never run.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from scrapers.catalogue.loading import CatalogueError, load_yaml
from scrapers.fetch.addresses import BadUrl, web_address
from scrapers.fetch.vocabulary import Pattern

FOLDER = Path(__file__).parent / "families"
BASE = "plain_list"
_HOLE = re.compile(r"\{(\w+)\}")
# what a template of pages may hold beside the groups of its patterns
_PAGE_HOLES = {"n", "from", "to", "stem", "ending"}


def _one_step(path: str) -> str:
    if path and not re.fullmatch(r"[\w$-]+(\.[\w$-]+)*", path):
        raise ValueError(f"{path!r} is not a path of keys such as data.results")
    return path


KeyPath = Annotated[str, AfterValidator(_one_step)]
Keys = tuple[Annotated[str, Field(min_length=1)], ...]


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListOfReport(_Rule):
    """The list follows from the address of a report."""

    report: Pattern  # of path and query, with named groups
    list: str  # path of the list, with the groups in {}

    @model_validator(mode="after")
    def _groups_are_named(self) -> ListOfReport:
        _check_holes(self.list, set(re.compile(self.report).groupindex))
        return self


class Years(_Rule):
    """One address a year: ``parameter`` of the query is the year."""

    parameter: str
    first: Annotated[int, Field(ge=2008, le=2099)] = 2008


class Pager(_Rule):
    """Pages of a list whose links a script makes: how many there are stands in the page, where they lie follows.

    All patterns of ``written`` must be found; their named groups fill ``pages``. The number of pages is the group
    ``count``, or ``total`` entries by ``per``. ``{n}`` runs from ``first`` to count + ``last``;
    ``{from}`` and ``{to}`` are the entries of a page; ``{stem}`` and ``{ending}`` are those of the list's own address.
    """

    written: tuple[Pattern, ...]
    pages: str
    first: Annotated[int, Field(ge=0, le=3)] = 1
    last: Annotated[int, Field(ge=-1, le=0)] = -1

    @model_validator(mode="after")
    def _counts(self) -> Pager:
        groups = {name for pattern in self.written for name in re.compile(pattern).groupindex}
        if "count" not in groups and not {"total", "per"} <= groups:
            raise ValueError("one of the patterns must name the group count, or the groups total and per")
        _check_holes(self.pages, groups | _PAGE_HOLES)
        return self


class Embedded(_Rule):
    """Markup in a script or an XML answer, between two strings: entries of the list, or the link to its next page."""

    open: Annotated[str, Field(min_length=5)]
    close: Annotated[str, Field(min_length=3)]
    turns_page: bool = False


class Handler(_Rule):
    """An address that stands in a handler (onclick, javascript:) as data."""

    written: Pattern
    address: str

    @model_validator(mode="after")
    def _groups_are_named(self) -> Handler:
        _check_holes(self.address, set(re.compile(self.written).groupindex))
        return self


class JsonList(_Rule):
    """An answer in JSON that is a list: where its entries are, and which keys hold what."""

    items: KeyPath  # "" where the answer itself is the array
    address: Keys = ()  # keys with the address, the best first
    address_made: str | None = None  # or how it is made of the entry's keys: /info/{id}.html
    title: Keys = ()
    date: Keys = ()
    markup: KeyPath | None = None  # in place of entries: where the answer holds them as HTML
    page: str | None = None  # the parameter of the query that turns pages
    first_page: Annotated[int, Field(ge=0, le=1)] = 1
    pages: KeyPath | None = None  # how many pages there are
    total: KeyPath | None = None  # or how many entries
    size: KeyPath | None = None  # entries of a page, in the answer
    size_parameter: str | None = None  # or in the query

    @model_validator(mode="after")
    def _leads_somewhere(self) -> JsonList:
        if self.markup is None and not (self.address or self.address_made):
            raise ValueError("give address or address_made, or markup")
        return self


class Family(_Rule):
    """One kind of site. All patterns of addresses match path and query, without the host."""

    family: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    title: str
    notes: str = ""
    report_addresses: tuple[Pattern, ...] = ()  # how its reports' addresses look
    list_addresses: tuple[Pattern, ...] = ()  # how its lists' addresses look; empty: any
    lists_tell: bool = False  # no other family's lists have such addresses
    list_of_report: tuple[ListOfReport, ...] = ()
    page_marks: tuple[Pattern, ...] = ()  # what the source text of its pages holds
    same_list: tuple[Pattern, ...] = ()  # pages with the same group ``stem`` are pages of one list
    pagers: tuple[Pager, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    handlers: tuple[Handler, ...] = ()
    json_lists: tuple[JsonList, ...] = ()
    gateways: tuple[Pattern, ...] = ()  # addresses that serve machine-made copies of other pages
    years: Years | None = None
    no_list_reason: str | None = None  # why a report's address does not tell its list

    @model_validator(mode="after")
    def _stems(self) -> Family:
        for pattern in self.same_list:
            if "stem" not in re.compile(pattern).groupindex:
                raise ValueError(f"{pattern}: same_list needs the group stem")
        return self

    def is_report_address(self, url: str) -> bool:
        """Whether ``url`` looks like a report of this family; True where the family does not say how they look."""
        return not self.report_addresses or any(re.search(one, path_of(url)) for one in self.report_addresses)

    def is_list_address(self, url: str) -> bool:
        """Whether ``url`` looks like a list of this family; True where the family does not say how they look."""
        return not self.list_addresses or any(re.search(one, path_of(url)) for one in self.list_addresses)

    def list_address(self, report: str) -> str | None:
        """The list that a report's address tells by the family's rule, else None (gateways copy other sites)."""
        for rule in self.list_of_report if not is_gateway(report) else ():
            found = re.search(rule.report, path_of(report))
            if found:
                return web_address(rule.list.format_map(found.groupdict("")), report)
        return None

    def addresses_of_years(self, report: str, latest: int) -> list[str]:
        """The addresses of the reports of all years up to ``latest``, where the year stands in the query."""
        if self.years is None:
            return []
        name = re.escape(self.years.parameter)
        pattern = re.compile(rf"(?<=[?&]){name}=(?:20\d\d)(?=&|$)")
        if not pattern.search(report):
            return []
        years = range(latest, self.years.first - 1, -1)
        return [pattern.sub(f"{self.years.parameter}={year}", report) for year in years]

    def year_of(self, url: str) -> int | None:
        """The year that an address of ``addresses_of_years`` holds."""
        found = self.years and re.search(rf"[?&]{re.escape(self.years.parameter)}=(20\d\d)(?=&|$)", url)
        return int(found[1]) if found else None

    def stem_of(self, url: str) -> str | None:
        """What the pages of one list have in common, None where the family has no rule for the address."""
        for pattern in self.same_list:
            found = re.search(pattern, path_of(url))
            if found:
                return found["stem"]
        return None

    def address_in(self, handler: str) -> str | None:
        """The address that a handler holds as data, None where there is none."""
        for rule in self.handlers:
            found = re.search(rule.written, handler)
            if found:
                return rule.address.format_map(found.groupdict(""))
        return None


def path_of(url: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


@cache
def family_names() -> tuple[str, ...]:
    """The families there are, the plain list last."""
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return (*(name for name in names if name != BASE), BASE)


@cache
def own_rules(name: str) -> Family:
    """The family's own rules. Raises CatalogueError where there is no such family or its file is faulty."""
    path = FOLDER / f"{name}.yaml"
    if name not in family_names():
        raise CatalogueError(f"there is no family {name!r}; there are {', '.join(family_names())}")
    family = load_yaml(f"families/{path.name}", Family, text=path.read_text(encoding="utf-8"))
    if family.family != name:
        raise CatalogueError(f"families/{path.name}: its name {family.family!r} is not that of the file")
    return family


@cache
def load_family(name: str) -> Family:
    """The rules for a site of the family: its own, then those of every site. Raises CatalogueError."""
    own = own_rules(name)
    if name == BASE:
        return own
    base = own_rules(BASE)
    mixed = {part: (*getattr(own, part), *getattr(base, part)) for part in _MIXED}
    return own.model_copy(update=mixed)


_MIXED = ("same_list", "pagers", "embedded", "handlers", "json_lists")


def is_gateway(url: str) -> bool:
    """Whether the address is one of a gateway, which serves machine-made copies (into Traditional, for example)."""
    return any(re.search(pattern, path_of(url)) for pattern in own_rules(BASE).gateways)


def families_of(url: str, text: str = "") -> list[Family]:
    """The families that a site may be of, the likeliest first: by a report's or a list's address and the page's text.

    The plain list, which fits every site, comes last.
    """
    scores = {name: _score(own_rules(name), url, text) for name in family_names() if name != BASE}
    likely = sorted((name for name, score in scores.items() if score), key=lambda name: -scores[name])
    return [own_rules(name) for name in (*likely, BASE)]


def _score(family: Family, url: str, text: str) -> int:
    path = path_of(url)
    marked = any(re.search(mark, text) for mark in family.page_marks)
    if any(re.search(shape, path) for shape in family.report_addresses):
        return 4 + marked
    if any(re.search(shape, path) for shape in family.list_addresses):
        return 3 + marked if family.lists_tell else int(marked)
    return 0


def usable_address(text: str, base: str) -> str | None:
    """``text`` as an absolute address, None where it is none."""
    try:
        return web_address(text, base)
    except BadUrl:
        return None


def _check_holes(template: str, known: set[str]) -> None:
    unknown = set(_HOLE.findall(template)) - known
    if unknown:
        raise ValueError(f"{template!r} has no group for {', '.join(sorted(unknown))}")
    if re.search(r"[{}]", _HOLE.sub("", template)):
        raise ValueError(f"{template!r}: braces only around names")
