"""Fetch: what a run reads, handed on in batches: a folder, publishers' sites, or the bundled sample."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.faults import UsageFault
from flows.land import batches
from flows.settings import Settings
from scrapers.archive.foreign import read_warc_files
from scrapers.catalogue.loading import CatalogueError
from scrapers.fetch.folder import FolderError, FolderLimits, read_folder
from scrapers.fetch.outcomes import Fetched, Known
from scrapers.fetch.reach import WHOLE, Reach
from scrapers.sources.selection import ALL, Selection

if TYPE_CHECKING:
    from flows.crawling import Ledger
    from flows.crawls import Crawl
    from scrapers.sources.schema import Source

# The sample is served on a free port of loopback; its pages are landed under this address, so that the identities of
# its reports are the same on every run and machine. (.invalid never leads anywhere: RFC 6761.)
SAMPLE_ADDRESS = "http://sample.invalid"

Land = Callable[[list[Fetched]], None]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run's pages come from. At most one of them is set; with none it is the bundled sample."""

    pages: Path | None = None
    sources: Path | None = None
    warc: Path | None = None  # a WARC or ARC file, or a folder of them
    archive: bool = False  # what the warehouse's own archive holds; nothing is fetched
    selection: Selection = ALL  # which of the sources
    reach: Reach = WHOLE  # how far each is crawled

    @property
    def kind(self) -> str | None:
        """sample or real; None for whatever the warehouse holds."""
        return None if self.archive else "real" if self.pages or self.sources or self.warc else "sample"

    def __str__(self) -> str:
        where = str(self.pages or self.sources or self.warc or ("archive" if self.archive else "sample"))
        limits = (str(self.selection), str(self.reach))
        said = "; ".join(limit for limit in limits if limit)
        return f"{where} ({said})" if said else where

    def check(self) -> None:
        """Raises UsageFault where the folders cannot be used."""
        if sum(1 for one in (self.pages, self.sources, self.warc, self.archive) if one) > 1:
            raise UsageFault("--pages, --sources, --warc and --from-archive exclude each other: give one of them.")
        if self.warc is not None and not self.warc.exists():
            raise UsageFault(f"--warc: there is no file or folder {self.warc}.")
        for option, folder in (("--pages", self.pages), ("--sources", self.sources)):
            if folder is not None and not folder.is_dir():
                raise UsageFault(f"{option}: there is no folder {folder}.")
        if faults := self.selection.faults():
            raise UsageFault(f"{'; '.join(faults)}.")
        if self.sources and not self.chosen(_sources(self.sources)):
            raise UsageFault(f"No publisher of {self} is meant: give other codes or families.")

    def chosen(self, sources: list[Source]) -> list[Source]:
        """Those of ``sources`` that are meant."""
        return self.selection.of(sources)


def fetch(origin: Origin, settings: Settings, ledger: Ledger, land: Land) -> None:
    """Gets everything that ``origin`` leads to and hands it to ``land`` batch by batch.

    Crawls of sites are entered in ``ledger``. A page that cannot be got is an attempt with its reason, not an error.
    Raises UsageFault for a folder that cannot be used.
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
            from flows.crawling import crawl_all

            sources = origin.chosen(_sources(origin.sources))
            asyncio.run(crawl_all(sources, settings, ledger, land, origin.reach))
        else:
            _fetch_sample(origin, settings, ledger, land)
    except FolderError as error:
        raise UsageFault(str(error)) from error


def _sources(folder: Path) -> list[Source]:
    from scrapers.sources.schema import load_sources

    try:
        return load_sources(folder)
    except CatalogueError as error:
        raise UsageFault(str(error)) from error


def _fetch_sample(origin: Origin, settings: Settings, ledger: Ledger, land: Land) -> None:
    from flows.crawling import crawl_all
    from flows.sample_server import serve_sample
    from scrapers.sources.schema import load_sample_source

    with serve_sample() as address:
        source = load_sample_source(address)
        asyncio.run(
            crawl_all(
                origin.chosen([source]),
                settings,
                _SampleLedger(ledger, address),
                lambda batch: land([_moved_page(fetched, address, SAMPLE_ADDRESS) for fetched in batch]),
                origin.reach,
            )
        )


@dataclass(frozen=True, slots=True)
class _SampleLedger:
    """The ledger with the sample's landed addresses turned into those of its server."""

    ledger: Ledger
    address: str

    def open(self, source: Source) -> Crawl:
        crawl = self.ledger.open(source)
        crawl.known = {self._served(url): self._known(page) for url, page in crawl.known.items()}
        crawl.done = {self._served(url): page and self._known(page) for url, page in crawl.done.items()}
        crawl.reports = {self._served(url) for url in crawl.reports}
        return crawl

    def close(self, crawl: Crawl) -> object:
        return self.ledger.close(crawl)

    def _known(self, page: Known) -> Known:
        return replace(page, final_url=page.final_url and self._served(page.final_url))

    def _served(self, url: str) -> str:
        return moved(url, SAMPLE_ADDRESS, self.address)


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
