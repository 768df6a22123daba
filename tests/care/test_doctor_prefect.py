"""Prefect's server and schedule are broken in turn, and the doctor names it and says what to do."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from doctor_driver import examined, named

from flows.doctor import server
from flows.schedule.processes import process
from flows.schedule.record import KEEPER, SERVER, WORKER, Record, write_record
from flows.warehouse.places import Places

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def prefect() -> Iterator[tuple[int, dict[str, str]]]:
    """Something that answers like Prefect's server: its port, and what it says."""
    says = {"/api/health": "true", "/api/version": '"0.0.1"'}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = says.get(self.path)
            self.send_response(200 if text else 404)
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield listening.server_port, says
    listening.shutdown()
    listening.server_close()


def test_a_server_that_is_named(
    places: Places, prefect: tuple[int, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, says = prefect
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
    named(places, "server", "address", "warning", "has version 0.0.1", "requirements.txt")
    says["/api/version"] = json.dumps(server.metadata.version("prefect"))
    assert ("server", "address") not in examined(places)
    says["/api/version"] = "<html>"
    named(places, "server", "address", "fault", "does not answer", "unset PREFECT_API_URL")
    del says["/api/health"]
    named(places, "server", "address", "fault", "does not answer")
    for url in ("127.0.0.1:4200", "file:///etc/passwd"):
        monkeypatch.setenv("PREFECT_API_URL", url)
        named(places, "server", "address", "fault", "is no address of a server")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/api")
        named(places, "server", "address", "fault", "does not answer")


def test_a_schedule_that_is_up(
    places: Places, prefect: tuple[int, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, says = prefect
    says["/api/version"] = json.dumps(server.metadata.version("prefect"))
    here = process(os.getpid())
    assert here is not None
    write_record(places, Record(port, dict.fromkeys((KEEPER, SERVER, WORKER), here)))
    assert not {room for room, _ in examined(places)} & {"server"}
    monkeypatch.setenv("PREFECT_API_URL", f"http://localhost:{port}/api")
    named(places, "server", "address", "warning", "gongkai up started a server at")
    write_record(places, Record(port, {KEEPER: here, SERVER: here}))
    named(places, "server", "schedule", "fault", "its worker does not run", "gongkai up")
    says.clear()
    named(places, "server", "schedule", "fault", "does not answer", "gongkai down, then gongkai up")
    (places.state / "schedule" / "up.json").write_text("{", encoding="utf-8")
    named(places, "server", "schedule", "warning", "cannot be read")


def test_a_port_that_is_taken(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(server, "DEFAULT_PORT", taken.getsockname()[1])
        named(places, "server", "schedule", "warning", "is used by another program", "--port 0")


def test_a_server_of_a_run_that_is_gone(places: Places) -> None:
    notes = places.state / "prefect" / "servers"
    notes.mkdir(parents=True)
    (notes / "1.json").write_text(json.dumps({"server": os.getpid(), "run": 2**22 + 5}), encoding="utf-8")
    (notes / "2.json").write_text("{", encoding="utf-8")
    named(places, "server", "orphans", "warning", f"process {os.getpid()}", "stops them")
