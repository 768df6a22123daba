"""Reads the links of list pages and report pages: reports, annexes, files, further pages of the list, frames.

Lists come as HTML, as data inside a page, and as JSON; an address in a handler (onclick) is read, never run.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning
from bs4.filter import SoupStrainer

from scrapers.fetch.addresses import BadUrl, host_of, web_address
from scrapers.fetch.elements import LINKING, base_of, date_beside, date_in, target_of, words_of
from scrapers.fetch.json_lists import JsonPage, read_json_list
from scrapers.fetch.pagers import embedded, scripted_pages
from scrapers.fetch.signs import page_text
from scrapers.fetch.vocabulary import Vocabulary, ending_of, load_vocabulary, matches_any
from scrapers.fetch.wording import year_and_unit
from scrapers.sources.family import Family, load_family
from scrapers.sources.schema import Source

# what a site sends is not for the person at the terminal
warnings.filterwarnings("ignore", category=XMLParsedAsHTMLWarning)
warnings.filterwarnings("ignore", category=MarkupResemblesLocatorWarning)

MAX_LINKS = 10_000  # a page
# elements looked at on a page, by their "<": twenty megabytes of nothing but links would hold all sites up for minutes
_MOST_TAGS = 150_000
_YEAR = re.compile(r"(?:19|20)\d\d")
_FRAMES = ("frame", "iframe", "embed", "object", "meta")


class LinkKind(StrEnum):
    """What a link leads to, judged by its words and its address."""

    report = "report"
    attachment = "attachment"  # a file, or a page with an annex
    list_page = "list_page"  # another list: a column, a year folder, a frame
    next_page = "next_page"  # another page of the same list
    off_site = "off_site"  # it suggests a report but lies on a foreign host


@dataclass(frozen=True, slots=True)
class Link:
    """One link, in the order of the page."""

    kind: LinkKind
    url: str  # absolute, as web_address gives it
    text: str  # the longer of its words and its title attribute
    date_beside: str | None = None  # ISO date printed in the same entry of the list
    year: int | None = None  # of the report, from its words, else from those that led to the list
    unit: str | None = None  # whose report it is, from its words, else from those that led to the list


def read_links(content: bytes, url: str, source: Source, on_list: bool, within: str = "") -> list[Link]:
    """The links of the page ``content`` at ``url`` that lead on, each address once.

    ``on_list`` says whether the page is a list of reports: only there do pagination, columns and bare years count, and
    only elsewhere do annexes. ``within``: the words of the link that led to the list (a year, an office); they hold for
    entries that say neither. Scripts, mail addresses, pictures and links of other kinds are left out.
    """
    family = load_family(source.family)
    collected = _Links(url)
    answer = read_json_list(content, url, family, source.max_list_pages) if on_list else None
    if answer is not None:
        _read_json(answer, _LinkReader(url, url, source, True, family), collected)
    else:
        _read_html(_bounded(page_text(content)), url, source, on_list, family, collected)
    return [_placed(link, within) for link in collected.links.values()]


def _bounded(text: str) -> str:
    """``text`` up to a number of elements; pictures inside a page may make it long, that costs little."""
    if text.count("<") <= _MOST_TAGS:
        return text
    return text[: next(islice(re.finditer("<", text), _MOST_TAGS, None)).start()]


class _Links:
    """Links by address, in the order of discovery."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._count = 0
        self.links: dict[str, Link] = {}

    @property
    def full(self) -> bool:
        return self._count >= MAX_LINKS

    def add(self, link: Link | None) -> None:
        self._count += 1
        if link is None or link.url == self._url:
            return
        held = self.links.get(link.url)
        if held is None or (len(link.text), bool(link.date_beside)) > (len(held.text), bool(held.date_beside)):
            self.links[link.url] = link  # a later, fuller mention keeps the place of the first


def _read_html(text: str, url: str, source: Source, on_list: bool, family: Family, collected: _Links) -> None:
    # a report page may be huge; there only the links matter, on a list also what stands beside them
    only = None if on_list else SoupStrainer([*LINKING, "base"])
    soup = BeautifulSoup(text, "lxml", parse_only=only)
    reader = _LinkReader(url, base_of(soup, url), source, on_list, family)
    _read_elements(soup, reader, collected)
    if not on_list:
        return
    entries, turning = embedded(text, family)
    if entries:
        _read_elements(BeautifulSoup(entries, "lxml"), reader, collected)
    if turning:  # the page leads to its next entries itself
        for element in BeautifulSoup(turning, "lxml").find_all("a"):
            collected.add(reader.read_page_turn(element))
        return
    for address in scripted_pages(text, url, family, source.max_list_pages):
        if source.is_own_host(host_of(address)):
            collected.add(Link(LinkKind.next_page, address, ""))


def _read_elements(soup: BeautifulSoup, reader: _LinkReader, collected: _Links) -> None:
    others = [tag for tag in soup.find_all(onclick=True) if tag.name not in LINKING] if reader.on_list else []
    for element in (*soup.find_all(LINKING), *others):
        if collected.full:
            return
        collected.add(reader.read(element))


