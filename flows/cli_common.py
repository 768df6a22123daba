"""What the commands of ``gongkai`` share: which warehouse is meant, faults as sentences, a flow at the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows import screen
from flows.faults import Fault, UsageFault, is_interruption
from flows.settings import SAMPLE, Settings, prepare_environment
from flows.warehouse.places import Places

DEFAULT_WAREHOUSE = Path("warehouse")
SAMPLE_WAREHOUSE = DEFAULT_WAREHOUSE / "sample"

WarehouseOption = Annotated[
    Path | None,
    typer.Option(
        "--warehouse",
        metavar="DIR",
        help=f"The warehouse's folder (default: {DEFAULT_WAREHOUSE}/; for the sample {SAMPLE_WAREHOUSE}/).",
    ),
]


@contextmanager
def faults_as_sentences() -> Iterator[None]:
    """An expected fault is one sentence on standard error and its exit code; GONGKAI_DEBUG=1 shows where it rose."""
    try:
        yield
    except Fault as fault:
        if _is_debugging():
            raise
        Console(stderr=True).print(screen.clean(str(fault)), soft_wrap=True)
        raise typer.Exit(fault.exit_code) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped.")
        raise typer.Exit(1) from None
    except Exception as error:
        if _is_debugging():
            raise
        if is_interruption(error):
            Console(stderr=True).print("Stopped.")
            raise typer.Exit(1) from None
        what = " ".join(str(error).split())
        said = f"Something went wrong: {type(error).__name__}: {what} (GONGKAI_DEBUG=1 shows where)"
        Console(stderr=True).print(screen.clean(said), soft_wrap=True)
        raise typer.Exit(1) from None


def _is_debugging() -> bool:
    return os.environ.get("GONGKAI_DEBUG", "").strip().lower() in {"1", "true", "yes", "on"}


def warehouse_places(warehouse: Path | None, origin: str | None = None) -> Places:
    """The warehouse that is meant: named, set, or the usual one of ``origin`` (sample or real)."""
    return Places(warehouse or Settings().warehouse or (SAMPLE_WAREHOUSE if origin == SAMPLE else DEFAULT_WAREHOUSE))


def published_places(warehouse: Path | None) -> Places:
    """The same where something is published. Raises Fault, with what to do, where nothing is."""
    places = warehouse_places(warehouse)
    if not places.published_db.is_file():
        raise Fault(nothing_there(places, "Nothing is published"))
    return places


def nothing_there(places: Places, what: str) -> str:
    """A sentence that says so and where to begin."""
    sample = Places(SAMPLE_WAREHOUSE)
    if places.root != sample.root and sample.published_db.is_file():
        return f"{what} in {places.root}; the sample's warehouse is there with --warehouse {SAMPLE_WAREHOUSE}."
    if not places.root.is_dir() and places.root != DEFAULT_WAREHOUSE:
        raise UsageFault(f"--warehouse: there is no folder {places.root}.")
    return f"{what} in {places.root}: start with `gongkai run` (the sample) or `gongkai run --pages DIR`."


def kind_of(places: Places) -> str | None:
    """Of the published build: sample or real; None where there is none."""
    from flows.published import published_build

    published = published_build(places)
    return published.kind if published else None


def carry_out(places: Places, kind: str | None, flow: Callable[[], object]) -> None:
    """Runs a flow for the person at the terminal. ``flow`` imports it and calls it: Prefect is ready only then."""
    from flows.schedule.record import running_server

    console = Console(stderr=not sys.stdout.isatty() and sys.stderr.isatty())
    screen.notice(console, kind or kind_of(places))
    if (server := running_server(places)) is not None:
        os.environ.setdefault("PREFECT_API_URL", server)  # so that the run is seen where the scheduled ones are
    prepare_environment(places.state)
    try:
        with screen.Bars(console) as bars:
            bars.stage("server")
            from flows.prefect_server import start_server
            from flows.progress import current_progress

            start_server(places.state)
            current_progress.set(bars)
            flow()
    finally:
        _close(places, console)


def _close(places: Places, console: Console) -> None:
    from flows.published import published_build
    from flows.status import read_status

    status = read_status(places)
    if status and status.get("last_run") and str(os.getpid()) == status["last_run"]["run_id"].rpartition("-")[2]:
        published = published_build(places)
        screen.closing_table(console, status["last_run"], str(places.published) if published else None)
