"""Signs that a page answered with 200 is not the page that was asked for, and the decoding of small odd pages."""

from __future__ import annotations

import html
import re

import httpx

from scrapers.clean.decode import decode
from scrapers.document import Unreadable
from scrapers.fetch.vocabulary import load_vocabulary, matches_any

_START = 20_000  # bytes looked at
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")


def page_text(content: bytes) -> str:
    """The bytes of a list or error page as text, by the rules of the clean room; bytes that fit none are replaced."""
    try:
        return decode(content).text
    except Unreadable:
        return content.decode("gb18030", errors="replace")


def _quick_text(content: bytes) -> str:
    """The start of a page, decoded well enough to find a few words in it (asked of every page, so it is cheap)."""
    text = content.decode("utf-8", errors="replace")
    return text if text.count("\ufffd") <= 3 else content.decode("gb18030", errors="replace")


def says_not_found(content: bytes) -> str | None:
    """The words by which a page says that there is no page, as a reason for people; None where it says no such thing.

    A page of a report that merely mentions such words has a title and much text of its own, and is kept.
    """
    if content[:5] == b"%PDF-" or content[:2] in (b"PK", b"\xd0\xcf"):
        return None
    words = load_vocabulary()
    text = _quick_text(content[:_START])
    title = _TITLE.search(text)
    if title:
        heading = html.unescape(title.group(1)).strip()
        lowered = heading.lower()
        is_report = any(word in heading for word in words.report_words)
        if not is_report and any(word in lowered for word in words.not_found_titles):
            return f"the page is titled “{heading[:80]}”"
    if len(content) > _START:
        return None
    visible = _visible(text)
    if len(visible) <= words.not_found_text_limit:
        lowered = visible.lower()
        said = next((word for word in words.not_found_texts if word in lowered), None)
        if said:
            return f"the page holds little more than “{said}”"
    return None


def leads_to_front_page(requested: str, final: str) -> str | None:
    """The reason why the redirect from ``requested`` to ``final`` means that the page is not there, else None."""
    words = load_vocabulary()
    asked, got = httpx.URL(requested), httpx.URL(final)
    if asked.path == got.path:
        return None
    if matches_any(words.not_found_addresses, got.path.lower()):
        return f"sends on to a page of errors, {final}"
    if matches_any(words.front_pages, got.path.lower()) and not got.query and not _is_front(asked):
        return f"sends on to the front page, {final}"
    return None


def _is_front(url: httpx.URL) -> bool:
    return matches_any(load_vocabulary().front_pages, url.path.lower())


def _visible(text: str) -> str:
    """About what a reader sees: without tags, scripts and styles."""
    parts, position = [], 0
    while found := _SCRIPT.search(text, position):
        parts.append(text[position : found.start()])
        end = text.lower().find(f"</{found.group(1).lower()}", found.end())
        if end < 0:
            position = len(text)
            break
        position = end
    parts.append(text[position:])
    return _SPACE.sub(" ", html.unescape(_TAG.sub(" ", "".join(parts)))).strip()
