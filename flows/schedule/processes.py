"""Processes by number and start: a number alone may belong to another program by now."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One process; ``started`` is what the system says of its start, in whatever unit."""

    pid: int
    started: str

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def process(pid: int) -> Process | None:
    """The process that has the number now; None where there is none, or only its remains."""
    started = _started(pid)
    return Process(pid, started) if started else None


def from_json(value: object) -> Process | None:
    """What ``as_json`` wrote; None for anything else."""
    if isinstance(value, dict) and isinstance(value.get("pid"), int) and isinstance(value.get("started"), str):
        return Process(value["pid"], value["started"])
    return None


def is_alive(one: Process) -> bool:
    """Whether this very process still runs."""
    return _started(one.pid) == one.started


def stop(one: Process, seconds: float) -> bool:
    """Asks a process to end and, where it has not after ``seconds``, ends it. True where it was still there."""
    if not is_alive(one):
        return False
    with suppress(ProcessLookupError, PermissionError):
        os.kill(one.pid, signal.SIGTERM)
    if not wait_for_end(one, seconds):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(one.pid, signal.SIGKILL)
        wait_for_end(one, 5)
    return True


def end_session(one: Process) -> None:
    """Ends what a process that is gone left of its session: a server's own child would keep the port.

    Where the number belongs to another program by now, nothing is done: the system gives no number away while anything
    of the session that had it is left.
    """
    if not _started(one.pid):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(one.pid, signal.SIGKILL)


def wait_for_end(one: Process, seconds: float) -> bool:
    """Whether a process ends within ``seconds``."""
    deadline = time.monotonic() + seconds
    while is_alive(one):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.1)
    return True


def _started(pid: int) -> str:
    try:
        # after the name in brackets, which may hold anything: state is field 3, the start field 22
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        if Path("/proc/self/stat").exists():
            return ""
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return " ".join(told.stdout.split())
