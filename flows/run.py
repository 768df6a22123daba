"""One run from the lock to the closed row: the same with Prefect's tasks and with plain functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import stamina

from flows import stages
from flows.corrections import check_corrections
from flows.faults import Fault, GateRefused, PassingFault, UsageFault, is_interruption
from flows.fetch import Origin
from flows.history import CANCELLED, FAILED, REFUSED, Caller, Summary, close_run, new_run_id, open_run
from flows.progress import Progress
from flows.published import drop_unfinished
from flows.published_seeds import check_takedowns
from flows.reader_pool import Reader, default_reader
from flows.settings import Settings
from flows.stages import Run
from flows.status import write_status
from flows.warehouse.places import Places
from flows.warehouse.store import connect, prepare, writer


@dataclass(frozen=True, slots=True)
class Stages:
    """What a run calls; land and extract are called batch by batch."""

    fetch: Callable[..., Any] = stages.fetch_pages
    land: Callable[..., Any] = stages.land_pages
    extract: Callable[..., Any] = stages.read_pages
    build: Callable[..., Any] = stages.build_marts
    validate: Callable[..., Any] = stages.validate_build
    publish: Callable[..., Any] = stages.publish_build


def run_once(
    warehouse: Path,
    origin: Origin,
    settings: Settings,
    progress: Progress,
    parts: Stages,
    reader: Reader = default_reader,
    reader_version: str | None = None,
    caller: Caller | None = None,
    on_open: Callable[[Summary], None] = lambda _: None,
    full_refresh: bool = False,
) -> Summary:
    """Holds the warehouse, runs the stages, and leaves a closed row and a status.json however it ends.

    With ``full_refresh`` it builds all rows anew, also where nothing changed. ``on_open`` is given the summary when the
    row is there; it goes on changing until the run's end.
    An unfinished build of a run that fails or is stopped is dropped. Raises GateRefused, another Fault, or whatever
    went wrong.
    """
    origin.check()
    check_corrections()
    check_takedowns()
    places = Places(warehouse)
    if origin.archive and not places.archive.is_dir() and not places.landing.is_file():
        raise UsageFault(f"--from-archive: there is no archive in {places.root}.")
    with writer(places, settings.lock_wait_seconds, progress.say):
        kind = _prepared(places, origin, settings, progress)
        drop_unfinished(places)
        summary = _summary(origin, kind, reader_version, caller or Caller())
        run = Run(places, settings, origin, summary, progress, reader, full_refresh=full_refresh)
        with recorded(places, summary):
            on_open(summary)
            _carry_out(run, parts)
    if run.summary.outcome == REFUSED:
        raise GateRefused(
            f"{run.summary.message}. What failed and what to do: {run.summary.gate_page} (`gongkai gate` prints it)."
        )
    return run.summary


@contextmanager
def recorded(places: Places, summary: Summary) -> Iterator[None]:
    """A run in the history, closed however it ends; an unfinished build of one that fails or is stopped is dropped."""
    with connect(places.landing) as con:
        open_run(con, summary)
    try:
        yield
    except BaseException as error:
        # whoever stops a run raises what is no Exception: KeyboardInterrupt, Prefect's TerminationSignal
        summary.outcome = FAILED if isinstance(error, Exception) else CANCELLED
        summary.message = _sentence(error)
        drop_unfinished(places)
        raise
    finally:
        with connect(places.landing) as con:
            close_run(con, summary)
        write_status(places, summary)


def _prepared(places: Places, origin: Origin, settings: Settings, progress: Progress) -> str:
    """The kind of the landing database, brought up to date; where another program has it open, after some tries."""
    waits = stamina.retry_context(
        on=PassingFault, attempts=None, timeout=max(settings.lock_wait_seconds, 0.1), wait_initial=0.5, wait_max=10
    )
    for attempt in waits:
        with attempt:
            return prepare(places, origin.kind, progress.say)
    raise AssertionError("a retry ends with an answer or an error")


def _summary(origin: Origin, kind: str, reader_version: str | None, caller: Caller) -> Summary:
    from scrapers.version import READER_VERSION

    at = datetime.now(UTC)
    version = reader_version or READER_VERSION
    return Summary(new_run_id(at), str(origin), kind, at, version, caller.flow, caller.deployment, caller.flow_run_id)


def _sentence(error: BaseException) -> str:
    if isinstance(error, Fault):
        return str(error)
    if is_interruption(error):
        return "stopped by hand (Ctrl-C)"
    if isinstance(error, Exception):
        return f"{type(error).__name__}: {error}"
    return f"the run was asked to stop ({type(error).__name__})"


def _carry_out(run: Run, parts: Stages) -> None:
    """fetch → land → extract, and where that changed anything: build → validate → publish."""
    parts.fetch(run, parts.land)
    stages.extract_pages(run, parts.extract)
    if stages.is_unchanged(run) and not run.full_refresh:
        return
    database = parts.build(run)
    gate = parts.validate(run, database)
    parts.publish(run, database, gate)
