"""Fetch: what a run reads, handed on in batches: a folder, publishers' sites, or the bundled sample."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.faults import Fault, UsageFault
from flows.land import batches
from flows.settings import Settings
from scrapers.archive.foreign import read_warc_files
from scrapers.catalogue.loading import CatalogueError
from scrapers.fetch.folder import FolderError, FolderLimits, read_folder
from scrapers.fetch.outcomes import Fetched, Known

if TYPE_CHECKING:
    from scrapers.sources.schema import Source

# The sample is served on a free port of loopback; its pages are landed under this address, so that the identities of
# its reports are the same on every run and machine. (.invalid never leads anywhere: RFC 6761.)
SAMPLE_ADDRESS = "http://sample.invalid"
_CRAWL_BATCH_PAGES = 20  # pages of sites come slowly: few are lost when a run is killed
_CRAWL_BATCH_SECONDS = 10.0

Land = Callable[[list[Fetched]], None]
KnownPages = Callable[[str], Mapping[str, Known]]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run's pages come from. At most one of them is set; with none it is the bundled sample."""

    pages: Path | None = None
    sources: Path | None = None
    warc: Path | None = None  # a WARC or ARC file, or a folder of them
    archive: bool = False  # what the warehouse's own archive holds; nothing is fetched

    @property
    def kind(self) -> str | None:
        """sample or real; None for whatever the warehouse holds."""
        return None if self.archive else "real" if self.pages or self.sources or self.warc else "sample"

    def __str__(self) -> str:
        return str(self.pages or self.sources or self.warc or ("archive" if self.archive else "sample"))

    def check(self) -> None:
        """Raises UsageFault where the folders cannot be used."""
        if sum(1 for one in (self.pages, self.sources, self.warc, self.archive) if one) > 1:
            raise UsageFault("--pages, --sources, --warc and --from-archive exclude each other: give one of them.")
        if self.warc is not None and not self.warc.exists():
            raise UsageFault(f"--warc: there is no file or folder {self.warc}.")
        for option, folder in (("--pages", self.pages), ("--sources", self.sources)):
            if folder is not None and not folder.is_dir():
                raise UsageFault(f"{option}: there is no folder {folder}.")
        if self.sources:
            _sources(self.sources)


def fetch(origin: Origin, settings: Settings, known: KnownPages, land: Land) -> None:
    """Gets everything that ``origin`` leads to and hands it to ``land`` batch by batch.

    ``known`` gives by source what was landed before. A page that cannot be got is an attempt with its reason, not an
    error. Raises UsageFault for a folder that cannot be used.
    """
    try:
        if origin.pages:
            limits = FolderLimits(settings.max_html_bytes, settings.max_pdf_bytes)
            for batch in batches(read_folder(origin.pages, limits), settings.batch_pages, settings.batch_bytes):
                land(batch)
        elif origin.warc:
            limits = FolderLimits(settings.max_html_bytes, settings.max_pdf_bytes)
            for batch in batches(read_warc_files(origin.warc, limits), settings.batch_pages, settings.batch_bytes):
                land(batch)
        elif origin.archive:
            return  # what it holds has landed before anything is fetched
        elif origin.sources:
            asyncio.run(_crawl_all(_sources(origin.sources), settings, known, land))
        else:
            _fetch_sample(settings, known, land)
    except FolderError as error:
        raise UsageFault(str(error)) from error


def _sources(folder: Path) -> list[Source]:
    from scrapers.sources.schema import load_sources

    try:
        return load_sources(folder)
    except CatalogueError as error:
        raise UsageFault(str(error)) from error


def _fetch_sample(settings: Settings, known: KnownPages, land: Land) -> None:
    from flows.sample_server import serve_sample
    from scrapers.sources.schema import load_sample_source

    with serve_sample() as address:
        asyncio.run(
            _crawl_all(
                [load_sample_source(address)],
                settings,
                lambda source_id: {moved(url, SAMPLE_ADDRESS, address): page for url, page in known(source_id).items()},
                lambda batch: land([_moved_page(fetched, address, SAMPLE_ADDRESS) for fetched in batch]),
            )
        )


def moved(url: str, old: str, new: str) -> str:
    """``url`` at the address ``new`` in place of ``old``; an address elsewhere stays as it is."""
    return new + url[len(old) :] if url == old or url.startswith(f"{old}/") else url


def _moved_page(fetched: Fetched, old: str, new: str) -> Fetched:
    attempt = replace(
        fetched.attempt,
        source_url=_moved_or_none(fetched.attempt.source_url, old, new),
        final_url=_moved_or_none(fetched.attempt.final_url, old, new),
        found_on=_moved_or_none(fetched.attempt.found_on, old, new),
    )
    page, exchange = fetched.page, fetched.exchange
    return Fetched(
        page and replace(page, url=_moved_or_none(page.url, old, new)),
        attempt,
        exchange and replace(exchange, url=moved(exchange.url, old, new)),
    )


def _moved_or_none(url: str | None, old: str, new: str) -> str | None:
    return None if url is None else moved(url, old, new)


async def _crawl_all(sources: list[Source], settings: Settings, known: KnownPages, land: Land) -> None:
    """Several sites side by side; how gently each is asked is the fetcher's matter."""
    from scrapers.fetch.crawl import crawl
    from scrapers.fetch.http import HttpFetcher
    from scrapers.fetch.settings import FetchSettings

    if not settings.contact and not all(source.allow_private for source in sources):
        raise UsageFault(
            "Public sites are asked only with an address at which their keepers can reach you: "
            "set GONGKAI_CONTACT, for example to your e-mail address."
        )
    try:
        manners = FetchSettings(
            contact=settings.contact, proxy=settings.proxy.get_secret_value() if settings.proxy else None,
            connect_timeout=settings.connect_seconds, read_timeout=settings.read_seconds,
            total_timeout=settings.request_seconds, max_bytes_html=settings.max_html_bytes,
            max_bytes_pdf=settings.max_pdf_bytes, max_bytes_list=settings.max_list_bytes,
            max_redirects=settings.max_redirects, tries=settings.tries,
            retry_after_max=settings.longest_pause_seconds, give_up_after=settings.give_up_after,
        )  # fmt: skip
    except ValueError as error:
        raise UsageFault(f"GONGKAI_CONTACT or GONGKAI_PROXY: {error}.") from None
    room = asyncio.Semaphore(settings.sites_at_once)
    async with HttpFetcher(manners) as fetcher:

        async def one(source: Source) -> None:
            async with room:
                await _in_batches(crawl(source, fetcher, known(source.source_id)), land)

        try:
            async with asyncio.TaskGroup() as group:
                for source in sources:
                    group.create_task(one(source), name=source.source_id)
        except ExceptionGroup as errors:
            first = errors.exceptions[0]
            if isinstance(first, Fault):
                raise first from errors
            raise


async def _in_batches(found: AsyncIterator[Fetched], land: Land) -> None:
    batch: list[Fetched] = []
    since = time.monotonic()
    async for fetched in found:
        batch.append(fetched)
        if len(batch) >= _CRAWL_BATCH_PAGES or time.monotonic() - since >= _CRAWL_BATCH_SECONDS:
            land(batch)
            batch, since = [], time.monotonic()
    if batch:
        land(batch)
