"""httpx transports over pinned connections, one for each host, address and degree of trust."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpcore
import httpx

from scrapers.fetch.addresses import PinnedBackend
from scrapers.fetch.tls import TlsContexts, TlsMode

_KEEP_ALIVE = 15.0  # seconds that an idle connection stays open
_MAX_CONNECTIONS = 32  # to one host; the gate of the host keeps to fewer


@dataclass(frozen=True, slots=True)
class Route:
    """How a host is reached. Connections are shared only by requests of the same route.

    So what one source was allowed (a private network, an unverified certificate) is never used for another.
    """

    host: str
    address: str | None  # dialled; None: a proxy dials, by name
    private: bool
    tls: TlsMode


class PinnedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport on a pool of our own (httpx has no argument for it)."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool = pool
        self.users = 0
        self.last_used = time.monotonic()


class Transports:
    """The transports of all routes. One pool for all would do the same work slower: for each request httpcore's pool
    looks at all of its connections."""

    def __init__(
        self, dialler: httpcore.AsyncNetworkBackend | None, tls: TlsContexts, proxy: httpx.Proxy | None = None
    ) -> None:
        self._dialler = dialler or httpcore.AnyIOBackend()
        self._tls = tls
        self._proxy = proxy
        self._transports: dict[Route, PinnedTransport] = {}

    @asynccontextmanager
    async def of(self, route: Route) -> AsyncIterator[PinnedTransport]:
        """The transport of ``route``, kept open until the block ends and a while longer."""
        transport = self._transports.get(route)
        if transport is None:
            transport = self._transports[route] = PinnedTransport(self._pool(route), self._tls.of(route.tls))
            await self._close_idle(but=route)
        transport.users += 1
        try:
            yield transport
        finally:
            transport.users -= 1
            transport.last_used = time.monotonic()

    def _pool(self, route: Route) -> httpcore.AsyncConnectionPool:
        tls = self._tls.of(route.tls)
        if route.address is not None:
            return httpcore.AsyncConnectionPool(
                ssl_context=tls, max_connections=_MAX_CONNECTIONS, keepalive_expiry=_KEEP_ALIVE, http2=True,
                network_backend=PinnedBackend(route.address, self._dialler),
            )  # fmt: skip
        proxy = self._proxy
        if proxy is None:
            raise ValueError("a route without an address needs a proxy")
        return httpcore.AsyncHTTPProxy(
            proxy_url=httpcore.URL(
                scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=proxy.url.raw_path
            ),
            proxy_auth=proxy.raw_auth, proxy_ssl_context=self._tls.of("strict") if _is_https(proxy) else None,
            ssl_context=tls, max_connections=_MAX_CONNECTIONS, keepalive_expiry=_KEEP_ALIVE, http2=True,
            network_backend=self._dialler,
        )  # fmt: skip

    async def _close_idle(self, but: Route) -> None:
        limit = time.monotonic() - _KEEP_ALIVE
        idle = [route for route, held in self._transports.items() if not held.users and held.last_used < limit]
        for transport in [self._transports.pop(route) for route in idle if route != but]:
            await transport.aclose()

    async def aclose(self) -> None:
        """Closes all connections."""
        while self._transports:
            _, transport = self._transports.popitem()
            await transport.aclose()


def _is_https(proxy: httpx.Proxy) -> bool:
    return proxy.url.scheme == "https"


def sent_more_than_said(response: httpx.Response) -> bool:
    """Whether bytes are left over behind the end of an HTTP/1.1 answer, once its body is read.

    We ask for one page at a time on a connection, so such bytes mean that Content-Length was too small and the page
    was cut. httpx does not tell; h11 (behind it) does, in its public ``trailing_data``.
    """
    found: object = response.stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        found = getattr(found, name, found)
    trailing = getattr(found, "trailing_data", None)
    return bool(trailing and trailing[0])
