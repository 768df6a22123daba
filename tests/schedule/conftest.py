"""One schedule for all tests here: `gongkai up` for real, with the project's deployments and two quick ones."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from up_driver import HERE, Schedule, fakes

from flows.schedule.deploying import SHIPPED
from flows.settings import PROJECT
from flows.warehouse.places import Places


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


def _needs_loopback() -> None:
    try:
        with socket.create_server(("127.0.0.1", 0)):
            pass
    except OSError as error:
        pytest.skip(f"no server can be started on 127.0.0.1: {error}")


@pytest.fixture(scope="session")
def schedule(
    tmp_path_factory: pytest.TempPathFactory, notices_hook: tuple[str, list[dict[str, Any]]]
) -> Iterator[Schedule]:
    """Prefect with server, worker and deployments; one of them runs every few seconds."""
    _needs_loopback()
    folder = tmp_path_factory.mktemp("schedule")
    pages = fakes.write_pages(folder / "pages", 3)
    file = folder / "prefect.yaml"
    _write_deployments(file, pages)
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
        yield made
    finally:
        made.gongkai("down")


def _write_deployments(file: Path, pages: Path) -> None:
    yaml = YAML(typ="safe", pure=True)
    found = yaml.load(SHIPPED.read_text(encoding="utf-8"))
    for name, schedules in (("by-hand", []), ("ticking", [{"interval": 30}])):
        found["deployments"].append(
            {
                "name": name,
                "tags": ["gongkai"],
                "entrypoint": f"{HERE / 'quick_flow.py'}:quick",
                "parameters": {"warehouse": "{{ $GONGKAI_WAREHOUSE }}", "pages": str(pages)},
                "schedules": schedules,
                "concurrency_limit": {"limit": 1, "collision_strategy": "ENQUEUE"},
                "work_pool": {"name": "gongkai"},
            }
        )
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(found, out)
