"""How the tests ask: with one fetcher, on a site of their own, over names that lead nowhere else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpcore

from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Fetched, Known
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Source

Site = Any  # the fixture's, see conftest.py


def fetch(
    settings: FetchSettings, source: Source, *urls: str, known: Known | None = None, **tools: object
) -> list[Fetched]:
    """Fetches the addresses side by side with one fetcher."""

    async def run() -> list[Fetched]:
        async with HttpFetcher(settings, **tools) as fetcher:  # type: ignore[arg-type]
            return await asyncio.gather(*(fetcher.fetch(url, source, known=known) for url in urls))

    return asyncio.run(run())


def fetch_one(settings: FetchSettings, site: Site, path: str, **changes: object) -> Fetched:
    return fetch(settings, site.source(**changes), site.base + path)[0]


PUBLIC = "93.184.215.14"


class ToLoopback(httpcore.AsyncNetworkBackend):
    """Takes one public address to the test's site and notes every address that is dialled."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, port: int, *rest: object, **named: object) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        assert host == PUBLIC, f"dialled {host}"
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port)


async def public(host: str, port: int) -> list[str]:
    return [PUBLIC]
