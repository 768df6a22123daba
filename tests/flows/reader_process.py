"""One reader of published builds, a process of its own: reads until it is told to stop, then says what was wrong."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb


def read_once(database: Path, build_id: str | None) -> str:
    """Reads every table through one connection; gives the build's id. Raises ValueError where anything is not of it."""
    with duckdb.connect(str(database), read_only=True, config={"threads": 1}) as con:
        one = con.execute("select build_id from ops.build_info").fetchall()
        if len(one) != 1 or (build_id is not None and one[0][0] != build_id):
            raise ValueError(f"{build_id}: ops.build_info says {one}")
        found = str(one[0][0])
        folder = database.resolve().parent if build_id else database.parent.parent / "builds" / found
        counts: dict[str, int] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["row_counts"]
        columns = con.execute(
            "select schema_name || '.' || table_name, bool_or(column_name = 'build_id') and table_name not in ('runs', 'gate_history', 'gate_overrides') "
            "from duckdb_columns() where not internal and (schema_name, table_name) in (select schema_name, table_name from duckdb_tables() "
            "union all select schema_name, view_name from duckdb_views() where schema_name = 'marts' "
            "and view_name <> 'value_lineage') "
            "group by schema_name, table_name order by all"
        ).fetchall()  # these tell of other builds too
        if {name for name, _ in columns} != set(counts):
            raise ValueError(f"{found}: tables {columns}, the manifest has {sorted(counts)}")
        for name, says_build in columns:
            _check(con, name, counts[name], found if says_build else None)
            parquet = folder / "parquet" / f"{name.partition('.')[2]}.parquet"
            _check(con, f"read_parquet('{parquet}')", counts[name], found if says_build else None)
        return found


def _check(con: duckdb.DuckDBPyConnection, name: str, count: int, build_id: str | None) -> None:
    of_build = "list(distinct build_id)" if build_id else "null"
    got: Any = con.execute(f"select count(*), {of_build} from {name}").fetchone()
    if got[0] != count or (build_id and count and got[1] != [build_id]):
        raise ValueError(f"{build_id}: {name} has {got}, the manifest says {count}")


def main(root: Path, stop: Path, answer: Path) -> None:
    """Reads by turns a build that was looked up first, and whatever the link shows at the moment.

    Each build that was read is a line of the file ``answer`` with the ending .builds, at once.
    """
    faults: list[str] = []
    builds: list[str] = []
    while not stop.exists():
        try:
            if len(builds) % 2:
                builds.append(read_once(root / "published" / "gongkai.duckdb", None))
            else:
                folder = (root / "published").resolve(strict=True)
                builds.append(read_once(folder / "gongkai.duckdb", folder.name))
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
            break
        with answer.with_suffix(".builds").open("a", encoding="utf-8") as file:
            file.write(f"{builds[-1]}\n")
        time.sleep(0.4)  # eight of them share the machine with the writer
    answer.write_text(json.dumps({"faults": faults, "builds": sorted(set(builds))}))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
