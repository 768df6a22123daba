"""Starts the hostile site as a process of its own, for as long as a block runs."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER = Path(__file__).parent / "server.py"


@dataclass(frozen=True)
class Seen:
    """One request from the site's log; see ``Asked`` in server.py."""

    at: float
    address: str
    host: str
    path: str
    headers: dict[str, str]
    under_way_address: int
    under_way_host: int
    done: float | None


@dataclass(frozen=True)
class HostileSite:
    port: int
    addresses: list[str]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> list[Seen]:
        """Everything it was asked so far, in order."""
        with urllib.request.urlopen(self.base + "/~log", timeout=10) as answer:
            return [Seen(*json.loads(line)) for line in answer]


@contextmanager
def hostile_site(further_addresses: int = 0) -> Iterator[HostileSite]:
    """The running site. It ends with the block, and with this process whatever happens to it: its input then ends."""
    command = [sys.executable, str(SERVER), str(further_addresses)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        try:
            said: dict[str, Any] = json.loads(process.stdout.readline())
            yield HostileSite(said["port"], said["addresses"])
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
