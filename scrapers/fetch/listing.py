"""Reads the links of list pages and report pages: reports, annexes, files, further pages of the list, frames."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from scrapers.fetch.addresses import BadUrl, host_of, web_address
from scrapers.fetch.signs import page_text
from scrapers.fetch.vocabulary import Vocabulary, ending_of, load_vocabulary, matches_any
from scrapers.sources.schema import Source

MAX_LINKS = 10_000  # a page
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2})(?!\d)")
_BESIDE = 300  # characters of an entry of a list, at most
_LINKING = ("a", "area", "frame", "iframe", "embed", "object")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPACE = re.compile(r"\s+")


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


def read_links(content: bytes, url: str, source: Source, on_list: bool) -> list[Link]:
    """The links of the page ``content`` at ``url`` that lead on, each address once.

    ``on_list`` says whether the page is a list of reports: only there do pagination, columns and bare years count, and
    only elsewhere do annexes. Scripts, mail addresses, pictures and links of other kinds are left out.
    """
    text = page_text(content)
    # a report page may be huge; there only the links matter, on a list also what stands beside them
    only = None if on_list else SoupStrainer([*_LINKING, "base"])
    soup = BeautifulSoup(text, "lxml", parse_only=only)
    base = _base(soup, url)
    reader = _LinkReader(url, base, source, on_list, load_vocabulary())
    links: dict[str, Link] = {}
    for number, element in enumerate(soup.find_all(_LINKING)):
        if number >= MAX_LINKS:
            break
        link = reader.read(element)
        if link is None or link.url == url:
            continue
        held = links.get(link.url)
        if held is None or (len(link.text), bool(link.date_beside)) > (len(held.text), bool(held.date_beside)):
            links[link.url] = link  # a later, fuller mention keeps the place of the first
    if on_list:
        for address in reader.scripted_pages(text):
            links.setdefault(address, Link(LinkKind.next_page, address, ""))
    return list(links.values())


class _LinkReader:
    def __init__(self, page: str, base: str, source: Source, on_list: bool, words: Vocabulary) -> None:
        self._page = page
        self._base = base
        self._source = source
        self._on_list = on_list
        self._words = words

    def read(self, element: Tag) -> Link | None:
        target = _target(element)
        if not target:
            return None
        try:
            address = self._inside_viewer(web_address(target, self._base))
            host = host_of(address)
        except BadUrl:
            return None
        text = _words_of(element)
        kind = self._frame_kind(address) if element.name not in ("a", "area") else self._kind(text, address)
        if kind is None:
            return None
        files = kind is LinkKind.attachment or ending_of(urlsplit(address).path) in self._words.attachment_endings
        if not (self._source.is_attachment_host(host) if files else self._source.is_own_host(host)):
            kind = LinkKind.off_site if kind in (LinkKind.report, LinkKind.attachment) else None
        if kind is None:
            return None
        return Link(kind, address, text, _date_beside(element) if self._on_list else None)

    def _kind(self, text: str, address: str) -> LinkKind | None:
        words, parts = self._words, urlsplit(address)
        ending = ending_of(parts.path)
        if ending in words.skipped_endings:
            return None
        if self._on_list and text in words.next_words:
            return LinkKind.next_page
        if self._on_list and re.match(words.page_number, text):
            return LinkKind.next_page if self._same_list(parts.path) else None
        suggests = any(word in text for word in words.report_words) and not any(w in text for w in words.other_reports)
        is_file = ending in words.attachment_endings
        if self._on_list:
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
            return LinkKind.attachment if not self._on_list else LinkKind.report
        if ending in self._words.skipped_endings:
            return None
        return LinkKind.list_page if self._on_list else LinkKind.attachment

    def _same_list(self, path: str) -> bool:
        """Whether ``path`` lies in the folder of this page or is one beside it: digits elsewhere turn no page."""
        here = urlsplit(self._page).path
        if path.endswith("/") and here.endswith("/"):
            path, here = path[:-1], here[:-1]
        return path.rpartition("/")[0] == here.rpartition("/")[0]

    def _inside_viewer(self, address: str) -> str:
        """The file that an address of a viewer shows (viewer.html?file=/a.pdf), else the address itself."""
        parts = urlsplit(address)
        if not parts.query or ending_of(parts.path) in self._words.attachment_endings:
            return address
        for name, value in parse_qsl(parts.query, max_num_fields=50):
            if name.lower() in self._words.viewer_parameters and (
                ending_of(urlsplit(value).path) in self._words.attachment_endings
            ):
                return web_address(value, address)
        return address

    def scripted_pages(self, text: str) -> list[str]:
        """The pages of a list whose links a script writes."""
        pages = []
        for pattern in self._words.script_pagers:
            found = re.search(pattern, text)
            if found:
                name, ending = found["name"], found["ending"]
                last = min(int(found["count"]), self._source.max_list_pages + 1)
                pages += [web_address(f"{name}_{number}.{ending}", self._page) for number in range(1, last)]
        return pages


def _base(soup: BeautifulSoup, url: str) -> str:
    element = soup.find("base", href=True)
    if isinstance(element, Tag):
        try:
            return web_address(str(element["href"]), url)
        except BadUrl:
            pass
    return url


def _target(element: Tag) -> str:
    name = {"a": "href", "area": "href", "object": "data"}.get(element.name, "src")
    target = str(element.get(name) or "").strip()
    return "" if target.startswith("#") else target


def _words_of(element: Tag) -> str:
    """The words of a link: its text or its title attribute, whichever says more (lists cut long titles with …)."""
    text = _SPACE.sub(" ", element.get_text()).strip()[:500]
    title = _SPACE.sub(" ", str(element.get("title") or "")).strip()[:500]
    return title if len(title) > len(text) or (text.endswith(("...", "…")) and title) else text


def _date_beside(element: Tag) -> str | None:
    """The date printed in the same entry of the list, nearest first; None where there is none or no real one."""
    parent = element.parent
    for _ in range(3):
        if parent is None or parent.name in ("body", "html", "ul", "table", "[document]"):
            return None
        text = _short_text(parent)
        if text is None:
            return None
        found = _DATE.search(text)
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
            except ValueError:
                return None
        parent = parent.parent
    return None


def _short_text(element: Tag) -> str | None:
    """The text of an entry, None where it is too long to be one (looked at only as far as needed)."""
    parts, length = [], 0
    for part in element.strings:
        length += len(part.strip())
        if length > _BESIDE:
            return None
        parts.append(part)
    return "".join(parts)
