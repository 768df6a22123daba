"""Drives a schedule that `gongkai up` started: asks for runs, waits, kills, looks at what is written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "flows"))

import flow_fakes as fakes

from flows.schedule.api import Api
from flows.schedule.record import Record, read_record
from flows.schedule.run_notes import noted_runs
from flows.warehouse.places import Places

HERE = Path(__file__).parent
PATIENCE = 300.0  # a busy machine; nothing waits longer than it must
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def until(true: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """What ``true`` gives as soon as it gives something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds:g} s: {what}")


@dataclass
class Schedule:
    """What `gongkai up` started, and how a test talks to it."""

    places: Places
    pages: Path
    file: Path
    environment: dict[str, str]
    notices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def record(self) -> Record:
        found = read_record(self.places)
        assert found is not None
        return found

    @property
    def api(self) -> Api:
        return Api(self.record.api, seconds=60)

    def gongkai(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command, in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "flows.cli", *arguments, "--warehouse", str(self.places.root)],
            env=self.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def up(self) -> str:
        done = self.gongkai("up", "--sample", "--port", "0", "--deployments", str(self.file))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, environment: dict[str, str] | None = None, **parameters: object) -> str:
        """Asks for a run of the quick flow now, with settings of its own."""
        deployment = self.api.deployments()["quick/by-hand"]
        wanted = {"parameters": parameters, "job_variables": {"env": environment or {}}}
        return str(self.api._post(f"/deployments/{deployment}/create_flow_run", wanted)["id"])

    def state(self, run: str) -> str:
        state = self.api.state_of(run)
        return str(state["type"]) if state else "?"

    def ends(self, run: str) -> str:
        return str(until(lambda: self.state(run) if self.state(run) in ENDED else None, f"the end of run {run}"))

    def log(self, run: str) -> list[str]:
        """The lines that a run left on the server."""
        asked = {"logs": {"flow_run_id": {"any_": [run]}}, "limit": 200}
        return [line["message"] for line in self.api._post("/logs/filter", asked)]

    def drain(self) -> None:
        """Takes away what is not begun and waits for the rest, so that the landing database can be looked at."""
        for run in self.api.runs("SCHEDULED"):
            if run["deployment_id"] is None or run["state"]["name"] == "AwaitingConcurrencySlot":
                self.api._send("DELETE", f"/flow_runs/{run['id']}")
        until(lambda: not self.api.runs("PENDING", "RUNNING") and not noted_runs(self.places), "no run is under way")

    def holds(self, run: str) -> None:
        """Waits until the run is held up in the middle of its build."""
        name = f"{run}"
        until(lambda: name in noted_runs(self.places), "the run begins")
        until(lambda: list(self.places.builds.glob(".tmp-*/build.duckdb")), "the build begins")
        time.sleep(0.5)

    def kill(self, *names: str) -> None:
        for name in names:
            os.kill(self.record.processes[name].pid, signal.SIGKILL)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """From the landing database, when no run has it open."""
        return fakes.rows(self.places.landing, query)

    def published(self, query: str) -> list[tuple[Any, ...]]:
        return fakes.rows(self.places.published_db, query)
