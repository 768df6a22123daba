"""A site that behaves as badly as sites do, in a process of its own: python server.py [number of further addresses].

Listens on 127.0.0.1 and on 127.64.0.1, 127.64.0.2 … on one port, says which on its first line, and ends when its input
does. GET /~log gives what it was asked: one JSON list a line, see ``Asked``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import astuple, dataclass, field
from typing import Any

from scenes import SCENES, Wire

LOG = "/~log"


@dataclass
class Asked:
    """One request as the site saw it; times are of the machine's monotonic clock."""

    at: float
    address: str  # of the site, on which it was asked
    host: str  # the Host header without the port
    path: str
    headers: dict[str, str]
    under_way_address: int
    under_way_host: int
    done: float | None = None


@dataclass
class Site:
    log: list[Asked] = field(default_factory=list)
    under_way: Counter[str] = field(default_factory=Counter)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as long as it lasts."""
        address = writer.get_extra_info("sockname")[0]
        try:
            while await self._answer(reader, writer, address):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        at = time.monotonic()
        first, *lines = head.split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        if path == LOG:
            body = "".join(json.dumps(astuple(asked)) + "\n" for asked in self.log).encode()
            await Wire(reader, writer, path, headers).send(200, body, content_type="application/json")
            return True
        host = headers.get("host", "").rpartition(":")[0]
        self.under_way[address] += 1
        self.under_way["host " + host] += 1
        asked = Asked(at, address, host, path, headers, self.under_way[address], self.under_way["host " + host])
        self.log.append(asked)
        wire = Wire(reader, writer, path, headers)
        try:
            await SCENES.get(path.partition("?")[0], SCENES["/"])(wire)
        finally:
            asked.done = time.monotonic()
            self.under_way[address] -= 1
            self.under_way["host " + host] -= 1
        return wire.keep


async def main(further: int) -> None:
    """Serves until the input ends."""
    site = Site()
    addresses = ["127.0.0.1", *(f"127.64.{number // 250}.{number % 250 + 1}" for number in range(further))]
    first = await asyncio.start_server(site.serve, addresses[0], 0, backlog=1000)
    port = first.sockets[0].getsockname()[1]
    for start in range(1, len(addresses), 100):
        await asyncio.start_server(site.serve, addresses[start : start + 100], port, backlog=1000)
    print(json.dumps({"port": port, "addresses": addresses}), flush=True)
    loop: Any = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
