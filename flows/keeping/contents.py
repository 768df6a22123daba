"""What a backup holds: the files of a warehouse that cannot be made again, and its manifest."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from flows.faults import Fault
from flows.published import builds, published_build
from flows.schedule.processes import process
from flows.warehouse.places import Places

MANIFEST = "backup.json"  # the last file of a backup: without it, it is not whole
VERSION = 1
PACKED = ".tar.zst"
_NAME_LIMIT = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BackupDamaged(Fault):
    """A backup that is not as it was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup: its path in the warehouse with /, its size and checksum."""

    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class BackupManifest:
    """What a backup says about itself."""

    created_at: str
    kind: str | None  # sample or real
    schema_version: int | None  # of the landing database
    published: str | None  # the build that was published
    files: dict[str, Kept] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)  # names in the warehouse's folder

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(one.size for one in self.files.values())

    def as_json(self) -> bytes:
        """As it stands in the backup."""
        value = {
            "backup_version": VERSION,
            "created_at": self.created_at,
            "kind": self.kind,
            "schema_version": self.schema_version,
            "published": self.published,
            "left_out": self.left_out,
            "files": {one.path: {"bytes": one.size, "sha256": one.sha256} for one in self.files.values()},
        }
        return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(content: bytes) -> BackupManifest:
    """The manifest of a backup. Raises BackupDamaged where it makes no sense, Fault where it is of a later version."""
    try:
        value: dict[str, Any] = json.loads(content)
        version = int(value["backup_version"])
        if version > VERSION:
            raise Fault(f"The backup has version {version}, this gongkai knows only {VERSION}: update gongkai.")
        files = {path: Kept(path, int(one["bytes"]), str(one["sha256"])) for path, one in value["files"].items()}
        published = value["published"]
        if not all(is_safe(path) and one.size >= 0 and _SHA256.fullmatch(one.sha256) for path, one in files.items()):
            raise ValueError("a path or checksum that cannot be")
        if published is not None and not any(path.startswith(f"builds/{published}/") for path in files):
            raise ValueError("the published build is not in it")
        schema = value["schema_version"]
        found = BackupManifest(
            str(value["created_at"]), value["kind"], None if schema is None else int(schema), published, files
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamaged(f"The backup's {MANIFEST} makes no sense ({error}): the backup cannot be used.") from None
    return found


def is_safe(path: object) -> bool:
    """Whether ``path`` leads to a place inside the folder it is taken for, on every system."""
    if not isinstance(path, str) or not 0 < len(path) <= _NAME_LIMIT or not path.isprintable():
        return False
    if "\\" in path or ":" in path or path != str(PurePosixPath(path)):
        return False
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts and pure.parts[:1] not in {(), (MANIFEST,)}


@dataclass(frozen=True, slots=True)
class Content:
    """What a backup of a warehouse takes: where each file is, by its path in the backup; what it leaves out."""

    files: dict[str, Path]
    left_out: list[str]


def content_of(places: Places, all_builds: bool) -> Content:
    """The files of the folder itself, the archive, and the published build or all whole builds.

    What tools keep in state/ is made anew, other folders (a warehouse inside this one) are not its data.
    """
    current = published_build(places)
    wanted = builds(places) if all_builds else []
    if current is not None and current.build_id not in {one.build_id for one in wanted}:
        wanted.append(current)
    found = {f"{places.archive.name}/{name}": path for name, path in _ordinary(places.archive)}
    for build in wanted:
        found |= {f"{places.builds.name}/{build.build_id}/{name}": path for name, path in _ordinary(build.folder)}
    own = {places.landing.name, places.status.name}  # these may be links to another disk
    left = []
    for path in sorted(places.root.iterdir()):
        if path.is_file() and is_safe(path.name) and (path.name in own or not _is_passing(path)):
            found[path.name] = path
        elif path.name not in {places.archive.name, places.published.name, places.builds.name}:
            left.append(path.name)
    kept = {build.build_id for build in wanted}
    left += [f"{places.builds.name}/{one.build_id}" for one in builds(places) if one.build_id not in kept]
    return Content(dict(sorted(found.items())), left)


def _is_passing(path: Path) -> bool:
    return path.is_symlink() or path.name.startswith(".")


def _ordinary(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below ``folder`` that is no link, with its path in it."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def is_part_of_living(path: Path) -> bool:
    """Whether ``.<name>.<pid>.part`` is being written by a process that runs, another than this one."""
    number = path.name.removesuffix(".part").rpartition(".")[2]
    return number.isdecimal() and int(number) != os.getpid() and process(int(number)) is not None
