"""Which process carries out which run of Prefect, so that a run whose process is gone can be closed there.

A run that is killed cannot tell Prefect, which would show it as running for ever.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.files import write_json_whole
from flows.schedule.processes import Process, from_json, process
from flows.schedule.record import WORKER, logs
from flows.warehouse.places import Places


@contextmanager
def noted_run(places: Places, flow_run_id: str | None, is_scheduled: bool) -> Iterator[None]:
    """Notes that this process carries out the run, until the block ends."""
    me = process(os.getpid())
    if flow_run_id is None or me is None:
        yield
        return
    note = _folder(places) / f"{flow_run_id}.json"
    note.parent.mkdir(parents=True, exist_ok=True)
    write_json_whole(note, me.as_json() | {"is_scheduled": is_scheduled})
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def noted_runs(places: Places, only_scheduled: bool = False) -> dict[str, Process]:
    """The runs under way and those that were killed, by their id in Prefect; those by hand may be left out."""
    found = {}
    for note in _folder(places).glob("*.json"):
        try:
            value = json.loads(note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        carrier = from_json(value)
        if carrier is not None and (value.get("is_scheduled") or not only_scheduled):
            found[note.stem] = carrier
    return found


def speak_for_itself(places: Places) -> None:
    """What this process prints goes into the worker's log itself from here on, no longer through the worker.

    A killed worker leaves a pipe that nobody reads, and the first line that the run wrote there would end it.
    """
    log = logs(places) / f"{WORKER}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            if stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
                stream.flush()
                os.dup2(file.fileno(), stream.fileno())


def forget(places: Places, flow_run_id: str) -> None:
    """Takes the note of a run away."""
    (_folder(places) / f"{flow_run_id}.json").unlink(missing_ok=True)


def _folder(places: Places) -> Path:
    return places.state / "prefect" / "runs"
