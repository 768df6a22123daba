"""Builds: what is published is whole, what lies around, and what status.json says."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flows.doctor.findings import Check, Finding, Patient, counted, fault, listed, ok, warning
from flows.doctor.locks import is_held
from flows.faults import Fault
from flows.files import file_sha256
from flows.published import Build, published_build, read_manifest
from flows.published import builds as whole_builds
from flows.query import run_query, sandbox
from flows.status import read_status
from flows.warehouse.places import UNFINISHED, Places

_BACK = "Publish an earlier build (gongkai rollback), or build anew: gongkai run."


def published(patient: Patient) -> Iterator[Finding]:
    """The link leads to a whole build, whose files are those of its manifest, and whose database opens."""
    places = patient.places
    if not places.published.is_symlink():
        if places.published.exists():
            yield fault("published", f"{places.published} is no link.", f"Move it away. {_BACK}")
        elif whole_builds(places):
            yield warning("published", "There are builds, but none is published.", _BACK)
        return
    current = published_build(places)
    if current is None:
        to = places.published.readlink()
        yield fault("published", f"{places.published} leads to {to}, which is no whole build.", _BACK)
        return
    wrong = wrong_files(current)
    if wrong:
        yield fault(
            "published", f"{len(wrong)} files of the published build are not those of its manifest: {listed(wrong)}.",
            f"Something else than gongkai changed them. {_BACK}",
        )  # fmt: skip
        return
    try:
        with sandbox(places.published_db, 60, "1GB") as con:
            (number,) = next(iter(run_query(con, "select count(*) from fct_reports")[1]))
    except Fault as error:
        yield fault("published", f"The published database does not answer: {error}", _BACK)
        return
    files = len(current.manifest["files"])
    yield ok("published", f"Build {current.build_id} is published and whole: {files} files, {number:,} reports.")


def wrong_files(build: Build) -> list[str]:
    """The files of a build that are missing or other than its manifest says."""
    named = build.manifest.get("files")
    if not isinstance(named, dict) or not named:
        return ["manifest.json names no files"]
    wrong = []
    for name, facts in sorted(named.items()):
        path = build.folder / name
        try:
            if path.stat().st_size != facts["bytes"]:
                wrong.append(f"{name} (another size)")
            elif file_sha256(path) != facts["sha256"]:
                wrong.append(f"{name} (other bytes)")
        except OSError:
            wrong.append(f"{name} (missing)")
        except (KeyError, TypeError):
            wrong.append(f"{name} (the manifest makes no sense)")
    return wrong


def others(patient: Patient) -> Iterator[Finding]:
    """Unfinished builds, folders that are no builds, and builds that the gate refused."""
    places = patient.places
    if not places.builds.is_dir():
        return
    names = sorted(path.name for path in places.builds.iterdir())
    unfinished = [name for name in names if name.startswith(UNFINISHED)]
    odd = [name for name in names if not name.startswith(".") and read_manifest(places.builds / name) is None]
    if unfinished and not is_held(places):
        yield warning(
            "others", f"{counted(unfinished, 'build')} not finished: {listed(unfinished)}.",
            "Run again: the next run removes them.",
        )  # fmt: skip
    if odd:
        yield warning("others", f"What is no whole build in {places.builds}: {listed(odd)}.", "Move them away.")
    found = whole_builds(places)
    refused = [build for build in found if build.refused]
    if refused:
        names = [f"{build.build_id} ({_why(build)})" for build in refused]
        yield warning(
            "others", f"Refused by the gate and kept, {counted(refused, 'build')}: {listed(names, 2)}.",
            f"{refused[-1].folder / 'gate.json'} says why. What was published before stays.",
        )  # fmt: skip
    if not (refused or odd or unfinished):
        yield ok("others", f"{counted(found, 'whole build')}, none refused, none unfinished.")


def _why(build: Build) -> str:
    try:
        rows = json.loads((build.folder / "gate.json").read_text(encoding="utf-8"))
        names = [row["check_id"] for row in rows if not row["success"] and row["severity"] == "block"]
    except (OSError, ValueError, KeyError, TypeError):
        return "its gate.json cannot be read"
    return listed(names, 3) or "no check of it failed"


def status(patient: Patient) -> Iterator[Finding]:
    """status.json can be read and speaks of what is published; the last run ended well."""
    places = patient.places
    remedy = "Run again: every run writes it anew."
    if not places.status.exists():
        if published_build(places) is not None:
            yield warning("status", f"{places.status} is missing.", remedy)
        return
    found = read_status(places)
    if found is None:
        yield fault("status", f"{places.status} cannot be read.", remedy)
        return
    yield from _agrees(places, found, remedy)
    run = found.get("last_run") or {}
    outcome = run.get("outcome")
    if outcome in ("failed", "crashed", "refused", "cancelled"):
        said = " ".join(str(run.get("message") or "no reason is noted").split())[:300]
        yield warning("status", f"The last run was {outcome}: {said}.", "Mend that, then run again.")
    elif outcome:
        yield ok("status", f"The last run ({run.get('run_id')}) ended: {outcome}.")


def _agrees(places: Places, found: dict[str, object], remedy: str) -> Iterator[Finding]:
    said, current = found.get("published"), published_build(places)
    named = said.get("build_id") if isinstance(said, dict) else None
    if named != (current.build_id if current else None) and not is_held(places):
        here = current.build_id if current else "nothing"
        yield warning("status", f"status.json says that {named or 'nothing'} is published; it is {here}.", remedy)


CHECKS: tuple[Check, ...] = (published, others, status)
