"""A small warehouse with an archive and two builds, copied for each test that breaks something."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))  # the tiny build and gate of the flow's tests

import flow_fakes as fakes

from flows.doctor import fonts, server
from flows.warehouse.places import Places


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Never changed by a test."""
    folder = tmp_path_factory.mktemp("whole")
    for count in (2, 4):
        fakes.run_fake(folder / "warehouse", fakes.write_pages(folder / "pages", count))
    return Places(folder / "warehouse")


@pytest.fixture
def places(whole: Places, tmp_path: Path) -> Places:
    """A copy to break."""
    shutil.copytree(whole.root, tmp_path / "warehouse", symlinks=True)
    return Places(tmp_path / "warehouse")


@pytest.fixture
def pages(whole: Places) -> Path:
    """The pages that the warehouse was made of."""
    return whole.root.parent / "pages"


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is so on one machine and not on another is not the matter here."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(fonts, "_by_fontconfig", lambda: ["Noto Sans CJK SC"])
    monkeypatch.setattr(server, "DEFAULT_PORT", 0)
