"""httpx transports over checked connections, one for each host."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpcore
import httpx

from scrapers.fetch.addresses import CheckedBackend, Resolver

_KEEP_ALIVE = 15.0  # seconds that an idle connection stays open
_MAX_CONNECTIONS = 32  # to one host; the gate of the host keeps to fewer


class PinnedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport on a pool that connects through ``backend`` (httpx has no argument for it)."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=_MAX_CONNECTIONS,
            keepalive_expiry=_KEEP_ALIVE,
            http2=True,
            network_backend=backend,
        )
        self.users = 0
        self.last_used = time.monotonic()


class HostTransports:
    """A transport for each host and for each answer to "may private networks be asked?".

    A connection that one source was allowed to make is so never reused for another. One pool for all would do the same
    work slower: for each request httpcore's pool looks at all of its connections.
    """

    def __init__(self, resolver: Resolver, dialler: httpcore.AsyncNetworkBackend | None, tls: ssl.SSLContext) -> None:
        self._backends = {private: CheckedBackend(private, resolver, dialler) for private in (False, True)}
        self._tls = tls
        self._transports: dict[tuple[str, bool], PinnedTransport] = {}

    @asynccontextmanager
    async def of(self, host: str, private: bool) -> AsyncIterator[PinnedTransport]:
        """The transport of ``host``, kept open until the block ends and a while longer."""
        key = (host, private)
        if key not in self._transports:
            self._transports[key] = PinnedTransport(self._backends[private], self._tls)
            await self._close_idle(but=key)
        transport = self._transports[key]
        transport.users += 1
        try:
            yield transport
        finally:
            transport.users -= 1
            transport.last_used = time.monotonic()

    async def _close_idle(self, but: tuple[str, bool]) -> None:
        limit = time.monotonic() - _KEEP_ALIVE
        idle = [key for key, held in self._transports.items() if not held.users and held.last_used < limit]
        for transport in [self._transports.pop(key) for key in idle if key != but]:
            await transport.aclose()

    async def aclose(self) -> None:
        """Closes all connections."""
        while self._transports:
            _, transport = self._transports.popitem()
            await transport.aclose()
