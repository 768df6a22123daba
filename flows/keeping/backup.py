"""Backup: the files of a warehouse under its writer's lock, with checksums, as one packed file or as a folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from flows.faults import Fault, UsageFault
from flows.files import free_bytes, sync
from flows.keeping.contents import (
    MANIFEST,
    PACKED,
    BackupManifest,
    Content,
    Kept,
    content_of,
    is_part_of_living,
)
from flows.published import published_build
from flows.warehouse.places import Places
from flows.warehouse.store import connect, schema_version, writer

PIECE = 1024**2
_LEVEL = 3  # most of the bytes are packed already

Advance = Callable[[int], None]  # so many bytes are done


class _Target(Protocol):
    """Takes the files of a backup one after the other."""

    def add(self, path: str, source: BinaryIO, size: int, mtime: float) -> None:
        """Takes one file."""
        ...


def back_up(
    places: Places,
    target: Path,
    all_builds: bool,
    wait_seconds: float,
    say: Callable[[str], None],
    begin: Callable[[int], Advance],
) -> BackupManifest:
    """Writes a backup of the warehouse to ``target``: a packed file where its name ends in .tar.zst, else a folder.

    ``target`` appears when it is whole. No run writes meanwhile: it waits for the lock. ``begin`` is told the bytes
    and gives what is called as they are done. Raises UsageFault where there is nothing to back up or where ``target``
    is there already; Fault where the disk is full or a file cannot be read.
    """
    if not places.landing.is_file() and not places.archive.is_dir() and published_build(places) is None:
        raise UsageFault(f"There is no warehouse in {places.root}, so there is nothing to back up.")
    _check_target(places, target)
    try:
        with writer(places, wait_seconds, say):
            return _back_up(places, target, all_builds, begin)
    except OSError as error:
        raise Fault(f"The backup cannot be written to {target}: {error.strerror or error}.") from error


def _back_up(places: Places, target: Path, all_builds: bool, begin: Callable[[int], Advance]) -> BackupManifest:
    kind, version = _settled_landing(places)
    content = content_of(places, all_builds)
    sizes = {path: file.stat().st_size for path, file in content.files.items()}
    total = sum(sizes.values())
    packed = target.name.endswith(PACKED)
    if not packed and free_bytes(target) < total:
        raise Fault(f"{target}: the disk has not the {total:,} bytes that the backup needs.")
    current = published_build(places)
    manifest = BackupManifest(
        datetime.now(UTC).isoformat("T", "seconds"), kind, version, current.build_id if current else None,
        left_out=content.left_out,
    )  # fmt: skip
    with _whole(target) as new:
        _write(new, packed, content, sizes, manifest, begin(total))
    return manifest


def _check_target(places: Places, target: Path) -> None:
    if target.is_symlink() or target.exists():
        raise UsageFault(f"{target} is there already; nothing is overwritten: choose another name.")
    if not target.parent.is_dir():
        raise UsageFault(f"There is no folder {target.parent}.")
    if target.resolve().is_relative_to(places.root.resolve()):
        raise UsageFault(f"{target} is inside the warehouse: choose a place outside, best on another disk.")


def _settled_landing(places: Places) -> tuple[str | None, int | None]:
    """Brings everything of the landing database into its one file; its kind and schema version."""
    if not places.landing.is_file():
        return None, None
    with connect(places.landing) as con:
        con.execute("force checkpoint")
        version = schema_version(con)
        row = None if version is None else con.execute("select kind from ops.warehouse").fetchone()
    return row[0] if row else None, version


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Another name beside ``target`` to write to, which becomes ``target`` at the end or goes away."""
    for left in target.parent.glob(f".{target.name}.*.part"):
        if not is_part_of_living(left):
            _remove(left)
    new = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield new
        if target.exists():
            raise UsageFault(f"{target} has appeared meanwhile; nothing is overwritten.")
        new.rename(target)
        sync(target.parent)
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _write(
    new: Path, packed: bool, content: Content, sizes: dict[str, int], manifest: BackupManifest, advance: Advance
) -> None:
    with _packed(new) if packed else contextlib.nullcontext(_Folder(new)) as target:
        for path, file in content.files.items():
            with file.open("rb") as source:
                seen = _Seen(source, advance)
                target.add(path, seen, sizes[path], file.stat().st_mtime)  # type: ignore[arg-type]
            if seen.size != sizes[path]:
                raise Fault(f"{file} changed while it was copied: something other than gongkai writes to it.")
            manifest.files[path] = Kept(path, seen.size, seen.digest.hexdigest())
        text = manifest.as_json()
        target.add(MANIFEST, BytesIO(text), len(text), datetime.now(UTC).timestamp())


class _Seen:
    """Reads a file and takes its checksum on the way."""

    def __init__(self, source: BinaryIO, advance: Advance) -> None:
        self._source = source
        self._advance = advance
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, size: int = PIECE) -> bytes:
        """The next bytes."""
        piece = self._source.read(size)
        self.size += len(piece)
        self.digest.update(piece)
        self._advance(len(piece))
        return piece


class _Folder:
    """A backup as a folder of files."""

    def __init__(self, root: Path) -> None:
        root.mkdir()
        self._root = root

    def add(self, path: str, source: BinaryIO, size: int, mtime: float) -> None:
        """Copies one file to the disk."""
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as out:
            shutil.copyfileobj(source, out, PIECE)
            out.flush()
            os.fsync(out.fileno())
        os.utime(file, (mtime, mtime))


class _Packed:
    """A backup as one tar file."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, path: str, source: BinaryIO, size: int, mtime: float) -> None:
        """Adds one file; owner and rights stay here."""
        member = tarfile.TarInfo(path)
        member.size, member.mtime = size, int(mtime)
        try:
            self._tar.addfile(member, source)
        except OSError as error:
            if "end of data" in str(error):
                return  # shorter than it was: the caller compares the sizes
            raise


@contextmanager
def _packed(new: Path) -> Iterator[_Packed]:
    with new.open("xb") as file:
        with (
            zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(file, closefd=False) as packer,
            # GNU: sizes beyond 8 GiB and long names without records that a reader must hold in memory
            tarfile.open(fileobj=packer, mode="w|", format=tarfile.GNU_FORMAT) as tar,
        ):
            yield _Packed(tar)
        file.flush()
        os.fsync(file.fileno())
