"""Prefect's temporary server: started before the flow, and an orphan of a killed run is stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from pathlib import Path

from flows.files import write_json_whole

_SERVER = "prefect.server.api.server:create_app"


def start_server(state: Path) -> None:
    """Makes sure that Prefect's server answers, before a run takes its first lock.

    A run that is killed cannot stop its server, so the server's process is noted and stopped at the next start.
    """
    from prefect.client.orchestration import get_client
    from prefect.server.api.server import SubprocessASGIServer

    notes = state / "prefect" / "servers"
    _stop_orphans(notes)
    with get_client(sync_client=True) as client:
        client.hello()
    for server in SubprocessASGIServer._instances.values():
        if server.server_process is not None:
            pid = server.server_process.pid
            write_json_whole(notes / f"{pid}.json", {"server": pid, "run": os.getpid()})


def _stop_orphans(notes: Path) -> None:
    for note in notes.glob("*.json"):
        try:
            pids = json.loads(note.read_text(encoding="utf-8"))
            server, run = int(pids["server"]), int(pids["run"])
        except (OSError, ValueError, KeyError, TypeError):
            note.unlink(missing_ok=True)
            continue
        if run != os.getpid() and _is_alive(run):
            continue
        if _SERVER in _command_line(server):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(server, signal.SIGTERM)
        note.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_line(pid: int) -> str:
    """The command of a process; empty where it is gone or where the system does not tell (then nothing is stopped)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
