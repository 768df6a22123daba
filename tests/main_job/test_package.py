"""The data package of the sample, read the way its users do: by its own description, with csv, pandas and polars."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.files import file_sha256
from tests.main_job.conftest import Published

# Table Schema 1: how a cell of each type is written
PARSERS: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": lambda cell: datetime.strptime(cell, "%Y-%m-%dT%H:%M:%SZ"),
    "array": lambda cell: list(json.loads(cell)) if cell.startswith("[") else int("no array"),
}


@pytest.fixture(scope="module")
def folder(sample: Published) -> Path:
    return (sample.root / "published").resolve()


@pytest.fixture(scope="module")
def package(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def rows(file: Path) -> list[dict[str, str]]:
    """As a spreadsheet opens it: the mark at the beginning is no part of the first name."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def test_the_descriptor_has_what_the_specification_wants(package: dict[str, Any], folder: Path) -> None:
    assert package["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert datetime.fromisoformat(package["created"]).tzinfo is not None
    assert all("name" in one or "path" in one for one in package["licenses"])
    assert all((folder / one["path"]).is_file() for one in package["licenses"])
    assert all(one["title"] for one in [*package["sources"], *package["contributors"]])
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names)) > 20
    assert {file.stem for file in (folder / "csv").iterdir()} == set(names), "every file is described"
    for resource in package["resources"]:
        assert resource["profile"] == "tabular-data-resource"
        assert re.fullmatch(r"[a-z0-9._/-]+", resource["name"])
        assert re.fullmatch(r"csv/[a-z0-9_]+\.csv", resource["path"])
        file = folder / resource["path"]
        assert (resource["bytes"], resource["hash"]) == (file.stat().st_size, f"sha256:{file_sha256(file)}")
        assert resource["encoding"] == "utf-8" and file.read_bytes().startswith(b"\xef\xbb\xbf")
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]


def test_every_cell_is_of_the_type_it_is_said_to_be(package: dict[str, Any], folder: Path) -> None:
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        table = rows(folder / resource["path"])
        if table:
            assert list(table[0]) == [field["name"] for field in fields]
        for field in fields:
            parse, where = PARSERS[field["type"]], f"{resource['name']}.{field['name']}"
            required = field.get("constraints", {}).get("required", False)
            for row in table:
                cell = row[field["name"]]
                assert cell or not required, f"{where} is required"
                if cell:
                    parse(cell)


def test_keys_name_a_row_and_pointers_lead_somewhere(package: dict[str, Any], folder: Path) -> None:
    tables = {resource["name"]: rows(folder / resource["path"]) for resource in package["resources"]}
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    assert sum("primaryKey" in schema for schema in schemas.values()) > 12
    assert sum(len(schema.get("foreignKeys", [])) for schema in schemas.values()) > 30
    for name, schema in schemas.items():
        if key := schema.get("primaryKey"):
            found = [tuple(row[column] for column in key) for row in tables[name]]
            assert len(found) == len(set(found)), name
        for pointer in schema.get("foreignKeys", []):
            target, (column,) = pointer["reference"]["resource"] or name, pointer["reference"]["fields"]
            there = {row[column] for row in tables[target]} | {""}
            (own,) = pointer["fields"]
            astray = {row[own] for row in tables[name]} - there
            assert astray == set(), f"{name}.{own} points to nothing in {target}"


def test_csv_and_parquet_say_what_the_database_says(package: dict[str, Any], folder: Path) -> None:
    with duckdb.connect(str(folder / "gongkai.duckdb"), read_only=True) as con:
        for resource in package["resources"]:
            name, fields = resource["name"], resource["schema"]["fields"]
            numbers = [field["name"] for field in fields if field["type"] in ("number", "integer")]
            parquet = f"read_parquet('{folder / 'parquet' / name}.parquet')"
            here, there = (con.execute(f"describe from {source}").fetchall() for source in (f"marts.{name}", parquet))
            assert [column[:2] for column in here] == [column[:2] for column in there], name
            for one, other in ((f"marts.{name}", parquet), (parquet, f"marts.{name}")):
                assert con.execute(f"from {one} except all from {other}").fetchall() == [], name
            table = con.execute(f"select * from marts.{name}").pl()
            assert len(table) == len(rows(folder / resource["path"])), name
            for column in numbers:
                cells = sorted(float(row[column]) for row in rows(folder / resource["path"]) if row[column])
                assert cells == sorted(float(value) for value in table[column].drop_nulls()), f"{name}.{column}"


