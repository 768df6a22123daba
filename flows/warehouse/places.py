"""Where things stand in the warehouse folder (drawn in docs/architecture.md)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

UNFINISHED = ".tmp-"  # how the name of a build folder begins until it is whole


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one warehouse. Nothing is created here."""

    root: Path

    @property
    def landing(self) -> Path:
        return self.root / "landing.duckdb"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def builds(self) -> Path:
        return self.root / "builds"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def published_db(self) -> Path:
        return self.published / "gongkai.duckdb"

    @property
    def status(self) -> Path:
        return self.root / "status.json"

    @property
    def rollback(self) -> Path:
        return self.root / "rolled_back.json"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def base(self) -> Path:
        """What the next build takes its unchanged rows from (flows/base.py)."""
        return self.state / "dbt" / "base.duckdb"

    @property
    def lock(self) -> Path:
        return self.state / "writer.lock"

    @property
    def lock_holder(self) -> Path:
        return self.state / "writer.json"
