"""The commands ``gongkai sources …``: check the files of publishers, propose a new one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from flows import screen
from flows.cli_common import faults_as_sentences
from flows.faults import UsageFault
from flows.settings import Settings

if TYPE_CHECKING:
    from scrapers.document import Page
    from scrapers.sources.checking import CheckedSources

SHIPPED = Path(__file__).resolve().parent.parent / "scrapers" / "sources"

app = typer.Typer(
    name="sources",
    help="The publishers that are scraped: check their files, propose a new one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="One *.yaml a publisher (default: those shipped).")] = None,
) -> None:
    """Check all files and say what is wrong in which line; without faults, show the publishers.

    Exit codes: 0 all is well, 2 faults, 1 else.
    """
    with faults_as_sentences():
        from scrapers.catalogue.loading import CatalogueError
        from scrapers.sources.checking import check_sources

        try:
            checked = check_sources(folder or SHIPPED)
        except CatalogueError as error:
            raise UsageFault(f"{error}.") from None
        if checked.faults:
            _show_faults(checked)
            faults, files = len(checked.faults), len({fault.file for fault in checked.faults})
            raise UsageFault(f"{faults} {_many('fault', faults)} in {files} {_many('file', files)}.")
        _show_sources(checked)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The address of one of the publisher's reports, or of its list.")],
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page itself, saved before; then nothing is fetched.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Put the file into the folder; none is overwritten.")] = False,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where --write puts it (default: beside those shipped).")
    ] = None,
) -> None:
    """Propose the file of a publisher from one of its pages. The page is fetched if GONGKAI_CONTACT is set.

    Exit codes: 0 proposed, 2 wrong use (also where the file is there already), 1 else.
    """
    with faults_as_sentences():
        from scrapers.fetch.addresses import BadUrl
        from scrapers.sources.proposing import propose

        aside = Console(stderr=True)
        try:
            found = _saved(page) if page is not None else _fetched(url, aside)
            proposal = propose(url, found.content if found else None, found.content_type if found else None)
        except BadUrl as error:
            raise UsageFault(f"{url}: {error}.") from None
        for remark in proposal.remarks:
            aside.print(screen.clean(remark), soft_wrap=True)
        typer.echo(proposal.text, nl=False)
        if write:
            _write((folder or SHIPPED) / proposal.file_name, proposal.text, aside)


def _saved(path: Path) -> Page:
    from scrapers.document import Page

    try:
        if path.stat().st_size > Settings().max_html_bytes:
            raise UsageFault(f"{path} is larger than {Settings().max_html_bytes} bytes.")
        return Page(path.read_bytes(), file_name=path.name)
    except OSError as error:
        raise UsageFault(f"{path} cannot be read: {error.strerror}.") from None


def _fetched(url: str, aside: Console) -> Page | None:
    """The page from the network, None where it is not asked for or cannot be had; why is said."""
    from scrapers.fetch.addresses import web_address

    address = web_address(url)
    contact = Settings().contact
    if not contact:
        aside.print(
            "Nothing was fetched: set GONGKAI_CONTACT to an address at which the site's keeper can reach you, or give "
            "the saved page with --page.",
            soft_wrap=True,
        )
        return None
    return asyncio.run(_fetch(address, contact, aside))


async def _fetch(address: str, contact: str, aside: Console) -> Page | None:
    from scrapers.fetch.http import HttpFetcher
    from scrapers.fetch.outcomes import Role
    from scrapers.fetch.settings import FetchSettings
    from scrapers.sources.schema import Source

    proxy = Settings().proxy
    manners = FetchSettings(contact=contact, proxy=proxy.get_secret_value() if proxy else None)
    source = Source(source_id="new", publisher="?", base_url=address, report_pages=(address,))
    async with HttpFetcher(manners) as fetcher:
        fetched = await fetcher.fetch(address, source, Role.list_page)
    if fetched.page is None:
        aside.print(screen.clean(f"The page could not be had: {fetched.attempt.reason}"), soft_wrap=True)
    return fetched.page


def _write(path: Path, text: str, aside: Console) -> None:
    if not path.parent.is_dir():
        raise UsageFault(f"There is no folder {path.parent}.")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageFault(f"{path} is there already and is not overwritten.") from None
    aside.print(screen.clean(f"Written: {path}; then `gongkai sources check {path.parent}`."), soft_wrap=True)


def _many(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _show_faults(checked: CheckedSources) -> None:
    console = Console(stderr=True)
    for fault in checked.faults:
        console.print(screen.clean(str(fault)), soft_wrap=True)


def _show_sources(checked: CheckedSources) -> None:
    table = Table(
        Column("file", overflow="fold"), Column("publisher", overflow="fold"), "family", "lists", "reports", "verified"
    )
    for source in checked.sources:
        counts = (str(len(source.list_pages)), str(len(source.report_pages)), "yes" if source.verified else "no")
        table.add_row(f"{source.source_id}.yaml", screen.clean(source.publisher), source.family, *counts)
    console = Console()
    console.print(table)
    listed = sum(bool(source.list_pages) for source in checked.sources)
    console.print(f"{len(checked.sources)} publishers, {listed} with a list page; no faults")
