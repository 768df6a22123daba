"""Fetches pages over HTTP as a polite and careful guest: every address ends as one ``Fetched``, nothing is raised.

Careful: only http(s); every hop is checked after its name is resolved, and the checked address is the one connected
to; sizes, times and redirects are bounded. Polite: a gate for each host and each address, robots.txt, Retry-After,
conditional requests, growing pauses, and an end to asking a host that only fails.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import TracebackType

import httpcore
import httpx
import stamina

from scrapers.document import Page
from scrapers.fetch.addresses import BadUrl, Resolver, is_public, literal_address, parsed, resolve, web_address
from scrapers.fetch.asking import Answer, Asker, Errand, Limits
from scrapers.fetch.failures import HOST_FAILURES, Failed
from scrapers.fetch.names import Names
from scrapers.fetch.outcomes import OUTCOME_TEXTS, Attempt, Fetched, Known, Outcome, Role
from scrapers.fetch.robots import RobotsRules, rules_from
from scrapers.fetch.settings import FetchSettings
from scrapers.fetch.signs import leads_to_login, sign_of
from scrapers.fetch.tls import TlsContexts
from scrapers.fetch.transports import Transports
from scrapers.sources.schema import Source

log = logging.getLogger("gongkai")

_REST_OF_THE_RUN = 10 * 365 * 86_400.0  # seconds


class HttpFetcher:
    """An async context manager that fetches pages of many sources, sharing the gates of hosts and addresses.

    ``resolver``, ``dialler`` and ``tls`` stand in for the system's name service, its sockets and the usual trust store.
    """

    def __init__(
        self, settings: FetchSettings | None = None, *, resolver: Resolver = resolve,
        dialler: httpcore.AsyncNetworkBackend | None = None, tls: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self.settings = settings or FetchSettings()
        proxy = self.settings.http_proxy()
        # behind a proxy names may have no address here: asking for them again and again would cost time each time
        names = Names(resolver, self.settings.names_kept, self.settings.names_kept if proxy else 0.0)
        contexts = TlsContexts(tls or httpx.create_ssl_context(trust_env=False))
        self._transports = Transports(dialler, contexts, proxy)
        self._asker = Asker(self.settings, names, self._transports)
        self._robots: dict[tuple[str, bool, str], RobotsRules] = {}
        self._robots_locks: dict[tuple[str, bool, str], asyncio.Lock] = {}

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
        errand = Errand(source, self._limits(role), known, of_list=role is Role.list_page)
        try:
            errand.asked = address = web_address(url)
            attempt = replace(attempt, source_url=address)
            answer = await self._counted(address, errand)
            return self._finish(attempt, answer, errand)
        except BadUrl as error:
            return _without_page(attempt, errand, Failed(Outcome.bad_url, str(error)))
        except Failed as failure:
            return _without_page(attempt, errand, failure)
        except Exception as error:  # one answer that nobody thought of must not end a run over a thousand sites
            log.exception("%s: %s", source.source_id, url)
            said = f"the answer makes no sense: {type(error).__name__}: {error}"[:300]
            return _without_page(attempt, errand, Failed(Outcome.server_error, said))

    async def _counted(self, address: str, errand: Errand) -> Answer:
        """The answer; a host that fails again and again is given up for the run. Raises Failed."""
        gate = self._asker.host_gate(address)
        asked = not gate.closed()
        try:
            answer = await self._follow(address, errand)
        except Failed as failure:
            if failure.outcome in HOST_FAILURES or failure.status == 429:
                if asked and not gate.closed() and gate.failed() >= self.settings.give_up_after:
                    said = f"the host failed {self.settings.give_up_after} times in a row and is left alone for now"
                    gate.close(_REST_OF_THE_RUN, failure.outcome, f"{said}; the last time: {failure.reason}")
            elif failure.status is not None:
                gate.worked()
            raise
        gate.worked()
        return answer

    def _finish(self, attempt: Attempt, answer: Answer, errand: Errand) -> Fetched:
        requested = attempt.source_url or answer.url
        attempt = replace(
            attempt, http_status=answer.status, content_type=answer.header("content-type"),
            etag=answer.header("etag"), last_modified=answer.header("last-modified"), fetched_at=_now(),
            final_url=answer.url if answer.url != requested else None, tls_exception=errand.tls_exception,
        )  # fmt: skip
        known, source = errand.known, errand.source
        if answer.status == 304 and known is not None:
            unchanged = replace(
                attempt, outcome=Outcome.not_modified, reason=OUTCOME_TEXTS[Outcome.not_modified],
                content_sha256=known.content_sha256, etag=attempt.etag or known.etag,
                last_modified=attempt.last_modified or known.last_modified,
            )  # fmt: skip
            return Fetched(None, unchanged)
        content = answer.content or b""
        attempt = replace(attempt, byte_count=len(content), content_sha256=hashlib.sha256(content).hexdigest())
        if not content.strip():
            return _without_page(attempt, errand, Failed(Outcome.empty, OUTCOME_TEXTS[Outcome.empty]))
        sign = sign_of(content, requested, answer.url, answer.headers)
        if sign is not None:
            return _without_page(attempt, errand, Failed(*sign))
        official = source.official and source.is_own_host(parsed(answer.url).host)
        page = Page(content=content, url=requested, content_type=attempt.content_type, official=official)
        return Fetched(page, attempt, answer.exchange)

    def _limits(self, role: Role) -> Limits:
        settings = self.settings
        page = settings.max_bytes_list if role is Role.list_page else settings.max_bytes_html
        return Limits(page, settings.max_bytes_pdf)

    async def _follow(self, url: str, errand: Errand, robots: bool = True) -> Answer:
        """The answer at the end of the redirects, every hop checked. Raises Failed."""
        asked = url
        for hop in range(self.settings.max_redirects + 1):
            self._check_site(url, errand, asked if hop else None, anywhere=not robots)
            if robots:
                errand.crawl_delay = await self._check_robots(url, errand.source)
            answer = await self._with_retries(partial(self._asker.ask, url, errand))
            if answer.location is None:
                return answer
            try:
                url = web_address(answer.location, base=url)
            except BadUrl as error:
                raise Failed(Outcome.bad_url, f"sends on to {answer.location[:200]}: {error}") from None
        raise Failed(
            Outcome.too_many_redirects, f"more than {self.settings.max_redirects} redirects, the last to {url}"
        )

    def _check_site(self, url: str, errand: Errand, redirected_from: str | None, anywhere: bool) -> None:
        """Raises Failed. ``anywhere``: robots.txt counts wherever it is sent on to (RFC 9309, 2.3.1.2), for whichever
        source it is asked first."""
        host = parsed(url).host
        literal = literal_address(host)
        if literal is not None and not is_public(literal) and not errand.private(host):
            raise Failed(Outcome.private_address, f"{host} is not on the open internet")
        if anywhere or errand.source.is_attachment_host(host):
            return
        if redirected_from is None:
            raise Failed(Outcome.off_site_link, f"{url} is on {host}, which is not one of the publisher's hosts")
        login = leads_to_login(redirected_from, url)
        if login:
            raise Failed(Outcome.login_page, login)
        raise Failed(Outcome.redirected_off_site, f"{url} is on {host}, which is not one of the publisher's hosts")

    async def _check_robots(self, url: str, source: Source) -> float:
        """The seconds between requests that robots.txt asks for. Raises Failed where it forbids ``url``."""
        rules = await self._rules(url, source)
        if rules.fault is not None:
            raise Failed(*rules.fault)
        if not rules.allows(url):
            raise Failed(Outcome.blocked_by_robots, f"robots.txt asks not to fetch {url}")
        return rules.crawl_delay(self.settings.crawl_delay_max)

    async def _rules(self, url: str, source: Source) -> RobotsRules:
        site = parsed(url)
        address = f"{site.scheme}://{site.netloc.decode('ascii')}/robots.txt"
        # what one source may not reach, another may: exceptions hold on a source's own hosts only
        own = source.is_own_host(site.host)
        key = (address, own and source.allow_private, source.tls if own else "strict")
        rules = self._robots.get(key)
        if rules is None:
            async with self._robots_locks.setdefault(key, asyncio.Lock()):
                rules = self._robots.get(key)
                if rules is None:
                    rules = self._robots[key] = await self._fetch_rules(address, source)
        return rules

    async def _fetch_rules(self, address: str, source: Source) -> RobotsRules:
        most = self.settings.max_bytes_robots
        try:
            answer = await self._follow(address, Errand(source, Limits(most, most)), robots=False)
        except Failed as failure:
            return rules_from(None, failure.outcome, failure.reason, failure.status)
        sign = sign_of(answer.content or b"", address, answer.url, answer.headers)
        if sign is not None and sign[0] is Outcome.waf_challenge:
            return rules_from(None, *sign, answer.status)
        return rules_from(answer.content, Outcome.ok, None, answer.status)

    async def _with_retries(self, once: Callable[[], Awaitable[Answer]]) -> Answer:
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


def _without_page(attempt: Attempt, errand: Errand, failure: Failed) -> Fetched:
    return Fetched(
        None,
        replace(
            attempt,
            outcome=failure.outcome,
            reason=failure.reason,
            http_status=failure.status if failure.status is not None else attempt.http_status,
            content_type=failure.content_type or attempt.content_type,
            tls_exception=errand.tls_exception,
        ),
    )


def _now() -> datetime:
    return datetime.now(UTC)
