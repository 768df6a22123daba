"""Prefect's server: whether the one that is named answers and fits, and servers of runs that are gone."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import metadata

from flows.doctor.findings import Check, Finding, Patient, fault, ok, warning
from flows.processes import is_alive

_SECONDS = 5.0


def address(patient: Patient) -> Iterator[Finding]:
    """The server that PREFECT_API_URL names answers, and is of our version."""
    url = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    if not url:
        yield ok("address", "No server is named (PREFECT_API_URL): each run starts one for itself.")
        return
    yield from answers(url, "address", "Start it, or unset PREFECT_API_URL so that each run starts one for itself.")


def answers(url: str, check: str, remedy: str) -> Iterator[Finding]:
    """Whether Prefect's API at ``url`` answers, and in which version."""
    if not url.startswith(("http://", "https://")):
        yield fault(check, f"{url!r} is no address of a server.", remedy)
        return
    try:
        _get(f"{url}/health")
        there = str(json.loads(_get(f"{url}/version")))
    except (OSError, ValueError, urllib.error.URLError) as error:
        said = " ".join(str(getattr(error, "reason", error)).split())[:200]
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


def _get(url: str) -> bytes:
    """The start of an answer; no proxy is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=_SECONDS) as answer:
        return bytes(answer.read(10_000))


def orphans(patient: Patient) -> Iterator[Finding]:
    """Servers whose run is gone."""
    left = []
    for note in sorted((patient.places.state / "prefect" / "servers").glob("*.json")):
        try:
            pids = json.loads(note.read_text(encoding="utf-8"))
            server, run = int(pids["server"]), int(pids["run"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if is_alive(server) and not is_alive(run):
            left.append(str(server))
    if left:
        yield warning(
            "orphans", f"Servers of runs that were killed still run: process {', '.join(left)}.",
            "Run again: the next run stops them.",
        )  # fmt: skip


CHECKS: tuple[Check, ...] = (address, orphans)
