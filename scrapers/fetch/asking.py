"""One request and its answer: in turn at the gates, over a checked address, within the limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpcore
import httpx

from scrapers.fetch.addresses import NameNotFound, host_of, parsed
from scrapers.fetch.bodies import BrokenBody, TooLarge, is_wanted, media_type, read_body, read_start
from scrapers.fetch.failures import NETWORK_ERRORS, Failed, network_failure, seconds_to_wait
from scrapers.fetch.gates import Gate, HostGate, Manners, Turn, both_turns
from scrapers.fetch.names import Names, same_machine
from scrapers.fetch.outcomes import Exchange, Known, Outcome
from scrapers.fetch.settings import FetchSettings
from scrapers.fetch.signs import challenge_sign
from scrapers.fetch.tls import TlsMode, modes_up_to
from scrapers.fetch.transports import Route, Transports, sent_more_than_said
from scrapers.sources.schema import Source

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_THERE = frozenset({404, 410})
_ACCEPT = "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.8"
# only what is unpacked in bounded pieces here
_ENCODINGS = "gzip, deflate"
_ADDRESSES_TRIED = 3  # of one host, where it cannot be connected to


@dataclass(frozen=True, slots=True)
class Limits:
    """The most bytes of a page and of a document, decompressed."""

    page: int
    document: int


@dataclass(slots=True)
class Errand:
    """One address to get for one source: what holds for all of its requests, redirects and retries included."""

    source: Source
    limits: Limits
    known: Known | None = None
    asked: str = ""  # the address before redirects
    of_list: bool = False
    # some sites set a cookie and send back to the same page; cookies live no longer than this errand
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    crawl_delay: float = 0.0
    tls_exception: str | None = None  # set where a connection needed the source's exception

    def manners(self) -> Manners:
        """What the source's politeness and the site's robots.txt ask for."""
        politeness = self.source.politeness
        return Manners(max(politeness.seconds_between_requests, self.crawl_delay), politeness.max_concurrency)

    def known_at(self, url: str) -> Known | None:
        """The known copy where ``url`` is the address that it came from, at the end of redirects: what another page
        says about its age says nothing about this one."""
        return self.known if self.known is not None and url == (self.known.final_url or self.asked) else None

    def private(self, host: str) -> bool:
        """Private networks open only for the source's own hosts, not for where its pages may point."""
        return self.source.allow_private and self.source.is_own_host(host)

    def tls_modes(self, host: str) -> tuple[TlsMode, ...]:
        """How a connection to ``host`` may be secured, the strictest first; exceptions are for own hosts only."""
        return modes_up_to(self.source.tls if self.source.is_own_host(host) else "strict")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server. ``location`` is set on redirects, ``content`` and ``exchange`` on 200."""

    status: int
    url: str
    headers: httpx.Headers
    content: bytes | None = None
    location: str | None = None
    exchange: Exchange | None = None

    def header(self, name: str) -> str | None:
        """The header ``name``, None where it was not sent."""
        value: str | None = self.headers.get(name)
        return value


@dataclass(slots=True)
class _Doors:
    """What one request passes: the host's gate and that of the address that is dialled, with a turn at each."""

    host: HostGate
    address: str | None
    address_gate: Gate | None
    turns: list[Turn]
    sent_at: datetime | None = None

    def sent(self) -> None:
        """The request has left."""
        self.sent_at = datetime.now(UTC)
        for turn in self.turns:
            turn.sent()

    def answered(self) -> None:
        """The answer begins."""
        for turn in self.turns:
            turn.answered()


