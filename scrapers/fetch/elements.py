"""One element of a page: where it leads, its words, and the date printed beside it."""

from __future__ import annotations

import re
from datetime import date

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import NavigableString

from scrapers.fetch.addresses import BadUrl, web_address
from scrapers.sources.family import Family

LINKING = ("a", "area", "frame", "iframe", "embed", "object", "option", "meta")
_ATTRIBUTES = {"a": "href", "area": "href", "object": "data", "option": "value"}  # else src
_SCRIPT = "javascript:"
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2})(?!\d)")
_REFRESH = re.compile(r"^\s*\d{1,3}\s*[;,]\s*url\s*=\s*[\"']?(?P<address>[^\"'\s<>]{1,600})", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile(r"[\x00-\x20]+")
_BESIDE = 300  # characters of an entry of a list, at most
_PARTS = 400  # elements and strings of an entry, at most: ten thousand links may share one parent
_HANDLER = 2_000  # characters of a handler that are looked at


def base_of(soup: BeautifulSoup, url: str) -> str:
    """The address against which the page's links are resolved: that of its <base>, else its own."""
    element = soup.find("base", href=True)
    if isinstance(element, Tag):
        try:
            return web_address(str(element["href"]), url)
        except BadUrl:
            pass
    return url


def target_of(element: Tag, family: Family, on_list: bool) -> str:
    """Where the element leads, "" where nowhere: its address, else one that its handler holds as data."""
    if element.name == "meta":
        return _refresh(element) if on_list else ""
    target = str(element.get(_ATTRIBUTES.get(element.name, "src")) or "").strip()
    if element.name == "option":
        return target if on_list and ("/" in target or "." in target) else ""
    bare = _INVISIBLE.sub("", target[: len(_SCRIPT) + 20]).lower()
    if target and not target.startswith("#") and not bare.startswith(_SCRIPT):
        return target
    handlers = (target if bare.startswith(_SCRIPT) else "", str(element.get("onclick") or ""))
    return next((found for text in handlers if (found := family.address_in(text[:_HANDLER]))), "")


def words_of(element: Tag) -> str:
    """The words of a link: its text or its title attribute, whichever says more (lists cut long titles with …)."""
    text = _SPACE.sub(" ", element.get_text()).strip()[:500]
    title = _SPACE.sub(" ", str(element.get("title") or "")).strip()[:500]
    return title if len(title) > len(text) or (text.endswith(("...", "…")) and title) else text


def date_in(text: str) -> str | None:
    """The first date of a text as ISO date; None where there is none or no real one."""
    found = _DATE.search(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def date_beside(element: Tag) -> str | None:
    """The date printed in the same entry of the list, nearest first; None where there is none or no real one."""
    parent = element.parent
    for _ in range(3):
        if parent is None or parent.name in ("body", "html", "ul", "table", "[document]"):
            return None
        text = _short_text(parent)
        if text is None:
            return None
        if _DATE.search(text):
            return date_in(text)
        parent = parent.parent
    return None


def _refresh(element: Tag) -> str:
    """Where <meta http-equiv="refresh"> sends on to."""
    if str(element.get("http-equiv") or "").lower() != "refresh":
        return ""
    found = _REFRESH.match(str(element.get("content") or "")[:1_000])
    return found["address"] if found else ""


def _short_text(element: Tag) -> str | None:
    """The text of an entry, None where it is too long to be one (looked at only as far as needed)."""
    parts: list[str] = []
    length = 0
    for number, part in enumerate(element.descendants):
        if number >= _PARTS:
            return None
        if isinstance(part, NavigableString) and type(part) in (NavigableString, CData):  # no comments, no scripts
            length += len(part.strip())
            parts.append(part)
        if length > _BESIDE:
            return None
    return "".join(parts)
