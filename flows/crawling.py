"""Crawl: publishers' sites side by side, each landed bit by bit and entered in the ledger of crawls."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import aclosing, suppress
from functools import partial
from ipaddress import ip_address
from typing import Protocol, TypeVar

from flows.crawls import Crawl
from flows.faults import Fault, UsageFault
from flows.settings import Settings
from scrapers.fetch.addresses import NameNotFound, is_public, parsed, resolve
from scrapers.fetch.crawl import crawl
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Fetched
from scrapers.fetch.reach import WHOLE, Reach
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Source

log = logging.getLogger("gongkai")

_BATCH_PAGES = 20  # pages of sites come slowly: few are lost when a run is killed
_BATCH_SECONDS = 10.0
_BATCH_BYTES = 32 * 1024**2  # of one site; many sites hold a batch at a time

Land = Callable[[list[Fetched]], None]
T = TypeVar("T")


class Ledger(Protocol):
    """What the crawl of a source is entered in (flows.crawls.Crawls)."""

    def open(self, source: Source) -> Crawl:
        """Begins a crawl, or takes up one that broke off."""
        ...

    def close(self, crawl: Crawl) -> object:
        """The crawl came to its end."""
        ...


async def crawl_all(
    sources: list[Source], settings: Settings, ledger: Ledger, land: Land, reach: Reach = WHOLE
) -> None:
    """Several sites side by side; how gently each is asked is the fetcher's matter.

    Whatever writes to the database does so in a thread, one at a time: while it does, the sites are still asked.
    Crawls that are not done within ``settings.fetch_seconds`` stay open in the ledger and go on in the next run.
    Raises UsageFault without a contact for public sites.
    """
    if not settings.contact and any([await _is_public(source) for source in sources]):
        raise UsageFault(
            "Public sites are asked only with an address at which their keepers can reach you: "
            "set GONGKAI_CONTACT, for example to your e-mail address."
        )
    room, writing = asyncio.Semaphore(settings.sites_at_once), asyncio.Lock()
    async with HttpFetcher(_manners(settings)) as fetcher:

        async def one(source: Source) -> None:
            async with room:
                await _Site(source, fetcher, ledger, land, writing, reach).crawl()

        try:
            async with asyncio.timeout(settings.fetch_seconds), asyncio.TaskGroup() as group:
                for source in sources:
                    group.create_task(one(source), name=source.source_id)
        except TimeoutError:
            log.warning(
                "the crawls were not done after %g s (GONGKAI_FETCH_SECONDS): they go on in the next run",
                settings.fetch_seconds,
            )
        except ExceptionGroup as errors:
            first = errors.exceptions[0]
            if isinstance(first, Fault):
                raise first from errors
            raise


async def _is_public(source: Source) -> bool:
    """Whether the source leads to the open internet, whatever its file allows besides."""
    if not source.allow_private:
        return True
    for host in (parsed(source.base_url).host, *source.further_hosts, *source.attachment_hosts):
        with suppress(NameNotFound):
            if any(is_public(ip_address(found.partition("%")[0])) for found in await resolve(host, 80)):
                return True
    return False


class _Site:
    """The crawl of one source."""

    def __init__(
        self,
        source: Source,
        fetcher: HttpFetcher,
        ledger: Ledger,
        land: Land,
        writing: asyncio.Lock,
        reach: Reach,
    ) -> None:
        self._source = source
        self._fetcher = fetcher
        self._ledger = ledger
        self._land = land
        self._writing = writing
        self._reach = reach
        self._batch: list[Fetched] = []

    async def crawl(self) -> None:
        entry = await self._write(partial(self._ledger.open, self._source))
        since, held = time.monotonic(), 0
        try:
            async with aclosing(crawl(self._source, self._fetcher, entry.known, entry.done, self._reach)) as found:
                async for fetched in found:
                    entry.note(fetched)
                    self._batch.append(fetched)
                    held += len(fetched.page.content) if fetched.page else 0
                    full = len(self._batch) >= _BATCH_PAGES or held >= _BATCH_BYTES
                    if full or time.monotonic() - since >= _BATCH_SECONDS:
                        await self._land_batch()
                        since, held = time.monotonic(), 0
        finally:
            await self._land_batch()  # also what was got before Ctrl-C, or before another site's fault
        await self._write(partial(self._ledger.close, entry))

    async def _land_batch(self) -> None:
        if self._batch:
            await self._write(self._land_held)

    def _land_held(self) -> None:
        batch, self._batch = self._batch, []  # not before its turn has come: who waits may be cancelled
        self._land(batch)

    async def _write(self, work: Callable[[], T]) -> T:
        """Does in a thread what writes to the database, alone.

        A thread goes on where its task is cancelled (Ctrl-C): it is waited for, because no other may use the
        database's connection before it has ended.
        """
        async with self._writing:
            task = asyncio.ensure_future(asyncio.to_thread(work))
            try:
                return await asyncio.shield(task)
            except asyncio.CancelledError:
                while not task.done():
                    with suppress(asyncio.CancelledError):
                        await asyncio.wait([task])
                if error := task.exception():
                    raise error from None
                raise


def _manners(settings: Settings) -> FetchSettings:
    try:
        return FetchSettings(
            contact=settings.contact, proxy=settings.proxy.get_secret_value() if settings.proxy else None,
            connect_timeout=settings.connect_seconds, read_timeout=settings.read_seconds,
            total_timeout=settings.request_seconds, max_bytes_html=settings.max_html_bytes,
            max_bytes_pdf=settings.max_pdf_bytes, max_bytes_list=settings.max_list_bytes,
            max_redirects=settings.max_redirects, tries=settings.tries,
            retry_after_max=settings.longest_pause_seconds, give_up_after=settings.give_up_after,
        )  # fmt: skip
    except ValueError as error:
        raise UsageFault(f"GONGKAI_CONTACT or GONGKAI_PROXY: {error}.") from None
