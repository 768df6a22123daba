"""The command ``gongkai``. Prefect, dbt and Great Expectations are imported only by what needs them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows import cli_care, cli_dashboard, cli_gate, cli_published, cli_schedule, cli_sources, screen
from flows.cli_common import (
    WarehouseOption,
    carry_out,
    faults_as_sentences,
    kind_of,
    nothing_there,
    published_places,
    warehouse_places,
)
from flows.faults import Fault
from flows.settings import Settings
from flows.warehouse.places import Places

if TYPE_CHECKING:
    from flows.fetch import Origin

_ROWS_SHOWN = 1000  # of a query as a table; csv and json give all

app = typer.Typer(
    name="gongkai",
    help=(
        "A warehouse of China's annual reports on government information disclosure (政府信息公开工作年度报告).\n\n"
        "Start with `gongkai run` (the bundled sample, invented figures), or with `gongkai run --pages DIR` for your "
        "own local copies (.html .htm .txt .pdf .docx .xls .xlsx). Then `gongkai status` and "
        '`gongkai sql "select * from fct_reports"`.'
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(cli_sources.app)
cli_published.register(app)
cli_care.register(app)
cli_gate.register(app)
cli_schedule.register(app)
cli_dashboard.register(app)


class Format(StrEnum):
    """How the rows of a query are printed."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command()
def run(
    pages: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Read local copies, with an optional manifest.csv.")
    ] = None,
    sources: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Scrape the publishers described in this folder's *.yaml.")
    ] = None,
    warc: Annotated[
        Path | None, typer.Option(metavar="FILE|DIR", help="Read the answers in WARC or ARC files; no network.")
    ] = None,
    from_archive: Annotated[
        bool, typer.Option("--from-archive", help="Read what the warehouse's own archive holds again; no network.")
    ] = False,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Build all rows anew, also those of unchanged pages.")
    ] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Fetch, read, build, check and publish. Without an origin: the bundled sample, with invented figures.

    Exit codes: 0 published or nothing to change, 2 wrong use, 3 the gate refused (what was published stays), 1 else.
    """
    with faults_as_sentences():
        from flows.fetch import Origin

        origin = Origin(pages, sources, warc, from_archive)
        origin.check()
        Settings()  # what makes no sense is said before anything is started
        _refresh(warehouse_places(warehouse, origin.kind), origin, full_refresh)


def _refresh(places: Places, origin: Origin, full_refresh: bool) -> None:
    def flow() -> None:
        from flows.refresh import refresh

        pages, sources, warc = (str(path) if path else None for path in (origin.pages, origin.sources, origin.warc))
        refresh(str(places.root), pages, sources, warc, origin.archive, full_refresh)

    carry_out(places, origin.kind, flow)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help='For example "select * from fct_reports".')],
    output: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.table,
    warehouse: WarehouseOption = None,
) -> None:
    """Ask the published build with SQL: read-only, no way to files or network (schemas marts, evidence, ops)."""
    with faults_as_sentences():
        from flows import query as querying
        from flows.query_guard import hard_limits

        settings = Settings()
        places = published_places(warehouse)
        limits = settings.sql_seconds, settings.sql_memory
        with hard_limits(*limits), querying.sandbox(places.published_db, *limits) as con:
            names, rows = querying.run_query(con, query)
            if output is Format.csv:
                querying.write_csv(sys.stdout, names, rows)
            elif output is Format.json:
                querying.write_json(sys.stdout, names, rows)
            else:
                console = Console()
                screen.notice(console, kind_of(places))
                lines = ([querying.plain(value) for value in row] for row in rows)
                screen.result_table(console, names, lines, _ROWS_SHOWN)


@app.command()
def status(warehouse: WarehouseOption = None) -> None:
    """Show the last run, the published build with its rows by table, pages set aside and the gate's result."""
    with faults_as_sentences():
        from flows.status import read_status

        places = warehouse_places(warehouse)
        found = read_status(places)
        if found is None:
            raise Fault(nothing_there(places, "No run has ended"))
        console = Console()
        if not found.get("last_run"):
            screen.notice(console, kind_of(places))
        screen.status_tables(console, found, str(places.root))


@app.command()
def rollback(
    build: Annotated[str | None, typer.Argument(help="A build's id; without it the one before the published.")] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Publish an earlier build again.

    It stays while nothing changes: a run that finds the same pages, code and models as before does not undo it. The
    next run that finds anything new or changed publishes a new build of all that has landed.
    """
    with faults_as_sentences():
        from flows.published import roll_back
        from flows.status import write_status
        from flows.warehouse.store import writer

        places = warehouse_places(warehouse)
        if not places.builds.is_dir():
            raise Fault(nothing_there(places, "Nothing is published"))
        console = Console()
        with writer(places, Settings().lock_wait_seconds, console.print):
            chosen = roll_back(places, build)
            write_status(places, None)
        console.print(screen.clean(f"Published again: {chosen.build_id} ({places.published})"))


@app.command()
def accuracy(
    folder: Annotated[Path, typer.Argument(help="Answers (*.yaml), beside their pages or with the pages in pages/.")],
    pages: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the pages lie, if not in FOLDER.")] = None,
    faults: Annotated[bool, typer.Option("--faults", help="List each difference with its page and evidence.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    floor: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Floors by set (tests/golden/floors.yaml); exit code 4 below.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Publish this measure: replaces scrapers/catalogue/accuracy.csv.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Reading processes.")] = None,
) -> None:
    """Measure how well answered pages are read: precision and recall by form, metric family and page shape.

    Exit codes: 0 measured, 2 wrong use, 4 below the floor, 1 else.
    """
    with faults_as_sentences():
        import json

        from flows import accuracy as measuring
        from flows import accuracy_screen

        answered = measuring.answered_pages(folder, pages)
        floors = measuring.floors_of(floor, folder) if floor else None
        with screen.Bars(Console(stderr=True)) as bars:
            bars.stage("extract", len(answered))
            found = measuring.measure(answered, workers or Settings().read_workers, bars.advance)
        if write:
            Console(stderr=True).print(screen.clean(f"Written: {measuring.publish(found, folder)}"), soft_wrap=True)
        console, name = Console(), measuring.set_name(folder)
        if as_json:
            sys.stdout.write(json.dumps(accuracy_screen.as_json(found, name, faults), ensure_ascii=False, default=str))
            sys.stdout.write("\n")
        else:
            accuracy_screen.show(console, found, name)
            if faults:
                accuracy_screen.show_faults(console, found.results)
        if floors is not None:
            measuring.check_floors(found, floors)


if __name__ == "__main__":
    app()
