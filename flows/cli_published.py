"""The commands about what is published: why a number is so, what changed, files to take away, documentation."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows import screen
from flows.faults import Fault, UsageFault
from flows.published import Build, builds
from flows.settings import Settings
from flows.warehouse.places import Places

if TYPE_CHECKING:
    from flows.why import Answer, Mention

WarehouseOption = Annotated[Path | None, typer.Option("--warehouse", metavar="DIR", help="The warehouse's folder.")]
_ROWS_SHOWN = 40
_TAKEN_AWAY = ("csv", "parquet", "docs", "datapackage.json", "CITATION.cff", "manifest.json")


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    for command in (why, diff, export, docs):
        app.command()(command)


def why(
    report: Annotated[str, typer.Argument(help="A report_id (its beginning will do), or place/year: 景县/2022.")],
    metric: Annotated[str, typer.Argument(help="A metric_id or field_id, such as requests_received_new.")],
    warehouse: WarehouseOption = None,
) -> None:
    """Show what stands behind a number: its sentence or cell in context, the page, the checks."""
    from flows.cli import faults_as_sentences, published_places

    with faults_as_sentences():
        from flows.query import sandbox
        from flows.why import why as ask

        settings = Settings()
        places = published_places(warehouse)
        with sandbox(places.published_db, settings.sql_seconds, settings.sql_memory) as con:
            _show_why(Console(), ask(con, report, metric))


def _show_why(console: Console, answer: Answer) -> None:
    report, page = answer.report, answer.page
    screen.notice(console, "sample" if report["data_origin"] == "invented_sample" else None)
    who = report["agency_name"] or report["jurisdiction_name"] or report["issuer"] or "?"
    console.print(screen.clean(f"{who} {report['report_year'] or '?'}: {report['title'] or report['report_id']}"))
    label = answer.metric.get("label_zh") or ""
    console.print(screen.clean(f"{answer.metric['metric_id']} {label} {answer.metric.get('label_en') or ''}"))
    for mention in answer.mentions:
        _show_mention(console, mention)
    for row in answer.corrections:
        _show_correction(console, row)
    for row in answer.missing:
        console.print(screen.clean(f"no value for {row['field_id']} {row['applicant_type'] or ''}: {row['why']}"))
    if not answer.mentions and not answer.missing:
        console.print("The report says nothing about it.")
    console.print()
    console.print(screen.clean(f"page      {page.get('source_url') or page.get('source_file') or '?'}"))
    console.print(screen.clean(f"fetched   {page.get('fetched_at') or 'not known'}"))
    console.print(screen.clean(f"sha256    {page.get('page_sha256')}"))
    console.print(screen.clean(f"archive   {page.get('archive_file')} at byte {page.get('archive_offset')}"))
    console.print(screen.clean(f"trust     {report['trust']} {', '.join(report['trust_reasons'] or [])}"))
    for check in answer.checks:
        numbers = f": {check['reported_value']:g} against {check['recomputed_value']:g}" if _failed(check) else ""
        blame = f" ({check['failure_class']}: {check['reason']})" if _failed(check) else ""
        line = f"check     {check['check_status']} {check['check_id']} {check['instance']}: {check['description']}"
        console.print(screen.clean(line + numbers + blame))
    for issue in answer.issues:
        console.print(screen.clean(f"issue     {issue['severity']} {issue['issue_code']}: {issue['detail']}"))


def _show_correction(console: Console, row: dict[str, Any]) -> None:
    right = "withdrawn (the right number is not known)"
    if not row["is_withdrawn"]:
        right = f"corrected to {row['corrected']:g} {row['corrected_unit'] or ''}".rstrip()
    held = "" if row["correction_status"] == "applied" else f"; NOT APPLIED: {row['status_reason']}"
    said = ", ".join(str(part) for part in (row["said_by"], row["said_on"], row["said_by_url"]) if part)
    console.print(screen.clean(f"\n{row['reported']:g} as printed, {right}{held}"))
    console.print(screen.clean(f"  {row['reason']}"))
    console.print(screen.clean(f"  says {said}"))
    console.print(screen.clean(f"  dbt_project/{row['file']}, line {row['line_no']}: {row['correction_id']}"))


def _failed(check: dict[str, object]) -> bool:
    return check["check_status"] == "fail"


def _show_mention(console: Console, mention: Mention) -> None:
    value = mention.value
    words = [f"{value['value']:g}", value["unit"] or "", value["applicant_type"] or "", value["basis"]]
    words += [value["value_state"], value["qualifier"], "" if value["is_preferred"] else "(another mention counts)"]
    if value["correction_id"]:
        counts = "withdrawn" if value["corrected_value"] is None else f"corrected: {value['corrected_value']:g} counts"
        words.append(f"({counts})")
    console.print(screen.clean("\n" + " ".join(word for word in words if word)))
    line = Text("  …")
    line.append_text(screen.clean(mention.before.replace("\n", " ")))
    evidence = screen.clean(mention.evidence.replace("\n", " "))
    evidence.stylize("bold reverse")
    line.append_text(evidence)
    line.append_text(screen.clean(mention.after.replace("\n", " ") + "…"))
    console.print(line)
    place = [value["table_row"], value["table_column"]]
    where = " / ".join(part for part in place if part) or value["section"] or ""
    console.print(screen.clean(f"  characters {value['evidence_start']} to {value['evidence_end']}  {where}"))


def diff(
    before: Annotated[str, typer.Argument(help="A build's id; its beginning will do.")],
    now: Annotated[str, typer.Argument(help="Another one, the later.")],
    rows: Annotated[bool, typer.Option("--rows", help="List the values, not only how many.")] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Show which values changed from one build to another, and by which cause."""
    from flows.cli import faults_as_sentences, published_places

    with faults_as_sentences():
        from flows.products.difference import compare

        places = published_places(warehouse)
        old, new = _build(places, before), _build(places, now)
        same = old.manifest.get("reader_version") == new.manifest.get("reader_version")
        console = Console()
        found = compare(old.folder / "gongkai.duckdb", new.folder / "gongkai.duckdb", same)
        counts = Table("Change", "Cause", "Values", title=f"{old.build_id} → {new.build_id}", title_justify="left")
        for (change, cause), count in sorted(found.counts().items()):
            counts.add_row(change, cause, f"{count:,}")
        console.print(counts)
        if rows:
            screen.result_table(console, found.names, ([str(cell) for cell in row] for row in found.rows[:_ROWS_SHOWN]))


