"""Environment, software, disk and fonts are broken in turn, and the doctor names it and says what to do."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from doctor_driver import examined, named

from flows.doctor import disk, environment, fonts, software
from flows.doctor.findings import Patient
from flows.warehouse.places import Places

pytestmark = pytest.mark.usefixtures("quiet")


# --- environment ---


def test_variables(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CONTAKT", "me@example.org")
    named(places, "environment", "variables", "warning", "GONGKAI_CONTAKT", "Did you mean GONGKAI_CONTACT?")
    monkeypatch.setenv("GONGKAI_QQQ", "1")
    named(places, "environment", "variables", "warning", "GONGKAI_QQQ", "does nothing")
    monkeypatch.setenv("GONGKAI_SQL_MEMORY", "lots")
    named(places, "environment", "variables", "fault", "GONGKAI_SQL_MEMORY=lots")
    monkeypatch.setenv("GONGKAI_READ_WORKERS", "0")
    monkeypatch.setenv("GONGKAI_PROXY", "http://secret")
    found = examined(places)[("environment", "variables")]
    assert any("GONGKAI_READ_WORKERS: input should be greater than or equal to 1" in one.sentence for one in found)
    assert "secret" not in str(found)


def test_clock_and_time_zones(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    status = json.loads(places.status.read_text(encoding="utf-8"))
    status["last_run"]["started_at"] = "2099-01-01T00:00:00+00:00"
    places.status.write_text(json.dumps(status), encoding="utf-8")
    named(places, "environment", "clock", "fault", "2099-01-01", "clock is earlier")
    monkeypatch.setattr(environment, "_EARLIEST", datetime(2999, 1, 1, tzinfo=UTC))
    named(places, "environment", "clock", "fault", "which cannot be")
    monkeypatch.setattr(environment, "_ZONE", "Asia/Nowhere")
    named(places, "environment", "time_zone", "fault", "Asia/Nowhere", "tzdata")


# --- software ---


def test_python_and_packages(places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    here = software._version
    monkeypatch.setattr(software.platform, "python_version", lambda: "3.9.1")
    named(places, "software", "python", "fault", "Python 3.9.1 is not >=3.11", "make")
    others = {"duckdb": "2.0.0", "polars": None}
    monkeypatch.setattr(software, "_version", lambda name: others.get(name, here(name)))
    named(places, "software", "declared", "fault", "duckdb 2.0.0 does not work", "==1.5.5", "extension packages")
    named(places, "software", "declared", "fault", "polars is not installed")
    named(places, "software", "lock", "warning", "duckdb 2.0.0 instead of 1.5.5")
    named(places, "software", "lock", "warning", "of requirements.txt missing", "polars")
    monkeypatch.setattr(software, "PROJECT", tmp_path)
    named(places, "software", "lock", "warning", "There is no requirements.txt")


def test_what_is_held_back_says_why(places: Places) -> None:
    [said] = [one.sentence for one in software.declared(Patient(places))]
    for words in ("prefect <3.9", "3.9 conflicts with the pinned certifi", "fastapi <0.151", "dbt-core <1.12"):
        assert words in said


def test_the_lock_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(
        "# comment\nalpha==1.0 \\\n    --hash=sha256:00\nbeta[extra]==2.0.post1 ; python_version >= '3' \\\n"
        "    --hash=sha256:00\ngamma==3 ; sys_platform == 'none'\n    # via alpha==9\n",
        encoding="utf-8",
    )
    assert software._pinned(tmp_path / "requirements.txt") == {"alpha": "1.0", "beta": "2.0.post1"}


# --- disk ---


def test_space(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, status in ((1_000_000, "fault"), (300_000_000, "warning")):
        monkeypatch.setattr(disk, "free_bytes", lambda folder, free=free: free)
        named(places, "disk", "space", status, "free", "GONGKAI_KEEP_BUILDS")


def test_folders_and_rights(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(places.state)
    places.state.write_text("no folder", encoding="utf-8")
    named(places, "disk", "folder", "fault", f"{places.state} is no folder")
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != places.landing and access(path, mode))
    named(places, "disk", "folder", "fault", f"{places.landing} cannot be read and written", "chown")


def test_no_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places(tmp_path / "nowhere" / "deep")
    named(places, "disk", "folder", "warning", "no warehouse", "gongkai run")
    assert {room for room, _ in examined(places)} <= {"disk", "software"}
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    named(places, "disk", "folder", "fault", "Nothing can be written")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    named(Places(tmp_path / "file"), "disk", "folder", "fault", "is no folder")
    (tmp_path / "empty").mkdir()
    assert {room for room, _ in examined(Places(tmp_path / "empty"))} <= {"software", "disk"}
    assert not list((tmp_path / "empty").iterdir())


# --- fonts ---


def test_fonts(places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "_by_fontconfig", lambda: [])
    named(places, "fonts", "chinese", "warning", "boxes", "fonts-noto-cjk")
    monkeypatch.setattr(fonts, "_by_fontconfig", lambda: None)
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path / "fonts"),))
    named(places, "fonts", "chinese", "warning", "boxes")
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "NotoSansCJK-Regular.ttc").touch()
    assert ("fonts", "chinese") not in examined(places)
