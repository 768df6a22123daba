"""The gate is tried on the small world of tests/dbt: each test damages a copy of it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "dbt"))

from builds import failures, run_dbt  # noqa: E402
from world import build_world  # noqa: E402

from expectations.gate import GateResult, run_gate  # noqa: E402


class Bench:
    """A landing database and its build, with SQL to damage either before the gate runs."""

    def __init__(self, original: Path, folder: Path, ids: dict[str, str]) -> None:
        self.folder = folder
        self.ids = ids
        for name in ("landing.duckdb", "build.duckdb"):
            shutil.copy(original / name, folder / name)
        self.published: Path | None = None

    def damage(self, database: str, *statements: str) -> None:
        """Run statements on "landing" or "build"; ``$name$`` stands for the report id of a document of the world."""
        with duckdb.connect(str(self.folder / f"{database}.duckdb")) as db:
            for statement in statements:
                for name, ident in self.ids.items():
                    statement = statement.replace(f"${name}$", f"'{ident}'")
                db.execute(statement)

    def publish(self) -> None:
        """Let a copy of the build be what is published now."""
        self.published = self.folder / "published.duckdb"
        shutil.copy(self.folder / "build.duckdb", self.published)

    def run(self) -> list[GateResult]:
        """The results of the gate."""
        return run_gate(self.folder / "build.duckdb", self.folder / "landing.duckdb", self.published, self.folder / "state")

    def failed(self) -> dict[str, GateResult]:
        """The failed rules by "suite.check_id"."""
        return {f"{result.suite}.{result.check_id}": result for result in self.run() if not result.success}


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The small world, built once."""
    folder = tmp_path_factory.mktemp("gate")
    landing = build_world(folder / "landing.duckdb")
    result = run_dbt(folder, folder / "landing.duckdb", folder / "build.duckdb", "run")
    assert failures(result) == []
    return folder, landing.ids


@pytest.fixture
def bench(original: tuple[Path, dict[str, str]], tmp_path: Path) -> Bench:
    """A copy of the world to damage."""
    return Bench(original[0], tmp_path, original[1])
