"""One build of the small world for all tests of the models, and one parse of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import Built, built_world

from flows.model_lint import parse


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small world, built once."""
    folder, ids = built_world(tmp_path_factory.getbasetemp())
    return Built(folder, folder / "landing.duckdb", folder / "build.duckdb", ids)


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dbt project parsed once: target/manifest.json and target/semantic_manifest.json in this folder."""
    state = tmp_path_factory.mktemp("parsed")
    assert parse(state), "dbt parse fails: see above"
    return state
