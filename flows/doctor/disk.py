"""The disk: the warehouse's folder is there, can be written to, and has room for the next build."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flows.doctor.findings import Check, Finding, Patient, counted, fault, ok, warning
from flows.files import free_bytes, nearest, size_of
from flows.published import builds
from flows.warehouse.places import Places

_LEAST = 200 * 1024**2
# while a build is made, its models, its tables and their Parquet and CSV stand side by side
_BUILD_PEAK = 2


def folder(patient: Patient) -> Iterator[Finding]:
    """The warehouse's folders and files can be read and written by who runs gongkai."""
    places = patient.places
    if not places.root.is_dir():
        yield from _no_folder(places)
        return
    wrong = 0
    for path in (places.root, places.archive, places.builds, places.state, places.state / "prefect"):
        if path.exists() and not path.is_dir():
            wrong += 1
            yield fault("folder", f"{path} is no folder.", f"Move it away: mv {path} {path}.old")
    files = (places.landing, places.status, places.lock, places.lock_holder)
    folders = (places.root, places.archive, places.builds, places.state)
    for path in (*folders, *files):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            wrong += 1
            yield fault("folder", f"{path} cannot be read and written by you.", f"{_owner(path)}")
    if not wrong:
        yield ok("folder", f"{places.root} can be read and written.")


def _no_folder(places: Places) -> Iterator[Finding]:
    if places.root.exists() or places.root.is_symlink():
        yield fault("folder", f"{places.root} is no folder.", "Name another one with --warehouse.")
        return
    yield warning(
        "folder", f"There is no warehouse in {places.root} yet.",
        "Start with gongkai run, or name the right folder with --warehouse.",
    )  # fmt: skip
    above = nearest(places.root)
    if not os.access(above, os.W_OK | os.X_OK):
        yield fault("folder", f"Nothing can be written in {above}.", "Name another folder with --warehouse.")


def _owner(path: Path) -> str:
    remedy = f"Give it to the user who runs gongkai: sudo chown -R $(id -un) {path}"
    return f"{remedy} (a run with sudo may have made it), or mount the disk writable."


def space(patient: Patient) -> Iterator[Finding]:
    """There is room for the next build."""
    places = patient.places
    free = free_bytes(places.root)
    sizes = {build.build_id: size_of(build.folder) for build in builds(places)}
    largest = max(sizes.values(), default=0)
    needed = max(_LEAST, _BUILD_PEAK * largest)
    used = (
        f"archive {human(size_of(places.archive))}, landing {human(size_of(places.landing))}, "
        f"{counted(sizes, 'build')} {human(sum(sizes.values()))}"
    )
    remedy = (
        "Make room: keep fewer builds (GONGKAI_KEEP_BUILDS), remove backups from this disk, or move the warehouse "
        "(docs/care.md)."
    )
    if free < needed:
        yield fault("space", f"{human(free)} are free, the next build may need {human(needed)} ({used}).", remedy)
    elif free < 3 * needed:
        yield warning("space", f"Only {human(free)} are free; a build may need {human(needed)} ({used}).", remedy)
    else:
        yield ok("space", f"{human(free)} are free; a build may need {human(needed)} ({used}).")


def human(size: float) -> str:
    """A number of bytes for people."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


CHECKS: tuple[Check, ...] = (folder, space)
