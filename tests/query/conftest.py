"""A small published file for the tests of the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """A small published file beside a secret; afterwards nothing may have changed and nothing may be new."""
    folder = tmp_path / "published"
    folder.mkdir()
    path = folder / "gongkai.duckdb"
    with duckdb.connect(path) as con:
        con.execute("create schema marts; create schema ops")
        con.execute("create table marts.fct_reports as select range as report_id, 'secret' as text from range(10)")
        con.execute("create view marts.views as from marts.fct_reports")
    (folder / "secret.csv").write_text("a\nsecret\n", encoding="utf-8")
    (folder / "secret.json").write_text('{"a": "secret"}\n', encoding="utf-8")
    with duckdb.connect() as con:
        con.execute(f"copy (select 'secret' as a) to '{folder}/secret.parquet'")
    before = _files(folder)
    yield path
    assert _files(folder) == before


def _files(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in found}
