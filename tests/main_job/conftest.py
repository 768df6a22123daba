"""The main job for real, without the orchestrator: real reader, dbt, gate and publishing; once per folder of pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from flows.fetch import Origin
from flows.history import Summary
from flows.progress import Silence
from flows.run import Stages, run_once
from flows.settings import Settings, prepare_environment
from flows.warehouse.places import Places

SHARED = Path(__file__).parents[3] / "shared"
BAD = Path(__file__).parents[1] / "fixtures" / "bad"


class Published:
    """A warehouse after a run: its published build, open for reading."""

    def __init__(self, root: Path, summary: Summary) -> None:
        self.root, self.summary = root, summary

    def rows(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a query on the published file."""
        with duckdb.connect(str(self.root / "published" / "gongkai.duckdb"), read_only=True) as con:
            return con.execute(query, list(values)).fetchall()


def run(root: Path, pages: Path | None, **settings: object) -> Published:
    """One run of the main job."""
    prepare_environment(Places(root).state)
    summary = run_once(root, Origin(pages=pages), Settings(**settings), Silence(), Stages())  # type: ignore[arg-type]
    return Published(root, summary)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The bundled sample, served on loopback and scraped."""
    return run(tmp_path_factory.mktemp("sample"), None)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The five example documents and the real PDF, with a manifest."""
    if not (SHARED / "seeds").is_dir():
        pytest.skip("shared/ with the example documents is not here")
    pages = tmp_path_factory.mktemp("pages")
    for file in [*sorted((SHARED / "seeds").iterdir()), SHARED / "real" / "huaian_office_2024.pdf"]:
        shutil.copy(file, pages / file.name)
    (pages / "manifest.csv").write_text(
        "file,url,fetched_at\n"
        "000_b6bf35f4b5744c45.txt,http://www.jingxian.gov.cn/art/2019/1/17/art_1_1.html,2024-05-01\n"
        "003_571ed394d0d9efb0.txt,https://mirror.example.com/a/3.html,\n",
        encoding="utf-8",
    )
    return run(tmp_path_factory.mktemp("shared"), pages)


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Published, Callable[[], Published]]]:
    """Bad input of every kind among good pages; the second value runs the same job again."""
    pages, root = tmp_path_factory.mktemp("bad"), tmp_path_factory.mktemp("warehouse")
    for file in BAD.iterdir():
        if file.suffix in (".html", ".pdf", ".doc"):
            shutil.copy(file, pages / file.name)
    (pages / "too_large.html").write_bytes(b"<html>" + b"x" * 300_000)
    limits = {"max_html_bytes": 200_000}
    yield run(root, pages, **limits), lambda: run(root, pages, **limits)