def _read_json(answer: JsonPage, reader: _LinkReader, collected: _Links) -> None:
    for entry in answer.entries:
        collected.add(reader.judge(entry.address, entry.title, date_in(entry.date)))
    if answer.markup:
        _read_elements(BeautifulSoup(answer.markup, "lxml"), reader, collected)
    for address in answer.pages:
        collected.add(Link(LinkKind.next_page, address, ""))  # of the list's own address, so of its host


def _placed(link: Link, within: str) -> Link:
    """The link with the year and the unit that its words, or those around the list, name."""
    if link.kind is LinkKind.next_page:
        return link
    year, unit = year_and_unit(link.text)
    if within and (year is None or unit is None):
        outer_year, outer_unit = year_and_unit(within)
        year, unit = year or outer_year, unit or outer_unit
    return replace(link, year=year, unit=unit)


class _LinkReader:
    def __init__(self, page: str, base: str, source: Source, on_list: bool, family: Family) -> None:
        self._page = page
        self._base = base
        self._source = source
        self._family = family
        self._words: Vocabulary = load_vocabulary()
        self.on_list = on_list

    def read(self, element: Tag) -> Link | None:
        """The link of one element, None where it leads nowhere that matters."""
        target = target_of(element, self._family, self.on_list)
        if not target:
            return None
        date = date_beside(element) if self.on_list else None
        return self.judge(target, words_of(element), date, is_frame=element.name in _FRAMES)

    def read_page_turn(self, element: Tag) -> Link | None:
        """A link that leads to the next entries whatever its words."""
        try:
            address = web_address(str(element.get("href") or ""), self._page)
            return Link(LinkKind.next_page, address, "") if self._source.is_own_host(host_of(address)) else None
        except BadUrl:
            return None

    def judge(self, target: str, text: str, date: str | None = None, is_frame: bool = False) -> Link | None:
        """The link to ``target`` with the words ``text``, None where it leads nowhere that matters."""
        try:
            address = self._inside_viewer(web_address(target, self._base))
            host = host_of(address)
        except BadUrl:
            return None
        kind = self._frame_kind(address) if is_frame else self._kind(text, address)
        if kind is None:
            return None
        files = kind is LinkKind.attachment or ending_of(urlsplit(address).path) in self._words.attachment_endings
        if not (self._source.is_attachment_host(host) if files else self._source.is_own_host(host)):
            kind = LinkKind.off_site if kind in (LinkKind.report, LinkKind.attachment) else None
        return None if kind is None else Link(kind, address, text, date)

    def _kind(self, text: str, address: str) -> LinkKind | None:
        words, parts = self._words, urlsplit(address)
        ending = ending_of(parts.path)
        if ending in words.skipped_endings:
            return None
        if self.on_list and text in words.next_words:
            return LinkKind.next_page
        if self.on_list and re.match(words.page_number, text):
            return LinkKind.next_page if self._same_list(address) else None
        suggests = any(word in text for word in words.report_words) and not any(w in text for w in words.other_reports)
        is_file = ending in words.attachment_endings
        if self.on_list:
            return self._kind_on_list(text, parts.path, suggests, is_file)
        if is_file or any(word in text for word in words.annex_words):
            return LinkKind.attachment
        return LinkKind.report if suggests and _YEAR.search(text) else None

    def _kind_on_list(self, text: str, path: str, suggests: bool, is_file: bool) -> LinkKind | None:
        year_only = re.match(self._words.year_only, text) is not None
        if not suggests and not year_only:
            return None
        looks_like_list = not is_file and matches_any(self._words.list_addresses, path.lower())
        if looks_like_list and (year_only or not _YEAR.search(text)):
            return LinkKind.list_page
        return LinkKind.report

    def _frame_kind(self, address: str) -> LinkKind | None:
        ending = ending_of(urlsplit(address).path)
        if ending in self._words.attachment_endings:
            return LinkKind.attachment if not self.on_list else LinkKind.report
        if ending in self._words.skipped_endings:
            return None
        return LinkKind.list_page if self.on_list else LinkKind.attachment

    def _same_list(self, address: str) -> bool:
        """Whether ``address`` is a page of this list: by the family's rule, or because it lies in the same folder.

        Digits that lead elsewhere turn no page.
        """
        stem = self._family.stem_of(address)
        if stem is not None and stem == self._family.stem_of(self._page):
            return True
        path, here = urlsplit(address).path, urlsplit(self._page).path
        if path.endswith("/") and here.endswith("/"):
            path, here = path[:-1], here[:-1]
        return path.rpartition("/")[0] == here.rpartition("/")[0]

    def _inside_viewer(self, address: str) -> str:
        """The file that an address of a viewer shows (viewer.html?file=/a.pdf), else the address itself."""
        parts = urlsplit(address)
        if not parts.query or ending_of(parts.path) in self._words.attachment_endings:
            return address
        for name, value in parse_qsl(parts.query):  # an address is short, so are its fields
            if name.lower() in self._words.viewer_parameters and self._is_file(value):
                return web_address(value, address)
        return address

    def _is_file(self, address: str) -> bool:
        try:
            return ending_of(urlsplit(address).path) in self._words.attachment_endings
        except ValueError:  # http://[
            return False
