"""Locks, landing database, archive and builds are broken in turn, and the doctor names it and says what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import flow_fakes as fakes
import pytest
from doctor_driver import archive_file, current, examined, named
from filelock import FileLock

from flows.warehouse.places import UNFINISHED, Places
from flows.warehouse.store import SCHEMA_VERSION

pytestmark = pytest.mark.usefixtures("quiet")


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
