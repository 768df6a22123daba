"""Files that are whole or not there at all, and checksums."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def sync(path: Path) -> None:
    """Forces a file's bytes, or a folder's names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text_whole(path: Path, text: str) -> None:
    """Writes ``path`` so that a reader, or a crash, sees the old text or the new one and nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    sync(new)
    new.replace(path)
    sync(path.parent)


def write_json_whole(path: Path, value: Any) -> None:
    """Writes ``value`` as JSON like ``write_text_whole``; dates become ISO text."""
    write_text_whole(path, json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def file_sha256(path: Path) -> str:
    """The checksum of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_sha256(paths: Iterable[Path]) -> str:
    """One checksum over names and bytes of files and of all files in folders; what tools leave behind is not counted.

    A path that does not exist counts as absent. Names count relative to the path given, so a checkout may stand
    anywhere.
    """
    digest = hashlib.sha256()
    for path in paths:
        for name, file in sorted(_files(path)):
            digest.update(f"{path.name}/{name}\n{file_sha256(file)}\n".encode())
    return digest.hexdigest()


_LEFTOVERS = {"__pycache__", "target", "logs", "dbt_packages", ".user.yml", ".ruff_cache", ".mypy_cache"}


def _files(path: Path) -> list[tuple[str, Path]]:
    if path.is_file():
        return [("", path)]
    found = ((file.relative_to(path), file) for file in path.rglob("*") if file.is_file())
    return [
        (name.as_posix(), file)
        for name, file in found
        if not _LEFTOVERS.intersection(name.parts) and not name.name.endswith(".pyc")
    ]


def nearest(path: Path) -> Path:
    """``path``, or the nearest folder above it that exists."""
    found = path.absolute()
    while not found.exists():
        found = found.parent
    return found


def free_bytes(folder: Path) -> int:
    """The free bytes of the disk that ``folder``, or the nearest folder above it that exists, is on."""
    return shutil.disk_usage(nearest(folder)).free


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files below a folder; 0 where there is none."""
    if path.is_file():
        return path.stat().st_size
    total = 0
    for one in path.rglob("*") if path.is_dir() else ():
        try:
            total += one.lstat().st_size
        except OSError:
            continue  # a run removed it meanwhile
    return total
