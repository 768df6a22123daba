"""What a build gives beside its database: CSV that computes nothing, a package that tells the truth, what changed."""

from __future__ import annotations

import csv
import io
import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.docs_server import serve_docs
from flows.faults import Fault
from flows.files import file_sha256
from flows.products import write_products
from flows.products.tables import tables_of
from flows.why import why

NASTY = [
    "=1+1",
    "+1",
    "-",
    "@SUM(A1)",
    "\t=1",
    "  =cmd|' /C calc'!A0",
    "正常",
    '"quoted", with comma',
    "two\nlines",
    "",
]
AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(tmp_path / "gongkai.duckdb")) as connection:
        connection.execute("create schema marts; create schema ops")
        connection.execute(
            "create table marts.things (id integer primary key, word varchar, words varchar[], number double not null)"
        )
        for number, word in enumerate([*NASTY, None]):
            connection.execute("insert into marts.things values (?, ?, ?, ?)", [number, word, [word or "x"], -number])
        connection.execute("comment on table marts.things is 'a <script>alert(1)</script> | table'")
        connection.execute("comment on column marts.things.word is 'what is printed'")
        yield connection


def products(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    folder.mkdir()
    write_products(con, folder, "build-1", AT, sample=True)
    return folder


def test_a_spreadsheet_finds_text_and_computes_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    raw = (products(con, tmp_path / "build") / "csv" / "things.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    words = [row["word"] for row in rows]
    assert words == [*(f"'{word}" for word in NASTY[:6]), *NASTY[6:9], "", ""]
    assert [row["number"] for row in rows][:3] == ["0.0", "-1.0", "-2.0"], "numbers stay numbers"
    assert json.loads(rows[6]["words"]) == ["正常"]


def test_the_package_describes_its_files(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = products(con, tmp_path / "build")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert "INVENTED SAMPLE DATA" in package["description"]
    [resource] = package["resources"]
    file = folder / resource["path"]
    assert (resource["bytes"], resource["hash"]) == (file.stat().st_size, f"sha256:{file_sha256(file)}")
    assert resource["schema"]["primaryKey"] == ["id"]
    types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    assert types == {"id": "integer", "word": "string", "words": "array", "number": "number"}
    assert "INVENTED" in (folder / "CITATION.cff").read_text(encoding="utf-8")


def test_the_dictionary_escapes_and_loads_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = products(con, tmp_path / "build")
    page = (folder / "docs" / "dictionary.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    text = (folder / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert "a &lt;script&gt;alert(1)&lt;/script&gt; \\| table" in text


def test_same_rows_same_bytes(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    one, two = products(con, tmp_path / "one"), products(con, tmp_path / "two")
    names = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert len(names) == 6
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


def test_keys_and_comments_of_tables(con: duckdb.DuckDBPyConnection) -> None:
    [table] = tables_of(con)
    assert (table.schema, table.name, table.key) == ("marts", "things", ("id",))
    assert [(column.name, column.required) for column in table.columns][:2] == [("id", True), ("word", False)]
    assert table.columns[1].comment == "what is printed"


BUILD = """
create schema marts;
create table marts.fct_reports (report_id varchar, source_url varchar, source_file varchar, duplicate_of varchar);
create table marts.fct_report_documents (document_id varchar, report_id varchar, source_url varchar, source_file varchar);
create table marts.fct_metric_values (report_id varchar, document_id varchar, field_id varchar, metric_id varchar,
    applicant_type varchar, value double, unit varchar, qualifier varchar, value_state varchar, is_preferred boolean);
"""


def build(path: Path, values: dict[tuple[str, str, str], float]) -> Path:
    """A build with a value for each (page, document, field)."""
    with duckdb.connect(str(path)) as con:
        con.execute(BUILD)
        for page, document in {key[:2] for key in values}:
            con.execute("insert into marts.fct_reports values (?, ?, null, null)", [document, page])
            con.execute("insert into marts.fct_report_documents values (?, ?, ?, null)", [document, document, page])
        for (_, document, name), value in values.items():
            con.execute(
                "insert into marts.fct_metric_values values (?, ?, ?, ?, null, ?, '件', 'exact', 'reported', true)",
                [document, document, name, name, value],
            )
    return path


def test_documentation_is_served_on_loopback_only(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.html").write_text("<p>here</p>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    with serve_docs(tmp_path / "docs", 0) as (address, _):
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}/index.html", timeout=10) as answer:
            assert answer.read() == b"<p>here</p>"
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/../secret.txt", timeout=10)


def test_why_needs_one_report_and_a_known_metric(tmp_path: Path) -> None:
    path = build(tmp_path / "a.duckdb", {("u1", "abc1", "f"): 1, ("u2", "abc2", "f"): 2})
    with duckdb.connect(str(path)) as con:
        con.execute("alter table marts.fct_reports add column agency_name varchar")
        con.execute("alter table marts.fct_reports add column jurisdiction_name varchar")
        con.execute("alter table marts.fct_reports add column report_year integer")
        with pytest.raises(Fault, match="fits 2 reports"):
            why(con, "abc", "f")
        with pytest.raises(Fault, match="no report"):
            why(con, "zzz", "f")
