"""The base of a build: the working database of the last published build, whose large tables are carried over.

A row of an incremental model (materialized: incremental in dbt_project) is made of documents as one reader read them,
of models and of the catalogue. A base is used only where reader, models, catalogue and tools are the same; its stamps
(models int_*_stamps) say which documents and reports have other inputs, and only their rows are made anew. The base is
never written to: a build works on a copy, and the copy becomes the new base in one step when its build is published.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from flows.files import file_sha256, sync, tree_sha256
from flows.fingerprint import versions
from flows.settings import DBT_PROJECT, PROJECT
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION, connect

KEPT = "kept"  # the schema of what a build takes from its base beside the tables themselves
STAMPS = ("int_read_stamps", "int_report_stamps", "int_used_stamps")
# Folder of the dbt project, and seed, that changes often: corrections reach incremental models by their stamps.
_NOT_IN_KEY = {"corrections"}


def base_key(seeds: Path, variables: dict[str, str]) -> str:
    """What must be the same for rows of an earlier build to be those of this one, stamps apart."""
    models = [path for path in sorted(DBT_PROJECT.iterdir()) if path.name not in _NOT_IN_KEY]
    own = [PROJECT / "flows" / name for name in ("base.py", "build.py", "seeds.py", "published_seeds.py")]
    parts: dict[str, Any] = {
        "code": tree_sha256([*models, *own]),
        "seeds": {path.name: file_sha256(path) for path in sorted(seeds.glob("*.csv")) if path.stem not in _NOT_IN_KEY},
        "variables": {name: value for name, value in variables.items() if name != "build_id"},
        "versions": versions(),
        "schema": SCHEMA_VERSION,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def carry_over(places: Places, database: Path, key: str) -> bool:
    """Begins ``database`` with the incremental tables of the base; False, and no database, where none can be used."""
    if not places.base.is_file() or _key_of(places.base) != key:
        return False
    shutil.copyfile(places.base, database)
    try:
        with connect(database) as con:
            _clear(con)
    except (duckdb.Error, OSError):
        # a base is only a shortcut: without it everything is made anew
        database.unlink(missing_ok=True)
        database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
        return False
    return True


def _key_of(base: Path) -> str | None:
    try:
        with connect(base, read_only=True) as con:
            row = con.execute(f"select base_key from {KEPT}.base").fetchone()
    except Exception:  # whatever it is, it is no base
        return None
    return str(row[0]) if row else None


def _clear(con: duckdb.DuckDBPyConnection) -> None:
    """Leaves the incremental tables, and the stamps of their build under the schema kept."""
    staying = set(con.execute(f"select schema_name, table_name from {KEPT}.tables").fetchall())
    con.execute(f"drop schema {KEPT} cascade")
    con.execute(f"create schema {KEPT}")
    for name in STAMPS:
        con.execute(f"create table {KEPT}.{name} as from intermediate.{name}")
    for kind, query in (
        ("view", "select schema_name, view_name from duckdb_views() where not internal"),
        ("table", "select schema_name, table_name from duckdb_tables() where not internal"),
    ):
        for schema, name in con.execute(f"{query} and database_name = current_database()").fetchall():
            if schema != KEPT and (schema, name) not in staying:
                con.execute(f'drop {kind} "{schema}"."{name}"')
    con.execute("checkpoint")


def mark(database: Path, key: str, manifest: Path) -> None:
    """Writes into a finished ``database`` what it can be the base for: its key, the names of its incremental tables."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    names = [(node["schema"], node["alias"]) for node in nodes if node["config"].get("materialized") == "incremental"]
    with connect(database) as con:
        con.execute(f"drop schema if exists {KEPT} cascade")
        con.execute(f"create schema {KEPT}")
        con.execute(f"create table {KEPT}.base as select ? as base_key", [key])
        con.execute(f"create table {KEPT}.tables (schema_name varchar, table_name varchar)")
        con.executemany(f"insert into {KEPT}.tables values (?, ?)", sorted(names))


def keep(places: Places, database: Path) -> None:
    """Makes ``database``, whose build has been put together, the base of the next build; a marked one, else it goes."""
    if _key_of(database) is None:
        database.unlink()
        return
    places.base.parent.mkdir(parents=True, exist_ok=True)
    sync(database)
    database.replace(places.base)
    sync(places.base.parent)