class Asker:
    """Sends requests, one at a time or many side by side. Holds the gates of all hosts and addresses."""

    def __init__(self, settings: FetchSettings, names: Names, transports: Transports) -> None:
        self._settings = settings
        self._names = names
        self._transports = transports
        self._proxied = settings.proxy is not None
        self._hosts: dict[str, HostGate] = {}
        self._addresses: dict[str, Gate] = {}
        self._tls_needed: dict[tuple[str, str | None], TlsMode] = {}

    def host_gate(self, url: str) -> HostGate:
        """The gate of the host of ``url``."""
        host = host_of(url)
        gate = self._hosts.get(host)
        if gate is None:
            gate = self._hosts[host] = HostGate()
        return gate

    async def ask(self, url: str, errand: Errand) -> Answer:
        """One request and its answer. Raises Failed."""
        gate = self.host_gate(url)
        _check_open(gate)
        manners = errand.manners()
        async with gate.turn(manners) as turn:
            _check_open(gate)  # another fetch may have been turned away meanwhile
            try:
                async with asyncio.timeout(None) as clock:
                    return await self._over_any_address(url, errand, gate, turn, manners, clock)
            except TimeoutError:
                seconds = self._settings.total_timeout
                raise Failed(Outcome.timeout, f"not wholly answered within {seconds:g} s") from None
            except NETWORK_ERRORS as error:
                raise network_failure(error) from error

    async def _over_any_address(
        self, url: str, errand: Errand, gate: HostGate, turn: Turn, manners: Manners, clock: asyncio.Timeout
    ) -> Answer:
        """The answer over the first of the host's addresses that can be connected to."""
        request = self._request(url, errand)
        candidates = await self._candidates(request.url, errand.private(request.url.host))
        for address in candidates:
            door = self._address_gate(address)
            async with both_turns(turn, gate, door, manners) as turns:
                _check_open(gate)
                clock.reschedule(asyncio.get_running_loop().time() + self._settings.total_timeout)
                try:
                    return await self._over(_Doors(gate, address, door, turns), request, errand)
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    if address == candidates[-1] or network_failure(error).outcome is Outcome.tls_error:
                        raise
                    clock.reschedule(None)
        raise AssertionError("the last address ends with an answer or an error")

    async def _candidates(self, url: httpx.URL, private: bool) -> list[str | None]:
        """The addresses to dial, best first; [None] where a proxy dials. Raises Failed for private ones."""
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = await self._names.addresses(url.host, port, private, self._settings.connect_timeout)
        except TimeoutError:
            if self._proxied and not private:
                return [None]
            raise Failed(Outcome.timeout, f"no answer from the name service for {url.host}", again=True) from None
        except NameNotFound:
            if self._proxied and not private:
                return [None]
            raise
        return [None] if self._proxied and not private else list(found[:_ADDRESSES_TRIED])

    def _address_gate(self, address: str | None) -> Gate | None:
        if address is None:
            return None
        key = same_machine(address)
        gate = self._addresses.get(key)
        if gate is None:
            gate = self._addresses[key] = Gate()
        return gate

    async def _over(self, doors: _Doors, request: httpx.Request, errand: Errand) -> Answer:
        """The answer over one address, with TLS as strict as the site allows and the source's file asks for."""
        host, address = request.url.host, doors.address
        secured = request.url.scheme == "https"
        modes = errand.tls_modes(host) if secured else ("strict",)
        needed = self._tls_needed.get((host, address), "strict")
        for mode in modes[modes.index(needed) if needed in modes else 0 :]:
            route = Route(host, address, errand.private(host), mode)
            try:
                async with self._answered(route, request, doors) as response:
                    if address is not None:
                        self._names.prefer(host, address)
                    if secured:
                        self._tls_needed[host, address] = mode
                    if mode != "strict":
                        errand.tls_exception = f"{mode}: {errand.source.tls_reason}"
                    return await self._read(request, response, errand, doors)
            except httpx.ConnectError:
                # not only what is known as an error of TLS: servers that speak old versions may just hang up
                if mode == modes[-1]:
                    raise
        raise AssertionError("the last mode ends with an answer or an error")

    @asynccontextmanager
    async def _answered(self, route: Route, request: httpx.Request, doors: _Doors) -> AsyncIterator[httpx.Response]:
        async def trace(event: str, info: dict[str, Any]) -> None:
            # through a proxy, the request to the site is the last of its kind: CONNECT comes before it
            if event.endswith("send_request_headers.complete"):
                doors.sent()

        request.extensions["trace"] = trace
        async with self._transports.of(route) as transport:
            response = await transport.handle_async_request(request)
            try:
                doors.answered()
                yield response
            finally:
                await response.aclose()

    def _request(self, url: str, errand: Errand) -> httpx.Request:
        settings, known = self._settings, errand.known_at(url)
        headers = {"User-Agent": settings.user_agent, "Accept": _ACCEPT, "Accept-Encoding": _ENCODINGS,
                   "Accept-Language": "zh-CN,zh;q=0.9"}  # fmt: skip
        if known is not None and _can_be_sent(known.etag):
            headers["If-None-Match"] = known.etag or ""
        if known is not None and _can_be_sent(known.last_modified):
            headers["If-Modified-Since"] = known.last_modified or ""
        wait = httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout, pool=None)
        request = httpx.Request("GET", parsed(url), headers=headers, extensions={"timeout": wait.as_dict()})
        if errand.cookies.jar:
            errand.cookies.set_cookie_header(request)
        return request

    async def _read(self, request: httpx.Request, response: httpx.Response, errand: Errand, doors: _Doors) -> Answer:
        """What a response says. Raises Failed."""
        response.request = request
        if "set-cookie" in response.headers:
            errand.cookies.extract_cookies(response)
        status, headers = response.status_code, response.headers
        found = Answer(status, str(request.url), headers)
        if status in _REDIRECTS and headers.get("location"):
            return replace(found, location=_location(headers))
        if status == 304 and ("if-none-match" in request.headers or "if-modified-since" in request.headers):
            return found
        if status != 200:
            raise await self._refusal(response, doors)
        content_type = headers.get("content-type")
        if not is_wanted(media_type(content_type), errand.of_list):
            raise Failed(
                Outcome.not_html, f"sends {content_type}, neither a page nor a document",
                status=status, content_type=content_type,
            )  # fmt: skip
        limits = errand.limits
        try:
            body = await read_body(response.aiter_raw(), headers.get("content-encoding"), limits.page, limits.document)
        except TooLarge as error:
            raise Failed(Outcome.too_large, str(error), status=status, content_type=content_type) from None
        except BrokenBody as error:
            raise Failed(Outcome.connection_error, f"the answer is {error}", again=True, status=status) from None
        if sent_more_than_said(response):
            await response.extensions["network_stream"].aclose()  # what is left over is not the next answer
            raise Failed(
                Outcome.connection_error, "sends more bytes than its Content-Length says, so the page is cut",
                again=True, status=status,
            )  # fmt: skip
        return replace(found, content=body.content, exchange=_exchange(request, response, body.raw, doors))

    async def _refusal(self, response: httpx.Response, doors: _Doors) -> Failed:
        """The end that an answer other than 200 means; its body may show that a firewall wrote it."""
        status, headers = response.status_code, response.headers
        content_type = headers.get("content-type")
        if status in _NOT_THERE:
            return Failed(Outcome.gone, f"answers {status}", status=status, content_type=content_type)
        sign = challenge_sign(await self._start(response), status, headers)
        if sign:
            return Failed(Outcome.waf_challenge, sign, status=status, content_type=content_type)
        if status in (429, 503):
            return self._pause(status, headers.get("retry-after"), doors)
        if status == 407:
            return Failed(Outcome.connection_error, "the proxy asks for a user name and password", status=status)
        if 400 <= status < 500:
            again = status == 408
            return Failed(Outcome.refused, f"answers {status}", again=again, status=status, content_type=content_type)
        return Failed(
            Outcome.server_error, f"answers {status}", again=status >= 500, status=status, content_type=content_type
        )

    async def _start(self, response: httpx.Response) -> bytes:
        """The start of an answer that will not be a page; b"" where it cannot be had: its status says enough."""
        try:
            async with asyncio.timeout(self._settings.read_timeout):
                return await read_start(
                    response.aiter_raw(), response.headers.get("content-encoding"), self._settings.max_bytes_refusal
                )
        except (TimeoutError, httpx.HTTPError, httpx.StreamError, httpcore.NetworkError):
            return b""

    def _pause(self, status: int, retry_after: str | None, doors: _Doors) -> Failed:
        """429 and 503: host and address are left alone as long as they ask; where that is too long, the host is given
        up (other hosts on its address are asked again after the longest wait)."""
        host, address = doors.host, doors.address_gate
        outcome = Outcome.refused if status == 429 else Outcome.server_error
        wait = seconds_to_wait(retry_after)
        if wait is None:
            host.stumbled(self._settings.backoff_initial, self._settings.backoff_max)
            return Failed(outcome, f"answers {status}", again=True, status=status)
        said = f"answers {status} and asks to wait {wait:.0f} s"
        for gate in (host, address) if address else (host,):
            gate.hold(min(wait, self._settings.retry_after_max))
        if wait > self._settings.retry_after_max:
            host.close(wait, Outcome.refused, f"the host asked to be left alone: it {said}")
            return Failed(outcome, said, status=status)
        return Failed(outcome, said, again=True, wait=wait, status=status)


def _can_be_sent(value: str | None) -> bool:
    """Whether a header that a server once sent can be sent back: some hold bytes that no header may."""
    return bool(value) and str(value).isascii() and str(value).isprintable()


def _location(headers: httpx.Headers) -> str:
    """The Location header; bytes beyond ASCII, which it should not hold, mean themselves, in whatever encoding."""
    sent = next(value for name, value in headers.raw if name.lower() == b"location")
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in sent)


def _check_open(gate: HostGate) -> None:
    why = gate.closed()
    if why is not None:
        raise Failed(*why)


def _exchange(request: httpx.Request, response: httpx.Response, body: bytes, doors: _Doors) -> Exchange:
    version = response.extensions.get("http_version", b"HTTP/1.1").decode("ascii", "replace")
    reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
    asked_in = version if version == "HTTP/2" else "HTTP/1.1"
    return Exchange(
        url=str(request.url),
        request_line=f"{request.method} {request.url.raw_path.decode('ascii')} {asked_in}",
        request_headers=tuple(request.headers.raw),
        status_line=f"{version} {response.status_code} {reason}".rstrip(),
        response_headers=tuple(response.headers.raw),
        body=body,
        ip_address=doors.address,
        sent_at=doors.sent_at or datetime.now(UTC),
    )
