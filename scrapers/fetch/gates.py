"""Gates: how often, and how many at a time, one host and one IP address are asked.

A request passes two gates, first that of its host, then that of the address that is dialled: provincial platforms hold
hundreds of hosts on one address, and no source may make them feel more than its politeness says. Gates are always
passed in this order, and whoever holds an address waits for nothing but time and that address, so nothing can jam.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from scrapers.fetch.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Manners:
    """How gently one request treats a gate: seconds to any request before it, and how many may be under way."""

    interval: float
    at_once: int


class Turn:
    """One turn at a gate. ``sent`` lets the next one come forward, ``interval`` seconds from now at the earliest."""

    __slots__ = ("_done", "_gate", "_interval")

    def __init__(self, gate: Gate, interval: float) -> None:
        self._gate = gate
        self._interval = interval
        self._done = False

    def sent(self) -> None:
        """Call when the request has left: counting from here, not from before the connection was made, keeps the
        distance that the server sees."""
        self._gate.passed(self._interval)
        self._release()

    def answered(self) -> None:
        """Call when the answer begins: the server has surely seen the request by now, so whoever still waits counts
        from here."""
        self._gate.passed(self._interval)

    def end(self) -> None:
        """Call when the request is over, whatever became of it; where nothing was sent, this counts as sent."""
        if not self._done:
            self.sent()

    def _release(self) -> None:
        if not self._done:
            self._done = True
            self._gate.turnstile.release()


class Gate:
    """Keeps the distance between requests through it and their number at a time, first come, first served.

    Sources with different manners may share a gate. The stricter of two holds: between two requests lies the longer of
    their intervals, and there are never more under way than the strictest of those under way allows.
    """

    def __init__(self) -> None:
        self.turnstile = asyncio.Lock()
        self._last = float("-inf")  # monotonic seconds: when the last request passed
        self._due = float("-inf")  # monotonic seconds: until when those that passed keep their distance
        self._held_until = 0.0  # monotonic seconds: Retry-After
        self._under_way: list[int] = []  # what each request under way allows at once
        self._left = asyncio.Event()

    @asynccontextmanager
    async def turn(self, manners: Manners) -> AsyncIterator[Turn]:
        """Waits until the gate may be passed; holds one of its places until the block ends."""
        await self.turnstile.acquire()
        turn = Turn(self, manners.interval)
        entered = False
        try:
            while len(self._under_way) >= min([manners.at_once, *self._under_way]):
                self._left.clear()
                await self._left.wait()
            self._under_way.append(manners.at_once)
            entered = True
            while (wait := self.shut_for(manners)) > 0:
                await asyncio.sleep(wait)
            yield turn
        finally:
            if entered:
                turn.end()
                self._under_way.remove(manners.at_once)
                self._left.set()
            else:
                self.turnstile.release()

    def shut_for(self, manners: Manners) -> float:
        """Seconds until a request with these manners may pass, 0 or less where it may now."""
        return max(self._due, self._last + manners.interval, self._held_until) - time.monotonic()

    def passed(self, interval: float) -> None:
        """A request passes, or is seen to have passed, now."""
        self._last = time.monotonic()
        self._due = max(self._due, self._last + interval)

    def hold(self, seconds: float) -> None:
        """Lets nobody through for ``seconds``."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)


class HostGate(Gate):
    """The gate of a host, which may also be given up for the run."""

    def __init__(self) -> None:
        super().__init__()
        self._closed_until = 0.0  # monotonic seconds
        self._closed_because: tuple[Outcome, str] = (Outcome.refused, "")
        self._failures = 0
        self._stumbles = 0

    def close(self, seconds: float, outcome: Outcome, why: str) -> None:
        """Gives up on the host for ``seconds``; addresses asked for meanwhile end as ``outcome``."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)
        self._closed_because = (outcome, why)

    def closed(self) -> tuple[Outcome, str] | None:
        """Why the host is given up at the moment, None where it is not."""
        return self._closed_because if self._closed_until > time.monotonic() else None

    def failed(self) -> int:
        """Counts one address that could not be got through the host's fault; gives how many in a row there were."""
        self._failures += 1
        return self._failures

    def worked(self) -> None:
        """The host answered as hosts do."""
        self._failures = self._stumbles = 0

    def stumbled(self, first: float, most: float) -> None:
        """The host says that it has too much to do (429, 503) but not how long to wait: all requests to it pause,
        ``first`` seconds and each time twice as long, up to ``most``."""
        self.hold(min(first * 2 ** min(self._stumbles, 20), most))
        self._stumbles += 1


@asynccontextmanager
async def both_turns(host: Turn, host_gate: Gate, address: Gate | None, manners: Manners) -> AsyncIterator[list[Turn]]:
    """Behind the host's gate: the turn at the address too (None: unknown, behind a proxy), with both gates open."""
    if address is None:
        yield [host]
        return
    async with address.turn(manners) as turn:
        # the host may have asked for a pause meanwhile
        while (wait := max(host_gate.shut_for(manners), address.shut_for(manners))) > 0:
            await asyncio.sleep(wait)
        yield [host, turn]
