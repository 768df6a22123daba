"""A person overrules the gate for the newest build, which it refused: on the record, and for that build only."""

from __future__ import annotations

import getpass
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.build_tables import OVERRIDE_COLUMNS, overrides
from flows.faults import GateRefused, UsageFault
from flows.fetch import Origin
from flows.files import file_sha256
from flows.fingerprint import code_fingerprint, input_fingerprint
from flows.history import PUBLISHED, REFUSED, Summary, new_run_id, run_row
from flows.products.gate_page import failures, name_of
from flows.progress import Silence
from flows.publish import Ticket, assemble
from flows.published import Build, builds, drop_old, drop_unfinished, point_to, published_build
from flows.run import recorded
from flows.settings import Settings
from flows.stages import Run, count_pages, note_gate
from flows.warehouse.places import UNFINISHED, Places
from flows.warehouse.rows import insert_rows
from flows.warehouse.store import Say, connect, prepare, transaction, writer

MAX_REASON = 2000


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a person accepts: rules by name (suite.check_id, or check_id where that is clear), why, and who."""

    checks: tuple[str, ...]
    reason: str
    by: str


def acceptance(checks: Sequence[str], reason: str, by: str | None) -> Acceptance:
    """The words of the command, checked. Raises UsageFault. Without ``by``: the login name."""
    words, who = " ".join(reason.split()), " ".join((by or _login_name()).split())
    if not checks:
        raise UsageFault("--accept CHECK is missing: name each rule that blocked (`gongkai gate` lists them).")
    if not words:
        raise UsageFault("--reason TEXT is empty: say why the data are right; it is published with the build.")
    if len(words) > MAX_REASON or len(who) > 200:
        raise UsageFault(f"--reason has at most {MAX_REASON} characters, --by at most 200.")
    if not who:
        raise UsageFault("--by NAME is empty: say who accepts; it is published with the build.")
    return Acceptance(tuple(dict.fromkeys(checks)), words, who)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def accept(
    places: Places,
    settings: Settings,
    accepted: Acceptance,
    say: Say = lambda _: None,
    reader_version: str | None = None,
) -> Build:
    """Publishes the newest build although the gate refused it, and returns it.

    Raises UsageFault where there is nothing to accept or a name is wrong, GateRefused where the build stays refused:
    another rule blocks too, or what it was made of, or compared with, is no longer what stands in the warehouse.
    """
    if not places.landing.is_file():
        raise UsageFault(f"Nothing is refused in {places.root}: no run has ended there.")
    with writer(places, settings.lock_wait_seconds, say):
        drop_unfinished(places)
        refused = _refused(places)
        prepare(places, None, say)
        results = _results(refused)
        chosen = _chosen(accepted.checks, refused, results)
        _same_inputs(places, refused, reader_version)
        _same_comparison(places, refused)
        _publish(places, settings, refused, results, chosen, accepted)
        found = published_build(places)
        assert found is not None
        return found


def _refused(places: Places) -> Build:
    all_builds = builds(places)
    if not all_builds or not all_builds[-1].refused:
        newest = f"the newest build {all_builds[-1].build_id} passed the gate" if all_builds else "there is no build"
        raise UsageFault(f"Nothing is refused in {places.root}: {newest}.")
    return all_builds[-1]


def _results(refused: Build) -> list[dict[str, Any]]:
    """The gate's results, after it is sure that nothing on which they rest was touched since."""
    files = refused.manifest.get("files") or {}
    for name in ("gate.json", "build.duckdb", "docs/index.html"):
        known = files.get(name)
        if known and not ((refused.folder / name).is_file() and file_sha256(refused.folder / name) == known["sha256"]):
            raise GateRefused(f"{refused.folder / name} is not as the run left it; run `gongkai run` again.")
    if "build.duckdb" not in files:
        raise GateRefused(f"{refused.folder} has no build.duckdb that could be published; run `gongkai run` again.")
    found: list[dict[str, Any]] = json.loads((refused.folder / "gate.json").read_text(encoding="utf-8"))
    return found


