"""Lists that are answered in JSON, read by the family's description of them; a JSONP call around it is taken off."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapers.fetch.signs import page_text
from scrapers.sources.family import Family, JsonList, usable_address

_MAX_ENTRIES = 5_000  # a page
_CALL = re.compile(r"^[\w$.]{1,80}\s*\(")
_TAG = re.compile(r"<[^<>]*>")
_HOLE = re.compile(r"\{(\w+)\}")
_CHINA = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class JsonEntry:
    """One entry of a list."""

    address: str  # absolute
    title: str
    date: str  # as the answer gives it; a number of seconds or milliseconds as an ISO date


@dataclass(frozen=True, slots=True)
class JsonPage:
    """One page of a list: its entries or its markup, and the addresses of the further pages."""

    entries: tuple[JsonEntry, ...]
    markup: str
    pages: tuple[str, ...]


def parse_json(content: bytes) -> Any:
    """The value of an answer in JSON or JSONP, None where it is none."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"", b"<"):
        return None
    text = page_text(content).strip().lstrip("\ufeff")
    call = _CALL.match(text)
    if call:
        text = text[call.end() : text.rfind(")")]
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read_json_list(content: bytes, url: str, family: Family, most: int) -> JsonPage | None:
    """The list in the answer ``content`` of ``url``, with at most ``most`` further pages.

    None where the answer is no JSON or no description of the family fits it.
    """
    value = parse_json(content)
    if value is None:
        return None
    for rule in family.json_lists:
        page = _read(rule, value, url, most)
        if page is not None:
            return page
    return None


def _read(rule: JsonList, value: Any, url: str, most: int) -> JsonPage | None:
    if rule.markup is not None:
        markup = _at(value, rule.markup)
        if not isinstance(markup, str):
            return None
        return JsonPage((), markup, _further_pages(rule, value, url, bool(markup.strip()), 0, most))
    items = _at(value, rule.items)
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items[:_MAX_ENTRIES]):
        return None
    entries = [entry for item in items[:_MAX_ENTRIES] if (entry := _entry(rule, item, url))]
    if items and not entries:
        return None  # another description may know its keys
    return JsonPage(tuple(entries), "", _further_pages(rule, value, url, bool(items), len(items), most))


def _entry(rule: JsonList, item: Mapping[str, Any], url: str) -> JsonEntry | None:
    target = _first(item, rule.address)
    if not target and rule.address_made:
        names = _HOLE.findall(rule.address_made)
        values = {name: _word(item.get(name)) for name in names}
        target = rule.address_made.format_map(values) if all(values.values()) else ""
    address = usable_address(target, url) if target else None
    if address is None:
        return None
    title = _TAG.sub("", _first(item, rule.title))
    return JsonEntry(address, " ".join(title.split())[:500], _day(_first(item, rule.date)))


def _further_pages(rule: JsonList, value: Any, url: str, filled: bool, count: int, most: int) -> tuple[str, ...]:
    """All further pages where the answer tells how many there are, else the next one while there are entries."""
    if rule.page is None:
        return ()
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    here = _number(query.get(rule.page)) if rule.page in query else rule.first_page
    if here is None:
        return ()
    pages = _number(_at(value, rule.pages)) if rule.pages else None
    total = _number(_at(value, rule.total)) if rule.total else None
    size = (rule.size and _number(_at(value, rule.size))) or _number(query.get(rule.size_parameter or "")) or count
    if pages is None and total is not None and size:
        pages = -(-total // size)
    if pages is None:
        return (_with_page(url, rule.page, here + 1),) if filled else ()
    last = min(pages + rule.first_page - 1, here + most)
    return tuple(_with_page(url, rule.page, number) for number in range(rule.first_page, last + 1) if number != here)


def _with_page(url: str, parameter: str, number: int) -> str:
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    changed = [(name, str(number) if name == parameter else value) for name, value in fields]
    if (parameter, str(number)) not in changed:
        changed.append((parameter, str(number)))
    return parts._replace(query=urlencode(changed)).geturl()


def _at(value: Any, path: str) -> Any:
    for key in path.split(".") if path else ():
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _first(item: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((word for key in keys if (word := _word(item.get(key)))), "")


def _word(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    # JSON can spell half a character (\ud83d), which no table and no file can hold
    return str(value).strip()[:2_000].encode("utf-8", "replace").decode("utf-8")


def _number(value: Any) -> int | None:
    word = _word(value)
    return int(word) if re.fullmatch(r"[0-9]{1,9}", word) else None


def _day(word: str) -> str:
    """Seconds or milliseconds since 1970 as the day in China; other words as they are."""
    if not re.fullmatch(r"[0-9]{10}([0-9]{3})?", word):
        return word
    return (datetime.fromtimestamp(int(word[:10]), UTC) + _CHINA).date().isoformat()
