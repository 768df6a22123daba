"""Closes the runs that nobody carries out any more, ends those that were cancelled while no worker looked, and leaves
out what was missed: after ten days without a machine, one refresh is enough.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flows.schedule.api import Api
from flows.schedule.processes import Process, is_alive
from flows.schedule.run_notes import forget, noted_runs
from flows.warehouse.places import Places

# a run's process notes itself within seconds; one that was given to a worker that died never will
_GIVEN_UP_AFTER = timedelta(minutes=10)
_CANCEL_AFTER = timedelta(minutes=2)  # the worker has had its time
LEFT_OUT = "a later run of the same deployment waits already and will do the same"
GONE = "the process of this run is gone: it was killed, or the machine stopped"


def sweep(places: Places, api: Api, now: datetime) -> Iterator[str]:
    """Does it, and says in a sentence each what it did."""
    carriers = noted_runs(places)
    for flow_run_id, carrier in carriers.items():
        if not is_alive(carrier):
            if api.close_run(flow_run_id, GONE):
                yield f"run {flow_run_id} is closed: {GONE}"
            forget(places, flow_run_id)
    waiting = set()
    for run in api.late_runs(now.isoformat()):
        if run["deployment_id"] in waiting:
            api.leave_out(run["id"], LEFT_OUT)
            yield f"run {run['id']} is left out: {LEFT_OUT}"
        waiting.add(run["deployment_id"])
    taken = api.places_taken()  # before the runs: a run that takes a place from here on is among them
    under_way = api.runs("PENDING", "RUNNING", "CANCELLING")
    for run in under_way:
        if run["state"]["type"] != "RUNNING":
            yield from _sweep_waiting(run, carriers.get(run["id"]), api, now)
    # where the server failed in the middle of ending a run, no other run of the deployment would ever begin
    for deployment in taken.keys() - {run["deployment_id"] for run in under_way}:
        api.free_place(taken[deployment])
        yield f"the place of deployment {deployment} is free again: no run of it is under way"


def _sweep_waiting(run: dict[str, Any], carrier: Process | None, api: Api, now: datetime) -> Iterator[str]:
    state = run["state"]
    waited = now - datetime.fromisoformat(state["timestamp"])
    if carrier is None and run.get("deployment_id") and waited > _GIVEN_UP_AFTER:
        if api.close_run(run["id"], "no process took this run up"):
            yield f"run {run['id']} is closed: no process took it up"
    elif carrier is not None and is_alive(carrier) and state["type"] == "CANCELLING" and waited > _CANCEL_AFTER:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(carrier.pid, signal.SIGTERM)
        yield f"run {run['id']} was cancelled: its process {carrier.pid} is asked to end"
