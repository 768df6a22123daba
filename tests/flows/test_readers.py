"""Readers while builds are published: eight processes, twenty publishes, never an error and never a half state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import flow_fakes as fakes
import pytest
import reader_process

from flows.warehouse.places import Places

READERS, PUBLISHES = 8, 20


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path / "warehouse")
    fakes.run_fake(places.root, fakes.write_pages(tmp_path / "pages"))
    return places


@pytest.fixture
def readers(places: Places, tmp_path: Path) -> Iterator[list[Path]]:
    """Eight processes that read until the file ``stop`` is there; each writes its answer into a file."""
    stop, answers = tmp_path / "stop", [tmp_path / f"reader{number}.json" for number in range(READERS)]
    script = str(Path(reader_process.__file__))
    processes = [
        subprocess.Popen([sys.executable, script, str(places.root), str(stop), str(answer)], env={**os.environ})
        for answer in answers
    ]
    yield answers
    stop.touch()
    for process in processes:
        process.wait(timeout=60)


def test_eight_readers_see_one_whole_build_each_through_twenty_publishes(
    places: Places, readers: list[Path], tmp_path: Path
) -> None:
    first = places.published.resolve().name
    _until_all_have_read(first, readers)
    made = []
    for _ in range(PUBLISHES):
        made.append(fakes.publish_again(places))
        time.sleep(0.05)
    _until_all_have_read(made[-1], readers)
    (tmp_path / "stop").touch()
    answers = [_answer(path) for path in readers]
    assert [fault for answer in answers for fault in answer["faults"]] == []
    assert all({first, made[-1]} <= set(answer["builds"]) for answer in answers)
    seen = {build for answer in answers for build in answer["builds"]}
    assert len(seen & set(made)) >= 3, "the builds changed under the readers"


def _until_all_have_read(build: str, readers: list[Path]) -> None:
    """Waits for each reader that has not ended with a fault."""
    until = time.monotonic() + 60
    for path in readers:
        seen = path.with_suffix(".builds")
        while not path.is_file() and not (seen.is_file() and build in seen.read_text(encoding="utf-8").split()):
            assert time.monotonic() < until, f"{path.stem} never read {build}"
            time.sleep(0.05)


def _answer(path: Path) -> dict[str, list[str]]:
    until = time.monotonic() + 60
    while not path.is_file() or not path.read_text():
        assert time.monotonic() < until, f"{path.name} never came"
        time.sleep(0.05)
    return json.loads(path.read_text())  # type: ignore[no-any-return]


def test_a_reader_notices_a_half_state(places: Places) -> None:
    database = places.published_db.resolve()
    assert reader_process.read_once(database, database.parent.name) == database.parent.name
    with duckdb.connect(str(database)) as con:
        con.execute("delete from marts.fct_metric_values where value = 1")
    with pytest.raises(ValueError, match=r": marts\.fct_metric_values has "):
        reader_process.read_once(database, database.parent.name)
    with duckdb.connect(str(database)) as con:
        con.execute("update ops.build_info set build_id = 'another'")
    with pytest.raises(ValueError, match="build_info"):
        reader_process.read_once(database, database.parent.name)
