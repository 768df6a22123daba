"""Restore: a backup becomes a warehouse in a new folder, or nothing does.

A backup may come from a stranger. It is unpacked beside the target, file by file, by rules of our own on top of
tarfile's: ordinary files with plain names only, no more bytes than the disk has; and it takes its place only when the
manifest, its last file, has vouched for every byte.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import zstandard

from flows.faults import Fault, UsageFault
from flows.files import free_bytes, size_of, sync
from flows.keeping.backup import PIECE, Advance
from flows.keeping.contents import (
    MANIFEST,
    BackupDamaged,
    BackupManifest,
    Kept,
    is_part_of_living,
    is_safe,
    read_manifest,
)
from flows.published import point_to
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION, connect, schema_version

_SPARE = 64 * 1024**2  # bytes of the disk that a restore leaves free
_MOST_MANIFEST = 256 * 1024**2
_WINDOW = 128 * 1024**2  # more is not needed to unpack what we packed


@dataclass(slots=True)
class _Found:
    """What has been unpacked."""

    files: dict[str, Kept]
    manifest: BackupManifest | None = None


def restore(backup: Path, places: Places, begin: Callable[[int], Advance]) -> BackupManifest:
    """Makes the warehouse ``places`` of a backup; it is there whole or not at all.

    Raises UsageFault where the backup is not there or the target is not new or empty; BackupDamaged where one byte is
    not as it was; Fault for a backup of a later gongkai.
    """
    if not backup.exists():
        raise UsageFault(f"There is no backup {backup}.")
    root = places.root
    if root.is_symlink() or (root.exists() and (not root.is_dir() or any(root.iterdir()))):
        raise UsageFault(f"{root} is there and not an empty folder: a backup is restored to a new one only.")
    root.parent.mkdir(parents=True, exist_ok=True)
    new = Places(root.with_name(f".{root.name}.{os.getpid()}.part"))
    for left in root.parent.glob(f".{root.name}.*.part"):
        if not is_part_of_living(left):
            shutil.rmtree(left, ignore_errors=True)
    try:
        new.root.mkdir()
        manifest = _unpack(backup, new.root, begin)
        _check_schema(new, manifest)
        if manifest.published is not None:
            point_to(new, manifest.published)
        for folder in [path for path in new.root.rglob("*") if path.is_dir() and not path.is_symlink()]:
            sync(folder)
        new.root.rename(root)
        sync(root.parent)
    except OSError as error:
        raise Fault(f"The backup cannot be restored to {root}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(new.root, ignore_errors=True)
    return manifest


def _unpack(backup: Path, root: Path, begin: Callable[[int], Advance]) -> BackupManifest:
    advance = begin(size_of(backup))
    found = _Found({})
    with _reading(backup):
        for path, size, source in _folder_files(backup) if backup.is_dir() else _packed_files(backup, advance):
            _keep(backup, found, path, size, source, root, advance)
    return _vouched(backup, found)


def _keep(backup: Path, found: _Found, path: str, size: int, source: BinaryIO, root: Path, advance: Advance) -> None:
    """Takes one file of a backup where it may be one. Raises BackupDamaged."""
    if found.manifest is not None:
        raise BackupDamaged(f"{backup}: {path[:200]!r} stands behind {MANIFEST}, where nothing may stand.")
    if path == MANIFEST:
        if size > _MOST_MANIFEST:
            raise BackupDamaged(f"{backup}: its {MANIFEST} has {size:,} bytes.")
        found.manifest = read_manifest(source.read(size))
    elif not is_safe(path) or path in found.files:
        raise BackupDamaged(f"{backup}: {path[:200]!r} is no name for a file of a backup; nothing is restored.")
    elif size + _SPARE > free_bytes(root):
        raise Fault(f"{path} has {size:,} bytes, the disk of {root.parent} has not so many left.")
    else:
        found.files[path] = _take(source, path, size, root, advance if backup.is_dir() else None)


def _take(source: BinaryIO, path: str, size: int, root: Path, advance: Advance | None) -> Kept:
    """Copies one file and takes its checksum."""
    file, digest, left = root / path, hashlib.sha256(), size
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as out:
        while left and (piece := source.read(min(PIECE, left))):
            digest.update(piece)
            out.write(piece)
            left -= len(piece)
            if advance:
                advance(len(piece))
        out.flush()
        os.fsync(out.fileno())
    return Kept(path, size - left, digest.hexdigest())


def _vouched(backup: Path, found: _Found) -> BackupManifest:
    """The manifest, where it names exactly what was unpacked. Raises BackupDamaged."""
    if found.manifest is None:
        raise BackupDamaged(f"{backup} is not a whole backup: {MANIFEST}, its last file, is missing.")
    named = found.manifest.files
    for path in sorted(named.keys() | found.files.keys()):
        if path not in found.files:
            raise BackupDamaged(f"{backup}: {path} is missing; nothing is restored.")
        if path not in named:
            raise BackupDamaged(f"{backup}: {path[:200]} is not in its {MANIFEST}; nothing is restored.")
        if found.files[path] != named[path]:
            raise BackupDamaged(f"{backup}: {path} is not as it was when the backup was made; nothing is restored.")
    return found.manifest


def _folder_files(backup: Path) -> Iterator[tuple[str, int, BinaryIO]]:
    """The files of a backup that is a folder, the manifest last. Raises BackupDamaged for links."""
    manifest = backup / MANIFEST
    files = [path for path in sorted(backup.rglob("*")) if path != manifest and not _is_plain_folder(path)]
    for path in [*files, manifest]:
        if path.is_symlink() or (not path.is_file() and path.exists()):
            raise BackupDamaged(f"{path} is no ordinary file; nothing is restored.")
        if path.exists():
            with path.open("rb") as source:
                yield path.relative_to(backup).as_posix(), path.stat().st_size, source


def _is_plain_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


class _Plain(tarfile.TarInfo):
    """A member of a tar file that is an ordinary file; whatever else a tar file can hold is refused unread."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Plain:
        """One header."""
        found = super().frombuf(buf, encoding, errors)
        long_name = found.type == tarfile.GNUTYPE_LONGNAME and found.size <= 4096
        if found.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) and not long_name:
            kind = "a link" if found.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else f"of the type {found.type!r}"
            raise BackupDamaged(
                f"The backup holds {found.name[:200]!r}, which is {kind}, no file; nothing is restored."
            )
        return found


