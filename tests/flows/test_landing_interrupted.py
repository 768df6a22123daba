"""Ctrl-C while a batch lands: what has rows keeps its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.land import land
from flows.warehouse.store import create_tables
from scrapers.archive.writer import ArchiveWriter
from scrapers.document import Page
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role
from tests.archive.worlds import content

PAGE = b"a page"
RUN = "20260301T080000000Z-17"


class Interrupted:
    """A connection whose commit is interrupted: DuckDB then raises out of it, most often after it has committed."""

    def __init__(self, con: duckdb.DuckDBPyConnection, commits: bool) -> None:
        self._con = con
        self._commits = commits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def commit(self) -> None:
        if self._commits:
            self._con.commit()
        else:
            self._con.rollback()
        raise RuntimeError("Query interrupted")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        create_tables(connection)
        yield connection


@pytest.mark.parametrize("commits", [True, False])
def test_bytes_are_taken_back_only_where_they_have_no_rows(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, commits: bool
) -> None:
    attempt = Attempt("x", "a.html", None, Outcome.ok, None, datetime.now(UTC), role=Role.file)
    batch = [Fetched(Page(PAGE, file_name="a.html"), attempt)]
    with ArchiveWriter(tmp_path / "archive", RUN, "real") as archive:
        archive.folder.mkdir()
        with pytest.raises(RuntimeError, match="interrupted"):
            land(Interrupted(con, commits), archive, RUN, batch)  # type: ignore[arg-type]
    sha = hashlib.sha256(PAGE).hexdigest()
    assert content(con, archive.folder, sha) == (PAGE if commits else None)
    assert len(list(archive.folder.iterdir())) == commits
