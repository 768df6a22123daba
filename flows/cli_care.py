"""The commands that take care of an installation: doctor, backup, restore."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from flows import screen
from flows.cli_common import DEFAULT_WAREHOUSE, SAMPLE_WAREHOUSE, WarehouseOption, faults_as_sentences, warehouse_places
from flows.faults import UsageFault
from flows.settings import Settings
from flows.warehouse.places import Places

if TYPE_CHECKING:
    from flows.doctor.findings import Finding

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "bold red"}


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    for command in (doctor, backup, restore):
        app.command()(command)


def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Read every byte of the archive, not a sample.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Find what is wrong with this installation and say how to mend it. Nothing is changed.

    Exit codes: 0 nothing, or warnings only; 1 at least one fault.
    """
    with faults_as_sentences():
        from flows.doctor import examine
        from flows.doctor.findings import Patient, Status
        from flows.files import size_of

        places = _examined(warehouse)
        with _bytes("Reading the archive", shown=deep and not as_json) as begin:
            advance = begin(size_of(places.archive)) if deep else (lambda _: None)
            found = list(examine(Patient(places, deep, advance)))
        faults = sum(one.status is Status.fault for _, one in found)
        warnings = sum(one.status is Status.warning for _, one in found)
        if as_json:
            findings = [{"room": room, **asdict(one)} for room, one in found]
            value = {"warehouse": str(places.root), "faults": faults, "warnings": warnings, "findings": findings}
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
        else:
            _show(Console(), places, found, f"{_number(faults, 'fault')}, {_number(warnings, 'warning')}.")
    if faults:
        raise typer.Exit(1)


def _examined(warehouse: Path | None) -> Places:
    """The warehouse that is meant, also where a setting makes no sense: that is a finding then."""
    try:
        named = warehouse or Settings().warehouse
    except UsageFault:
        named = None
    if named is None and not Places(DEFAULT_WAREHOUSE).landing.is_file() and Places(SAMPLE_WAREHOUSE).root.is_dir():
        named = SAMPLE_WAREHOUSE
    return Places(named or DEFAULT_WAREHOUSE)


def _show(console: Console, places: Places, found: list[tuple[str, Finding]], total: str) -> None:
    table = Table("Room", "", "Finding", title=f"Warehouse {places.root}", title_justify="left", show_lines=False)
    before = None
    for room, one in found:
        said = screen.clean(one.sentence)
        if one.remedy:
            said.append_text(Text("\n→ ")).append_text(screen.clean(one.remedy))
        name = Text(room if room != before else "", style="bold")
        table.add_row(name, Text(str(one.status), style=_COLOURS[one.status]), said)
        before = room
    console.print(table)
    console.print(total)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE.tar.zst|DIR", help="A new file, or a new folder.")],
    all_builds: Annotated[bool, typer.Option("--all-builds", help="Every build, not only the published one.")] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Copy everything that cannot be made again: archive, landing database, published build, status. Runs wait."""
    with faults_as_sentences():
        from flows.doctor.disk import human
        from flows.keeping.backup import back_up

        places, console = warehouse_places(warehouse), Console(stderr=True)
        with _bytes("Backing up") as begin:
            wait = Settings().lock_wait_seconds
            made = back_up(places, target, all_builds, wait, lambda text: console.print(screen.clean(text)), begin)
        said = f"{target}: {len(made.files):,} files, {human(made.size)}, build {made.published or 'none'}"
        Console().print(screen.clean(said), soft_wrap=True)
        if made.left_out:
            Console().print(screen.clean(f"Left out: {', '.join(made.left_out)}"), soft_wrap=True)


def restore(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="What gongkai backup made.")],
    warehouse: Annotated[Path, typer.Option("--warehouse", metavar="NEWDIR", help="A new or empty folder.")],
) -> None:
    """Make a warehouse of a backup, after every checksum is found right. Nothing is overwritten."""
    with faults_as_sentences():
        from flows.doctor.disk import human
        from flows.keeping.restore import restore as make

        with _bytes("Restoring") as begin:
            made = make(backup, Places(warehouse), begin)
        said = f"{warehouse}: {len(made.files):,} files, {human(made.size)}, as of {made.created_at}"
        Console().print(screen.clean(f"{said}, build {made.published or 'none'}"), soft_wrap=True)


@contextmanager
def _bytes(text: str, shown: bool = True) -> Iterator[Callable[[int], Callable[[int], None]]]:
    """A bar of bytes on a terminal: a function that is told how many there are and gives one that is told the steps."""
    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, disable=not (shown and console.is_terminal),
    )  # fmt: skip

    def begin(total: int) -> Callable[[int], None]:
        task = bars.add_task(text, total=total)
        return lambda size: bars.advance(task, size)

    with bars:
        yield begin