def test_no_cell_computes_in_a_spreadsheet(package: dict[str, Any], folder: Path) -> None:
    for resource in package["resources"]:
        texts = {field["name"] for field in resource["schema"]["fields"] if field["type"] in ("string", "array")}
        bad = {
            (column, cell)
            for row in rows(folder / resource["path"])
            for column, cell in row.items()
            if column in texts and re.match(r"\s*[=+\-@\t\r＝＋－＠]", cell)
        }
        assert bad == set(), resource["name"]


def test_pandas_and_polars_read_everything(sample: Published, folder: Path) -> None:
    counts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["row_counts"]
    files = sorted((folder / "parquet").iterdir())
    assert len(files) == len(counts)
    for name, count in counts.items():
        file = folder / "parquet" / f"{name.partition('.')[2]}.parquet"
        assert len(polars.read_parquet(file)) == len(pandas.read_parquet(file)) == count, name
    for file in (folder / "csv").iterdir():
        count = counts[f"marts.{file.stem}"]
        # in one piece: codes stand beside names of zones in one column
        assert (
            len(pandas.read_csv(file, low_memory=False))
            == len(polars.read_csv(file, infer_schema_length=None))
            == count
        ), file.name
    assert pandas.read_csv(folder / "csv" / "fct_reports.csv").columns[0] == "report_id"


def test_the_citation_has_what_its_format_wants(folder: Path) -> None:
    from ruamel.yaml import YAML

    citation = YAML(typ="safe").load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert set(citation) <= {
        "cff-version", "message", "title", "authors", "type", "version", "date-released", "abstract", "keywords",
        "license", "url", "repository-code", "identifiers", "contact", "references", "doi", "commit",
    }  # fmt: skip
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "dataset")
    assert all(isinstance(citation[name], str) and citation[name] for name in ("message", "title", "version"))
    assert all(set(author) == {"name"} for author in citation["authors"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(citation["date-released"]))


def test_the_dictionary_explains_every_table_column_and_code(sample: Published, folder: Path) -> None:
    text = (folder / "docs" / "dictionary.md").read_text(encoding="utf-8")
    page = (folder / "docs" / "dictionary.html").read_text(encoding="utf-8")
    names = sample.rows(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() where not internal"
    )  # fmt: skip
    chapters = {part.partition("\n")[0].strip(): part for part in text.split("\n## ")}
    for table, column in names:
        assert f"| `{column}` |" in chapters[table], (table, column)
    codes = [
        code
        for table, column in (
            ("dim_metrics", "metric_id"), ("dim_checks", "check_id"), ("dim_rates", "rate_id"), ("dim_fields", "form_id"),
            ("dim_issues", "issue_code"), ("dim_sources", "source_id"),
        )
        for (code,) in sample.rows(f"select distinct {column} from marts.{table}")
    ]  # fmt: skip
    assert [code for code in codes if f"`{code}`" not in text or f"<code>{code}</code>" not in page] == []


def test_export_takes_away_what_is_asked_for(sample: Published, folder: Path, tmp_path: Path) -> None:
    def export(*arguments: str, code: int = 0) -> str:
        options = ["--warehouse", str(sample.root)]
        answer = CliRunner().invoke(app, ["export", *arguments, *options], env={"COLUMNS": "200"})
        assert answer.exit_code == code, answer.output
        return answer.output

    everything, tables = tmp_path / "all", tmp_path / "deep" / "tables"
    export(str(everything))
    assert file_sha256(everything / "gongkai.duckdb") == file_sha256(folder / "gongkai.duckdb")
    lineage = polars.read_parquet(everything / "parquet" / "value_lineage.parquet")
    assert len(lineage) == sample.rows("select count(*) from marts.fct_metric_values")[0][0]
    shown = export(str(tables), "--only", "csv")
    assert {path.name for path in tables.iterdir()} == {"csv", "datapackage.json", "CITATION.cff", "manifest.json"}
    assert folder.name in shown and "for spreadsheets" in shown
    assert "nothing is overwritten" in export(str(tables), code=2)
    (tmp_path / "file").touch()
    assert "not an empty folder" in export(str(tmp_path / "file"), code=2)
    assert "what may stand there is not whole" in export(str(tmp_path / "file" / "below"), code=1)
