"""Exposures name what the pages of the dashboard read, and the data package everything that is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.publish import SCHEMAS
from flows.settings import PROJECT

PAGES = sorted(path for path in (PROJECT / "dashboards/screens").glob("*.py") if path.stem != "__init__")


@pytest.fixture(scope="module")
def manifest(artifacts: Path) -> dict:  # type: ignore[type-arg]
    return json.loads((artifacts / "target/manifest.json").read_text(encoding="utf-8"))


def read_by(manifest: dict, exposure: str) -> set[str]:  # type: ignore[type-arg]
    nodes = manifest["exposures"][f"exposure.gongkai.{exposure}"]["depends_on"]["nodes"]
    return {node.split(".")[-1] for node in nodes}


def models(manifest: dict, *schemas: str) -> set[str]:  # type: ignore[type-arg]
    nodes = manifest["nodes"].values()
    return {node["name"] for node in nodes if node["resource_type"] == "model" and node["schema"] in schemas}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_s_exposure_names_the_views_it_reads(page: Path, manifest: dict) -> None:  # type: ignore[type-arg]
    text = page.read_text(encoding="utf-8")
    named = {view for view in models(manifest, "dashboards") if f'"{view}"' in text}
    assert named
    assert read_by(manifest, f"dashboard_{page.stem}") == named


def test_the_data_package_is_everything_published(manifest: dict) -> None:  # type: ignore[type-arg]
    assert read_by(manifest, "data_package") == models(manifest, *SCHEMAS) - models(manifest, "dashboards")
