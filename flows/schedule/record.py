"""What `gongkai up` has started for a warehouse: the address, the processes, their logs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.files import write_json_whole
from flows.schedule.processes import Process, from_json, is_alive
from flows.warehouse.places import Places

KEEPER, SERVER, WORKER = "keeper", "server", "worker"


@dataclass(slots=True)
class Record:
    """One schedule that was started; it is taken away when it is stopped."""

    port: int
    processes: dict[str, Process] = field(default_factory=dict)  # by KEEPER, SERVER, WORKER

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def screen(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_alive(self, name: str) -> bool:
        """Whether a part still runs."""
        found = self.processes.get(name)
        return found is not None and is_alive(found)


def folder(places: Places) -> Path:
    """Where the record and its lock are."""
    return places.state / "schedule"


def logs(places: Places) -> Path:
    """Where the parts write their logs."""
    return places.state / "logs"


def write_record(places: Places, record: Record) -> None:
    """Writes what runs now."""
    processes = {name: one.as_json() for name, one in record.processes.items()}
    write_json_whole(_file(places), {"port": record.port, "processes": processes})


def read_record(places: Places) -> Record | None:
    """What was started and not stopped since; None where there is nothing."""
    try:
        value: Any = json.loads(_file(places).read_text(encoding="utf-8"))
        found = {name: from_json(one) for name, one in value["processes"].items()}
        return Record(int(value["port"]), {name: one for name, one in found.items() if one is not None})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def drop_record(places: Places) -> None:
    """Nothing runs any more."""
    _file(places).unlink(missing_ok=True)


def running_server(places: Places) -> str | None:
    """The address of the API of a server that `gongkai up` started and that answers; None where there is none."""
    record = read_record(places)
    if record is None or not record.is_alive(SERVER):
        return None
    from flows.schedule.api import Api

    return record.api if Api(record.api, seconds=3).is_healthy() else None


def _file(places: Places) -> Path:
    return folder(places) / "up.json"
