"""Each thing is broken in turn, and the doctor names it and says what to do; nothing is changed by being examined."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import flow_fakes as fakes
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from flows import cli, doctor
from flows.doctor import disk, environment, fonts, locks, server, software
from flows.doctor.findings import Finding, Patient, Status, ok
from flows.published import published_build
from flows.schedule.processes import process
from flows.schedule.record import KEEPER, SERVER, WORKER, Record, write_record
from flows.warehouse.places import UNFINISHED, Places
from flows.warehouse.store import SCHEMA_VERSION


def examined(places: Places, deep: bool = False) -> dict[tuple[str, str], list[Finding]]:
    """What is not ok, by room and check."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for room, one in doctor.examine(Patient(places, deep)):
        if one.status is not Status.ok:
            found.setdefault((room, one.check), []).append(one)
    return found


def named(places: Places, room: str, check: str, status: str, *words: str, deep: bool = False) -> None:
    """That the doctor names this with these words, and how to mend it."""
    found = examined(places, deep).get((room, check), [])
    told = [one for one in found if all(word in f"{one.sentence} {one.remedy}" for word in words)]
    assert told, f"{words} not in {found}"
    assert told[0].status == status and told[0].remedy


def tree(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in sorted(root.rglob("*"))}


def current(places: Places) -> Path:
    found = published_build(places)
    assert found is not None
    return found.folder


def archive_file(places: Places) -> Path:
    return sorted(places.archive.iterdir())[0]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is so on one machine and not on another is not the matter here."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(fonts, "_by_fontconfig", lambda: ["Noto Sans CJK SC"])
    monkeypatch.setattr(server, "DEFAULT_PORT", 0)


def test_a_whole_installation_has_nothing(places: Places) -> None:
    before = tree(places.root)
    found = examined(places, deep=True)
    found.pop(("software", "lock"), None)  # whoever works on the project may have other versions
    assert found == {}
    assert tree(places.root) == before
    assert {room for room, _ in doctor.examine(Patient(places))} == set(doctor.ROOMS)


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


# --- locks ---


def test_a_held_lock(places: Places) -> None:
    with FileLock(places.lock):
        holder = {"pid": os.getpid(), "since": "2026-01-01T00:00:00+00:00"}
        places.lock_holder.write_text(json.dumps(holder), encoding="utf-8")
        named(places, "locks", "writer", "warning", f"process {os.getpid()}", "A run is under way")
        for text in (json.dumps({**holder, "pid": 2**22 + 5}), "{", ""):
            places.lock_holder.write_text(text, encoding="utf-8")
            named(places, "locks", "writer", "warning", "is held, but", "another machine", "fuser")
    assert not examined(places).keys() & {("locks", "writer")}


def test_another_program_has_the_database_open(places: Places) -> None:
    code = f"import duckdb; con = duckdb.connect({str(places.landing)!r}); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        named(places, "locks", "landing", "fault", f"process {other.pid}", "Close it there")
        with FileLock(places.lock):  # where a run has it open, that is as it should be
            assert {key for key in examined(places) if key[0] in ("locks", "landing", "archive")} == {
                ("locks", "writer")
            }
        other.communicate(b"\n", timeout=20)
    assert ("locks", "landing") not in examined(places)


def test_a_run_that_was_killed(places: Places) -> None:
    with duckdb.connect(places.landing) as con:
        con.execute("update ops.runs set ended_at = null where run_id = (select max(run_id) from ops.runs)")
    named(places, "locks", "landing", "warning", "ended without a word", "Run again")


# --- landing database ---


def test_schema_versions(places: Places) -> None:
    for version, status, words in (
        (SCHEMA_VERSION + 1, "fault", "Update gongkai"),
        (SCHEMA_VERSION - 1, "warning", "Make a backup first"),
        (0, "fault", "cannot be brought"),
    ):
        with duckdb.connect(places.landing) as con:
            con.execute("delete from ops.schema_version")
            con.execute("insert into ops.schema_version values (?, now())", [version])
        named(places, "landing", "schema", status, f"schema version {version}", words)


def test_a_landing_database_that_is_lost_or_broken(places: Places) -> None:
    whole = places.landing.read_bytes()
    places.landing.write_bytes(whole[:12288] + bytes(byte ^ 1 for byte in whole[12288:]))
    named(places, "landing", "schema", "fault", "cannot be read", "--from-archive")
    places.landing.write_bytes(b"no database" * 1000)
    named(places, "landing", "schema", "fault", "cannot be read", "Restore a backup")
    places.landing.unlink()
    named(places, "landing", "schema", "fault", "is missing, but there is an archive", "--from-archive")
    with duckdb.connect(places.landing):
        pass
    named(places, "landing", "schema", "warning", "is empty")


