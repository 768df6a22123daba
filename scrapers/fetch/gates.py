"""One gate per host: how often and how many at a time it is asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turn:
    """One turn at a gate. ``sent`` opens the gate for the next one, ``interval`` seconds from now."""

    def __init__(self, gate: HostGate, interval: float) -> None:
        self._gate = gate
        self._interval = interval
        self._done = False

    def sent(self) -> None:
        """Call when the request has left: counting from here, not from before the connection was made, keeps the
        distance that the server sees."""
        self._count_from_now()
        self._release()

    def answered(self) -> None:
        """Call when the answer begins: the server has surely seen the request by now, so whoever still waits counts
        from here."""
        self._count_from_now()

    def end(self) -> None:
        """Call when the request is over, whatever became of it; where nothing was sent, this counts as sent."""
        if not self._done:
            self.sent()

    def _release(self) -> None:
        if not self._done:
            self._done = True
            self._gate.turnstile.release()

    def _count_from_now(self) -> None:
        self._gate.opens_at = max(self._gate.opens_at, time.monotonic() + self._interval)


class HostGate:
    """Keeps the distance between requests to one host and their number at a time."""

    def __init__(self, max_concurrency: int) -> None:
        self.opens_at = 0.0  # monotonic seconds
        self.closed_until = 0.0  # monotonic seconds: the host asked to be left alone until then
        self.turnstile = asyncio.Lock()
        self._room = asyncio.Semaphore(max_concurrency)

    @asynccontextmanager
    async def turn(self, interval: float) -> AsyncIterator[Turn]:
        """Waits until the host may be asked again; holds one of its places until the block ends."""
        async with self._room:
            await self.turnstile.acquire()
            turn = Turn(self, interval)
            try:
                while (wait := self.opens_at - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                yield turn
            finally:
                turn.end()

    def hold(self, seconds: float) -> None:
        """Asks nobody for ``seconds`` (Retry-After)."""
        self.opens_at = max(self.opens_at, time.monotonic() + seconds)

    def close(self, seconds: float) -> None:
        """Gives up on the host for ``seconds``: it asked for a longer pause than a run waits."""
        self.closed_until = max(self.closed_until, time.monotonic() + seconds)

    def closed_for(self) -> float:
        """Seconds for which the host is given up, 0 where it is not."""
        return max(0.0, self.closed_until - time.monotonic())
