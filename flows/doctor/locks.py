"""Locks: who writes to the warehouse, and runs that did not live to their end."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
from filelock import FileLock, Timeout

from flows.doctor.findings import Check, Finding, Patient, fault, listed, ok, warning
from flows.faults import Fault
from flows.schedule.processes import process
from flows.warehouse.places import Places
from flows.warehouse.store import connect, is_open_elsewhere, noted_holder

_OTHER = re.compile(r"[Cc]onflicting lock is held in (?P<program>.+?) \(PID (?P<pid>[0-9]+)\)")


def writer(patient: Patient) -> Iterator[Finding]:
    """Whether a run holds the warehouse."""
    places = patient.places
    if not is_held(places):
        yield ok("writer", "No run holds the warehouse.")
        return
    pid, since = noted_holder(places)
    if pid is not None and process(pid) is not None:
        yield warning(
            "writer", f"A run is under way: process {pid}, since {since}. What is examined here may be half done.",
            f"Examine again when it has ended. If it hangs: kill {pid}; the next run takes up where it broke off.",
        )  # fmt: skip
    else:
        named = f"the process that is noted ({pid}) does not run here" if pid else "it is not noted by whom"
        yield warning(
            "writer", f"The warehouse is held, but {named}: a run in another container or on another machine?",
            f"Find who has {places.lock} open (fuser {places.lock}); never delete it while a run is under way.",
        )  # fmt: skip


def is_held(places: Places) -> bool:
    """Whether a run holds the writer's lock. Nothing is created."""
    if not places.lock.is_file():
        return False
    lock = FileLock(places.lock, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def landing(patient: Patient) -> Iterator[Finding]:
    """Whether another program holds the landing database, and which runs have no end."""
    places = patient.places
    if not places.landing.is_file():
        return
    try:
        with connect(places.landing, read_only=True) as con:
            open_runs = con.execute("select run_id from ops.runs where ended_at is null order by run_id").fetchall()
    except (Fault, duckdb.Error) as error:
        if is_open_elsewhere(error) and not is_held(places):
            other = _OTHER.search(str(error.__cause__ or error))
            program = f"{other['program']} (process {other['pid']})" if other else "another program"
            yield fault(
                "landing", f"{places.landing} is open in {program}, which is no run.",
                "Close it there: runs cannot write meanwhile. To look at the data use gongkai sql or published/.",
            )  # fmt: skip
        return  # what else is wrong with it is told in the room of the landing database
    if open_runs and not is_held(places):
        names = listed([run_id for (run_id,) in open_runs])
        yield warning(
            "landing", f"Runs ended without a word (killed, or the machine stopped): {names}.",
            "Run again: what they had landed is kept, what they left behind is cleaned up.",
        )  # fmt: skip
    else:
        yield ok("landing", "No other program holds the landing database; no run is left open.")


CHECKS: tuple[Check, ...] = (writer, landing)
