"""The stages of a run as plain functions: they work without Prefect, which only wraps them (flows/refresh.py)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.archive_tails import land_tails
from flows.build import build, new_build_id
from flows.build_tables import overrides, without_kept_rows
from flows.crawls import Crawls, PartialCrawls
from flows.extract import Extracted, extract_batch, unread_batches
from flows.fetch import Origin, fetch
from flows.fingerprint import code_fingerprint, input_fingerprint
from flows.history import (
    PUBLISHED,
    REFUSED,
    UNCHANGED,
    GateResult,
    Summary,
    gate_json,
    keep_gate_rows,
    run_row,
)
from flows.land import Landed, land
from flows.naming import read_names
from flows.products.gate_page import NAME as GATE_PAGE
from flows.products.gate_page import failures, name_of
from flows.progress import Progress
from flows.publish import Ticket, assemble
from flows.published import drop_old, is_rolled_back, point_to, published_build
from flows.reader_pool import Reader, ReaderPool, default_reader
from flows.settings import Settings
from flows.status import metric_values, set_aside
from flows.warehouse.places import Places
from flows.warehouse.store import connect
from flows.withholding import shown_results
from scrapers.archive.writer import ArchiveWriter
from scrapers.fetch.outcomes import Fetched

log = logging.getLogger("gongkai")
_QUIET_OUTCOMES = {"ok", "unchanged"}


@dataclass(slots=True)
class Run:
    """One run under way: where it works, with what, and what it has done so far."""

    places: Places
    settings: Settings
    origin: Origin
    summary: Summary
    progress: Progress
    reader: Reader = default_reader
    fingerprint: str = ""
    full_refresh: bool = False  # nothing is taken over from the build before

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[None]:
        """Names the stage for the person who waits, and takes its time."""
        self.progress.stage(name, total)
        start = time.monotonic()
        try:
            yield
        finally:
            taken = self.summary.seconds.get(name, 0.0) + time.monotonic() - start
            self.summary.seconds[name] = round(taken, 3)


def fetch_pages(
    run: Run, land_batch: Callable[[Run, duckdb.DuckDBPyConnection, ArchiveWriter, list[Fetched]], Landed]
) -> None:
    """fetch → land: what the archive holds and the database does not, then every page that the origin leads to."""
    summary, places = run.summary, run.places
    with (
        run.stage("fetch"),
        connect(places.landing) as con,
        ArchiveWriter(places.archive, summary.run_id, summary.kind) as archive,
    ):
        done = Landed()

        def note(landed: Landed) -> None:
            done.add(landed)
            summary.pages_seen, summary.pages_fetched, summary.pages_landed = done.seen, done.fetched, done.landed
            summary.outcomes = done.outcomes
            run.progress.advance(landed.seen)

        def take(batch: list[Fetched]) -> None:
            note(land_batch(run, con, archive, batch))

        land_tails(con, archive, summary.run_id, note)
        ledger = Crawls if run.origin.reach.is_whole else PartialCrawls
        crawls = ledger(con, places.archive, summary.run_id)
        try:
            fetch(run.origin, run.settings, crawls, take)
        finally:
            summary.source_issues = [f"{source}: {detail} ({code})" for source, code, detail in crawls.noticed]
            summary.new_issues = [f"{source}: {detail} ({code})" for source, code, detail in crawls.news]
    for issue in summary.source_issues:
        log.warning("%s", issue)


def land_pages(run: Run, con: duckdb.DuckDBPyConnection, archive: ArchiveWriter, batch: list[Fetched]) -> Landed:
    """Lands one batch; a page that was not got is logged with its source and reason."""
    done = land(con, archive, run.summary.run_id, batch)
    for fetched in batch:
        attempt = fetched.attempt
        if str(attempt.outcome) not in _QUIET_OUTCOMES:
            page = attempt.source_url or attempt.source_file
            log.info("%s: %s: %s: %s", attempt.source_id, page, attempt.outcome, attempt.reason or "")
    return done


def extract_pages(run: Run, read_batch: Callable[[Run, ReaderPool, list[str]], Extracted]) -> None:
    """Every landed page that this reader has not read yet, batch by batch."""
    version, settings = run.summary.reader_version, run.settings
    with connect(run.places.landing) as con:
        todo = unread_batches(con, version, settings.batch_pages, settings.batch_bytes)
    with (
        run.stage("extract", sum(len(ids) for ids in todo)),
        ReaderPool(
            settings.read_workers, settings.page_time_limit_seconds, settings.worker_memory_bytes, run.reader
        ) as pool,
    ):
        for ids in todo:
            run.summary.reports_read += read_batch(run, pool, ids).read
    with connect(run.places.landing) as con:
        read_names(con, version)


def read_pages(run: Run, pool: ReaderPool, ids: list[str]) -> Extracted:
    """Reads one batch of documents."""
    with connect(run.places.landing) as con:
        done = extract_batch(
            con, run.places.archive, pool, ids, run.summary.reader_version, run.summary.run_id, run.progress.advance
        )
    for fault in done.faults:
        log.warning("%s: %s", run.origin, fault)
    return done


def is_unchanged(run: Run) -> bool:
    """Whether the published build was made of exactly what has landed now; then there is nothing to build.

    Nor is there where such a build was rolled back: a person did not want it.
    """
    with connect(run.places.landing) as con:
        run.fingerprint = input_fingerprint(con, run.summary.reader_version, code_fingerprint())
    current = published_build(run.places)
    rolled_back = is_rolled_back(run.places, run.fingerprint)
    if current is None or not (rolled_back or current.manifest.get("input_fingerprint") == run.fingerprint):
        return False
    if not run.places.published_db.is_file():
        return False
    if rolled_back:
        run.summary.message = f"rolled back to {current.build_id}, which stays until pages, code or models change"
    run.summary.outcome, run.summary.build_id = UNCHANGED, current.build_id
    run.summary.gate_page = str(current.folder / GATE_PAGE)
    count_pages(run.summary, run.places.published_db)
    return True


def count_pages(summary: Summary, database: Path) -> None:
    """Counts for the summary what a build holds: values, and pages set aside by reason."""
    with connect(database, read_only=True) as con:
        summary.set_aside = set_aside(con)
        summary.pages_set_aside = sum(summary.set_aside.values())
        summary.metric_values = metric_values(con)


def build_marts(run: Run) -> Path:
    """dbt on everything that has landed."""
    with run.stage("build"):
        run.summary.message = None  # why nothing had to be built, where a full refresh builds all the same
        run.summary.build_id = new_build_id(run.fingerprint)
        database = build(
            run.places, run.summary.build_id, run.summary.kind, run.summary.reader_version, run.full_refresh
        )
        count_pages(run.summary, database)
    return database


def gate_of_project() -> Callable[..., Sequence[GateResult]]:
    """The project's suites; Great Expectations is imported only here."""
    from expectations.gate import run_gate

    return run_gate


