"""What an incremental build saves: python -m benchmarks.builds LANDING [--documents N] [--more N] [--folder DIR].

LANDING is a landing database with some pages that have been read, such as warehouse/sample/landing.duckdb. It is grown
to N documents and built; then some more land and are built twice, on the base of the first build and without it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import duckdb

from benchmarks.grown import grow
from flows.base import keep
from flows.build import build, new_build_id
from flows.settings import CATALOGUE, prepare_environment
from flows.warehouse.places import Places

_UNITS = CATALOGUE / "divisions" / "units.csv"
_SHOWN = 12


def main() -> None:
    """Builds three times and prints seconds of this process's own time, by build and by model."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.builds", description=__doc__)
    parser.add_argument("landing", type=Path)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--more", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="where the warehouse is made; about 50 KB a document")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        _measure(Places(Path(folder)), wanted.landing, wanted.documents, wanted.more)


def _measure(places: Places, landing: Path, documents: int, more: int) -> None:
    prepare_environment(places.state)
    reader = _reader(landing)
    following = grow(landing, places.landing, documents, _UNITS, reader)
    first, before = _timed("first build, full", places, reader, full_refresh=True)
    keep(places, first)
    grow(places.landing, places.landing, _count(places.landing) + more, _UNITS, reader, following)
    print(f"{_count(places.landing)} documents; the last of them are new")
    on_base, short = _timed("on the base", places, reader, full_refresh=False)
    anew, long = _timed("full", places, reader, full_refresh=True)
    print(f"ratio of the models' seconds: {sum(short.values()) / sum(long.values()):.2f}")
    for name, seconds in sorted(long.items(), key=lambda item: -item[1])[:_SHOWN]:
        print(f"  {name:32} {seconds:7.2f} full {short[name]:7.2f} on the base {before[name]:7.2f} first")
    _same_rows(on_base, anew)


def _timed(name: str, places: Places, reader: str, full_refresh: bool) -> tuple[Path, dict[str, float]]:
    own, wall = process_time(), perf_counter()
    database = build(places, new_build_id("measured"), "sample", reader, full_refresh)
    own, wall = process_time() - own, perf_counter() - wall
    print(f"{name:20} {own:8.1f} s of processor time, {wall:8.1f} s, {database.stat().st_size / 1e6:.0f} MB")
    results = json.loads((places.state / "dbt" / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return database, {one["unique_id"].rpartition(".")[2]: one["execution_time"] for one in results}


def _same_rows(one: Path, other: Path) -> None:
    with duckdb.connect(str(one), read_only=True) as con:
        con.execute(f"attach '{other}' as other (read_only)")
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'other' and schema_name in ('marts', 'evidence', 'ops')"
        ).fetchall()
        differing = [name for (name,) in tables if _rows(con, f"from {name} except all from other.{name}")]
        differing += [name for (name,) in tables if _rows(con, f"from other.{name} except all from {name}")]
    print(f"{len(tables)} published tables compared; differing: {', '.join(sorted(set(differing))) or 'none'}")


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(f"select count(*) from ({query})").fetchone()
    return int(row[0]) if row else 0


def _ask(landing: Path) -> Callable[[str], object]:
    def ask(query: str) -> object:
        with duckdb.connect(str(landing), read_only=True) as con:
            row = con.execute(query).fetchone()
        return row[0] if row else None

    return ask


def _reader(landing: Path) -> str:
    return str(_ask(landing)("select reader_version from raw.readings order by read_run_id desc limit 1"))


def _count(landing: Path) -> int:
    return int(str(_ask(landing)("select count(*) from raw.documents")))


if __name__ == "__main__":
    main()
