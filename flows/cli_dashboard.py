"""The command that shows the published build in a browser."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows import screen
from flows.cli_common import faults_as_sentences, published_places
from flows.warehouse.places import Places

PORT = 8501
_BROWSER_WAITS = 1.5


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command()(dashboard)


def dashboard(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = PORT,
    browser: Annotated[bool, typer.Option(help="Open it in the browser.")] = True,
    warehouse: Annotated[
        Path | None, typer.Option("--warehouse", metavar="DIR", help="The warehouse's folder.")
    ] = None,
) -> None:
    """Show the published build as pages in the browser, on 127.0.0.1, until Ctrl-C: 中文 and English."""
    with faults_as_sentences():
        from dashboards.server import listen, serve

        # a warehouse that was named may get its first build while the pages are open
        places = Places(warehouse) if warehouse and warehouse.is_dir() else published_places(warehouse)
        with listen(port) as listener:
            serve(places, listener, lambda address: _say(address, places, browser))


def _say(address: str, places: Places, browser: bool) -> None:
    console = Console()
    console.print(screen.clean(f"{address}  {places.root}"), soft_wrap=True)
    console.print("Ctrl-C stops it.")
    if browser:
        opener = threading.Timer(_BROWSER_WAITS, webbrowser.open, [address])
        opener.daemon = True
        opener.start()
