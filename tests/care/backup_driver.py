"""Makes and takes backups, and says what stands in a warehouse."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from flows.keeping.backup import back_up
from flows.keeping.restore import restore
from flows.warehouse.places import Places

KINDS = ["b.tar.zst", "b"]


def silent(total: int) -> Callable[[int], None]:
    return lambda size: None


def make(places: Places, target: Path, all_builds: bool = False, wait: float = 5) -> Path:
    back_up(places, target, all_builds, wait, print, silent)
    return target


def take(backup: Path, root: Path) -> Places:
    restore(backup, Places(root), silent)
    return Places(root)


def tree(root: Path) -> dict[str, str]:
    """Every file and link below a folder, but for what tools keep."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file() and not name.startswith("state/"):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def tables(database: Path) -> dict[str, list[Any]]:
    with duckdb.connect(database, read_only=True) as con:
        names = con.execute("select schema_name || '.' || table_name from duckdb_tables() order by 1").fetchall()
        return {name: con.execute(f"select * from {name} order by all").fetchall() for (name,) in names}
