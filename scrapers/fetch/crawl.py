"""Crawls one source: its lists, the reports they name, the annexes these name, and what was known from before."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.listing import Link, LinkKind, read_links
from scrapers.fetch.outcomes import Attempt, Fetched, Known, Outcome, Role
from scrapers.fetch.reach import WHOLE, Reach
from scrapers.fetch.wording import year_and_unit
from scrapers.sources.family import load_family
from scrapers.sources.schema import Source

log = logging.getLogger("gongkai")

# a page reached as a report that names so many reports is a list
_REPORTS_OF_A_LIST = 5
# pages of a list in a row without a new link, after which its pages are no longer turned
_BARREN_PAGES = 2
# how deep columns lead to columns, and annexes to annexes
_LIST_DEPTH = 3
_ANNEX_DEPTH = 2


@dataclass(frozen=True, slots=True)
class _Target:
    """One page to get, and the link that led to it."""

    url: str
    role: Role
    depth: int = 0
    barren: int = 0
    found_on: str | None = None
    text: str | None = None
    date_beside: str | None = None
    within: str = ""  # of a list: the words that led to it, on whichever of its pages


@dataclass(frozen=True, slots=True)
class _Got:
    """The end of one page, and its content: got now, or landed before where it has not changed."""

    fetched: Fetched
    content: bytes | None


async def crawl(
    source: Source,
    fetcher: HttpFetcher,
    already: Mapping[str, Known] | None = None,
    done: Mapping[str, Known | None] | None = None,
    reach: Reach = WHOLE,
) -> AsyncGenerator[Fetched, None]:
    """Everything that ``source`` leads to, one ``Fetched`` an address, in the order of discovery.

    ``already`` holds what was landed before, by address; pages whose bytes it can give are asked for conditionally.
    ``done`` holds what an earlier part of this crawl has got: it is not asked for again and gives no ``Fetched``, but
    what its landed copy names is followed.
    List pages come first (role ``list_page``: links only, no document), then reports, then attachments; at last the
    known reports and attachments that no page names any more, so that a page that has vanished is seen as gone.
    ``reach`` leaves a part of that out.
    """
    run = _Crawl(source, fetcher, already or {}, done or {}, reach)
    for found in (run.lists(), run.documents(), run.unnamed()):
        async with aclosing(found):
            async for fetched in found:
                yield fetched
    for fetched in run.remarks:
        yield fetched


async def _landed(known: Known) -> bytes | None:
    """The landed bytes, read and unpacked aside from the network."""
    return None if known.content is None else await asyncio.to_thread(known.content)


def own_addresses(source: Source) -> list[str]:
    """The addresses of reports that the source's file names, with those of all years that follow from them."""
    return [*source.report_addresses, *_of_all_years(source)]


def _of_all_years(source: Source) -> list[str]:
    """The addresses of the reports of all years, where the family's addresses hold the year; the newest first."""
    family, latest = load_family(source.family), datetime.now(UTC).year - 1
    return [each for address in source.report_addresses for each in family.addresses_of_years(address, latest)]


