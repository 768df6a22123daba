"""One build of the small world for all tests of the models."""

from __future__ import annotations

import pytest
from world import Built, built_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small world, built once."""
    folder, ids = built_world(tmp_path_factory.getbasetemp())
    return Built(folder, folder / "landing.duckdb", folder / "build.duckdb", ids)
