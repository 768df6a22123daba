"""A run that is killed in any stage loses nothing, doubles nothing, and never breaks what is published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import flow_fakes as fakes
import pytest
from flow_driver import POINTS

from flows.settings import PROJECT
from flows.warehouse.places import Places

_TABLES = ("raw.documents", "raw.contents", "raw.texts", "raw.figures", "raw.readings")


def _kill_at(point: str, warehouse: Path, pages: Path) -> None:
    here = Path(__file__).parent
    ended = subprocess.run(
        [sys.executable, str(here / "flow_driver.py"), str(warehouse), str(pages), point],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), str(here)])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]


def _counts(warehouse: Path) -> dict[str, int]:
    return {t: len(fakes.rows(warehouse / "landing.duckdb", f"select * from {t}")) for t in _TABLES}


@pytest.mark.parametrize("point", POINTS)
def test_killed_run_is_made_good_by_the_next(point: str, tmp_path: Path) -> None:
    pages = fakes.write_pages(tmp_path / "pages", 3)
    warehouse = tmp_path / "warehouse"
    places = Places(warehouse)
    before = fakes.run_fake(warehouse, pages)
    fakes.write_pages(pages, 6)

    _kill_at(point, warehouse, pages)
    shown = fakes.rows(places.published_db, "select distinct build_id from marts.fct_reports")
    assert len(shown) == 1, "the published file opens and holds one build"
    if point != "publish_after_swap":
        assert shown == [(before.build_id,)]

    after = fakes.run_fake(warehouse, pages)
    assert after.outcome == ("unchanged" if point == "publish_after_swap" else "published")
    clean = tmp_path / "clean"
    fakes.run_fake(clean, fakes.write_pages(tmp_path / "pages", 6))
    assert _counts(warehouse) == _counts(clean)
    query = "select report_id, metric_id, value from marts.fct_metric_values order by all"
    values = fakes.rows(places.published_db, query)
    assert values == fakes.rows(Places(clean).published_db, query)
    assert len(values) == 6
    outcomes = fakes.rows(places.landing, "select outcome from ops.runs order by started_at")
    assert outcomes == [("published",), ("crashed",), (after.outcome,)]
    assert not [path.name for path in places.builds.iterdir() if path.name.startswith(".")]
