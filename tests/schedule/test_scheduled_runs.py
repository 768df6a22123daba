"""Runs by themselves on a real server with a worker: queueing, kills, stopping, what they leave for people.

The tests of this module use one schedule and follow each other.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx
import pytest
from up_driver import Schedule, fakes, until

from flows.schedule.processes import is_alive
from flows.schedule.record import KEEPER, SERVER, WORKER, read_record
from flows.schedule.run_notes import noted_runs

VALUES = "select report_id, metric_id, value from marts.fct_metric_values order by all"
_TABLES = ("raw.documents", "raw.contents", "raw.texts", "raw.figures", "raw.readings")


def _like_a_clean_run(schedule: Schedule, folder: Path) -> None:
    """Nothing lost, nothing doubled: published and landed as by one run that nothing happened to."""
    clean = folder / "clean"
    fakes.run_fake(clean, schedule.pages)
    assert schedule.published(VALUES) == fakes.rows(clean / "published" / "gongkai.duckdb", VALUES)
    for table in _TABLES:
        query = f"select count(*) from {table}"
        assert schedule.rows(query) == fakes.rows(clean / "landing.duckdb", query), table
    assert not [path.name for path in schedule.places.builds.iterdir() if path.name.startswith(".")]


def test_runs_happen_by_themselves_and_the_second_changes_nothing(schedule: Schedule) -> None:
    ticking = schedule.api.deployments()["quick/ticking"]

    def ended() -> bool:
        runs = [run for run in schedule.api.runs("COMPLETED", "FAILED", "CRASHED") if run["deployment_id"] == ticking]
        return len(runs) >= 2

    until(ended, "two runs of the schedule")
    until(lambda: schedule.api.take_away(ticking), "the deployment is taken away when none of its runs is under way")
    schedule.drain()
    rows = schedule.rows(
        "select flow, deployment, outcome, prefect_flow_run_id is not null from ops.runs order by started_at limit 2"
    )
    assert rows == [("quick", "ticking", "published", True), ("quick", "ticking", "unchanged", True)]


def test_two_at_once_queue_and_both_end_well(schedule: Schedule) -> None:
    fakes.write_pages(schedule.pages, 4)
    first, second = schedule.start(), schedule.start()
    assert (schedule.ends(first), schedule.ends(second)) == ("COMPLETED", "COMPLETED")
    schedule.drain()
    times = schedule.rows(
        f"select started_at, ended_at from ops.runs where prefect_flow_run_id in ('{first}', '{second}') order by all"
    )
    assert len(times) == 2
    assert times[0][1] <= times[1][0], "the second began when the first had ended"


def test_worker_and_server_killed_in_the_middle_of_a_run(schedule: Schedule, tmp_path: Path) -> None:
    """Both are started again; the run outlives them and tells the new server how it ended."""
    hold = tmp_path / "hold"
    hold.touch()
    fakes.write_pages(schedule.pages, 6)
    run = schedule.start(hold=str(hold))
    schedule.holds(run)
    before = schedule.record
    schedule.kill(WORKER, SERVER)
    until(lambda: schedule.api.is_healthy() and schedule.record.is_alive(WORKER), "both are up again")
    hold.unlink()
    assert schedule.ends(run) == "COMPLETED"
    assert schedule.record.processes[KEEPER] == before.processes[KEEPER]
    assert not any(is_alive(before.processes[name]) for name in (WORKER, SERVER))
    _like_a_clean_run(schedule, tmp_path)


def test_killed_run_is_closed_and_the_next_completes(schedule: Schedule, tmp_path: Path) -> None:
    """With the worker gone no one else tells Prefect that the run is dead; its place in the queue is freed."""
    hold = tmp_path / "hold"
    hold.touch()
    fakes.write_pages(schedule.pages, 8)
    run = schedule.start(hold=str(hold))
    schedule.holds(run)
    schedule.kill(WORKER)
    os.kill(noted_runs(schedule.places)[run].pid, signal.SIGKILL)
    assert schedule.ends(run) == "CRASHED"
    assert schedule.ends(schedule.start()) == "COMPLETED"
    outcomes = dict(schedule.rows("select prefect_flow_run_id, outcome from ops.runs"))
    assert outcomes[run] == "crashed"
    _like_a_clean_run(schedule, tmp_path)
    assert any("crashed before" in notice["message"] for notice in schedule.notices)


def test_cancelled_run_cleans_up(schedule: Schedule, tmp_path: Path) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    fakes.write_pages(schedule.pages, 9)
    run = schedule.start(hold=str(hold))
    schedule.holds(run)
    carrier = noted_runs(schedule.places)[run]
    schedule.api._post(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}})
    assert schedule.ends(run) == "CANCELLED"
    until(lambda: not is_alive(carrier), "its process is gone")
    row = schedule.rows(f"select outcome, ended_at is not null from ops.runs where prefect_flow_run_id = '{run}'")
    assert row == [("cancelled", True)]
    assert not list(schedule.places.builds.glob(".tmp-*"))


def test_what_may_pass_is_tried_again_and_each_stage_has_its_time(schedule: Schedule, tmp_path: Path) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    fakes.write_pages(schedule.pages, 10)
    quick = {"GONGKAI_RETRY_SECONDS": "0.2"}
    failed = schedule.start(quick, wrong=True)  # it has read the new page, so that the next one hangs in its build
    assert schedule.ends(failed) == "FAILED"
    hangs = schedule.start({**quick, "GONGKAI_STAGE_SECONDS": "15"}, hold=str(hold))
    assert schedule.ends(hangs) == "FAILED"
    stumbles = schedule.start(quick, stumble=True)
    assert schedule.ends(stumbles) == "COMPLETED"
    schedule.drain()
    rows = schedule.rows(f"select outcome, message from ops.runs where prefect_flow_run_id = '{hangs}'")
    assert rows[0][0] == "failed"
    assert "the stage build was not done after 15 s" in rows[0][1]
    assert not list(schedule.places.builds.glob(".tmp-*"))
    tries = (schedule.places.root / "tries.txt").read_text(encoding="utf-8").split()
    counts = [tries.count(run) for run in (failed, hangs, stumbles)]
    assert counts == [1, 1, 2], "only what may pass is tried again"


def test_refused_build_is_told_and_shown(schedule: Schedule) -> None:
    """Notice, artifacts, row and log of a run that the gate refuses."""
    fakes.write_pages(schedule.pages, 12)
    schedule.notices.clear()
    run = schedule.start(refuse=True)
    assert schedule.ends(run) == "FAILED"
    (notice,) = schedule.notices
    assert "the gate refused the build" in notice["title"]
    assert str(schedule.places.root) in notice["message"]
    assert "counts_reconcile" in notice["message"]
    found = schedule.api._post("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
    texts = {artifact["key"]: artifact["data"] for artifact in found if artifact["key"]}
    assert set(texts) == {"quick-summary", "quick-gate"}
    assert "refused" in texts["quick-summary"]
    assert "counts\\_reconcile" in texts["quick-gate"]
    until(lambda: any("stage build begins" in line for line in schedule.log(run)), "the log reaches the server")
    log = schedule.log(run)
    everything = "".join(log) + "".join(str(texts.values()))
    assert "hook-of-secrets" not in everything


def test_secrets_stay_out_of_what_is_written(schedule: Schedule) -> None:
    for file in [*schedule.places.state.rglob("*"), schedule.places.status]:
        if file.is_file() and not file.name.startswith("."):
            assert b"hook-of-secrets" not in file.read_bytes(), file


def test_deployments_of_the_project_are_scheduled_by_the_clock_of_china(schedule: Schedule) -> None:
    names = schedule.api.deployments()
    assert {"refresh/refresh", "recheck/recheck", "rebuild/rebuild", "backfill/backfill"} < set(names)
    runs = schedule.api._post("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})
    times = {run["expected_start_time"][11:16] for run in runs if run["deployment_id"] == names["refresh/refresh"]}
    assert times == {"19:30"}, "half past three in China"


def test_only_who_asks_for_a_token_can_change_anything(schedule: Schedule) -> None:
    """A web page elsewhere, open in a browser on this machine, could otherwise start programs here."""
    answer = httpx.post(f"{schedule.record.api}/flows/", json={"name": "evil"})
    assert answer.status_code == 403
    answer = httpx.options(
        f"{schedule.record.api}/flows/",
        headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert "access-control-allow-origin" not in answer.headers


def test_up_again_says_so_and_run_by_hand_is_seen(schedule: Schedule) -> None:
    before = schedule.record
    assert "It was up already" in schedule.up()
    assert schedule.record == before
    done = schedule.gongkai("run", "--pages", str(schedule.pages.parent / "nowhere"))
    assert done.returncode == 2


@pytest.mark.parametrize("killed", [(KEEPER,), (KEEPER, SERVER, WORKER)], ids=["keeper", "all"])
def test_up_mends_and_down_stops_after_a_crash(schedule: Schedule, killed: tuple[str, ...]) -> None:
    schedule.kill(*killed)
    schedule.up()
    record = schedule.record
    assert schedule.api.is_healthy()
    if len(killed) > 1:
        schedule.kill(KEEPER)
        done = schedule.gongkai("down")
        assert done.returncode == 0
        assert "Stopped." in done.stdout
        assert not any(is_alive(one) for one in record.processes.values())
        assert read_record(schedule.places) is None
        assert "Nothing runs" in schedule.gongkai("down").stdout