def _build(places: Places, name: str) -> Build:
    found = [build for build in builds(places) if build.build_id.startswith(name)]
    if len(found) != 1:
        known = ", ".join(build.build_id for build in builds(places))
        raise UsageFault(f"{name!r} fits {len(found)} builds; there are: {known}.")
    return found[0]


def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    warehouse: WarehouseOption = None,
) -> None:
    """Copy what is published for use elsewhere: CSV, Parquet, data package, dictionary, citation."""
    from flows.cli import faults_as_sentences, published_places

    with faults_as_sentences():
        source = published_places(warehouse).published.resolve()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageFault(f"{folder} is there and not an empty folder; nothing is overwritten.")
        folder.mkdir(parents=True, exist_ok=True)
        for name in _TAKEN_AWAY:
            part = source / name
            if part.is_dir():
                shutil.copytree(part, folder / name)
            elif part.is_file():
                shutil.copyfile(part, folder / name)
        Console().print(screen.clean(f"Copied to {folder}: {', '.join(_TAKEN_AWAY)}"))


def docs(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 0,
    warehouse: WarehouseOption = None,
) -> None:
    """Serve the documentation of the published build on 127.0.0.1, until Ctrl-C."""
    from flows.cli import faults_as_sentences, published_places

    with faults_as_sentences():
        from flows.docs_server import serve_docs

        folder = published_places(warehouse).published.resolve() / "docs"
        if not folder.is_dir():
            raise Fault(f"{folder}: this build has no documentation; run `gongkai run` again.")
        with serve_docs(folder, port) as (address, wait):
            console = Console()
            for name, text in (("dictionary.html", "data dictionary 数据字典"), ("index.html", "models and lineage")):
                console.print(screen.clean(f"{address}/{name}  {text}"))
            console.print("Ctrl-C stops it.")
            wait()