def validate_build(run: Run, database: Path) -> list[dict[str, Any]]:
    """The gate: its results as rows of ops.gate_results, kept in the landing database too."""
    with run.stage("validate"):
        places, summary = run.places, run.summary
        published = places.published_db if places.published_db.is_file() else None
        results = gate_of_project()(database, places.landing, published)
        found = gate_json(results, summary.run_id, summary.build_id or "", datetime.now(UTC))
        with connect(database, read_only=True) as con:
            shown = shown_results(con, found)
        with connect(places.landing) as con:
            keep_gate_rows(con, shown)
    return shown


def note_gate(run: Run, failed: list[dict[str, Any]]) -> None:
    """What the summary says about the gate: failed rules, blocking ones first, and where to read about them."""
    summary = run.summary
    summary.checks_failed, summary.failed_checks = len(failed), without_kept_rows(failed)
    summary.gate_page = str(run.places.builds / (summary.build_id or "") / GATE_PAGE)


def publish_build(run: Run, database: Path, gate: list[dict[str, Any]]) -> None:
    """Puts the build together and, where no blocking check failed, shows it to readers."""
    summary, places = run.summary, run.places
    with run.stage("publish"):
        blocking, warnings = failures(gate)
        note_gate(run, [*blocking, *warnings])
        summary.outcome = REFUSED if blocking else PUBLISHED
        if blocking:
            names = ", ".join(name_of(row) for row in blocking[:5])
            more = f" and {len(blocking) - 5} more" if len(blocking) > 5 else ""
            summary.message = f"the gate refused build {summary.build_id}: {names}{more}"
        with connect(places.landing) as con:
            accepted = overrides(con)
        before = published_build(places)
        ticket = Ticket(
            build_id=summary.build_id or "",
            run_id=summary.run_id,
            kind=summary.kind,
            outcome=summary.outcome,
            reader_version=summary.reader_version,
            input_fingerprint=run.fingerprint,
            created_at=datetime.now(UTC),
            run_row=run_row(summary),
            gate_rows=gate,
            compared_with=before.build_id if before else None,
            overrides=accepted,
        )
        assemble(places, database, ticket)
        if not blocking:
            point_to(places, ticket.build_id)
        drop_old(places, run.settings.keep_builds, run.settings.keep_refused)
