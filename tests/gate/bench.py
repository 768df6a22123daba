"""A copy of the small world that a test may damage before the gate runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from expectations.gate import GateResult, run_gate


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
        return run_gate(self.folder / "build.duckdb", self.folder / "landing.duckdb", self.published)

    def blocking(self, results: Iterable[GateResult]) -> list[GateResult]:
        """Those that keep a build from readers."""
        return [one for one in results if one.severity == "block" and not one.success]

    def failed(self) -> dict[str, GateResult]:
        """The failed rules by "suite.check_id"."""
        return {f"{result.suite}.{result.check_id}": result for result in self.run() if not result.success}