def _packed_files(backup: Path, advance: Advance) -> Iterator[tuple[str, int, BinaryIO]]:
    with backup.open("rb") as file:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        stream = unpacker.stream_reader(_Told(file, advance), read_across_frames=False)  # type: ignore[arg-type]
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Plain, encoding="utf-8", errors="strict") as tar:
            for member in tar:
                tarfile.data_filter(member, str(backup.parent))
                source: Any = tar.extractfile(member)
                yield member.name, member.size, source


class _Told:
    """Reads the packed file and tells how far it is."""

    def __init__(self, source: BinaryIO, advance: Advance) -> None:
        self._source = source
        self._advance = advance

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._source.read(size)
        self._advance(len(piece))
        return piece


@contextmanager
def _reading(backup: Path) -> Iterator[None]:
    """Whatever tarfile and zstandard say about bytes that make no sense, as a sentence."""
    try:
        yield
    except tarfile.FilterError as error:
        raise BackupDamaged(f"{backup}: {error}; nothing is restored.") from None
    except (tarfile.TarError, zstandard.ZstdError, EOFError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())[:200]
        raise BackupDamaged(f"{backup} is no backup, or damaged ({said}); nothing is restored.") from None


def _check_schema(places: Places, manifest: BackupManifest) -> None:
    """Raises Fault for a landing database of a later gongkai, BackupDamaged for one that does not open."""
    version = manifest.schema_version
    if places.landing.is_file():
        try:
            with connect(places.landing, read_only=True) as con:
                version = schema_version(con)
        except (duckdb.Error, Fault) as error:
            raise BackupDamaged(f"The backup's {places.landing.name} does not open: {error}") from None
    if version is not None and version > SCHEMA_VERSION:
        raise Fault(
            f"The backup has schema version {version}, this gongkai knows only {SCHEMA_VERSION}: "
            "update gongkai (git pull, then make setup) and restore it then."
        )