def _chosen(names: tuple[str, ...], refused: Build, results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocking failures that are accepted: all there are."""
    blocking, warnings = failures(results)
    listed = ", ".join(name_of(one) for one in blocking)
    chosen = []
    for name in names:
        fits = [one for one in results if name in (name_of(one), one["check_id"])]
        failed = [one for one in fits if one in blocking]
        if not fits:
            raise UsageFault(f"--accept: the gate has no rule {name!r}; those that blocked: {listed}.")
        if len(failed) > 1:
            raise UsageFault(f"--accept: {name} is several rules: {', '.join(map(name_of, failed))}.")
        if not failed:
            what = "only warned, which blocks nothing" if any(one in warnings for one in fits) else "did not fail"
            raise UsageFault(f"--accept: {name} {what} in build {refused.build_id}; those that blocked: {listed}.")
        chosen += failed
    left = [name_of(one) for one in blocking if one not in chosen]
    if left:
        raise GateRefused(f"Build {refused.build_id} stays refused: {', '.join(left)} blocked too and is not accepted.")
    return chosen


def _same_inputs(places: Places, refused: Build, reader_version: str | None) -> None:
    from scrapers.version import READER_VERSION

    with connect(places.landing) as con:
        now = input_fingerprint(con, reader_version or READER_VERSION, code_fingerprint())
    if refused.manifest.get("input_fingerprint") != now:
        raise GateRefused(
            f"Build {refused.build_id} stays refused: pages, reader, models or rules have changed since it was made; "
            "run `gongkai run` again and judge the new build."
        )


def _same_comparison(places: Places, refused: Build) -> None:
    """The gate compared with what was published then: after a rollback its answers are about something else."""
    published = published_build(places)
    compared = (refused.manifest.get("gate") or {}).get("compared_with")
    if (published.build_id if published else None) != compared:
        raise GateRefused(
            f"Build {refused.build_id} stays refused: it was compared with {compared or 'no published build'}, and "
            f"{published.build_id if published else 'nothing'} is published now; run `gongkai run` again."
        )


def _publish(
    places: Places,
    settings: Settings,
    refused: Build,
    results: list[dict[str, Any]],
    chosen: list[dict[str, Any]],
    accepted: Acceptance,
) -> None:
    at = datetime.now(UTC)
    summary = Summary(
        new_run_id(at), f"build {refused.build_id}", refused.kind, at, refused.manifest["reader_version"], "publish",
        build_id=refused.build_id, outcome=PUBLISHED,
    )  # fmt: skip
    names = ", ".join(name_of(one) for one in chosen)
    summary.message = f"{accepted.by} accepted {names}: {accepted.reason}"
    with recorded(places, summary):
        with connect(places.landing) as con:
            _put_on_record(con, summary.run_id, refused, chosen, accepted)
            ticket = _ticket(con, Run(places, settings, Origin(), summary, Silence()), refused, results)
        assemble(places, _copy(places, refused), ticket)
        point_to(places, refused.build_id)
        drop_old(places, settings.keep_builds, settings.keep_refused)


def _put_on_record(
    con: duckdb.DuckDBPyConnection, run_id: str, refused: Build, chosen: list[dict[str, Any]], accepted: Acceptance
) -> None:
    """In place of what an acceptance of the same build left that did not come to its end."""
    at = datetime.now(UTC).replace(microsecond=0)
    rows = [
        (
            refused.build_id, one["suite"], one["check_id"], accepted.reason, accepted.by, at,
            one["unexpected_count"], run_id,
        )
        for one in chosen
    ]  # fmt: skip
    with transaction(con):
        con.execute("delete from ops.gate_overrides where build_id = ?", [refused.build_id])
        insert_rows(con, "ops.gate_overrides", OVERRIDE_COLUMNS, rows)


def _ticket(con: duckdb.DuckDBPyConnection, run: Run, refused: Build, results: list[dict[str, Any]]) -> Ticket:
    summary, manifest = run.summary, refused.manifest
    count_pages(summary, refused.folder / "build.duckdb")
    blocking, warnings = failures(results)
    note_gate(run, [*blocking, *warnings])
    cursor = con.execute(
        "select * from ops.runs where build_id = ? and outcome = ? order by run_id", [refused.build_id, REFUSED]
    )
    names = [column[0] for column in cursor.description or []]
    earlier = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return Ticket(
        build_id=refused.build_id,
        run_id=summary.run_id,
        kind=summary.kind,
        outcome=PUBLISHED,
        reader_version=summary.reader_version,
        input_fingerprint=manifest["input_fingerprint"],
        created_at=datetime.now(UTC),
        run_row=run_row(summary),
        gate_rows=_with_rows(results, refused),
        compared_with=manifest["gate"]["compared_with"],
        overrides=overrides(con),
        earlier_runs=earlier,
    )


def _with_rows(results: list[dict[str, Any]], refused: Build) -> list[dict[str, Any]]:
    """The results with the failing rows that the refused build keeps."""
    query = "select suite, check_id, list(failing_row order by row_no) from ops.gate_rows group by all"
    with connect(refused.folder / "gongkai.duckdb", read_only=True) as con:
        kept = {(suite, check): rows for suite, check, rows in con.execute(query).fetchall()}
    return [one | {"kept_rows": kept.get((one["suite"], one["check_id"]), [])} for one in results]


def _copy(places: Places, refused: Build) -> Path:
    """What a build is put together from, in an unfinished folder: the refused one stays until the new one is whole."""
    folder = places.builds / f"{UNFINISHED}{refused.build_id}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "docs").mkdir(parents=True)
    if (refused.folder / "docs" / "index.html").is_file():
        shutil.copyfile(refused.folder / "docs" / "index.html", folder / "docs" / "index.html")
    try:
        os.link(refused.folder / "build.duckdb", folder / "build.duckdb")
    except OSError:
        shutil.copyfile(refused.folder / "build.duckdb", folder / "build.duckdb")
    return folder / "build.duckdb"
