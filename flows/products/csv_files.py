"""The marts as CSV that a spreadsheet opens well: UTF-8 with a byte order mark, and no cell that it would compute."""

from __future__ import annotations

import codecs
import shutil
from pathlib import Path

import duckdb

from flows.products.tables import Column, Table

# What spreadsheets take for a formula at the start of a cell, behind blanks that they skip, in full width too
# (OWASP: CSV injection).
_FORMULA = r"^[\s]*[=+\-@\t\r＝＋－＠]"


def write_csv_files(con: duckdb.DuckDBPyConnection, tables: list[Table], folder: Path) -> list[Path]:
    """One file a table, rows sorted; same rows, same bytes.

    NULL is an empty cell. Text that looks like a formula gets a leading apostrophe, so printed "-" and "+1" do too.
    Lists are JSON; times are ISO 8601 in UTC, to the second, whatever the time zone of the machine.
    """
    folder.mkdir()
    return [_write(con, table, folder / f"{table.name}.csv") for table in tables]


def _write(con: duckdb.DuckDBPyConnection, table: Table, file: Path) -> Path:
    columns = ", ".join(_cell(column) for column in table.columns)
    bare = file.with_suffix(".tmp")
    target = str(bare).replace("'", "''")
    con.execute(
        f"copy (select {columns} from {table.sql_name} order by all) to '{target}' (format csv, header, delimiter ',')"
    )
    with bare.open("rb") as source, file.open("wb") as out:
        out.write(codecs.BOM_UTF8)
        shutil.copyfileobj(source, out)
    bare.unlink()
    return file


def _cell(column: Column) -> str:
    name = '"' + column.name.replace('"', '""') + '"'
    if column.type.endswith("]") or column.type.startswith(("STRUCT", "MAP")):
        return f"cast(to_json({name}) as varchar) as {name}"
    if column.type == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as {name}"
    if column.type in ("VARCHAR", "JSON"):
        return f"case when regexp_matches({name}, '{_FORMULA}') then concat('''', {name}) else {name} end as {name}"
    return name
