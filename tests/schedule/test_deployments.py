"""prefect.yaml without a server: what it names is there, and its clock is that of the publishers."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from flows.faults import PassingFault, UsageFault
from flows.schedule.deploying import SHIPPED, deployment_names
from flows.schedule.environment import schedule_environment
from flows.schedule.processes import Process, end_session, is_alive, process, stop, wait_for_end
from flows.schedule.up import Wanted, up
from flows.settings import PROJECT, prepare_environment
from flows.warehouse.places import Places

DEPLOYMENTS = YAML(typ="safe", pure=True).load(SHIPPED.read_text(encoding="utf-8"))["deployments"]


def test_the_four_flows_are_deployed() -> None:
    assert deployment_names(SHIPPED) == ["refresh/refresh", "recheck/recheck", "rebuild/rebuild", "backfill/backfill"]


@pytest.mark.parametrize("one", DEPLOYMENTS, ids=lambda one: one["name"])
def test_deployment_fits_its_flow(one: dict[str, object], tmp_path: Path) -> None:
    prepare_environment(tmp_path)
    from prefect.client.schemas.schedules import CronSchedule

    file, _, name = str(one["entrypoint"]).partition(":")
    module = __import__(file.removesuffix(".py").replace("/", "."), fromlist=[name])
    function = getattr(module, name).fn
    known = inspect.signature(function).parameters
    given = one["parameters"]
    assert isinstance(given, dict)
    assert set(given) <= set(known)
    assert {key for key, value in known.items() if value.default is inspect.Parameter.empty} <= set(given)
    assert one["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}
    for schedule in one.get("schedules") or []:  # type: ignore[attr-defined]
        assert schedule["timezone"] == "Asia/Shanghai"
        CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])


@pytest.mark.parametrize("text", ["", "deployments: []", "deployments: [{name: a}]", "- a", "a: [", "deployments: 3"])
def test_file_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault, match=r"prefect\.yaml"):
        deployment_names(file)
    with pytest.raises(UsageFault, match="nowhere"):
        up(Places(tmp_path), Wanted("sample", tmp_path / "nowhere.yaml"), "v")


def test_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageFault, match=f"Port {port} .* --port"):
            up(Places(tmp_path / "warehouse"), Wanted("sample", SHIPPED, port), "v")


def test_environment_keeps_to_this_machine_and_this_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://elsewhere.example/api")
    monkeypatch.setenv("PREFECT_HOME", "/elsewhere")
    found = schedule_environment(Places(tmp_path), 4321, "sample")
    assert found["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert found["PREFECT_HOME"].startswith(str(tmp_path))
    assert found["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert found["DO_NOT_TRACK"] == "1"
    assert found["GONGKAI_LOCK_WAIT_SECONDS"] == "86400"
    monkeypatch.setenv("GONGKAI_LOCK_WAIT_SECONDS", "5")
    assert schedule_environment(Places(tmp_path), 4321, "sample")["GONGKAI_LOCK_WAIT_SECONDS"] == "5"


def test_process_is_known_by_its_start_not_by_its_number_alone() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    found = process(child.pid)
    assert found is not None and is_alive(found)
    other = type(found)(found.pid, "another time")
    assert not is_alive(other)
    assert not stop(other, 1), "a stranger with the number is left alone"
    assert child.poll() is None
    assert stop(found, 10)
    assert child.wait() != 0
    assert process(os.getpid()) is not None
    assert process(2**22 + 1) is None


def test_a_session_is_ended_only_where_its_number_is_nobody_elses() -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    end_session(Process(stranger.pid, "before the machine was started again"))
    assert stranger.poll() is None
    sleeper = "[sys.executable, '-c', 'import time; time.sleep(600)'], stdout=subprocess.DEVNULL"
    left = f"import subprocess, sys; print(subprocess.Popen({sleeper}).pid)"
    gone = subprocess.Popen([sys.executable, "-c", left], start_new_session=True, stdout=subprocess.PIPE, text=True)
    child = process(int(gone.communicate()[0]))
    assert child is not None and is_alive(child)
    end_session(Process(gone.pid, "then"))
    assert wait_for_end(child, 10)
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (PassingFault("locked"), True), (OSError(28, "no space"), True), (OSError(2, "no such file"), False),
        (PermissionError(13, "no"), False), (ValueError("wrong"), False),
    ],
)  # fmt: skip
def test_which_errors_may_pass(error: BaseException, passes: bool, tmp_path: Path) -> None:
    prepare_environment(tmp_path)
    from flows.prefect_tasks import may_pass

    assert may_pass(error) is passes


def test_shipped_file_names_no_machine() -> None:
    assert str(PROJECT) not in SHIPPED.read_text(encoding="utf-8")
