"""Fetches pages over HTTP as a polite and careful guest: every address ends as one ``Fetched``, nothing is raised.

Careful: only http(s); every hop is checked after its name is resolved, and the checked address is the one connected
to; sizes, times and redirects are bounded. Polite: one gate a host, robots.txt, Retry-After, conditional requests.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any

import httpcore
import httpx
import stamina

from scrapers.document import Page
from scrapers.fetch.addresses import (
    BadUrl,
    Resolver,
    host_of,
    is_public,
    literal_address,
    resolve,
    web_address,
)
from scrapers.fetch.bodies import BrokenBody, TooLarge, is_wanted, media_type, read_body
from scrapers.fetch.failures import NETWORK_ERRORS, Failed, network_failure, seconds_to_wait
from scrapers.fetch.gates import HostGate, Turn
from scrapers.fetch.outcomes import OUTCOME_TEXTS, Attempt, Fetched, Known, Outcome, Role
from scrapers.fetch.robots import RobotsRules, rules_from
from scrapers.fetch.settings import FetchSettings
from scrapers.fetch.signs import leads_to_front_page, says_not_found
from scrapers.fetch.transports import HostTransports
from scrapers.sources.schema import Source

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.8"
# only what is unpacked in bounded pieces here
_ENCODINGS = "gzip, deflate"


@dataclass(frozen=True, slots=True)
class _Limits:
    page: int
    document: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of a server. ``location`` is set on redirects, ``content`` on 200."""

    status: int
    url: str
    content: bytes | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None


