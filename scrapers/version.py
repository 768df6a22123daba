"""The version of the reader, computed from every file that can change a reading: no one can forget to bump it."""

from __future__ import annotations

import hashlib
from pathlib import Path

_HERE = Path(__file__).parent
_PARTS = ("clean", "extract", "catalogue", "document.py", "read.py")
# a measure of the reader, words of list pages, sums over what was read, what a missing page means, names in English and
# for maps: no part of the reader
_NOT_READ = {
    "catalogue/accuracy.csv", "catalogue/listing.yaml", "catalogue/rates.yaml", "catalogue/coverage.csv",
    "catalogue/divisions/provinces.csv", "catalogue/divisions/not_publishing.csv",
    "catalogue/divisions/english_names.csv", "catalogue/divisions/english_kinds.csv",
    "catalogue/divisions/syllables.csv", "catalogue/divisions/place_readings.csv",
    "catalogue/divisions/make_syllables.py",
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
