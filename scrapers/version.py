"""The version of the reader, computed from every file that can change a reading: no one can forget to bump it."""

from __future__ import annotations

import hashlib
from pathlib import Path

_HERE = Path(__file__).parent
# the last two read the names of sources and links
_PARTS = (
    "clean", "extract", "catalogue", "document.py", "read.py", "sources/naming.py", "fetch/wording.py",
)  # fmt: skip
# a measure of the reader, words of list pages, what is made of what was read, words about it, what a missing page
# means, names for maps and in English: no part of the reader
_NOT_READ = {
    f"catalogue/{name}"
    for name in (
        "accuracy.csv", "comparability.py", "comparability.yaml", "coverage.csv", "issues.yaml", "listing.yaml",
        "rates.yaml", "terms.yaml", "divisions/provinces.csv", "divisions/not_publishing.csv",
        "divisions/english_names.csv", "divisions/english_kinds.csv", "divisions/syllables.csv",
        "divisions/place_readings.csv", "divisions/make_syllables.py",
    )
}  # fmt: skip
_KINDS = {".py", ".yaml", ".yml", ".csv", ".txt", ".json"}


def reader_version(root: Path = _HERE) -> str:
    """The first 12 hex digits of a checksum over names and bytes of the files that make the reader under ``root``."""
    digest = hashlib.sha256()
    for part in _PARTS:
        path = root / part
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in _KINDS)
        for file in files:
            name = file.relative_to(root).as_posix()
            if name in _NOT_READ:
                continue
            digest.update(f"{name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]


READER_VERSION = reader_version()
