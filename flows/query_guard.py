"""Hard limits around a stranger's query: DuckDB's own do not hold inside a single function over one huge value.

``select repeat('x', 2000000000)`` takes gigabytes whatever memory_limit says, and a function that works on one value
for an hour is not interrupted. These limits are those of the process: for a command that does nothing else.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.faults import UsageFault

GRACE_SECONDS = 5.0  # after the interruption, until the process ends itself
_HEADROOM = 1024**3  # threads, the interpreter and the rows that are being printed
_SIZE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b?(?:ytes)?\s*", re.IGNORECASE)


@contextmanager
def hard_limits(seconds: float, memory: str) -> Iterator[None]:
    """For the length of the block: no more memory than what is used now, ``memory`` and some headroom; after
    ``seconds`` and some grace the process ends with a sentence, whatever it does."""
    most = memory_bytes(memory)
    timer = threading.Timer(seconds + GRACE_SECONDS, _end, (seconds,))
    timer.daemon = True
    timer.start()
    try:
        with _address_space(most + _HEADROOM):
            yield
    finally:
        timer.cancel()


def memory_bytes(text: str) -> int:
    """``1GB``, ``512 MiB`` … in bytes. Raises UsageFault."""
    found = _SIZE.fullmatch(text)
    if found is None:
        raise UsageFault(f"GONGKAI_SQL_MEMORY={text}: not a size such as 1GB or 512MB.")
    number, prefix, binary = found.groups()
    return int(float(number) * (1024 if binary else 1000) ** " kmgt".index(prefix.lower() or " "))


def _end(seconds: float) -> None:
    text = f"the query was stopped after {seconds:g} s and did not listen (GONGKAI_SQL_SECONDS sets the limit)\n"
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, text.encode())
    os._exit(1)


@contextmanager
def _address_space(more: int) -> Iterator[None]:
    """Where the system can say and limit it (Linux)."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError, ValueError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + more
    for old in (soft, hard):
        most = most if old == resource.RLIM_INFINITY else min(most, old)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
