"""The commands about the gate: what it found in a build, and publishing on a person's word what it refused."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console

from flows import screen
from flows.cli_common import WarehouseOption, faults_as_sentences, warehouse_places
from flows.faults import Fault, UsageFault
from flows.products.gate_page import NAME, failures, name_of, rows_of, shown
from flows.published import Build, builds
from flows.settings import Settings
from flows.warehouse.places import Places


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    for command in (gate, publish):
        app.command()(command)


def gate(
    build: Annotated[str | None, typer.Argument(help="A build's id or its beginning; without it the newest.")] = None,
    check: Annotated[str | None, typer.Option(metavar="NAME", help="One rule, whether it failed or not.")] = None,
    rows: Annotated[int, typer.Option(min=0, max=1000, help="How many failing rows of a rule are shown.")] = 5,
    sql: Annotated[bool, typer.Option("--sql", help="Show the query that finds the failing rows, too.")] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Show what the gate found in a build: the rules that failed, blocking ones first, with their rows."""
    with faults_as_sentences():
        chosen = _build(warehouse_places(warehouse), build)
        try:
            results = json.loads((chosen.folder / "gate.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise Fault(f"{chosen.folder / 'gate.json'} cannot be read.") from None
        console = Console()
        screen.notice(console, chosen.kind)
        asked = _asked(results, check)
        if not check:
            _show_outcome(console, chosen, results)
        for one in asked:
            _show_result(console, chosen, one, rows, sql)
        if (chosen.folder / NAME).is_file():
            console.print(screen.clean(f"To read: {chosen.folder / NAME}"), soft_wrap=True)


def _build(places: Places, name: str | None) -> Build:
    there = builds(places)
    if not there:
        raise Fault(f"There is no build in {places.root}.")
    found = [one for one in there if name is None or one.build_id.startswith(name)]
    if not found or (name is not None and len(found) > 1):
        known = ", ".join(one.build_id for one in there)
        raise UsageFault(f"{name!r} fits {len(found)} builds; there are: {known}.")
    return found[-1]


def _asked(results: list[dict[str, Any]], check: str | None) -> list[dict[str, Any]]:
    if check is None:
        blocking, warnings = failures(results)
        return [*blocking, *warnings]
    found = [one for one in results if check in (name_of(one), one["check_id"])]
    if not found:
        raise UsageFault(f"--check: the gate has no rule {check!r} in this build.")
    return found


def _show_outcome(console: Console, build: Build, results: list[dict[str, Any]]) -> None:
    blocking, warnings = failures(results)
    accepted = (build.manifest.get("gate") or {}).get("accepted") or []
    if build.refused:
        outcome = "REFUSED: what was published before stays"
    else:
        outcome = "passed" if not accepted else "published on a person's word, against the gate"
    console.print(screen.clean(f"Build {build.build_id}: {outcome}"))
    passed = len(results) - len(blocking) - len(warnings)
    console.print(f"{len(results)} rules: {passed} passed, {len(warnings)} warned, {len(blocking)} blocked")
    for one in accepted:
        words = f"{one['accepted_by']} accepted {name_of(one)} at {one['accepted_at']}: {one['reason']}"
        console.print(screen.clean(words), soft_wrap=True)


def _show_result(console: Console, build: Build, one: dict[str, Any], most: int, sql: bool) -> None:
    verdict = "pass" if one["success"] else one["severity"]
    console.print()
    console.print(screen.clean(f"{verdict}: {name_of(one)}: {one['description']} ({one['observed']})"), soft_wrap=True)
    if one.get("because"):
        console.print(screen.clean(f"limits: {one['because']}"), soft_wrap=True)
    rows = _rows(build, one, most)
    if rows:
        names = list(dict.fromkeys(name for row in rows for name in row))
        screen.result_table(console, names, ([shown(row.get(name)) for name in names] for row in rows))
    if sql and one.get("failing_sql"):
        console.print(screen.clean(one["failing_sql"]), soft_wrap=True)


def _rows(build: Build, one: dict[str, Any], most: int) -> list[dict[str, Any]]:
    """The first failing rows: those in gate.json, and where more are asked for, those that the build keeps."""
    rows = rows_of(one)
    if most <= len(rows) or (one["unexpected_count"] or 0) <= len(rows):
        return rows[:most]
    from flows.warehouse.store import connect

    query = "select failing_row from ops.gate_rows where suite = ? and check_id = ? order by row_no limit ?"
    with connect(build.folder / "gongkai.duckdb", read_only=True) as con:
        return [json.loads(row) for (row,) in con.execute(query, [one["suite"], one["check_id"], most]).fetchall()]


def publish(
    accept: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="A rule that blocked, as suite.check; once for each.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why the data are right; published.")] = "",
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who accepts; published (else: login name).")] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Publish the newest build although the gate refused it: every blocking rule accepted, on the record.

    The acceptance counts for this build only. Exit codes: 0 published, 2 wrong use, 3 it stays refused, 1 else.
    """
    with faults_as_sentences():
        from flows import accept as accepting

        words = accepting.acceptance(accept or [], reason, by)
        places = warehouse_places(warehouse)
        console = Console()
        done = accepting.accept(places, Settings(), words, lambda text: console.print(screen.clean(text)))
        console.print(screen.clean(f"Published: {done.build_id} ({places.published})"), soft_wrap=True)
        names = ", ".join(name_of(one) for one in done.manifest["gate"]["accepted"])
        said = f"On the record, published with it: {words.by} accepted {names}: {words.reason}"
        console.print(screen.clean(said), soft_wrap=True)
        console.print("The next changed build is judged anew.")
