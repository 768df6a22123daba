"""One schedule for all tests here: `gongkai up` for real, with the project's deployments and two quick ones."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from up_driver import HERE, Schedule, fakes

from flows.schedule.api import POOL
from flows.schedule.deploying import SHIPPED
from flows.settings import PROJECT
from flows.warehouse.places import Places

PAUSED = "shipped"


@pytest.fixture(scope="session")
def notices_hook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook on loopback: its address for apprise, and what it was sent."""
    taken: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/hook-of-secrets", taken
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def schedule(
    tmp_path_factory: pytest.TempPathFactory, notices_hook: tuple[str, list[dict[str, Any]]]
) -> Iterator[Schedule]:
    """Prefect with server, worker and deployments; one of them runs every few seconds."""
    folder = tmp_path_factory.mktemp("schedule")
    pages = fakes.write_pages(folder / "pages", 3)
    file = folder / "prefect.yaml"
    _write_deployments(file, [_quick("by-hand", pages, [])])
    address, taken = notices_hook
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GONGKAI_"))},
        "PYTHONPATH": os.pathsep.join([str(PROJECT), str(HERE), str(HERE.parent / "flows")]),
        "GONGKAI_NOTIFY": address,
        "GONGKAI_READ_WORKERS": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "8",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
    }
    made = Schedule(Places(folder / "warehouse"), pages, file, environment, taken)
    try:
        made.up()
        made.api._post(f"/work_pools/{POOL}/queues", {"name": PAUSED, "is_paused": True})
        ticking = _quick("ticking", pages, [{"interval": 30}])
        _write_deployments(file, [*_shipped(), _quick("by-hand", pages, []), ticking])
        made.up()
        yield made
    finally:
        made.gongkai("down")


def _shipped() -> list[dict[str, Any]]:
    """The project's deployments, scheduled as they are, but in a queue that no worker takes from: whatever the hour,
    none of them begins in the middle of the tests.
    """
    found = YAML(typ="safe", pure=True).load(SHIPPED.read_text(encoding="utf-8"))["deployments"]
    return [{**one, "work_pool": {**one["work_pool"], "work_queue_name": PAUSED}} for one in found]


def _quick(name: str, pages: Path, schedules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "tags": ["gongkai"],
        "entrypoint": f"{HERE / 'quick_flow.py'}:quick",
        "parameters": {"warehouse": "{{ $GONGKAI_WAREHOUSE }}", "pages": str(pages)},
        "schedules": schedules,
        "concurrency_limit": {"limit": 1, "collision_strategy": "ENQUEUE"},
        "work_pool": {"name": POOL},
    }


def _write_deployments(file: Path, deployments: list[dict[str, Any]]) -> None:
    yaml = YAML(typ="safe", pure=True)
    whole = yaml.load(SHIPPED.read_text(encoding="utf-8"))
    with file.open("w", encoding="utf-8") as out:
        yaml.dump({**whole, "deployments": deployments}, out)
