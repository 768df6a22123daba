"""A backup that was damaged, cut off or made by a stranger: nothing is restored, and nothing is written elsewhere."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard
from backup_driver import KINDS, make, take

from flows.faults import Fault
from flows.keeping.contents import MANIFEST, PACKED, BackupDamaged, is_safe
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION


@pytest.mark.parametrize("name", KINDS)
def test_every_changed_byte_is_noticed(places: Places, tmp_path: Path, name: str) -> None:
    backup = make(places, tmp_path / name)
    files = [backup] if backup.is_file() else sorted(path for path in backup.rglob("*") if path.is_file())
    for file in files:
        whole = file.read_bytes()
        for place, byte in changes(whole, file):
            file.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
            with pytest.raises(BackupDamaged):
                take(backup, tmp_path / "new")
            assert not (tmp_path / "new").exists()
        file.write_bytes(whole)
    assert not list(tmp_path.glob(".new*"))
    take(backup, tmp_path / "new")


def changes(whole: bytes, file: Path) -> list[tuple[int, int]]:
    """Places in a file with another byte for each; in a manifest also the beginnings of what it vouches for."""
    half = len(whole) // 2
    if file.name != MANIFEST:
        packed = (0, len(whole) // 3, half, len(whole) - 1) if file.name.endswith(PACKED) else (half,)
        return [(place, whole[place] ^ 0x21) for place in packed]
    values = [whole.index(name) + len(name) for name in (b'"published": "', b'"bytes": ', b'"sha256": "')]
    return [(half, whole[half] ^ 0x21), *((place, ord("2" if whole[place] == ord("1") else "1")) for place in values)]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_backup_that_was_cut_off_is_none(places: Places, tmp_path: Path, share: float) -> None:
    backup = make(places, tmp_path / "b.tar.zst")
    os.truncate(backup, int(backup.stat().st_size * share))
    with pytest.raises(BackupDamaged):
        take(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_must_be_as_it_was(places: Places, tmp_path: Path) -> None:
    backup = make(places, tmp_path / "b")
    harms: list[tuple[str, Callable[[Path], object]]] = [
        ("not a whole backup", lambda b: (b / MANIFEST).unlink()),
        ("is missing", lambda b: (b / "status.json").unlink()),
        ("is not in its", lambda b: (b / "more.txt").touch()),
        ("no ordinary file", lambda b: (b / "link").symlink_to("/etc/passwd")),
        ("no ordinary file", lambda b: (b / "archive" / "up").symlink_to(tmp_path)),
        ("no ordinary file", lambda b: os.mkfifo(b / "pipe")),
        ("not as it was", lambda b: (b / "status.json").write_text("{}", encoding="utf-8")),
    ]
    for words, harm in harms:
        broken = tmp_path / "broken"
        shutil.copytree(backup, broken)
        harm(broken)
        with pytest.raises(BackupDamaged, match=words):
            take(broken, tmp_path / "new")
        assert not (tmp_path / "new").exists()
        shutil.rmtree(broken)


# --- made by hand ---


def pack(target: Path, members: list[tuple[tarfile.TarInfo, bytes]], manifest: dict[str, Any] | None = None) -> Path:
    """A packed backup with these members and a manifest that vouches for every file among them."""
    files = {
        member.name: {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for member, body in members
        if member.isreg()
    }
    value = {
        "backup_version": 1, "created_at": "2026-01-01", "kind": "real", "schema_version": None, "published": None,
        "left_out": [], "files": files, **(manifest or {}),
    }  # fmt: skip
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for one, body in [*members, (member(MANIFEST), json.dumps(value).encode())]:
            one.size = len(body)
            tar.addfile(one, io.BytesIO(body))
    target.write_bytes(zstandard.compress(packed.getvalue()))
    return target


def member(name: str, kind: bytes = tarfile.REGTYPE, linked: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, linked
    return found


def test_a_plain_file_made_by_hand_is_taken(tmp_path: Path) -> None:
    """So that the refusals below are those of what is hostile in them."""
    backup = pack(tmp_path / "b.tar.zst", [(member("status.json"), b"{}")])
    assert take(backup, tmp_path / "new").status.read_bytes() == b"{}"


@pytest.mark.parametrize(
    "name",
    ["../out.txt", "/tmp/gongkai-out.txt", "archive/../../out.txt", "..", ".", "archive//x", "./x", "a\\..\\x", "C:x",
     "archive/\x1b[2J", "x" * 600, "", MANIFEST + "/x"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    backup = pack(tmp_path / "b.tar.zst", [(member(name), b"out")])
    with pytest.raises(Fault) as refused:
        take(backup, tmp_path / "new")
    assert "\x1b" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar.zst"]
    assert not Path("/tmp/gongkai-out.txt").exists()


@pytest.mark.parametrize(
    ("kind", "linked"),
    [(tarfile.SYMTYPE, "/etc"), (tarfile.SYMTYPE, "status.json"), (tarfile.LNKTYPE, "/etc/passwd"),
     (tarfile.LNKTYPE, "status.json"), (tarfile.FIFOTYPE, ""), (tarfile.CHRTYPE, ""), (tarfile.BLKTYPE, ""),
     (tarfile.DIRTYPE, ""), (tarfile.CONTTYPE, ""), (tarfile.GNUTYPE_SPARSE, ""), (tarfile.XHDTYPE, "")],
)  # fmt: skip
def test_what_is_no_file_is_refused(tmp_path: Path, kind: bytes, linked: str) -> None:
    members = [(member("status.json"), b"{}"), (member("archive", kind, linked), b""), (member("archive/x"), b"out")]
    backup = pack(tmp_path / "b.tar.zst", members)
    with pytest.raises(BackupDamaged, match=r"no file|no backup"):
        take(backup, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar.zst"]


def test_a_file_that_comes_twice_or_behind_the_manifest_is_refused(tmp_path: Path) -> None:
    twice = pack(tmp_path / "a.tar.zst", [(member("status.json"), b"{}"), (member("status.json"), b"[]")])
    with pytest.raises(BackupDamaged, match="no name"):
        take(twice, tmp_path / "new")
    behind = pack(tmp_path / "b.tar.zst", [(member(MANIFEST), b'{"backup_version": 1}')])
    with pytest.raises(BackupDamaged, match="makes no sense"):
        take(behind, tmp_path / "new")
    below = pack(tmp_path / "c.tar.zst", [(member("archive"), b"x"), (member("archive/x"), b"y")])
    with pytest.raises(Fault, match="cannot be restored"):
        take(below, tmp_path / "new")


@pytest.mark.parametrize(
    "change",
    [{"published": "../../etc"}, {"published": "none"}, {"files": {"../x": {"bytes": 1, "sha256": "0" * 64}}},
     {"files": []}, {"files": {"status.json": {"bytes": 2, "sha256": "x"}}}, {"files": {"status.json": 3}},
     {"backup_version": "x"}, {"schema_version": "x"}],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(BackupDamaged):
        take(pack(tmp_path / "b.tar.zst", [(member("status.json"), b"{}")], change), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_later_gongkai_is_needed(places: Places, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="update gongkai"):
        take(pack(tmp_path / "b.tar.zst", [], {"backup_version": 99}), tmp_path / "new")
    with duckdb.connect(places.landing) as con:
        con.execute("insert into ops.schema_version values (?, now())", [SCHEMA_VERSION + 1])
    with pytest.raises(Fault, match=f"schema version {SCHEMA_VERSION + 1}.*update gongkai"):
        take(make(places, tmp_path / "c.tar.zst"), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_bytes_that_unfold_without_end_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.keeping.restore.free_bytes", lambda folder: 100 * 1024**2)
    bomb = pack(tmp_path / "b.tar.zst", [(member("status.json"), bytes(60 * 1024**2))])
    assert bomb.stat().st_size < 100_000
    with pytest.raises(Fault, match="has not so many left"):
        take(bomb, tmp_path / "new")
    huge = member("archive/x")
    huge.pax_headers = {"comment": "x" * 5_000_000}
    with pytest.raises(BackupDamaged, match="no file"):
        take(pack(tmp_path / "c.tar.zst", [(huge, b"")]), tmp_path / "new")


@pytest.mark.parametrize("name", ["archive/a", "builds/x/docs/index.html", "中文.txt", "a b"])
def test_names_that_are_taken(name: str) -> None:
    assert is_safe(name)
