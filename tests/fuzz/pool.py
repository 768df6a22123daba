"""Reads damaged pages in processes of their own: one that hangs is ended after HARD_LIMIT seconds and reported."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.fuzz.trial import SEED, Verdict, make, try_one

LIMIT = 5.0  # seconds of processor time that a page may take
HARD_LIMIT = 120.0  # seconds of the clock after which its process is ended


def run(
    numbers: Iterable[int], processes: int = 2, seed: int = SEED, hard_limit: float = HARD_LIMIT
) -> Iterator[Verdict]:
    """The verdict of each page, in the order in which they get ready."""
    waiting = deque(numbers)
    workers = [_Worker(seed) for _ in range(min(processes, len(waiting)))]
    try:
        while waiting or any(worker.number is not None for worker in workers):
            for worker in workers:
                if worker.number is None and waiting:
                    worker.give(waiting.popleft())
            busy = [worker for worker in workers if worker.number is not None]
            ready = wait([worker.pipe for worker in busy], timeout=1.0)
            for place, worker in enumerate(workers):
                number = worker.number
                if number is None:
                    continue
                if worker.pipe in ready:
                    try:
                        verdict = worker.take()
                    except (EOFError, OSError):
                        verdict = _ended(number, seed, "the process died")
                        workers[place] = worker.replaced()
                    yield verdict
                elif time.monotonic() - worker.since > hard_limit:
                    workers[place] = worker.replaced()
                    yield _ended(number, seed, f"not read within {hard_limit:g} s")
    finally:
        for worker in workers:
            worker.stop()


def _ended(number: int, seed: int, fault: str) -> Verdict:
    made = make(number, seed)
    return Verdict(number, made.name, len(made.page.content), HARD_LIMIT, "ended", [fault])


class _Worker:
    def __init__(self, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.number: int | None = None
        self.since = 0.0
        self._seed = seed
        self._process = context.Process(target=_work, args=(other, seed), daemon=True)
        self._process.start()
        other.close()
        if not self.pipe.poll(180) or self.pipe.recv() != "ready":
            raise RuntimeError("the reading process does not start")

    def give(self, number: int) -> None:
        self.number, self.since = number, time.monotonic()
        self.pipe.send(number)

    def take(self) -> Verdict:
        verdict: Verdict = self.pipe.recv()
        self.number = None
        return verdict

    def stop(self) -> None:
        self._process.kill()
        self._process.join(10)
        self.pipe.close()

    def replaced(self) -> _Worker:
        self.stop()
        return _Worker(self._seed)


def _work(pipe: Connection[Any, Any], seed: int) -> None:
    make(0, seed)
    try_one(make(30, seed))  # the catalogue is loaded before the first page's clock starts
    pipe.send("ready")
    while True:
        try:
            pipe.send(try_one(make(pipe.recv(), seed)))
        except (EOFError, OSError, KeyboardInterrupt):
            return
