"""Backup and restore beside other runs, through kills and on a full disk: whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flow_fakes as fakes
import pytest
from backup_driver import KINDS, make, take, tree
from filelock import FileLock

from flows.faults import Fault
from flows.keeping import backup as backing
from flows.keeping.backup import back_up
from flows.progress import Silence
from flows.warehouse.places import Places


@pytest.mark.parametrize("name", KINDS)
def test_a_kill_in_the_middle_leaves_nothing_that_looks_like_a_backup(
    places: Places, tmp_path: Path, name: str
) -> None:
    before = tree(places.root)
    code = (
        "import os, signal, sys; from pathlib import Path; from flows.keeping import backup; "
        "from flows.warehouse.places import Places\n"
        "def begin(total):\n"
        "    done = []\n"
        "    def step(size):\n"
        "        done.append(size)\n"
        "        if sum(done) > total // 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return step\n"
        "backup.back_up(Places(Path(sys.argv[1])), Path(sys.argv[2]), True, 5, print, begin)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(places.root), str(tmp_path / name)], capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]
    assert not (tmp_path / name).exists()
    assert len(list(tmp_path.glob(f".{name}.*.part"))) == 1
    assert {path: sha for path, sha in tree(places.root).items() if path != "landing.duckdb"} == {
        path: sha for path, sha in before.items() if path != "landing.duckdb"
    }
    take(make(places, tmp_path / name), tmp_path / "new")
    assert not list(tmp_path.glob(".*"))


def test_a_kill_in_the_middle_of_a_restore_leaves_no_warehouse(places: Places, tmp_path: Path) -> None:
    backup = make(places, tmp_path / "b.tar.zst")
    code = (
        "import os, signal, sys; from pathlib import Path; from flows.keeping import restore; "
        "from flows.warehouse.places import Places\n"
        "restore.point_to = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "restore.restore(Path(sys.argv[1]), Places(Path(sys.argv[2])), lambda total: lambda size: None)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(backup), str(tmp_path / "new")], capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]
    assert not (tmp_path / "new").exists()
    assert len(list(tmp_path.glob(".new.*.part"))) == 1
    take(backup, tmp_path / "new")
    assert not list(tmp_path.glob(".*"))


def test_a_run_and_a_backup_wait_for_each_other(
    places: Places, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FileLock(places.lock), pytest.raises(Fault, match="still writing"):
        make(places, tmp_path / "a.tar.zst", wait=0.3)
    assert not list(tmp_path.glob("*.tar.zst"))

    happened: list[str] = []
    begun, waits = threading.Event(), threading.Event()
    write = backing._write

    def slowly(*arguments: Any) -> None:
        begun.set()
        waits.wait(30)
        write(*arguments)
        happened.append("the backup is written")

    def say(self: Silence, text: str) -> None:
        assert "is writing to" in text
        happened.append("the run waits")
        waits.set()

    monkeypatch.setattr(backing, "_write", slowly)
    monkeypatch.setattr(Silence, "say", say)
    beside = threading.Thread(target=make, args=(places, tmp_path / "b.tar.zst"))
    beside.start()
    assert begun.wait(30)
    assert fakes.run_fake(places.root, pages, lock_wait_seconds=60).outcome == "unchanged"
    happened.append("the run is done")
    waits.set()
    beside.join()
    assert happened == ["the run waits", "the backup is written", "the run is done"]
    take(tmp_path / "b.tar.zst", tmp_path / "new")


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for name in KINDS:
            with pytest.raises(Fault, match="No space left on device"):
                make(places, tmp_path / name)
    with monkeypatch.context() as patch:
        patch.setattr(backing, "free_bytes", lambda folder: 10)
        with pytest.raises(Fault, match="has not the"):
            make(places, tmp_path / "b")
    assert not [path for path in tmp_path.iterdir() if path.name != "warehouse"]


def test_a_file_that_changes_meanwhile_is_not_kept_as_whole(places: Places, tmp_path: Path) -> None:
    def begin(total: int) -> Callable[[int], None]:
        places.status.write_text("{}", encoding="utf-8")
        return lambda size: None

    for name in KINDS:
        with pytest.raises(Fault, match="changed while it was copied"):
            back_up(places, tmp_path / name, False, 5, print, begin)
        places.status.write_text('{"a": 1}' * 100, encoding="utf-8")
        assert not (tmp_path / name).exists()
