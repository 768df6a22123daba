"""The gate is tried on the small world of tests/dbt: each test damages a copy of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bench import Bench

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "dbt"))

from world import built_world


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The small world, built once."""
    return built_world(tmp_path_factory.getbasetemp())


@pytest.fixture
def bench(original: tuple[Path, dict[str, str]], tmp_path: Path) -> Bench:
    """A copy of the world to damage."""
    return Bench(original[0], tmp_path, original[1])
