"""The commands about what is published: why a number is so, what changed, files to take away, documentation."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows import screen
from flows.cli_common import WarehouseOption, faults_as_sentences, published_places
from flows.faults import Fault, UsageFault
from flows.products import exporting
from flows.published import ORIGINS, Build, builds, published_build
from flows.settings import Settings
from flows.warehouse.places import Places

if TYPE_CHECKING:
    from flows.products.difference import Difference
    from flows.why import Answer, Mention

_ROWS_SHOWN = 40


class DiffFormat(StrEnum):
    """How the comparison of two builds is printed."""

    table = "table"
    csv = "csv"
    json = "json"


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
    with faults_as_sentences():
        from flows.query import sandbox
        from flows.why import why as ask

        settings = Settings()
        places = published_places(warehouse)
        with sandbox(places.published_db, settings.sql_seconds, settings.sql_memory) as con:
            _show_why(Console(), ask(con, report, metric))


def _show_why(console: Console, answer: Answer) -> None:
    report, page = answer.report, answer.page
    screen.notice(console, "sample" if report["data_origin"] == ORIGINS["sample"] else None)
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
    if answer.withheld:
        console.print(screen.clean(f"withheld: {answer.withheld}"))
    address = str(page.get("source_url") or page.get("source_file") or "?")
    console.print(screen.clean(f"page      {_dead(address) if report['trust'] == 'hijacked' else address}"))
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


def _dead(address: str) -> str:
    """The address of a hijacked page, written so that no terminal makes a link of it."""
    return f"{re.sub(r'^http', 'hxxp', address)}  (hijacked: do not open)"


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
    if mention.evidence is not None:
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
    before: Annotated[
        str | None, typer.Argument(help="A build's id; its beginning will do. Without it: the build before NOW.")
    ] = None,
    now: Annotated[str | None, typer.Argument(help="The later one. Without it: the published build.")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="List reports and values, not only how many.")] = False,
    output: Annotated[DiffFormat, typer.Option("--format", help="csv and json print every row.")] = DiffFormat.table,
    warehouse: WarehouseOption = None,
) -> None:
    """Show which reports and values changed from one build to another, and by which cause."""
    with faults_as_sentences():
        from flows.products.difference import CAUSES, compare

        old, new = _two_builds(published_places(warehouse), before, now)
        same = old.manifest.get("reader_version") == new.manifest.get("reader_version")
        found = compare(old.folder / "gongkai.duckdb", new.folder / "gongkai.duckdb", same)
        if output is not DiffFormat.table:
            from flows import query as querying

            write = querying.write_csv if output is DiffFormat.csv else querying.write_json
            write(sys.stdout, found.names, iter(found.rows))
            return
        console = Console()
        screen.notice(console, new.kind)
        if not found.rows:
            console.print(screen.clean(f"{old.build_id} → {new.build_id}: the same reports and values."))
            return
        title = f"{old.build_id} → {new.build_id}"
        counts = Table("What", "Change", "Cause", "Rows", "Which means", title=title, title_justify="left")
        for (subject, change, cause), count in sorted(found.counts().items()):
            counts.add_row(f"{subject}s", change, cause, f"{count:,}", CAUSES[cause])
        console.print(counts)
        if rows:
            _show_differences(console, found)


def _show_differences(console: Console, found: Difference) -> None:
    table = Table("Change", "Cause", "Report", "What", "Before", "Now")
    for row in found.rows[:_ROWS_SHOWN]:
        one = dict(zip(found.names, row, strict=True))
        who = f"{one['agency_name'] or one['jurisdiction_name'] or one['page']} {one['report_year'] or ''}"
        applicant = one["applicant_type"] if one["applicant_type"] != "total" else ""
        what = f"{one['field_id']} {applicant or ''}".strip() if one["field_id"] else one["page"]
        cells = (one["change"], one["cause"], who.strip(), what, _side(one, "old"), _side(one, "new"))
        table.add_row(*(screen.clean(cell or "") for cell in cells))
    console.print(table)
    if len(found.rows) > _ROWS_SHOWN:
        more = f"… and {len(found.rows) - _ROWS_SHOWN:,} more rows; --format csv prints all of them."
        console.print(screen.clean(more))


def _side(row: dict[str, Any], side: str) -> str:
    """One side of a change: a number where it changed, else the words that did."""
    value, unit, text = row[f"{side}_value"], row[f"{side}_unit"], row[f"{side}_text"]
    if value is None:
        return str(text or "")
    same = (row["old_value"], row["old_unit"]) == (row["new_value"], row["new_unit"])
    return f"{value:g} {unit or ''}".strip() + (f" ({text})" if same else "")


def _two_builds(places: Places, before: str | None, now: str | None) -> tuple[Build, Build]:
    """The builds to compare: by default the published one with the one before it."""
    there = builds(places)
    new = _build(there, now) if now else published_build(places)
    if new is None:
        raise UsageFault("the published build cannot be read; name two builds.")
    if before:
        return _build(there, before), new
    older = [build for build in there if build.build_id < new.build_id and not build.refused]
    if not older:
        raise UsageFault(f"{new.build_id} is the only build here: there is nothing to compare it with yet.")
    return older[-1], new


def _build(there: list[Build], name: str) -> Build:
    found = [build for build in there if build.build_id.startswith(name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(build.build_id for build in found or there)
    raise UsageFault(f"no build is called {name!r}; there are: {known}." if not found else
                     f"{name!r} fits {len(found)} builds, give more of the id: {known}.")  # fmt: skip


def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    only: Annotated[
        list[exporting.Kind] | None,
        typer.Option("--only", help="Take this kind of files alone; may be given several times."),
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Copy what is published for use elsewhere: CSV with a data package, Parquet, the DuckDB file, documentation."""
    with faults_as_sentences():
        source = published_places(warehouse).published.resolve()
        names = exporting.export_build(source, folder, only or list(exporting.Kind))
        console = Console()
        console.print(screen.clean(f"Copied build {source.name} to {folder}:"))
        for name in names:
            console.print(screen.clean(f"  {name:18} {exporting.MEANS[name]}"))


def docs(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 0,
    warehouse: WarehouseOption = None,
) -> None:
    """Serve the documentation of the published build on 127.0.0.1, until Ctrl-C."""
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
