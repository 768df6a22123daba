"""One run from the lock to the closed row: the same with Prefect's tasks and with plain functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import stages
from flows.faults import GateRefused, UsageFault, reason_of
from flows.fetch import Origin
from flows.history import FAILED, REFUSED, Summary, close_run, new_run_id, open_run
from flows.progress import Progress
from flows.published import drop_unfinished
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
) -> Summary:
    """Holds the warehouse, runs the stages, and leaves a closed row and a status.json however it ends.

    Raises GateRefused, another Fault, or whatever went wrong.
    """
    origin.check()
    places = Places(warehouse)
    if origin.archive and not places.archive.is_dir() and not places.landing.is_file():
        raise UsageFault(f"--from-archive: there is no archive in {places.root}.")
    with writer(places, settings.lock_wait_seconds, progress.say):
        kind = prepare(places, origin.kind, progress.say)
        drop_unfinished(places)
        run = Run(places, settings, origin, _summary(origin, kind, reader_version), progress, reader)
        with connect(places.landing) as con:
            open_run(con, run.summary)
        try:
            _carry_out(run, parts)
        except BaseException as error:
            run.summary.outcome = FAILED
            run.summary.message = reason_of(error)
            raise
        finally:
            with connect(places.landing) as con:
                close_run(con, run.summary)
            write_status(places, run.summary)
    if run.summary.outcome == REFUSED:
        raise GateRefused(run.summary.message)
    return run.summary


def _summary(origin: Origin, kind: str, reader_version: str | None) -> Summary:
    from scrapers.version import READER_VERSION

    at = datetime.now(UTC)
    return Summary(new_run_id(at), str(origin), kind, at, reader_version or READER_VERSION)


def _carry_out(run: Run, parts: Stages) -> None:
    """fetch → land → extract, and where that changed anything: build → validate → publish."""
    parts.fetch(run, parts.land)
    stages.extract_pages(run, parts.extract)
    if stages.is_unchanged(run):
        return
    database = parts.build(run)
    gate = parts.validate(run, database)
    parts.publish(run, database, gate)
