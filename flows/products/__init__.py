"""What a build gives to users beside its database: CSV, a data package, a dictionary, a citation, what changed."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from flows.products.citation import write_citation
from flows.products.csv_files import write_csv_files
from flows.products.datapackage import write_datapackage
from flows.products.dictionary import write_dictionary
from flows.products.tables import tables_of
from flows.settings import PROJECT

# The view that repeats the text around each value: no file of every build, but gongkai export writes it as Parquet.
LINEAGE = "value_lineage"
_POLICY = PROJECT / "docs" / "data-policy.md"


def write_products(
    con: duckdb.DuckDBPyConnection, folder: Path, build_id: str, created_at: datetime, sample: bool
) -> None:
    """Writes csv/, datapackage.json, docs/dictionary.*, docs/data-policy.md and CITATION.cff of the open database."""
    tables = tables_of(con)
    marts = [table for table in tables if table.schema == "marts" and table.name != LINEAGE]
    write_csv_files(con, marts, folder / "csv")
    write_datapackage(con, folder, marts, build_id, created_at, sample)
    write_dictionary(con, tables, folder, sample)
    shutil.copyfile(_POLICY, folder / "docs" / _POLICY.name)
    write_citation(folder, build_id, created_at, sample)
