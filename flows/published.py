"""The builds of a warehouse and the link to the published one: swapping, rolling back, keeping a few."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.faults import Fault
from flows.files import sync, write_json_whole
from flows.warehouse.places import UNFINISHED, Places

MANIFEST = "manifest.json"
# Where the figures of a kind of warehouse come from, as every table says
ORIGINS = {"sample": "invented_sample", "real": "published_reports"}
_REPLACED = f"{UNFINISHED}replaced-"
# How every table comment and every notice of the sample begins
SAMPLE_MARK = "示例数据 / INVENTED SAMPLE DATA — "
SAMPLE_NOTICE = SAMPLE_MARK.rstrip(" —")


@dataclass(frozen=True, slots=True)
class Build:
    """One whole build on disk."""

    build_id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def refused(self) -> bool:
        return bool(self.manifest.get("outcome") == "refused")

    @property
    def kind(self) -> str:
        """Of the warehouse it was made in: sample or real."""
        return "sample" if self.manifest.get("data_origin") == ORIGINS["sample"] else "real"


def builds(places: Places) -> list[Build]:
    """All whole builds, the oldest first."""
    found = []
    for folder in sorted(places.builds.glob("*")) if places.builds.is_dir() else []:
        if folder.name.startswith(".") or (manifest := read_manifest(folder)) is None:
            continue
        found.append(Build(folder.name, folder, manifest))
    return found


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a build's folder; None where there is none that can be read."""
    try:
        value = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def published_build(places: Places) -> Build | None:
    """The build that readers see; None where nothing is published."""
    if not places.published.is_symlink():
        return None
    folder = places.published.resolve()
    manifest = read_manifest(folder)
    return None if manifest is None else Build(folder.name, folder, manifest)


def point_to(places: Places, build_id: str) -> None:
    """Makes ``build_id`` the published build; a reader sees the old one or the new one, whole."""
    new = places.root / f".published.{os.getpid()}"
    new.unlink(missing_ok=True)
    new.symlink_to(Path("builds") / build_id)
    new.replace(places.published)
    sync(places.root)


def put_in_place(places: Places, folder: Path, build_id: str) -> Path:
    """Makes a whole folder the build ``build_id``. A refused build of that id gives way; see ``drop_unfinished``."""
    whole, aside = places.builds / build_id, places.builds / f"{_REPLACED}{build_id}"
    if whole.exists():
        whole.replace(aside)
    folder.replace(whole)
    sync(places.builds)
    shutil.rmtree(aside, ignore_errors=True)
    return whole


def drop_unfinished(places: Places) -> None:
    """Removes what runs left behind that did not live to finish their build.

    A refused build that was just giving way to its accepted self comes back.
    """
    for folder in places.builds.glob(f"{_REPLACED}*"):
        whole = places.builds / folder.name.removeprefix(_REPLACED)
        if not whole.exists():
            folder.replace(whole)
    for folder in places.builds.glob(f"{UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for link in places.root.glob(".published.*"):
        link.unlink(missing_ok=True)


def drop_old(places: Places, keep: int, keep_refused: int) -> list[str]:
    """Keeps the newest ``keep`` builds and ``keep_refused`` refused ones, and the published one whatever its age."""
    current = published_build(places)
    here = builds(places)
    good = [build for build in here if not build.refused]
    refused = [build for build in here if build.refused]
    staying = {build.build_id for build in good[-keep:]}
    staying |= {build.build_id for build in refused[-keep_refused:]} if keep_refused else set()
    if current is not None and current.build_id not in staying:
        # the published one has its place among the kept
        staying.discard(good[-keep:][0].build_id)
        staying.add(current.build_id)
    gone = [build for build in here if build.build_id not in staying]
    for build in gone:
        # out of sight first, so that a half-removed build is never taken for a whole one
        doomed = places.builds / f"{UNFINISHED}gone-{build.build_id}"
        build.folder.replace(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    return [build.build_id for build in gone]


def roll_back(places: Places, build_id: str | None) -> Build:
    """Publishes an earlier build again: ``build_id``, else the newest one before the published one.

    A run with the inputs of what is rolled back makes it not again. Raises Fault where there is none.
    """
    current = published_build(places)
    good = [build for build in builds(places) if not build.refused]
    if build_id is None:
        if current is None:
            raise Fault(f"Nothing is published in {places.root}, so there is nothing to roll back.")
        older = [build for build in good if build.build_id < current.build_id]
        if not older:
            raise Fault(f"There is no build before {current.build_id}, the published one.")
        chosen = older[-1]
    else:
        named = [build for build in good if build.build_id == build_id]
        if not named:
            there = ", ".join(build.build_id for build in good) or "none"
            raise Fault(f"There is no build {build_id} that passed the gate; there are: {there}.")
        chosen = named[0]
    if current is not None and current.build_id != chosen.build_id:
        _note_rollback(places, current, chosen)
    point_to(places, chosen.build_id)
    return chosen


def _note_rollback(places: Places, current: Build, chosen: Build) -> None:
    """Notes what was made of which inputs and is not wanted, before the link is swapped."""
    unwanted = {current.manifest.get("input_fingerprint"), *_unwanted(places, current)}
    note = {
        "published": chosen.build_id,
        "instead_of": current.build_id,
        "at": datetime.now(UTC).isoformat("T", "seconds"),
        "unwanted_inputs": sorted(one for one in unwanted if isinstance(one, str)),
    }
    write_json_whole(places.rollback, note)


def _unwanted(places: Places, current: Build) -> list[str]:
    """The inputs of builds that someone rolled back, while ``current`` is what was published in their place."""
    try:
        note = json.loads(places.rollback.read_text(encoding="utf-8"))
        return [str(one) for one in note["unwanted_inputs"]] if note["published"] == current.build_id else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def is_rolled_back(places: Places, input_fingerprint: str) -> bool:
    """Whether a build of these inputs was rolled back, and what was published in its place still is."""
    current = published_build(places)
    return current is not None and input_fingerprint in _unwanted(places, current)
