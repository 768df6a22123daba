"""Crawls of sites side by side: who may be asked without a contact, how much is held, reading beside writing."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import crawling
from flows.crawls import Crawl
from flows.faults import UsageFault
from flows.land import land
from flows.landed import known_pages
from flows.settings import Settings
from flows.warehouse.store import create_tables
from scrapers.archive.writer import ArchiveWriter
from scrapers.document import Page
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome
from scrapers.sources.schema import Source

RUN = "20260301T080000000Z-17"


def source(base: str, **more: Any) -> Source:
    return Source(source_id="x", publisher="某县", base_url=base, list_pages=("/",), **more)


def got(number: int, size: int = 0) -> Fetched:
    url = f"http://x.gov.cn/{number}.html"
    page = Page(b"%d " % number + b"x" * size, url=url)
    return Fetched(page, Attempt("x", None, url, Outcome.ok, None, datetime.now(UTC), etag=f'"{number}"'))


class Ledger:
    def __init__(self) -> None:
        self.closed = 0

    def open(self, source: Source) -> Crawl:
        return Crawl("c", source, {}, {})

    def close(self, crawl: Crawl) -> object:
        self.closed += 1
        return []


@pytest.mark.parametrize(
    ("base", "more"),
    [
        ("http://x.invalid", {}),
        ("http://93.184.215.14", {"allow_private": True}),
        ("http://127.0.0.1:9", {"allow_private": True, "attachment_hosts": ("93.184.215.14",)}),
    ],
)
def test_public_sites_are_not_asked_without_a_contact(base: str, more: dict[str, Any]) -> None:
    settings = Settings.model_validate({"contact": None})
    with pytest.raises(UsageFault, match="GONGKAI_CONTACT"):
        asyncio.run(crawling.crawl_all([source(base, **more)], settings, Ledger(), lambda _: None))


def test_batches_end_at_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    async def crawl(*_: object) -> Any:
        for number in range(6):
            yield got(number, 1000)

    monkeypatch.setattr(crawling, "crawl", crawl)
    monkeypatch.setattr(crawling, "_BATCH_BYTES", 2000)
    ledger, batches = Ledger(), list[int]()
    settings = Settings.model_validate({"contact": None})
    private = source("http://127.0.0.1:9", allow_private=True)
    asyncio.run(crawling.crawl_all([private], settings, ledger, lambda batch: batches.append(len(batch))))
    assert (batches, ledger.closed) == ([2, 2, 2], 1)


def test_landed_pages_are_read_while_another_thread_writes(tmp_path: Path) -> None:
    """One DuckDB connection used by two threads gives the one the rows of the other."""
    with (
        duckdb.connect(tmp_path / "landing.duckdb") as con,
        ArchiveWriter(tmp_path / "archive", RUN, "real") as archive,
    ):
        con.execute("set timezone = 'UTC'")
        create_tables(con)
        land(con, archive, RUN, [got(number) for number in range(50)])
        known = known_pages(con, archive.folder, "x")
        wrong: list[object] = []

        def read() -> None:
            for _ in range(4):
                for number in range(50):
                    page = known[f"http://x.gov.cn/{number}.html"]
                    found = page.content() if page.content else None
                    if found != b"%d " % number:
                        wrong.append((number, found))

        reading = threading.Thread(target=read)
        reading.start()
        while reading.is_alive():
            if len(known_pages(con, archive.folder, "x")) != 50:
                wrong.append("known pages")
        reading.join()
        assert not wrong


def test_what_was_got_before_ctrl_c_lands_and_threads_end_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sites; the run is stopped while the first one's full batch is being written."""
    at_once, most, landed, writing = 0, 0, list[int](), threading.Event()
    lock = threading.Lock()

    async def crawl(of: Source, *_: object) -> Any:
        for number in range(5):
            yield got(number)
        await asyncio.sleep(60)

    def land_slowly(batch: list[Fetched]) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.3)  # meanwhile the other site waits with its batch
        writing.set()
        time.sleep(0.3)
        landed.append(len(batch))
        with lock:
            at_once -= 1

    async def stopped() -> None:
        crawls = asyncio.create_task(crawling.crawl_all(sources, Settings(), ledger, land_slowly))
        await asyncio.to_thread(writing.wait)
        crawls.cancel()
        await crawls

    monkeypatch.setattr(crawling, "crawl", crawl)
    monkeypatch.setattr(crawling, "_BATCH_PAGES", 3)
    sources = [source("http://127.0.0.1:9", allow_private=True), source("http://127.0.0.2:9", allow_private=True)]
    ledger = Ledger()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert landed == [3, 3], "what was being written and what waited"
    assert (most, ledger.closed) == (1, 0)


def test_a_fault_of_the_last_writing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def crawl(*_: object) -> Any:
        yield got(1)
        has_page.set()
        await asyncio.sleep(60)

    def full_disk(_: object) -> None:
        raise UsageFault("the disk is full")

    async def stopped() -> None:
        crawls = asyncio.create_task(crawling.crawl_all([private], Settings(), Ledger(), full_disk))
        await has_page.wait()
        crawls.cancel()
        await crawls

    has_page = asyncio.Event()
    monkeypatch.setattr(crawling, "crawl", crawl)
    private = source("http://127.0.0.1:9", allow_private=True)
    with pytest.raises(UsageFault, match="disk is full"):
        asyncio.run(stopped())
