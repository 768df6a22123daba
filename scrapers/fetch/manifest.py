"""Reads manifest.csv of a pages folder: where each local copy came from, and when it was fetched."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from scrapers.fetch.addresses import BadUrl, web_address
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role

MANIFEST = "manifest.csv"
MAX_MANIFEST_BYTES = 100_000_000
_COLUMNS = ("file", "url", "fetched_at")


class FolderError(ValueError):
    """A folder or manifest that cannot be used at all. The message is for people and names file and line."""


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One row: ``file`` below the folder, its address and the time of its fetch (UTC), None where not given."""

    file: str
    url: str | None
    fetched_at: datetime | None
    line: int


@dataclass(slots=True)
class Manifest:
    """The usable rows by file, and a remark for each row or value that cannot be used."""

    source_id: str
    rows: dict[str, ManifestRow] = field(default_factory=dict)
    remarks: list[Fetched] = field(default_factory=list)
    _by_form: dict[str, str] = field(default_factory=dict)

    def row_for(self, name: str) -> ManifestRow | None:
        """The row about the file ``name``; composed and decomposed letters count as the same."""
        return self.rows.get(name) or self.rows.get(self._by_form.get(unicodedata.normalize("NFC", name), ""))

    def add(self, row: ManifestRow) -> None:
        """Takes a row in; the first of two about one file counts, a different second one is remarked on."""
        form = unicodedata.normalize("NFC", row.file)
        held = self.rows.get(self._by_form.get(form, ""))
        if held is None:
            self.rows[row.file] = row
            self._by_form[form] = row.file
        elif (held.url, held.fetched_at) != (row.url, row.fetched_at):
            self.remark(row.line, row.file, f"names {row.file} again, line {held.line} counts")

    def remark(self, line: int, file: str | None, said: str, outcome: Outcome = Outcome.bad_manifest_row) -> None:
        """Notes what is wrong with a row."""
        reason = f"{MANIFEST}, line {line}: {said}"
        now = datetime.now(UTC)
        attempt = Attempt(self.source_id, file or MANIFEST, None, outcome, reason, now, role=Role.manifest)
        self.remarks.append(Fetched(None, attempt))


def read_manifest(folder: Path, source_id: str) -> Manifest:
    """The manifest of ``folder``, empty where there is none.

    Raises FolderError where it cannot be read at all: not UTF-8, no ``file`` column, unknown columns, a broken quote.
    """
    manifest = Manifest(source_id)
    path = folder / MANIFEST
    if not path.is_file():
        return manifest
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        columns = _columns(path, next(reader, []))
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(manifest, columns, cells, start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise FolderError(f"{path}, line {reader.line_num}: not valid CSV: {error}") from None
    return manifest


def parse_time(text: str) -> datetime:
    """An ISO date or date and time as UTC; without a zone it is taken as UTC, a date alone as its midnight.

    Raises ValueError.
    """
    moment = datetime.fromisoformat(text.strip())
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError(f"{text} is out of range") from None


def _text(path: Path) -> str:
    try:
        if path.resolve().parent != path.parent:
            raise FolderError(f"{path}: a link that leads out of the folder; it is not followed")
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise FolderError(f"{path}: larger than {MAX_MANIFEST_BYTES / 1_000_000:g} MB")
        content = path.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or error
        raise FolderError(f"{path}: cannot be opened: {reason}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FolderError(f"{path}, line {line}: not UTF-8; save it as CSV UTF-8") from None


def _columns(path: Path, header: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in header]
    unknown = [name for name in columns if name not in _COLUMNS]
    if "file" not in columns or unknown or len(set(columns)) < len(columns):
        raise FolderError(f"{path}, line 1: the columns must be file,url[,fetched_at], not {','.join(header)[:200]}")
    return columns


def _take(manifest: Manifest, columns: list[str], cells: list[str], line: int) -> None:
    """Takes one row in, or remarks on it."""
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        manifest.remark(line, None, f"{len(cells)} cells, but there are {len(columns)} columns")
        return
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
    file = _file_name(values.get("file", ""))
    if file is None:
        manifest.remark(line, None, f"not a file below the folder: {values.get('file', '')[:200] or '(empty)'}")
        return
    manifest.add(ManifestRow(file, _url(manifest, file, values, line), _time(manifest, file, values, line), line))


def _file_name(text: str) -> str | None:
    """``text`` as a path below the folder with "/", None where it is none."""
    path = PurePosixPath(text.replace("\\", "/"))
    if not text or path.is_absolute() or ".." in path.parts or not path.parts or "\x00" in text:
        return None
    return path.as_posix()


def _url(manifest: Manifest, file: str, values: dict[str, str], line: int) -> str | None:
    text = values.get("url", "")
    if not text:
        return None
    try:
        return web_address(text)
    except BadUrl as error:
        said = f"the address of {file} is taken as unknown: {error}"
        manifest.remark(line, file, said, Outcome.bad_url)
        return None


def _time(manifest: Manifest, file: str, values: dict[str, str], line: int) -> datetime | None:
    text = values.get("fetched_at", "")
    if not text:
        return None
    try:
        return parse_time(text)
    except ValueError:
        manifest.remark(line, file, f"fetched_at of {file} is taken as unknown: {text[:60]} is not an ISO date or time")
        return None
