"""A run that is killed in the middle of a page leaves no reading process behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.reader_pool import ReaderPool, Task
from flows.schedule.processes import is_alive, process
from flows.settings import PROJECT
from scrapers.document import Page, Reading

_SECONDS = 5.0


def read_for_ever(page: Page) -> Reading:
    """Notes its process; then it sleeps, or holds the interpreter fast in one pattern."""
    Path(page.file_name or "").write_text(str(os.getpid()), encoding="utf-8")
    if page.content == b"sleep":
        time.sleep(600)
    re.match(r"(a+)+$", "a" * 60 + "b")
    raise AssertionError("not in this world")


def _run(kind: str, note: str) -> None:
    with ReaderPool(1, 600 if kind == "sleep" else _SECONDS, 4 * 1024**3, read_for_ever) as pool:
        list(pool.read([Task("1", "2", Page(kind.encode(), note))], "v", "r"))


@pytest.mark.parametrize("kind", ["sleep", "pattern"])
def test_reading_process_ends_with_its_killed_run(kind: str, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    here = Path(__file__).parent
    code = f"import test_reader_orphans as t; t._run({kind!r}, {str(note)!r})"
    run = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), str(here)])}
    )
    deadline = time.monotonic() + 120
    while not note.exists() or not note.read_text(encoding="utf-8"):
        assert run.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    reader = process(int(note.read_text(encoding="utf-8")))
    assert reader is not None
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    while is_alive(reader):
        assert time.monotonic() < deadline, "the reading process lives on"
        time.sleep(0.1)


def test_page_that_waits_for_ever_is_given_up_by_the_clock(tmp_path: Path) -> None:
    with ReaderPool(1, 0.2, 4 * 1024**3, read_for_ever) as pool:
        ((_, rows),) = pool.read([Task("1", "2", Page(b"sleep", str(tmp_path / "pid")))], "v", "r")
    assert "reader_timeout" in str(rows["raw.readings"])
