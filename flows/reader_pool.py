"""Reads pages in processes of their own: a page that hangs or kills its process costs that page, never the run."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any

from flows.reading_rows import Rows, failed_rows, rows_of
from scrapers.document import Page, Reading

Reader = Callable[[Page], Reading]

READER_FAULT = "reader_fault"
READER_TIMEOUT = "reader_timeout"
_WALL_FACTOR = 10  # a page that waits instead of working is given up after this many times its limit


@dataclass(frozen=True, slots=True)
class Task:
    """One document to read."""

    document_id: str
    content_sha256: str
    page: Page


def default_reader(page: Page) -> Reading:
    """The project's reader; imported only in the process that reads."""
    from scrapers.read import read_page

    return read_page(page)


class ReaderPool:
    """``workers`` reading processes. Use as a context manager; ``read`` may be called again and again.

    ``seconds`` of processor time is the limit for one page, so that a busy machine reads what an idle one reads;
    ``memory_bytes`` is the limit for one process.
    """

    def __init__(self, workers: int, seconds: float, memory_bytes: int, reader: Reader = default_reader) -> None:
        self._seconds = seconds
        self._memory = memory_bytes
        self._reader = reader
        self._size = workers
        self._workers: list[_Worker] = []

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def read(self, tasks: Iterable[Task], version: str, run_id: str) -> Iterator[tuple[Task, Rows]]:
        """The rows of each task, in the order in which they get ready; none is left out."""
        waiting = deque(tasks)
        while len(self._workers) < min(self._size, len(waiting)):
            self._workers.append(_Worker(self._reader, self._memory, self._seconds))
        while waiting or any(worker.task for worker in self._workers):
            for worker in self._workers:
                if worker.task is None and waiting:
                    worker.give(waiting.popleft(), version, run_id)
            yield from self._collect(version, run_id)

    def _collect(self, version: str, run_id: str) -> Iterator[tuple[Task, Rows]]:
        busy = [worker for worker in self._workers if worker.task is not None]
        wall = self._seconds * _WALL_FACTOR
        first_deadline = min(worker.since for worker in busy) + wall
        ready = wait([worker.pipe for worker in busy], max(0.0, first_deadline - time.monotonic()))
        for place, worker in enumerate(self._workers):
            task = worker.task
            if task is None:
                continue
            failure = None
            if worker.pipe in ready:
                try:
                    rows = worker.take()
                except (EOFError, OSError):
                    failure = self._death(worker.stop())
            elif time.monotonic() - worker.since >= wall:
                worker.stop()
                failure = (READER_TIMEOUT, f"not read within {wall:g} s")
            else:
                continue
            if failure is not None:
                self._workers[place] = _Worker(self._reader, self._memory, self._seconds)
                rows = failed_rows(*failure, task.document_id, task.content_sha256, version, run_id)
            yield task, rows

    def _death(self, code: int | None) -> tuple[str, str]:
        """What the end of a reading process says about its page."""
        if code == -signal.SIGXCPU:
            return READER_TIMEOUT, f"not read within {self._seconds:g} s of processor time"
        return READER_FAULT, f"the reading process ended with code {code}"


class _Worker:
    """One process and the page it is at."""

    def __init__(self, reader: Reader, memory_bytes: int, seconds: float) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would inherit Prefect's threads and locks
        self.pipe, other = context.Pipe()
        self.task: Task | None = None
        self.since = 0.0
        self._started = False
        self._process: BaseProcess = context.Process(
            target=_work, args=(other, reader, memory_bytes, seconds), daemon=True, name="gongkai-reader"
        )
        self._process.start()
        other.close()

    def give(self, task: Task, version: str, run_id: str) -> None:
        """Hands a page over. The clock of its limit starts when the process is up."""
        if not self._started:
            self._started = True
            with_start = 120  # importing the reader on a busy machine
            if not self.pipe.poll(with_start):
                raise RuntimeError("the reading process does not start")
            self._take_start()
        self.task, self.since = task, time.monotonic()
        with contextlib.suppress(OSError):  # it died; _collect finds the pipe closed
            self.pipe.send((task, version, run_id))

    def _take_start(self) -> None:
        try:
            fault = self.pipe.recv()
        except (EOFError, OSError):
            fault = "the process ended"
        if fault is not None:
            raise RuntimeError(f"the reader cannot be started: {fault}")

    def take(self) -> Rows:
        """The rows that the process sends; EOFError where it has died."""
        rows: Rows = self.pipe.recv()
        self.task = None
        return rows

    def stop(self) -> int | None:
        """Ends the process at once and gives its exit code."""
        self._process.join(0 if self.task is not None else 0.05)
        if self._process.is_alive():
            self._process.kill()
        self._process.join(10)
        self.pipe.close()
        return self._process.exitcode


def _work(pipe: Connection[Any, Any], reader: Reader, memory_bytes: int, seconds: float) -> None:
    """The loop of a reading process: it ends when its parent closes the pipe or is gone."""
    try:
        threading.Thread(target=_end_with_parent, daemon=True, name="parent").start()
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if reader is default_reader:
            import scrapers.read  # noqa: F401  # so that the first page's clock does not count the import
    except BaseException as error:
        pipe.send(f"{type(error).__name__}: {error}")
        return
    pipe.send(None)
    while True:
        try:
            task, version, run_id = pipe.recv()
            _give_processor_time(seconds)
            pipe.send(_rows(reader, task, version, run_id))
        except (EOFError, OSError, KeyboardInterrupt):
            return


def _end_with_parent() -> None:
    """Ends this process at once when the run that started it is gone, also in the middle of a page."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _give_processor_time(seconds: float) -> None:
    """From now on; the system ends the process (SIGXCPU) when they are used up. Whole seconds only, rounded up."""
    limit, hard = math.ceil(time.process_time() + seconds), resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _rows(reader: Reader, task: Task, version: str, run_id: str) -> Rows:
    try:
        return rows_of(reader(task.page), task.document_id, task.content_sha256, version, run_id)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a page does to the reader stays with the page
        reason = f"{type(error).__name__}: {error}"[:500]
        return failed_rows(READER_FAULT, reason, task.document_id, task.content_sha256, version, run_id)
