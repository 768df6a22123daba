"""The keeper: one small process that starts Prefect's server and worker, starts them again where they die, and closes
the runs whose processes are gone.

python -m flows.schedule.keeper WAREHOUSE PORT
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import httpx

from flows.schedule.api import POOL, Api
from flows.schedule.processes import Process, end_session, is_alive, process, stop
from flows.schedule.record import KEEPER, SERVER, WORKER, Record, drop_record, logs, read_record, write_record
from flows.schedule.sweep import sweep
from flows.settings import PROJECT
from flows.warehouse.places import Places

_LOOK_SECONDS = 0.5
_SWEEP_SECONDS = 10.0
_LONGEST_PAUSE = 60.0  # between two starts of a part that dies at once
_HEALTHY_AFTER = 120.0  # seconds after which a part counts as well
_RUNS_END_SECONDS = 45.0  # the worker asks its runs to end and waits 30 s for them
_LOG_BYTES = 10_000_000


def commands(port: int) -> dict[str, list[str]]:
    """How the parts are started."""
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    return {
        SERVER: [*prefect, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        WORKER: [*prefect, "worker", "start", "--pool", POOL, "--type", "process", "--name", POOL],
    }


@dataclass(slots=True)
class Part:
    """The server or the worker: how it is started, and how that went so far."""

    name: str
    command: list[str]
    log: Path
    current: Process | None = None
    child: subprocess.Popen[bytes] | None = None  # none where an earlier keeper started it
    failures: int = 0
    started_at: float = 0.0
    next_start: float = field(default=0.0)

    def is_up(self) -> bool:
        """Whether it runs; a child that has ended is buried."""
        if self.child is not None:
            self.child.poll()
        return self.current is not None and is_alive(self.current)

    def start(self) -> None:
        """Starts it, in a session of its own, once what the last one left behind is gone."""
        if self.current is not None:
            end_session(self.current)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=PROJECT, start_new_session=True
            )
        self.current, self.started_at = process(self.child.pid), time.monotonic()

    def note_end(self, now: float) -> None:
        """It has ended: when to start it again, the later the more often it has died."""
        self.failures = 1 if now - self.started_at > _HEALTHY_AFTER else self.failures + 1
        self.next_start = now + min(2.0 ** (self.failures - 1), _LONGEST_PAUSE)


class Keeper:
    """Looks after the two parts until it is asked to stop."""

    def __init__(self, places: Places, port: int, say: Callable[[str], None]) -> None:
        before = read_record(places)
        self._places, self._say, self._stopping = places, say, False
        self._record = Record(port)
        self._api = Api(self._record.api, seconds=5)
        self._parts = [Part(name, command, logs(places) / f"{name}.log") for name, command in commands(port).items()]
        for part in self._parts if before is not None and before.port == port else []:
            part.current = before.processes.get(part.name) if before else None

    def stop(self, number: int, frame: FrameType | None) -> None:
        """A signal asks it to end."""
        self._stopping = True

    def run(self) -> None:
        """Until it is asked to stop; then the worker ends, with its runs, and the server after it."""
        swept = 0.0
        self._write()  # it may have taken over parts that another keeper started
        while not self._stopping:
            now = time.monotonic()
            for part in self._parts:
                self._look_after(part, now)
            if now - swept >= _SWEEP_SECONDS and self._api.is_healthy():
                swept = now
                self._sweep()
            time.sleep(_LOOK_SECONDS)
        self._end()

    def _look_after(self, part: Part, now: float) -> None:
        if part.is_up():
            return
        if part.started_at and not part.next_start:
            part.note_end(now)
            self._say(f"the {part.name} has ended; it is started again in {part.next_start - now:.0f} s")
        if now < part.next_start or (part.name == WORKER and not self._api.is_healthy()):
            return
        part.next_start = 0.0
        if part.name == WORKER:
            self._sweep()  # before it takes up what has waited while there was none
        part.start()
        self._say(f"the {part.name} is started: process {part.current.pid if part.current else '?'}")
        self._write()

    def _write(self) -> None:
        me = process(os.getpid())
        found = {KEEPER: me} | {part.name: part.current for part in self._parts}
        self._record.processes = {name: one for name, one in found.items() if one is not None}
        write_record(self._places, self._record)

    def _sweep(self) -> None:
        try:
            for sentence in sweep(self._places, self._api, datetime.now(UTC)):
                self._say(sentence)
        except (httpx.HTTPError, KeyError, ValueError) as error:
            self._say(f"runs were not looked after: {type(error).__name__}: {error}")

    def _end(self) -> None:
        for part in reversed(self._parts):
            if part.current is not None and part.is_up():
                self._say(f"the {part.name} is asked to end")
                part.child = None  # so that waiting for its end is not confused by its remains
                _reap(part.current)
            if part.current is not None:
                end_session(part.current)
        drop_record(self._places)


def _reap(one: Process) -> None:
    stop(one, _RUNS_END_SECONDS)
    with suppress(ChildProcessError):
        os.waitpid(one.pid, os.WNOHANG)


def main(warehouse: str, port: str) -> None:
    """The process itself."""

    def say(text: str) -> None:
        print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z {text}", flush=True)

    keeper = Keeper(Places(Path(warehouse)), int(port), say)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, keeper.stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the terminal that started it may close
    keeper.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
