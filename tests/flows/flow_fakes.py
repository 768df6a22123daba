"""A tiny build and a tiny gate (the tiny reader is flow_reader), so that the flow itself can be tested in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from flow_reader import read_fake

from flows import stages
from flows.build import new_build_id
from flows.fetch import Origin
from flows.history import Summary
from flows.progress import Silence
from flows.publish import Ticket, assemble
from flows.published import ORIGINS, drop_old, point_to
from flows.run import Stages, run_once
from flows.settings import Settings
from flows.warehouse.places import UNFINISHED, Places

VERSION = "fake-reader"
REPORT = "requests_received_new={}\n"


def build_fake(places: Places, build_id: str, kind: str, reader_version: str, full_refresh: bool = False) -> Path:
    """A build with one table a schema, straight from the landed rows."""
    folder = places.builds / f"{UNFINISHED}{build_id}"
    folder.mkdir(parents=True)
    database = folder / "build.duckdb"
    with duckdb.connect(database) as con:
        con.execute(f"attach '{places.landing}' as landing (read_only)")
        con.execute("create schema marts; create schema evidence; create schema ops; create schema staging")
        con.execute("create table staging.secret as select 1 as a")
        con.execute(
            f"""
            create table marts.fct_reports (report_id varchar primary key, source_file varchar, document_kind varchar,
                build_id varchar not null, data_origin varchar not null);
            insert into marts.fct_reports
            select document_id, source_file, document_kind, '{build_id}', '{ORIGINS[kind]}'
            from landing.raw.readings inner join landing.raw.documents using (document_id)
            where reader_version = '{reader_version}' order by random();
            create table marts.fct_metric_values as
            select document_id as report_id, metric_id, value, '{build_id}' as build_id
            from landing.raw.figures where reader_version = '{reader_version}';
            create view marts.values_of_reports as
            select * from build.marts.fct_reports inner join "build"."marts"."fct_metric_values" using (report_id);
            create table evidence.texts as select content_sha256, text, '{build_id}' as build_id
            from landing.raw.texts where reader_version = '{reader_version}';
            create table ops.gate_history as select * exclude (sample_rows) from landing.ops.gate_results;
            create table ops.runs as select * from landing.ops.runs where ended_at is not null;
            create table ops.pages_set_aside as select source_file, reason_code, reason
            from landing.raw.readings inner join landing.raw.documents using (document_id)
            where document_kind = 'unreadable' and reader_version = '{reader_version}'
            union all
            select distinct source_file, outcome, reason from landing.raw.attempts
            where outcome not in ('ok', 'unchanged');
            comment on table marts.fct_reports is 'one row a document; it''s "tiny"';
            comment on column marts.fct_reports.report_id is 'the identity; it''s stable';
            comment on view marts.values_of_reports is 'values with their reports';
            """
        )
    return database


@dataclass
class Result:
    """What a gate hands over for one expectation."""

    check_id: str = "counts_reconcile"
    severity: str = "block"
    success: bool = True
    suite: str = "marts"
    description: str = "what has landed is there"
    observed: object = None
    unexpected_count: int | None = 0
    sample_rows: object = None
    table_name: str = "marts.fct_reports"
    because: str | None = None
    failing_sql: str = "select 1"
    kept_rows: tuple[str, ...] = ()


def gate_that_passes(*_: object) -> list[Result]:
    """Nothing is wrong, but for a warning."""
    return [Result(), Result("few_reports", "warn", success=False, unexpected_count=2)]


def gate_that_refuses(*_: object) -> list[Result]:
    """A blocking check fails."""
    return [Result(success=False, unexpected_count=3, sample_rows="[1, 2, 3]"), Result("other", "block")]


def parts(gate: Callable[..., list[Result]] = gate_that_passes) -> Stages:
    """The stages of a run with the tiny build and the given gate."""

    def build(run: stages.Run) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stages, "build", build_fake)
            return stages.build_marts(run)

    def validate(run: stages.Run, database: Path) -> list[dict[str, object]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stages, "gate_of_project", lambda: gate)
            return stages.validate_build(run, database)

    return Stages(build=build, validate=validate)


def settings(**changes: object) -> Settings:
    """Small batches and short limits."""
    return Settings(**{"batch_pages": 2, "page_time_limit_seconds": 2, "read_workers": 1, **changes})  # type: ignore[arg-type]


def run_fake(
    warehouse: Path,
    pages: Path,
    gate: Callable[..., list[Result]] = gate_that_passes,
    version: str = VERSION,
    **changes: object,
) -> Summary:
    """A whole run without Prefect, dbt and Great Expectations."""
    return run_once(warehouse, Origin(pages), settings(**changes), Silence(), parts(gate), read_fake, version)


def crawl_fake(warehouse: Path, sources: Path, version: str = VERSION) -> Summary:
    """A whole run over a folder of sources without Prefect, dbt and Great Expectations."""
    origin = Origin(sources=sources)
    return run_once(warehouse, origin, settings(), Silence(), parts(), read_fake, version)


def write_pages(folder: Path, count: int = 5, first: int = 1) -> Path:
    """``count`` pages, one figure each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"page{number}.txt").write_text(REPORT.format(number), encoding="utf-8")
    return folder


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    """What a query gives on a database that is opened read-only."""
    with duckdb.connect(database, read_only=True) as con:
        return con.execute(query).fetchall()


def publish_again(places: Places, keep: int = 5) -> str:
    """Builds and publishes what has landed once more, without a run around it."""
    build_id = new_build_id("again")
    ticket = Ticket(
        build_id=build_id, run_id="again", kind="real", outcome="published", reader_version=VERSION,
        input_fingerprint="again", created_at=datetime.now(UTC), run_row={"run_id": "again"}, gate_rows=[],
    )  # fmt: skip
    assemble(places, build_fake(places, build_id, "real", VERSION), ticket)
    point_to(places, build_id)
    drop_old(places, keep, 2)
    return build_id
