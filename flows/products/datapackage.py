"""datapackage.json: the CSV files of a build as a Frictionless data package (specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flows.files import file_sha256, write_json_whole
from flows.products.tables import Column, Table
from flows.published import SAMPLE_NOTICE

_TYPES = {
    "VARCHAR": "string", "JSON": "string", "BOOLEAN": "boolean", "INTEGER": "integer", "BIGINT": "integer",
    "UBIGINT": "integer", "DOUBLE": "number", "DATE": "date", "TIMESTAMP WITH TIME ZONE": "any",
}  # fmt: skip
_TITLE = "Annual reports on government information disclosure / 政府信息公开工作年度报告"


def write_datapackage(folder: Path, tables: list[Table], build_id: str, created_at: datetime, sample: bool) -> Path:
    """Describes ``folder``/csv; the description says where figures are invented."""
    text = "Metrics per place and year from the annual reports of Chinese public bodies; every value with its evidence."
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "gongkai",
        "title": _TITLE,
        "description": f"{SAMPLE_NOTICE}. {text}" if sample else text,
        "id": build_id,
        "version": build_id,
        "created": created_at.isoformat("T", "seconds"),
        "licenses": [_LICENSE],
        "resources": [_resource(folder, table) for table in tables],
    }
    path = folder / "datapackage.json"
    write_json_whole(path, package)
    return path


# What may be done with the data depends on its publishers: the policy says what is known.
_LICENSE = {"name": "per-source", "title": "Terms per source, see the data policy", "path": "docs/data-policy.md"}


def _resource(folder: Path, table: Table) -> dict[str, Any]:
    file = folder / "csv" / f"{table.name}.csv"
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"csv/{file.name}",
        "description": table.comment,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{file_sha256(file)}",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.type, "string"),
        "description": column.comment,
    }
    if column.required:
        field["constraints"] = {"required": True}
    return field