class HttpFetcher:
    """An async context manager that fetches pages of many sources, sharing one gate a host.

    ``resolver``, ``dialler`` and ``tls`` stand in for the system's name service, its sockets and the usual trust store.
    """

    def __init__(
        self, settings: FetchSettings | None = None, *, resolver: Resolver = resolve,
        dialler: httpcore.AsyncNetworkBackend | None = None, tls: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self.settings = settings or FetchSettings()
        self._gates: dict[str, HostGate] = {}
        self._robots: dict[str, RobotsRules] = {}
        self._robots_locks: dict[str, asyncio.Lock] = {}
        self._transports = HostTransports(resolver, dialler, tls or httpx.create_ssl_context(trust_env=False))

    async def __aenter__(self) -> HttpFetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transports.aclose()

    async def fetch(
        self, url: str, source: Source, role: Role = Role.report, known: Known | None = None,
        found_on: str | None = None, link_text: str | None = None, link_date: str | None = None,
    ) -> Fetched:  # fmt: skip
        """Gets ``url`` for ``source``. With ``known`` the request is conditional and may end as not_modified."""
        attempt = Attempt(
            source.source_id, None, url, Outcome.ok, None, _now(), role=role, found_on=found_on,
            link_text=link_text, link_date=link_date,
        )  # fmt: skip
        try:
            address = web_address(url)
            attempt = replace(attempt, source_url=address)
            answer = await self._follow(address, source, self._limits(role), known)
        except BadUrl as error:
            return _without_page(attempt, Failed(Outcome.bad_url, str(error)))
        except Failed as failure:
            return _without_page(attempt, failure)
        return self._finish(attempt, answer, known, source)

    def _finish(self, attempt: Attempt, answer: _Answer, known: Known | None, source: Source) -> Fetched:
        requested = attempt.source_url or answer.url
        attempt = replace(
            attempt, http_status=answer.status, content_type=answer.content_type, etag=answer.etag,
            last_modified=answer.last_modified, fetched_at=_now(),
            final_url=answer.url if answer.url != requested else None,
        )  # fmt: skip
        if answer.status == 304 and known is not None:
            unchanged = replace(
                attempt, outcome=Outcome.not_modified, reason=OUTCOME_TEXTS[Outcome.not_modified],
                content_sha256=known.content_sha256, etag=answer.etag or known.etag,
                last_modified=answer.last_modified or known.last_modified,
            )  # fmt: skip
            return Fetched(None, unchanged)
        content = answer.content or b""
        attempt = replace(attempt, byte_count=len(content), content_sha256=hashlib.sha256(content).hexdigest())
        if not content.strip():
            return _without_page(attempt, Failed(Outcome.empty, OUTCOME_TEXTS[Outcome.empty], status=answer.status))
        sign = leads_to_front_page(requested, answer.url) or says_not_found(content)
        if sign:
            return _without_page(attempt, Failed(Outcome.soft_404, sign, status=answer.status))
        official = source.official and source.is_own_host(httpx.URL(answer.url).host)
        page = Page(content=content, url=requested, content_type=answer.content_type, official=official)
        return Fetched(page, attempt)

    def _limits(self, role: Role) -> _Limits:
        settings = self.settings
        page = settings.max_bytes_list if role is Role.list_page else settings.max_bytes_html
        return _Limits(page, settings.max_bytes_pdf)

    async def _follow(
        self, url: str, source: Source, limits: _Limits, known: Known | None, robots: bool = True
    ) -> _Answer:
        """The answer at the end of the redirects, every hop checked. Raises Failed."""
        cookies = httpx.Cookies()  # of this one fetch: some sites set a cookie and send back to the same page
        for hop in range(self.settings.max_redirects + 1):
            self._check_site(url, source, hop)
            delay = await self._check_robots(url, source) if robots else 0.0
            answer = await self._with_retries(partial(self._once, url, source, limits, known, cookies, delay))
            if answer.location is None:
                return answer
            try:
                url = web_address(answer.location, base=url)
            except BadUrl as error:
                raise Failed(Outcome.bad_url, f"sends on to {answer.location[:200]}: {error}") from None
        raise Failed(
            Outcome.too_many_redirects, f"more than {self.settings.max_redirects} redirects, the last to {url}"
        )

    def _check_site(self, url: str, source: Source, hop: int) -> None:
        host = httpx.URL(url).host
        literal = literal_address(host)
        if literal is not None and not is_public(literal) and not self._private(host, source):
            raise Failed(Outcome.private_address, f"{host} is not on the open internet")
        if not source.is_attachment_host(host):
            outcome = Outcome.redirected_off_site if hop else Outcome.off_site_link
            raise Failed(outcome, f"{url} is on {host}, which is not one of the publisher's hosts")

    def _private(self, host: str, source: Source) -> bool:
        """Private networks open only for the source's own hosts, not for where its pages may point."""
        return source.allow_private and source.is_own_host(host)

    async def _check_robots(self, url: str, source: Source) -> float:
        """The seconds between requests that robots.txt asks for. Raises Failed where it forbids ``url``."""
        rules = await self._rules(url, source)
        if rules.fault is not None:
            raise Failed(*rules.fault)
        if not rules.allows(url):
            raise Failed(Outcome.blocked_by_robots, f"robots.txt asks not to fetch {url}")
        return rules.crawl_delay(self.settings.crawl_delay_max)

    async def _rules(self, url: str, source: Source) -> RobotsRules:
        address = str(httpx.URL(url).copy_with(raw_path=b"/robots.txt"))
        key = f"{address} {source.allow_private}"
        async with self._robots_locks.setdefault(key, asyncio.Lock()):
            if key not in self._robots:
                self._robots[key] = await self._fetch_rules(address, source)
            return self._robots[key]

    async def _fetch_rules(self, address: str, source: Source) -> RobotsRules:
        most = self.settings.max_bytes_robots
        try:
            answer = await self._follow(address, source, _Limits(most, most), None, robots=False)
        except Failed as failure:
            return rules_from(None, failure.outcome, failure.reason, failure.status)
        return rules_from(answer.content, Outcome.ok, None, answer.status)

    async def _with_retries(self, once: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """``once``, again with growing pauses while another try may help. Raises the last Failed."""
        settings = self.settings

        def again(error: Exception) -> bool | float:
            if not isinstance(error, Failed) or not error.again:
                return False
            return True if error.wait is None else error.wait

        async for attempt in stamina.retry_context(
            on=again, attempts=settings.tries, timeout=None, wait_initial=settings.backoff_initial,
            wait_max=settings.backoff_max, wait_jitter=settings.backoff_jitter,
        ):  # fmt: skip
            with attempt:
                return await once()
        raise AssertionError("stamina ends with an answer or an error")

    async def _once(
        self, url: str, source: Source, limits: _Limits, known: Known | None, cookies: httpx.Cookies, delay: float
    ) -> _Answer:
        """One request and its answer, in turn at the host's gate. Raises Failed."""
        gate = self._gate(url, source)
        _check_open(gate)
        async with gate.turn(max(source.politeness.seconds_between_requests, delay)) as turn:
            _check_open(gate)  # another fetch may have been turned away meanwhile
            request = self._request(url, known, cookies, turn)
            host = request.url.host
            try:
                async with (
                    asyncio.timeout(self.settings.total_timeout),
                    self._transports.of(host, self._private(host, source)) as transport,
                ):
                    response = await transport.handle_async_request(request)
                    turn.answered()
                    try:
                        return await self._read(request, response, limits, cookies, gate)
                    finally:
                        await response.aclose()
            except TimeoutError:
                seconds = self.settings.total_timeout
                raise Failed(Outcome.timeout, f"not wholly answered within {seconds:g} s") from None
            except NETWORK_ERRORS as error:
                raise network_failure(error) from error

    def _gate(self, url: str, source: Source) -> HostGate:
        return self._gates.setdefault(host_of(url), HostGate(source.politeness.max_concurrency))

    def _request(self, url: str, known: Known | None, cookies: httpx.Cookies, turn: Turn) -> httpx.Request:
        settings = self.settings
        headers = {"User-Agent": settings.user_agent, "Accept": _ACCEPT, "Accept-Encoding": _ENCODINGS,
                   "Accept-Language": "zh-CN,zh;q=0.9"}  # fmt: skip
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        wait = httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout, pool=None)

        async def trace(event: str, info: dict[str, Any]) -> None:
            if event.endswith("send_request_headers.complete"):
                turn.sent()

        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": wait.as_dict(), "trace": trace})
        cookies.set_cookie_header(request)
        return request

    async def _read(
        self, request: httpx.Request, response: httpx.Response, limits: _Limits, cookies: httpx.Cookies, gate: HostGate
    ) -> _Answer:
        """What a response says. Raises Failed."""
        response.request = request
        cookies.extract_cookies(response)
        status, headers, url = response.status_code, response.headers, str(request.url)
        content_type = headers.get("content-type")
        if status in _REDIRECTS and headers.get("location"):
            return _Answer(status, url, location=headers["location"])
        found = _Answer(
            status, url, None, content_type, etag=headers.get("etag"), last_modified=headers.get("last-modified")
        )
        if status == 304 and ("if-none-match" in request.headers or "if-modified-since" in request.headers):
            return found
        if status != 200:
            raise self._status_failure(status, headers, content_type, gate)
        if not is_wanted(media_type(content_type)):
            raise Failed(
                Outcome.not_html, f"sends {content_type}, neither a page nor a document",
                status=status, content_type=content_type,
            )  # fmt: skip
        try:
            content = await read_body(
                response.aiter_raw(), headers.get("content-encoding"), limits.page, limits.document
            )
        except TooLarge as error:
            raise Failed(Outcome.too_large, str(error), status=status, content_type=content_type) from None
        except BrokenBody as error:
            raise Failed(Outcome.connection_error, f"the answer is {error}", again=True, status=status) from None
        return replace(found, content=content)

    def _status_failure(self, status: int, headers: httpx.Headers, content_type: str | None, gate: HostGate) -> Failed:
        if status in (404, 410):
            return Failed(Outcome.gone, f"answers {status}", status=status, content_type=content_type)
        if status in (429, 503):
            return self._pause_failure(status, headers.get("retry-after"), gate)
        if 400 <= status < 500:
            again = status == 408
            return Failed(Outcome.refused, f"answers {status}", again=again, status=status, content_type=content_type)
        return Failed(
            Outcome.server_error, f"answers {status}", again=status >= 500, status=status, content_type=content_type
        )

    def _pause_failure(self, status: int, retry_after: str | None, gate: HostGate) -> Failed:
        """429 and 503: the whole host is left alone as long as it asks, or given up where that is too long."""
        outcome = Outcome.refused if status == 429 else Outcome.server_error
        wait = seconds_to_wait(retry_after)
        if wait is None:
            return Failed(outcome, f"answers {status}", again=True, status=status)
        if wait > self.settings.retry_after_max:
            gate.close(wait)
            return Failed(outcome, f"answers {status} and asks to wait {wait:.0f} s", status=status)
        gate.hold(wait)
        return Failed(outcome, f"answers {status} and asks to wait {wait:.0f} s", again=True, wait=wait, status=status)


def _check_open(gate: HostGate) -> None:
    if gate.closed_for():
        raise Failed(Outcome.refused, f"the host asked to be left alone for {gate.closed_for():.0f} s more")


def _without_page(attempt: Attempt, failure: Failed) -> Fetched:
    return Fetched(
        None,
        replace(
            attempt,
            outcome=failure.outcome,
            reason=failure.reason,
            http_status=failure.status if failure.status is not None else attempt.http_status,
            content_type=failure.content_type or attempt.content_type,
        ),
    )


def _now() -> datetime:
    return datetime.now(UTC)
