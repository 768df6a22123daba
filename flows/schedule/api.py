"""Prefect's server over HTTP, for those who wait for it and look after it: without importing Prefect, which is slow."""

from __future__ import annotations

import time
import uuid
from typing import Any

import httpx

POOL = "gongkai"
TAG = "gongkai"  # of the deployments that a file of ours describes
_LONGEST_PAUSE = 8.0
_UNDER_WAY = ("PENDING", "RUNNING", "CANCELLING")
_TERMINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Api:
    """Calls of one server. Raises httpx.HTTPError where it does not answer or refuses."""

    def __init__(self, url: str, seconds: float = 10) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)  # nothing to close: calls are rare
        self._client = httpx.Client(base_url=url, timeout=seconds, trust_env=False, limits=limits)
        self._name = str(uuid.uuid4())

    def is_healthy(self) -> bool:
        """Whether the server answers."""
        try:
            return self._client.get("/health").status_code == 200
        except httpx.HTTPError:
            return False

    def version(self) -> str:
        """That of the server's Prefect."""
        return str(self._checked(self._send("GET", "/version")))

    def last_heartbeats(self) -> list[str]:
        """When each worker of the pool was last heard of; none where there is no pool yet."""
        answer = self._send("POST", f"/work_pools/{POOL}/workers/filter", {})
        if answer.status_code == 404:
            return []
        return [str(worker["last_heartbeat_time"]) for worker in self._checked(answer)]

    def deployments(self) -> dict[str, str]:
        """Ids of our deployments by ``flow/deployment``."""
        flows = {flow["id"]: flow["name"] for flow in self._post("/flows/filter", {})}
        return {f"{flows[one['flow_id']]}/{one['name']}": one["id"] for one in self._ours()}

    def take_away(self, deployment: str) -> bool:
        """Deletes a deployment; while a run of it is under way, which could not end without it, it is only paused."""
        self._checked(self._send("POST", f"/deployments/{deployment}/pause_deployment"))
        if any(run["deployment_id"] == deployment for run in self.runs(*_UNDER_WAY)):
            return False
        self._checked(self._send("DELETE", f"/deployments/{deployment}"))
        return True

    def places_taken(self) -> dict[str, str]:
        """Deployments (ids) whose place for a run is taken, each with the id of its limit."""
        limits = {one["id"]: one.get("global_concurrency_limit") or {} for one in self._ours()}
        return {identity: limit["id"] for identity, limit in limits.items() if limit.get("active_slots")}

    def free_place(self, limit: str) -> None:
        """Nobody holds the place any more."""
        self._checked(self._send("PATCH", f"/v2/concurrency_limits/{limit}", {"active_slots": 0}))

    def start(self, deployment: str, parameters: dict[str, Any] | None = None) -> str:
        """Asks for a run of a deployment (its id) now; the id of the run."""
        return str(self._post(f"/deployments/{deployment}/create_flow_run", {"parameters": parameters or {}})["id"])

    def runs(self, *states: str) -> list[dict[str, Any]]:
        """The runs in any of the states (RUNNING, PENDING …), the newest first."""
        asked = {"flow_runs": {"state": {"type": {"any_": list(states)}}}, "sort": "START_TIME_DESC"}
        return list(self._post("/flow_runs/filter", asked))

    def late_runs(self, now: str) -> list[dict[str, Any]]:
        """The runs of schedules that should have begun before ``now`` and wait, the latest first."""
        asked = {
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "expected_start_time": {"before_": now},
            "deployment_id": {"is_null_": False},
        }
        runs = self._post("/flow_runs/filter", {"flow_runs": asked, "sort": "EXPECTED_START_TIME_DESC"})
        return [run for run in runs if run.get("auto_scheduled")]

    def leave_out(self, flow_run_id: str, message: str) -> None:
        """Cancels a run that has not begun."""
        self._post(f"/flow_runs/{flow_run_id}/set_state", {"state": {"type": "CANCELLED", "message": message}})

    def state_of(self, flow_run_id: str) -> dict[str, Any] | None:
        """The state of a run; None where the server does not know it."""
        answer = self._send("GET", f"/flow_runs/{flow_run_id}")
        return None if answer.status_code == 404 else self._checked(answer).get("state")

    def close_run(self, flow_run_id: str, message: str) -> bool:
        """Marks a run as crashed whose process is gone, unless it has come to an end; frees its place in the queue.

        Raises ValueError where the server does not take it.
        """
        state = self.state_of(flow_run_id)
        if state is None or state["type"] in _TERMINAL:
            return False
        answer = self._post(f"/flow_runs/{flow_run_id}/set_state", {"state": {"type": "CRASHED", "message": message}})
        if answer["status"] != "ACCEPT":
            raise ValueError(f"run {flow_run_id} could not be closed: {answer}")
        return True

    def _ours(self) -> list[dict[str, Any]]:
        return list(self._post("/deployments/filter", {"deployments": {"tags": {"all_": [TAG]}}}))

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._checked(self._send("POST", path, body))

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """The answer; a server whose database is busy (503) is asked again."""
        pause = 0.5
        while True:
            headers = self._token() if method != "GET" else {}
            answer = self._client.request(method, path, json=body, headers=headers)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or pause > _LONGEST_PAUSE:
                return answer
            time.sleep(pause)
            pause *= 2

    def _token(self) -> dict[str, str]:
        """The server takes changes only from who has asked it for a token (a web page elsewhere cannot)."""
        answer = self._client.get("/csrf-token", params={"client": self._name})
        token = answer.json().get("token") if answer.status_code == 200 else None
        return {"Prefect-Csrf-Client": self._name, "Prefect-Csrf-Token": str(token)} if token else {}

    @staticmethod
    def _checked(answer: httpx.Response) -> Any:
        answer.raise_for_status()
        return answer.json() if answer.content else None
