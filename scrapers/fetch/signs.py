"""Signs that an answer is not the page that was asked for, and the decoding of small odd pages.

The words stand in catalogue/listing.yaml. A report that merely holds such words is kept: its title names a report, or
it has much text of its own.
"""

from __future__ import annotations

import html
import re
from functools import cached_property

import httpx

from scrapers.clean.decode import decode
from scrapers.document import Unreadable
from scrapers.fetch.addresses import parsed
from scrapers.fetch.bodies import looks_like_document
from scrapers.fetch.outcomes import Outcome
from scrapers.fetch.vocabulary import FirewallSign, load_vocabulary, matches_any

_START = 20_000  # bytes looked at for words that a reader sees
_SCRIPTS = 65_536  # bytes looked at for words of scripts
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b")
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")


def page_text(content: bytes) -> str:
    """The bytes of a list or error page as text, by the rules of the clean room; bytes that fit none are replaced."""
    try:
        return decode(content).text
    except Unreadable:
        return content.decode("gb18030", errors="replace")


class _Start:
    """The start of a page, decoded well enough to find a few words in it (asked of every page, so it is cheap)."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._content = content

    @cached_property
    def text(self) -> str:
        start = self._content[:_SCRIPTS]
        text = start.decode("utf-8", errors="replace")
        return text if text.count("\ufffd") <= 3 else start.decode("gb18030", errors="replace")

    @cached_property
    def lowered(self) -> str:
        return self.text.lower()

    @cached_property
    def title(self) -> str:
        """The words of <title>, "" where there is none."""
        title = _TITLE.search(self.text, 0, _START)
        return html.unescape(title.group(1)).strip() if title else ""

    @cached_property
    def names_report(self) -> bool:
        """Whether the title is that of a report."""
        return any(word in self.title for word in load_vocabulary().report_words)

    @cached_property
    def visible(self) -> str:
        """About what a reader sees, in lower case: without tags, scripts and styles."""
        text, parts, position = self.lowered, [], 0
        while found := _SCRIPT.search(text, position):
            parts.append(text[position : found.start()])
            end = text.find(f"</{found.group(1)}", found.end())
            position = end if end >= 0 else len(text)
        parts.append(text[position:])
        return _SPACE.sub(" ", html.unescape(_TAG.sub(" ", "".join(parts)))).strip()

    def has(self, words: tuple[str, ...]) -> bool:
        """Whether one of ``words`` (lower case) stands in the source of the page."""
        return any(word in self.lowered for word in words)

    def is_short(self, limit: int) -> bool:
        """Whether the page is small, shows no document, and a reader sees no more than ``limit`` characters of it."""
        if self.size > _SCRIPTS or len(self.visible) > limit:
            return False
        return not self.has(load_vocabulary().document_marks)


def sign_of(content: bytes, requested: str, final: str, headers: httpx.Headers) -> tuple[Outcome, str] | None:
    """Why a page answered with 200 is not the page that was asked for, as outcome and reason; None where it may be."""
    moved = _leads_astray(requested, final)
    if moved is not None:
        return moved
    if looks_like_document(content[:64]):
        return None
    start = _Start(content)
    challenge = None if start.names_report else _challenge(start, 200, headers)
    if challenge:
        return Outcome.waf_challenge, challenge
    missing = _not_found(start)
    if missing:
        return Outcome.soft_404, missing
    login = None if start.names_report else _login(start)
    return (Outcome.login_page, login) if login else None


def challenge_sign(content: bytes, status: int, headers: httpx.Headers) -> str | None:
    """Why an answer with ``status`` (not 200) is a firewall's, as a reason for people; None where no sign says so."""
    return _challenge(_Start(content), status, headers)


def leads_to_login(requested: str, target: str) -> str | None:
    """Why a redirect from ``requested`` to ``target`` asks to log in, None where it does not."""
    words = load_vocabulary()
    asked, got = parsed(requested), parsed(target)
    if matches_any(words.login_addresses, got.path.lower()) and not matches_any(
        words.login_addresses, asked.path.lower()
    ):
        return f"sends on to a page to log in, {target}"
    return None


def _leads_astray(requested: str, final: str) -> tuple[Outcome, str] | None:
    if requested == final:
        return None
    words = load_vocabulary()
    asked, got = parsed(requested), parsed(final)
    if asked.path == got.path:
        return None
    if matches_any(words.not_found_addresses, got.path.lower()):
        return Outcome.soft_404, f"sends on to a page of errors, {final}"
    login = leads_to_login(requested, final)
    if login:
        return Outcome.login_page, login
    if matches_any(words.front_pages, got.path.lower()) and not got.query and not _is_front(asked):
        return Outcome.soft_404, f"sends on to the front page, {final}"
    return None


def _is_front(url: httpx.URL) -> bool:
    return matches_any(load_vocabulary().front_pages, url.path.lower())


def _not_found(start: _Start) -> str | None:
    words = load_vocabulary()
    lowered = start.title.lower()
    if not start.names_report and any(word in lowered for word in words.not_found_titles):
        return f"the page is titled “{start.title[:80]}”"
    if start.size > _START or len(start.visible) > words.not_found_text_limit:
        return None
    said = next((word for word in words.not_found_texts if word in start.visible), None)
    return f"the page holds little more than “{said}”" if said else None


def _login(start: _Start) -> str | None:
    words = load_vocabulary()
    lowered = start.title.lower()
    titled = any(word in lowered for word in words.login_titles)
    if titled and (start.has(words.login_fields) or start.is_short(words.login_text_limit)):
        return f"the page is titled “{start.title[:80]}”"
    if start.has(words.login_fields) and start.is_short(words.login_text_limit):
        return "the page holds little more than a form to log in"
    if not start.is_short(words.login_text_limit):
        return None
    said = next((word for word in words.login_texts if word in start.visible), None)
    return f"the page holds little more than “{said}”" if said else None


def _challenge(start: _Start, status: int, headers: httpx.Headers) -> str | None:
    sign = next((sign for sign in load_vocabulary().firewalls if _fits(sign, start, status, headers)), None)
    return f"{sign.name} answers {status} in place of the page" if sign else None


def _fits(sign: FirewallSign, start: _Start, status: int, headers: httpx.Headers) -> bool:
    if sign.statuses and status not in sign.statuses:
        return False
    if sign.words and not start.has(sign.words):
        return False
    if sign.further_words and not start.has(sign.further_words):
        return False
    if sign.headers and not _any_header(sign.headers, headers):
        return False
    if sign.without and start.has(sign.without):
        return False
    # a page may come through a firewall and bear its traces; a challenge has next to nothing for a reader
    limit = load_vocabulary().firewall_text_limit if sign.text_limit is None else sign.text_limit
    return status != 200 or start.is_short(limit)


def _any_header(wanted: tuple[str, ...], headers: httpx.Headers) -> bool:
    lines = [f"{name}: {value}".lower() for name, value in headers.multi_items()]
    return any(line.startswith(start) for line in lines for start in wanted)
