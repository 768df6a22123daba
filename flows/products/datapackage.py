"""datapackage.json: the CSV files of a build as a Frictionless data package (specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.files import file_sha256, write_json_whole
from flows.products.keys import pointers
from flows.products.tables import Column, Table
from flows.published import SAMPLE_NOTICE

_TYPES = {
    "BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "number", "FLOAT": "number", "JSON": "any", "VARCHAR": "string",
}  # fmt: skip
_TITLE = "Annual reports on government information disclosure / 政府信息公开工作年度报告"
_TEXT = (
    "Metrics per place and year from the annual reports of Chinese public bodies; every value with its evidence. "
    "NULL is an empty cell and means missing, never zero. "
    "Text that a spreadsheet would compute begins with an apostrophe."
)
_DIALECT = {
    "csvddfVersion": 1.2, "delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True,
    "skipInitialSpace": False, "header": True,
}  # fmt: skip
# What may be done with the data depends on its publishers: the policy and marts.dim_sources say what is known.
_LICENSE = {"title": "Terms per source, see the data policy and dim_sources", "path": "docs/data-policy.md"}


def write_datapackage(
    con: duckdb.DuckDBPyConnection, folder: Path, tables: list[Table], build_id: str, created_at: datetime, sample: bool
) -> Path:
    """Describes ``folder``/csv; the description says where figures are invented."""
    names = {table.name for table in tables}
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "gongkai",
        "title": _TITLE,
        "description": f"{SAMPLE_NOTICE}. {_TEXT}" if sample else _TEXT,
        "id": build_id,
        "version": build_id,
        "created": created_at.isoformat("T", "seconds"),
        "keywords": ["政府信息公开", "年度报告", "open government", "freedom of information", "China"],
        "licenses": [_LICENSE],
        "sources": _sources(con, names),
        "contributors": [{"title": "Gongkai contributors", "role": "wrangler"}],
        "resources": [_resource(folder, table, names) for table in tables],
    }
    if not package["sources"]:
        del package["sources"]
    path = folder / "datapackage.json"
    write_json_whole(path, package)
    return path


def _sources(con: duckdb.DuckDBPyConnection, tables: set[str]) -> list[dict[str, str]]:
    """Who published the pages, as far as it is known; the addresses are those of the registry, never of a page."""
    if "dim_sources" not in tables:
        return []
    rows = con.execute("select source_id, publisher, base_url from marts.dim_sources order by source_id").fetchall()
    return [
        {"title": publisher or f"{source_id}: publishers not in the registry"} | ({"path": url} if url else {})
        for source_id, publisher, url in rows
    ]


def _resource(folder: Path, table: Table, names: set[str]) -> dict[str, Any]:
    file = folder / "csv" / f"{table.name}.csv"
    schema: dict[str, Any] = {"fields": [_field(column, table) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = pointers(table.name, tuple(column.name for column in table.columns), names)
    if keys:
        schema["foreignKeys"] = [
            # a table that points to itself is named by nothing
            {
                "fields": list(key.columns),
                "reference": {"resource": "" if key.table == table.name else key.table, "fields": list(key.target)},
            }
            for key in keys
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"csv/{file.name}",
        "description": table.comment,
        "format": "csv",
        "mediatype": "text/csv",
        # with a byte order mark, which readers of the package skip; the name is that of the IANA registry
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{file_sha256(file)}",
        "schema": schema,
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": field_type(column.type), "description": column.comment}
    constraints = {"required": True} if column.required or column.name in table.key else {}
    if table.key == (column.name,):
        constraints["unique"] = True
    if constraints:
        field["constraints"] = constraints
    return field


def field_type(kind: str) -> str:
    """The type of Table Schema for a type of DuckDB, as the CSV files show it."""
    if kind.endswith("]"):
        return "array"
    if kind.startswith(("STRUCT", "MAP")):
        return "object"
    if kind.startswith("TIMESTAMP"):
        return "datetime"
    if kind.startswith("DECIMAL"):
        return "number"
    return "integer" if kind.endswith("INT") or kind == "INTEGER" else _TYPES.get(kind, "string")
