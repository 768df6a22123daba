"""Prefect: whether the schedule's server and worker run and fit, and servers of runs that are gone."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from importlib import metadata

import httpx

from flows.doctor.findings import Check, Finding, Patient, fault, ok, warning
from flows.schedule.api import Api
from flows.schedule.processes import process
from flows.schedule.record import KEEPER, SERVER, WORKER, folder, logs, read_record

_SECONDS = 5.0
DEFAULT_PORT = 4200  # that of Prefect, and of gongkai up


def address(patient: Patient) -> Iterator[Finding]:
    """The server that PREFECT_API_URL names answers, and is of our version."""
    url = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    if not url:
        return
    record = read_record(patient.places)
    if record is not None and record.api != url:
        yield warning(
            "address", f"PREFECT_API_URL is {url}, but gongkai up started a server at {record.api} for this warehouse.",
            "Unset PREFECT_API_URL, so that runs at the terminal are seen where the scheduled ones are.",
        )  # fmt: skip
    yield from answers(url, "address", "Start it, or unset PREFECT_API_URL.")


def schedule(patient: Patient) -> Iterator[Finding]:
    """What `gongkai up` started runs and answers."""
    places = patient.places
    record = read_record(places)
    if record is None:
        if (folder(places) / "up.json").exists():
            yield warning("schedule", "What gongkai up noted cannot be read.", "gongkai down, then gongkai up.")
        yield from _port()
        return
    dead = [name for name in (KEEPER, SERVER, WORKER) if not record.is_alive(name)]
    if dead:
        yield fault(
            "schedule", f"gongkai up started a schedule, but its {' and '.join(dead)} does not run.",
            f"gongkai up starts what does not run; {logs(places)} may say why it ended.",
        )  # fmt: skip
    if SERVER not in dead:
        yield from answers(record.api, "schedule", f"gongkai down, then gongkai up; see {logs(places)}.")


def _port() -> Iterator[Finding]:
    """Whether `gongkai up` could have its usual port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", DEFAULT_PORT))
        except OSError:
            yield warning(
                "schedule", f"No schedule is up, and port {DEFAULT_PORT} is used by another program.",
                "gongkai up needs another port then: gongkai up --port 0 takes any that is free.",
            )  # fmt: skip
            return
    yield ok("schedule", f"No schedule is up; port {DEFAULT_PORT} is free for gongkai up.")


def answers(url: str, check: str, remedy: str) -> Iterator[Finding]:
    """Whether Prefect's API at ``url`` answers, and in which version."""
    if not url.startswith(("http://", "https://")):
        yield fault(check, f"{url!r} is no address of a server.", remedy)
        return
    try:
        there = Api(url, _SECONDS).version()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        yield fault(check, f"Prefect's server at {url} does not answer: {said}.", remedy)
        return
    here = metadata.version("prefect")
    if there != here:
        yield warning(
            check, f"Prefect's server at {url} has version {there[:50]}, here is {here}.",
            f"Start the server with the version of requirements.txt ({here}).",
        )  # fmt: skip
    else:
        yield ok(check, f"Prefect's server at {url} answers, version {here}.")


def orphans(patient: Patient) -> Iterator[Finding]:
    """Servers whose run is gone."""
    left = []
    for note in sorted((patient.places.state / "prefect" / "servers").glob("*.json")):
        try:
            pids = json.loads(note.read_text(encoding="utf-8"))
            server, run = int(pids["server"]), int(pids["run"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if process(server) is not None and process(run) is None:
            left.append(str(server))
    if left:
        yield warning(
            "orphans", f"Servers of runs that were killed still run: process {', '.join(left)}.",
            "Run again: the next run stops them.",
        )  # fmt: skip


CHECKS: tuple[Check, ...] = (schedule, address, orphans)
