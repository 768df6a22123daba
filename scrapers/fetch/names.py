"""The addresses behind names: looked up once, checked, and remembered for a while."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from dataclasses import dataclass, field
from functools import lru_cache

from scrapers.fetch.addresses import NameNotFound, PrivateAddress, Resolver, inner_address, literal_address, may_connect


@dataclass(slots=True)
class _Entry:
    until: float  # monotonic seconds
    addresses: list[str]


@dataclass(slots=True)
class Names:
    """Names with their addresses, kept for ``keep`` seconds.

    What was checked is what is dialled, so a name that answers differently a moment later (DNS rebinding) gains
    nothing. Names without an address are looked up again each time, unless ``keep_failures`` says otherwise.
    """

    resolver: Resolver
    keep: float
    keep_failures: float = 0.0
    _known: dict[str, _Entry] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def addresses(self, host: str, port: int, allow_private: bool, timeout: float) -> list[str]:
        """The addresses of ``host`` that may be dialled, best first, at least one.

        Raises PrivateAddress where all lie in networks that may not be reached, NameNotFound where there is none, and
        TimeoutError after ``timeout`` seconds.
        """
        async with asyncio.timeout(timeout):
            found = await self._found(host, port)
        allowed = [text for text in found if _allowed(text, allow_private)]
        if found and not allowed:
            raise PrivateAddress(f"{host} leads to {found[0]}, which is not on the open internet")
        if not allowed:
            raise NameNotFound(f"the name {host} has no address")
        return allowed

    def prefer(self, host: str, address: str) -> None:
        """Puts an address that could be connected to before those of ``host`` that could not."""
        entry = self._known.get(host)
        if entry is not None and entry.addresses[:1] != [address] and address in entry.addresses:
            entry.addresses = [address, *(other for other in entry.addresses if other != address)]

    async def _found(self, host: str, port: int) -> list[str]:
        literal = literal_address(host)
        if literal is not None:
            return [str(literal)]
        async with self._locks.setdefault(host, asyncio.Lock()):
            entry = self._known.get(host)
            if entry is None or entry.until <= time.monotonic():
                entry = await self._look_up(host, port)
                self._known[host] = entry
            return entry.addresses

    async def _look_up(self, host: str, port: int) -> _Entry:
        try:
            found = await self.resolver(host, port)
        except NameNotFound:
            if not self.keep_failures:
                raise
            found = []
        keep = self.keep if found else self.keep_failures
        return _Entry(time.monotonic() + keep, found)


@lru_cache(maxsize=4096)
def _allowed(text: str, allow_private: bool) -> bool:
    try:
        return may_connect(ipaddress.ip_address(text.partition("%")[0]), allow_private)
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def same_machine(address: str) -> str:
    """One spelling for the addresses of one machine: an IPv4 address inside an IPv6 one is the IPv4 address."""
    return str(inner_address(ipaddress.ip_address(address.partition("%")[0])))
