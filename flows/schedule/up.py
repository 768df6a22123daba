"""`gongkai up` and `gongkai down`: server, work pool, worker and deployments of one warehouse on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from filelock import FileLock, Timeout

from flows.faults import Fault, UsageFault
from flows.published import published_build
from flows.schedule.api import Api
from flows.schedule.deploying import deploy, deployment_names
from flows.schedule.environment import schedule_environment
from flows.schedule.processes import end_session, stop
from flows.schedule.record import KEEPER, SERVER, WORKER, Record, drop_record, folder, logs, read_record
from flows.schedule.run_notes import noted_runs
from flows.settings import PROJECT
from flows.warehouse.places import Places

DEFAULT_PORT = 4200  # that of Prefect
_START_SECONDS = 180.0
_STOP_SECONDS = 120.0
_REBUILD = "rebuild/rebuild"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be started."""

    sources: str  # a folder of publishers, or sample
    deployments: Path
    port: int | None = None  # None: as before, else DEFAULT_PORT; 0: any that is free


@dataclass(frozen=True, slots=True)
class Started:
    """What runs now."""

    record: Record
    deployments: list[str]
    was_up: bool
    rebuilding: bool = False


def up(places: Places, wanted: Wanted, reader_version: str, say: Say = lambda _: None) -> Started:
    """Starts what does not run yet, makes the deployments and gives what runs.

    Raises UsageFault for a port or file that cannot be used, Fault where a part does not start.
    """
    deployment_names(wanted.deployments)
    with _only_one(places):
        record = read_record(places)
        was_up = record is not None and _answers(record)
        if record is None or not was_up:
            record = _start(places, wanted, record, say)
        elif wanted.port not in (None, 0, record.port):
            raise UsageFault(f"It runs on port {record.port} already: `gongkai down` first, then up with another port.")
        say("Making the deployments")
        environment = schedule_environment(places, record.port, wanted.sources)
        api = Api(record.api, seconds=30)
        names = deploy(wanted.deployments, api, environment, logs(places) / "deploy.log")
        return Started(record, names, was_up, _rebuild(places, api, reader_version))


def down(places: Places, say: Say = lambda _: None) -> bool:
    """Stops everything that `up` started, after a crash of some of it too. False where nothing ran."""
    with _only_one(places):
        record = read_record(places)
        alive = record is not None and any(record.is_alive(name) for name in (KEEPER, SERVER, WORKER))
        if record is not None and alive:
            say("Stopping; runs under way are asked to end")
        stopped = [_stop_part(record, name) for name in (KEEPER, WORKER, SERVER)] if record else []
        # runs that outlived their worker; Prefect is told of their end by the next `up`
        stopped += [stop(carrier, 45) for carrier in noted_runs(places, only_scheduled=True).values()]
        drop_record(places)
        return any(stopped)


@contextmanager
def _only_one(places: Places) -> Iterator[None]:
    folder(places).mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder(places) / "up.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Fault(f"Another `gongkai up` or `gongkai down` is at work on {places.root}.") from None
    try:
        yield
    finally:
        lock.release()


def _answers(record: Record) -> bool:
    parts = all(record.is_alive(name) for name in (KEEPER, SERVER, WORKER))
    return parts and Api(record.api).is_healthy()


def _start(places: Places, wanted: Wanted, before: Record | None, say: Say) -> Record:
    """Starts a keeper, which starts the parts that do not run, and waits until they answer."""
    half = before is not None and (before.is_alive(KEEPER) or before.is_alive(SERVER))
    port = before.port if before is not None and half else _free_port(wanted.port, before)
    since = datetime.now(UTC)
    keeper = None
    logs(places).mkdir(parents=True, exist_ok=True)
    if before is None or not before.is_alive(KEEPER):
        say(f"Starting Prefect's server and worker (logs: {logs(places)})")
        with (logs(places) / "keeper.log").open("ab") as log:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "flows.schedule.keeper", str(places.root.resolve()), str(port)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=PROJECT, start_new_session=True,
                env=schedule_environment(places, port, wanted.sources),
            )  # fmt: skip
    try:
        return _wait(places, port, since, keeper)
    except BaseException:
        if keeper is not None and keeper.poll() is None:
            keeper.terminate()
            with suppress(subprocess.TimeoutExpired):
                keeper.wait(_STOP_SECONDS)
        raise


def _wait(places: Places, port: int, since: datetime, keeper: subprocess.Popen[bytes] | None) -> Record:
    deadline = time.monotonic() + _START_SECONDS
    api = Api(f"http://127.0.0.1:{port}/api")
    while time.monotonic() < deadline:
        if keeper is not None and keeper.poll() is not None:
            break
        record = read_record(places)
        if record is not None and _answers(record) and _has_worker(api, since):
            return record
        time.sleep(0.3)
    raise Fault(f"Prefect did not start within {_START_SECONDS:g} s; what it said is in {logs(places)}.")


def _has_worker(api: Api, since: datetime) -> bool:
    try:
        return any(datetime.fromisoformat(heard) >= since for heard in api.last_heartbeats())
    except httpx.HTTPError:
        return False


def _free_port(wanted: int | None, before: Record | None) -> int:
    """A port that is free: the one asked for, else that of last time, else Prefect's own."""
    port = wanted if wanted is not None else before.port if before is not None else DEFAULT_PORT
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageFault(
                f"Port {port} of 127.0.0.1 cannot be used ({error.strerror}): choose another with --port, "
                "or 0 for any that is free."
            ) from None
        return int(probe.getsockname()[1])


def _rebuild(places: Places, api: Api, reader_version: str) -> bool:
    """Asks for a rebuild where what is published was read by another reader than the one of today."""
    current = published_build(places)
    if current is None or current.manifest.get("reader_version") == reader_version:
        return False
    identity = api.deployments().get(_REBUILD)
    under_way = api.runs("SCHEDULED", "PENDING", "RUNNING")
    if identity is None or any(run.get("deployment_id") == identity for run in under_way):
        return False
    api.start(identity)
    return True


def _stop_part(record: Record, name: str) -> bool:
    found = record.processes.get(name)
    ended = found is not None and stop(found, _STOP_SECONDS if name == KEEPER else 45)
    if found is not None and name != KEEPER:
        end_session(found)
    return ended
