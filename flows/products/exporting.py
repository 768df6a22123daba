"""Export: a published build as a folder of files to take away."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import duckdb

from flows.faults import Fault, UsageFault
from flows.products import LINEAGE


class Kind(StrEnum):
    """What can be taken away from a build."""

    csv = "csv"
    parquet = "parquet"
    duckdb = "duckdb"
    docs = "docs"


_FILES = {
    Kind.csv: ("csv", "datapackage.json"),
    Kind.parquet: ("parquet",),
    Kind.duckdb: ("gongkai.duckdb",),
    Kind.docs: ("docs",),
}
_ALWAYS = ("CITATION.cff", "manifest.json")
MEANS = {
    "csv": "the marts, for spreadsheets (UTF-8)",
    "datapackage.json": "what stands in them: types, keys, sources (Frictionless)",
    "parquet": f"every table of marts, evidence and ops, and {LINEAGE}: each value with its sentence and page",
    "gongkai.duckdb": "all of it in one file, for SQL",
    "docs": "dictionary.html, data-policy.md, models",
    "CITATION.cff": "how to cite it",
    "manifest.json": "versions, counts, checksums, what changed",
}


def export_build(source: Path, folder: Path, kinds: Iterable[Kind]) -> list[str]:
    """Copies the build in ``source`` into the new or empty ``folder``; gives the names of what stands there.

    Raises UsageFault for a folder that is not empty, Fault for files that are missing or cannot be written.
    """
    kinds = list(kinds)
    names = [*(name for kind in kinds for name in _FILES[kind]), *_ALWAYS]
    missing = [name for name in names if not (source / name).exists()]
    if missing:
        raise Fault(f"{source.name} lacks {', '.join(missing)}: run `gongkai run` again, or choose with --only.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageFault(f"{folder} is there and not an empty folder; nothing is overwritten.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            copy = shutil.copytree if (source / name).is_dir() else shutil.copyfile
            copy(source / name, folder / name)
        if Kind.parquet in kinds:
            _write_lineage(source / "gongkai.duckdb", folder / "parquet" / f"{LINEAGE}.parquet")
    except (OSError, shutil.Error) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Fault(f"{folder}: {what}; what may stand there is not whole.") from None
    return names


def _write_lineage(database: Path, file: Path) -> None:
    """The view in which each value stands with its words: too wide to be written for each build."""
    with duckdb.connect(str(database), read_only=True) as con:
        if not con.execute("from duckdb_views() where view_name = ?", [LINEAGE]).fetchall():
            return  # a build of a version that had none
        quoted = str(file).replace("'", "''")
        rows = f"from marts.{LINEAGE} order by document_id, figure_no"
        con.execute(f"copy ({rows}) to '{quoted}' (format parquet, compression zstd)")
