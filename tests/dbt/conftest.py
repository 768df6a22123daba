"""One build of the small world for all tests of the models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builds import failures, rows, run_dbt
from world import build_world


@dataclass
class Built:
    """A finished build of the small world; ``ids`` maps the names of its documents to report ids."""

    state: Path
    landing: Path
    build: Path
    ids: dict[str, str]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query; ``$name$`` stands for the report id of a document of the world."""
        for name, ident in self.ids.items():
            sql = sql.replace(f"${name}$", f"'{ident}'")
        return rows(self.build, sql)

    def one(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query."""
        found = self.rows(sql)
        assert len(found) == 1, found
        return found[0]

    def name(self, ident: str | None) -> str | None:
        """The name of the document with this id."""
        return next((name for name, known in self.ids.items() if known == ident), ident)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small world, built once."""
    state = tmp_path_factory.mktemp("world")
    landing = build_world(state / "landing.duckdb")
    built = Built(state, state / "landing.duckdb", state / "build.duckdb", landing.ids)
    result = run_dbt(state, built.landing, built.build, "build", "--exclude-resource-type", "unit_test")
    assert failures(result) == []
    return built
