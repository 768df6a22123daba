"""The pages of a list that no link names: their number stands in a script, or their entries are data of the page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scrapers.fetch.vocabulary import ending_of
from scrapers.sources.family import Embedded, Family, Pager, usable_address

_MAX_PIECES = 5_000  # of embedded markup, a page
_NUMBERED = re.compile(r"[_-]\d{1,4}$")


def scripted_pages(text: str, url: str, family: Family, most: int) -> list[str]:
    """The addresses of the further pages of the list at ``url``, at most ``most``, told by its source ``text``."""
    for pager in family.pagers:
        values = _values(pager, text)
        if values is not None:
            return _pages(pager, values, url, most)
    return []


def embedded(text: str, family: Family) -> tuple[str, str]:
    """The markup that stands in the page as data: that of entries, and that of links to further pages."""
    parts = {False: "", True: ""}
    for rule in family.embedded:
        parts[rule.turns_page] += "\n".join(_pieces(text, rule))
    return parts[False], parts[True]


def _pieces(text: str, rule: Embedded) -> list[str]:
    found: list[str] = []
    position = text.find(rule.open)
    while position >= 0 and len(found) < _MAX_PIECES:
        start = position + len(rule.open)
        end = text.find(rule.close, start)
        if end < 0:
            break
        found.append(text[start:end])
        position = text.find(rule.open, end)
    return found


def _values(pager: Pager, text: str) -> dict[str, str] | None:
    """The groups of all patterns; None where one is not found."""
    values: dict[str, str] = {}
    for pattern in pager.written:
        found = re.search(pattern, text)
        if found is None:
            return None
        values.update(found.groupdict(""))
    return values


def _pages(pager: Pager, values: dict[str, str], url: str, most: int) -> list[str]:
    name = urlsplit(url).path.rpartition("/")[2]
    stem, ending = name.rpartition(".")[0] or "index", ending_of(name) or "html"
    if "{stem}" in pager.pages and _NUMBERED.search(stem):
        return []  # a further page: the first one has told them all
    per = int(values.get("per") or 0)
    told = values.get("count")
    count = int(told) if told else -(-int(values["total"]) // per) if per else 0
    addresses = []
    for n in range(pager.first, min(count + pager.last, pager.first + most - 1) + 1):
        around = {"n": n, "from": (n - 1) * per + 1, "to": n * per, "stem": stem, "ending": ending}
        address = usable_address(pager.pages.format_map({**values, **around}), url)
        if address is not None:
            addresses.append(address)
    return addresses