class _Crawl:
    def __init__(
        self,
        source: Source,
        fetcher: HttpFetcher,
        already: Mapping[str, Known],
        done: Mapping[str, Known | None],
        reach: Reach,
    ) -> None:
        self._source = source
        self._fetcher = fetcher
        self._already = already
        self._done = done
        self._reach = reach
        self._seen: set[str] = set()
        self._lists: deque[_Target] = deque()
        self._documents: deque[_Target] = deque()
        self._list_pages = 0
        self._pages = 0
        self.remarks: list[Fetched] = []
        for address in source.list_addresses if reach.lists else ():
            self._add(_Target(address, Role.list_page))
        year_of = load_family(source.family).year_of
        for address in own_addresses(source):
            if reach.holds(year_of(address)):
                self._add(_Target(address, Role.report))

    async def lists(self) -> AsyncGenerator[Fetched, None]:
        """The list pages, one after the other: each may name the next."""
        while self._lists:
            target = self._lists.popleft()
            if self._list_pages >= self._source.max_list_pages:
                self._remark(target, Outcome.over_limit, f"more than {self._source.max_list_pages} list pages")
                self._lists.clear()
                return
            self._list_pages += 1
            if target.url in self._done:
                await self._follow_done(target)
                continue
            got = await self._get(target)
            await self._follow(got, target)
            yield got.fetched

    async def documents(self) -> AsyncGenerator[Fetched, None]:
        """Reports and, behind each round of them, what they name. Fetched side by side, given in order."""
        while self._documents:
            room = self._source.max_pages - self._pages
            if room <= 0:
                self._remark(self._documents[0], Outcome.over_limit, f"more than {self._source.max_pages} pages")
                return
            round_ = [self._documents.popleft() for _ in range(min(room, len(self._documents)))]
            self._pages += len(round_)
            for target in round_:
                if target.url in self._done:
                    await self._follow_done(target)
            fresh = [target for target in round_ if target.url not in self._done]
            async with aclosing(self._side_by_side(fresh)) as found:
                async for target, got in found:
                    await self._follow(got, target)
                    yield got.fetched

    async def unnamed(self) -> AsyncGenerator[Fetched, None]:
        """Reports and attachments known from before that nothing named this time, with what they name."""
        if self._documents or not self._reach.known:
            return  # the limit of pages was reached, or they are not asked for
        for address, known in self._already.items():
            if known.role in (Role.report, Role.attachment):
                self._add(_Target(address, known.role))
        async with aclosing(self.documents()) as found:
            async for fetched in found:
                yield fetched

    async def _side_by_side(self, targets: Iterable[_Target]) -> AsyncGenerator[tuple[_Target, _Got], None]:
        """Each target with its end, in the order given; only a few are under way at a time."""
        window = self._source.politeness.max_concurrency + 1
        waiting = deque(targets)
        under_way: deque[tuple[_Target, asyncio.Task[_Got]]] = deque()
        try:
            while waiting or under_way:
                while waiting and len(under_way) < window:
                    target = waiting.popleft()
                    under_way.append((target, asyncio.create_task(self._get(target))))
                target, task = under_way[0]
                got = await task
                under_way.popleft()
                yield target, got
        finally:
            tasks = [task for _, task in under_way]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _get(self, target: _Target) -> _Got:
        known = self._known(target.url)
        fetched = await self._ask(target, known)
        if fetched.page is not None or known is None or fetched.attempt.outcome is not Outcome.not_modified:
            return _Got(fetched, fetched.page.content if fetched.page else None)
        landed = await _landed(known)
        if landed is None:  # unchanged, but the copy cannot be read back
            fetched = await self._ask(target, None)
            landed = fetched.page.content if fetched.page else None
        return _Got(fetched, landed)

    async def _ask(self, target: _Target, known: Known | None) -> Fetched:
        return await self._fetcher.fetch(
            target.url, self._source, target.role, known,
            found_on=target.found_on, link_text=target.text, link_date=target.date_beside,
        )  # fmt: skip

    def _known(self, url: str) -> Known | None:
        known = self._already.get(url)
        return known if known is not None and known.content is not None else None

    async def _follow(self, got: _Got, target: _Target) -> None:
        """Queues what the page names."""
        await self._follow_content(got.content, got.fetched.attempt.final_url or target.url, target)

    async def _follow_done(self, target: _Target) -> None:
        """Queues what a page names that an earlier part of this crawl has got."""
        known = self._done[target.url]
        if known is not None:
            await self._follow_content(await _landed(known), known.final_url or target.url, target)

    async def _follow_content(self, content: bytes | None, url: str, target: _Target) -> None:
        if content is None or content[:5] == b"%PDF-" or content[:2] in (b"PK", b"\xd0\xcf"):
            return
        on_list = target.role is Role.list_page
        try:
            links = await asyncio.to_thread(read_links, content, url, self._source, on_list, target.within)
        except Exception as error:  # one odd page among a thousand sites must not end the run
            log.exception("%s: the links of %s were not read", self._source.source_id, url)
            reason = f"the links of the page were not read: {type(error).__name__}: {error}"[:300]
            self._remark(target, Outcome.links_not_read, reason)
            return
        self._remark_off_site(links, url)
        if on_list:
            self._follow_list(links, target, url)
        else:
            self._follow_document(links, target, url)

    def _follow_list(self, links: list[Link], target: _Target, url: str) -> None:
        fresh = 0
        for link in links:
            if link.kind in (LinkKind.report, LinkKind.attachment) and self._is_meant(link):
                fresh += self._add(_Target(link.url, Role.report, 0, 0, url, link.text, link.date_beside))
            elif link.kind is LinkKind.list_page and target.depth < _LIST_DEPTH:
                fresh += self._add(
                    _Target(link.url, Role.list_page, target.depth + 1, 0, url, link.text, None, link.text)
                )
        barren = 0 if fresh else target.barren + 1
        if barren >= _BARREN_PAGES:
            return  # a list that goes round in circles under ever new addresses
        for link in links:
            if link.kind is LinkKind.next_page:
                further = _Target(link.url, Role.list_page, target.depth, barren, url, link.text, None, target.within)
                self._add(further)

    def _follow_document(self, links: list[Link], target: _Target, url: str) -> None:
        reports = [link for link in links if link.kind is LinkKind.report]
        if target.role is Role.report and len(reports) >= _REPORTS_OF_A_LIST:
            for link in filter(self._is_meant, reports):
                self._add(_Target(link.url, Role.report, target.depth, 0, url, link.text, link.date_beside))
        if target.role is Role.attachment and target.depth >= _ANNEX_DEPTH:
            return
        for link in links:
            if link.kind is LinkKind.attachment:
                self._add(_Target(link.url, Role.attachment, target.depth + 1, 0, url, link.text))

    def _is_meant(self, link: Link) -> bool:
        # by its own words: a folder of a list may be named after the year of publishing
        return self._reach.holds(year_and_unit(link.text)[0])

    def _add(self, target: _Target) -> bool:
        """Queues ``target`` unless its address is known. Pages of a list come before its reports, http is https."""
        key = target.url.partition("://")[2]
        if key in self._seen:
            return False
        self._seen.add(key)
        (self._lists if target.role is Role.list_page else self._documents).append(target)
        return True

    def _remark_off_site(self, links: list[Link], url: str) -> None:
        for link in links:
            if link.kind is LinkKind.off_site and link.url not in self._seen:
                self._seen.add(link.url)
                reason = "not one of the publisher's hosts; if it belongs to it, add it to further_hosts"
                target = _Target(link.url, Role.report, 0, 0, url, link.text, link.date_beside)
                self._remark(target, Outcome.off_site_link, reason)

    def _remark(self, target: _Target, outcome: Outcome, reason: str) -> None:
        attempt = Attempt(
            self._source.source_id, None, target.url, outcome, reason, datetime.now(UTC), role=target.role,
            found_on=target.found_on, link_text=target.text, link_date=target.date_beside,
        )  # fmt: skip
        self.remarks.append(Fetched(None, attempt))
