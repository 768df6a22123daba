"""Reads a folder of local copies in place of the network: every file ends as one ``Fetched``, one at a time."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from scrapers.document import Page
from scrapers.fetch.manifest import MANIFEST, FolderError, Manifest, ManifestRow, read_manifest
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role
from scrapers.fetch.vocabulary import ending_of, load_vocabulary

__all__ = ["FolderError", "FolderLimits", "read_folder"]


@dataclass(frozen=True, slots=True)
class FolderLimits:
    """The largest files that are read, in bytes."""

    max_bytes_html: int = 20_000_000  # .html .htm .shtml .txt
    max_bytes_pdf: int = 50_000_000  # .pdf .docx


def read_folder(folder: Path, limits: FolderLimits | None = None, source_id: str = "pages") -> Iterator[Fetched]:
    """The files below ``folder``, by path, each read only when its turn comes; then the remarks on manifest.csv.

    Hidden files are skipped, links that lead out of the folder and links to folders are not followed. The addresses of
    the manifest are recorded, never fetched. A remark on the manifest has the role ``manifest`` and no page.
    Raises FolderError where the folder or its manifest cannot be used at all.
    """
    if not folder.is_dir():
        raise FolderError(f"{folder}: there is no such folder")
    root = folder.resolve()
    manifest = read_manifest(root, source_id)
    reader = _FolderReader(root, limits or FolderLimits(), source_id, manifest)
    yield from reader.files()
    yield from manifest.remarks
    yield from reader.missing()


class _FolderReader:
    def __init__(self, root: Path, limits: FolderLimits, source_id: str, manifest: Manifest) -> None:
        self._root = root
        self._limits = limits
        self._source_id = source_id
        self._manifest = manifest
        self._used: set[str] = set()
        self._words = load_vocabulary()

    def files(self) -> Iterator[Fetched]:
        """One Fetched a file or folder that cannot be entered, sorted by path."""
        unopened: list[tuple[str, str]] = []
        for name, path in sorted([*self._walk(unopened)]):
            yield self._read(name, path)
        for name, reason in sorted(unopened):
            yield Fetched(None, self._attempt(name, Outcome.unreadable_file, reason))

    def missing(self) -> Iterator[Fetched]:
        """One Fetched a file that the manifest names and the folder does not hold."""
        for row in self._manifest.rows.values():
            if row.file not in self._used:
                reason = f"{MANIFEST}, line {row.line}: there is no file {row.file} in the folder"
                attempt = replace(self._attempt(row.file, Outcome.missing_file, reason), source_url=row.url)
                yield Fetched(None, replace(attempt, role=Role.manifest))

    def _walk(self, unopened: list[tuple[str, str]]) -> Iterator[tuple[str, Path]]:
        """Names ("/" between parts) and paths of all files and links that are not hidden."""

        def failed(error: OSError) -> None:
            name = _posix_name(Path(str(error.filename)), self._root)
            unopened.append((name, f"the folder cannot be opened: {error.strerror}"))

        for folder, folders, names in os.walk(self._root, onerror=failed):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in (*names, *links):
                path = Path(folder, name)
                if not name.startswith(".") and not (name == MANIFEST and path.parent == self._root):
                    yield _posix_name(path, self._root), path

    def _read(self, name: str, path: Path) -> Fetched:
        row = self._row(name)
        attempt = self._attempt(name, Outcome.ok, None)
        if row is not None:
            attempt = replace(attempt, source_url=row.url, fetched_at=row.fetched_at)
        try:
            fault = self._fault(name, path)
            if fault is not None:
                return Fetched(None, replace(attempt, outcome=fault[0], reason=fault[1]))
            content = self._content(path, self._limit(name))
        except _FileTooLarge as error:
            return Fetched(None, replace(attempt, outcome=Outcome.too_large, reason=str(error), byte_count=error.size))
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
            reason = getattr(error, "strerror", None) or str(error)
            reason = f"cannot be opened: {reason}"
            return Fetched(None, replace(attempt, outcome=Outcome.unreadable_file, reason=reason))
        attempt = replace(attempt, byte_count=len(content), content_sha256=hashlib.sha256(content).hexdigest())
        return Fetched(Page(content=content, file_name=name, url=attempt.source_url), attempt)

    def _row(self, name: str) -> ManifestRow | None:
        row = self._manifest.row_for(name)
        if row is not None:
            self._used.add(row.file)
        return row

    def _fault(self, name: str, path: Path) -> tuple[Outcome, str] | None:
        """Why the file is not read at all."""
        if path.is_symlink():
            target = path.resolve()
            if not target.is_relative_to(self._root):
                return Outcome.unsupported_file, "a link that leads out of the folder; it is not followed"
            if target.is_dir():
                return Outcome.unsupported_file, "a link to a folder; it is not followed"
        ending = ending_of(name)
        if ending in self._words.readable_endings:
            return None
        kind = self._words.unreadable(ending)
        if kind is not None:
            return Outcome.unsupported_file, f"{kind.code}: a .{ending} file is not read; {kind.advice}"
        readable = " ".join(f".{known}" for known in self._words.readable_endings)
        return Outcome.unsupported_file, f"not a kind of page that is read ({readable})"

    def _limit(self, name: str) -> int:
        kind = self._words.readable_endings[ending_of(name)]
        return self._limits.max_bytes_html if kind == "html" else self._limits.max_bytes_pdf

    def _content(self, path: Path, limit: int) -> bytes:
        """The bytes of a regular file of at most ``limit``. Raises _FileTooLarge, OSError."""
        # the link, if it is one, was checked; what it leads to may not be a link again, nor a pipe that never ends
        handle = os.open(path.resolve(), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "not an ordinary file")
            if status.st_size > limit:
                raise _FileTooLarge(status.st_size, limit)
            content = file.read(limit + 1)
        if len(content) > limit:
            raise _FileTooLarge(len(content), limit)
        return content

    def _attempt(self, name: str, outcome: Outcome, reason: str | None) -> Attempt:
        return Attempt(self._source_id, name, None, outcome, reason, datetime.now(UTC), role=Role.file)


class _FileTooLarge(Exception):
    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"{size / 1_000_000:.1f} MB, more than {limit / 1_000_000:g} MB")
        self.size = size


def _posix_name(path: Path, root: Path) -> str:
    """The path below ``root`` with "/"; bytes of a name that are not UTF-8 are written as escapes."""
    relative = path.relative_to(root).as_posix()
    return os.fsencode(relative).decode("utf-8", errors="backslashreplace")
