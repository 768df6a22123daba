"""The commands of runs that happen by themselves: up, down; and recheck and backfill by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows import screen
from flows.cli_common import (
    WarehouseOption,
    carry_out,
    faults_as_sentences,
    warehouse_places,
)
from flows.faults import UsageFault
from flows.settings import SAMPLE, SOURCES, Settings
from flows.warehouse.places import Places

SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", metavar="DIR", help="One *.yaml a publisher (default: those shipped)."),
]
SampleOption = Annotated[bool, typer.Option("--sample", help="The bundled sample in place of publishers.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    for command in (up, down, recheck, backfill):
        app.command()(command)


def up(
    sources: SourcesOption = None,
    sample: SampleOption = False,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Of 127.0.0.1 (default: 4200, or as before; 0: any).")
    ] = None,
    deployments: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Schedules of your own in place of prefect.yaml.")
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Start Prefect with all scheduled runs on this machine, in the background; `gongkai down` stops it.

    Run again, it starts what has died and takes over what has changed in prefect.yaml.
    """
    with faults_as_sentences():
        from flows.schedule import deploying
        from flows.schedule import up as starting
        from scrapers.version import READER_VERSION

        origin = _origin(sources, sample)
        places = warehouse_places(warehouse, origin)
        console = Console()
        screen.notice(console, "sample" if origin == SAMPLE else None)
        wanted = starting.Wanted(origin, (deployments or deploying.SHIPPED).resolve(), port)
        started = starting.up(places, wanted, READER_VERSION, lambda text: console.print(screen.clean(f"{text} …")))
        _show(console, places, started)


def _show(console: Console, places: Places, started: object) -> None:
    from flows.schedule.record import logs
    from flows.schedule.up import Started

    assert isinstance(started, Started)
    rows = [
        ("It was up already" if started.was_up else "It is up", started.record.screen),
        ("Deployments", ", ".join(name.partition("/")[2] for name in started.deployments)),
        ("Warehouse", str(places.root.resolve())),
        ("Logs", str(logs(places).resolve())),
        ("Stop it", f"gongkai down --warehouse {places.root}"),
    ]
    if started.rebuilding:
        rows.insert(2, ("Rebuild", "asked for: what is published was read by another version of the reader"))
    for name, value in rows:
        console.print(screen.clean(f"{name + ':':<20}{value}"), soft_wrap=True)


def down(
    sample: SampleOption = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Stop what `gongkai up` started. A run under way is asked to end; the next one makes it good."""
    with faults_as_sentences():
        from flows.schedule import up as starting

        console = Console()
        places = warehouse_places(warehouse, SAMPLE if sample else "")
        stopped = starting.down(places, lambda text: console.print(screen.clean(f"{text} …")))
        console.print("Stopped." if stopped else f"Nothing runs for {places.root}.", markup=False)


def recheck(
    sources: SourcesOption = None,
    sample: SampleOption = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Ask all known pages again, gone ones too: what was revised, taken away or put back. Finds no new reports."""
    with faults_as_sentences():
        origin = _origin(sources, sample)
        places = warehouse_places(warehouse, origin)

        def flow() -> None:
            from flows.recheck import recheck as run

            run(str(places.root), origin)

        carry_out(places, "sample" if origin == SAMPLE else "real", flow)


def backfill(
    codes: Annotated[
        list[str] | None, typer.Option("--code", metavar="CODE", help="A division and all below it (33: the province).")
    ] = None,
    years: Annotated[
        list[int] | None, typer.Option("--year", min=2008, max=2099, help="Of the reports (those without a year too).")
    ] = None,
    families: Annotated[
        list[str] | None, typer.Option("--family", metavar="NAME", help="A kind of site (scrapers/sources/families).")
    ] = None,
    sources: SourcesOption = None,
    sample: SampleOption = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Crawl only some areas, years or kinds of site; each option may be given several times, none of them means all."""
    with faults_as_sentences():
        origin = _origin(sources, sample)
        places = warehouse_places(warehouse, origin)

        def flow() -> None:
            from flows.backfill import backfill as run

            run(str(places.root), origin, codes, years, families)

        carry_out(places, "sample" if origin == SAMPLE else "real", flow)


def _origin(sources: Path | None, sample: bool) -> str:
    """The folder of publishers as the flows take it, checked; or the word for the sample."""
    if sample and sources is not None:
        raise UsageFault("--sources and --sample exclude each other: give one of them.")
    if sample:
        return SAMPLE
    from flows.fetch import Origin

    folder = (sources or SOURCES).resolve()
    Origin(sources=folder).check()
    if not Settings().contact and _asks_public_sites(folder):
        raise UsageFault(
            "Public sites are asked only with an address at which their keepers can reach you: set GONGKAI_CONTACT, "
            "for example to your e-mail address (or try it with --sample)."
        )
    return str(folder)


def _asks_public_sites(folder: Path) -> bool:
    from scrapers.sources.schema import load_sources

    return not all(source.allow_private for source in load_sources(folder))