def test_a_table_that_is_damaged_with_deep(places: Places) -> None:
    """DuckDB notices a damaged block when it is read."""
    with duckdb.connect(places.landing) as con:
        con.execute("create table raw.large as select i, md5(i::varchar) as text from range(200000) as r(i)")
    whole = bytearray(places.landing.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 50_000] = bytes(50_000)
    places.landing.write_bytes(whole)
    assert ("landing", "schema") not in examined(places)
    named(places, "landing", "tables", "fault", "of the landing database damaged", '"raw"."large"', deep=True)


# --- archive ---


def test_archive_files(places: Places) -> None:
    file = archive_file(places)
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    named(places, "archive", "files", "fault", "1 archive file shorter than the index", file.name, "backup")
    file.write_bytes(whole + whole)
    named(places, "archive", "files", "warning", "with pages that have not landed", "Run again")
    file.unlink()
    named(places, "archive", "files", "fault", "1 archive file missing", file.name)
    named(places, "archive", "contents", "fault", "cannot be read back", file.name)


def test_a_byte_of_a_page(places: Places) -> None:
    [(name, offset, length)] = fakes.rows(
        places.landing, "select archive_file, archive_offset, archive_length from raw.contents limit 1"
    )
    file = places.archive / str(name)
    whole = bytearray(file.read_bytes())
    whole[int(str(offset)) + int(str(length)) // 2] ^= 1
    file.write_bytes(whole)
    named(places, "archive", "contents", "fault", "1 of 4 pages cannot be read back", f"offset {offset}")


def test_a_byte_of_any_record_with_deep(places: Places) -> None:
    query = (
        "select archive_file, archive_offset, archive_length from raw.archive_records where record_type = 'metadata'"
    )
    name, offset, length = fakes.rows(places.landing, query)[0]
    file = places.archive / str(name)
    whole = bytearray(file.read_bytes())
    whole[int(str(offset)) + int(str(length)) // 2] ^= 1
    file.write_bytes(whole)
    assert not {room for room, _ in examined(places)} & {"archive"}, "no page, so not in the sample"
    named(places, "archive", "records", "fault", file.name, "not what the index says", deep=True)


def test_an_index_that_says_something_else(places: Places) -> None:
    with duckdb.connect(places.landing) as con:
        con.execute("update raw.archive_records set record_type = 'revisit' where record_type = 'resource'")
    named(places, "archive", "records", "fault", "another record than the index says", deep=True)


# --- builds ---


def test_the_published_build(places: Places) -> None:
    build = current(places)
    csv = build / "gate.json"
    before = csv.read_bytes()
    csv.write_bytes(before + b" ")
    named(places, "builds", "published", "fault", "gate.json (another size)", "rollback")
    csv.write_bytes(b"x" * len(before))
    named(places, "builds", "published", "fault", "gate.json (other bytes)")
    csv.unlink()
    named(places, "builds", "published", "fault", "gate.json (missing)")
    manifest = build / "manifest.json"
    value = json.loads(manifest.read_text(encoding="utf-8"))
    for files in ({}, None, [], {"gate.json": 3}):
        manifest.write_text(json.dumps({**value, "files": files}), encoding="utf-8")
        named(places, "builds", "published", "fault", "not those of its manifest")
    manifest.write_text("{", encoding="utf-8")
    named(places, "builds", "published", "fault", "no whole build")


def test_the_link(places: Places) -> None:
    places.published.unlink()
    named(places, "builds", "published", "warning", "none is published", "rollback")
    places.published.symlink_to("builds/nowhere")
    named(places, "builds", "published", "fault", "leads to builds/nowhere")
    places.published.unlink()
    places.published.mkdir()
    named(places, "builds", "published", "fault", "is no link", "Move it away")


def test_a_published_database_that_does_not_answer(places: Places) -> None:
    build = current(places)
    value = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    for name, facts in value["files"].items():
        if name == "gongkai.duckdb":
            (build / name).write_bytes(b"no database")
            facts.update(bytes=11, sha256="c1a0f9ca5cb7f5ba2c1f4f2bd5e5ce4c")
    import hashlib

    value["files"]["gongkai.duckdb"]["sha256"] = hashlib.sha256(b"no database").hexdigest()
    (build / "manifest.json").write_text(json.dumps(value), encoding="utf-8")
    named(places, "builds", "published", "fault", "does not answer")


def test_what_lies_around(places: Places, pages: Path, tmp_path: Path) -> None:
    (places.builds / f"{UNFINISHED}x").mkdir()
    named(places, "builds", "others", "warning", "1 build not finished", "removes them")
    (places.builds / "odd").mkdir()
    named(places, "builds", "others", "warning", "odd", "Move them away")
    shutil.copytree(pages, tmp_path / "pages")
    fakes.write_pages(tmp_path / "pages", 9)
    with pytest.raises(Exception, match="refused"):
        fakes.run_fake(places.root, tmp_path / "pages", fakes.gate_that_refuses)
    named(places, "builds", "others", "warning", "Refused by the gate", "counts_reconcile", "gate.json")
    named(places, "builds", "status", "warning", "The last run was refused")


def test_status(places: Places) -> None:
    whole = json.loads(places.status.read_text(encoding="utf-8"))
    changed = {**whole, "published": {**whole["published"], "build_id": "another"}}
    places.status.write_text(json.dumps(changed), encoding="utf-8")
    named(places, "builds", "status", "warning", "says that another is published")
    changed = {**whole, "last_run": {**whole["last_run"], "outcome": "failed", "message": "no disk"}}
    places.status.write_text(json.dumps(changed), encoding="utf-8")
    named(places, "builds", "status", "warning", "The last run was failed: no disk")
    places.status.write_text("{", encoding="utf-8")
    named(places, "builds", "status", "fault", "cannot be read")
    places.status.unlink()
    named(places, "builds", "status", "warning", "is missing")


# --- Prefect ---


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


# --- the command ---


def _gongkai(*arguments: str) -> tuple[int, str, str]:
    ended = CliRunner().invoke(cli.app, list(arguments), env={"COLUMNS": "160", "TERM": "dumb"})
    return ended.exit_code, ended.stdout, ended.stderr


def test_the_command_says_it_in_words_and_in_json(places: Places) -> None:
    code, out, _ = _gongkai("doctor", "--warehouse", str(places.root))
    assert code == 0 and "0 faults" in out and "landing" in out
    archive_file(places).unlink()
    code, out, _ = _gongkai("doctor", "--warehouse", str(places.root))
    assert code == 1 and "→ Restore the file from a backup." in out and "2 faults" in out
    code, out, _ = _gongkai("doctor", "--json", "--deep", "--warehouse", str(places.root))
    told: dict[str, Any] = json.loads(out)
    assert (code, told["faults"]) == (1, 2)
    fault = next(one for one in told["findings"] if one["status"] == "fault")
    assert fault.keys() == {"room", "check", "status", "sentence", "remedy"}


def test_a_check_that_breaks_is_a_finding(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(patient: Patient) -> Iterator[Finding]:
        yield ok("broken", "so far")
        raise KeyError("odd")

    monkeypatch.setitem(doctor.ROOMS, "odd", (broken,))
    named(places, "odd", "broken", "fault", "could not be examined: KeyError: 'odd'")


def _garbled(path: Path) -> None:
    path.write_bytes(b"\xff\x00{garbage" * 20)


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [_garbled, _folder_instead, _dangling, _empty])
def test_whatever_is_broken_there_is_never_a_traceback(places: Places, harm: Callable[[Path], None]) -> None:
    own = [places.landing, places.status, places.lock, places.lock_holder, archive_file(places)]
    for path in [*own, current(places) / "manifest.json", current(places) / "gongkai.duckdb"]:
        whole = path.read_bytes()
        harm(path)
        code, out, err = _gongkai("doctor", "--deep", "--json", "--warehouse", str(places.root))
        assert code in (0, 1) and "Traceback" not in out + err, path
        unexamined = [one for one in json.loads(out)["findings"] if "could not be examined" in one["sentence"]]
        assert not unexamined, path
        if path.is_dir():
            path.rmdir()
        path.unlink(missing_ok=True)
        path.write_bytes(whole)


def test_backup_and_restore_at_the_terminal(places: Places, tmp_path: Path) -> None:
    code, out, _ = _gongkai("backup", str(tmp_path / "b.tar.zst"), "--warehouse", str(places.root))
    assert code == 0 and "files" in out and "Left out: state" in out
    code, out, _ = _gongkai("restore", str(tmp_path / "b.tar.zst"), "--warehouse", str(tmp_path / "new"))
    assert code == 0 and current(places).name in out
    assert _gongkai("sql", "select 1", "--warehouse", str(tmp_path / "new"))[0] == 0
    for arguments, words in (
        (["backup", str(tmp_path / "b.tar.zst"), "--warehouse", str(places.root)], "is there already"),
        (["restore", str(tmp_path / "b.tar.zst"), "--warehouse", str(tmp_path / "new")], "a new one only"),
    ):
        code, _, err = _gongkai(*arguments)
        assert code == 2 and words in err
    assert locks.is_held(places) is False
