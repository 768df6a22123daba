"""Backup and restore: the same warehouse comes back, or nothing; a hostile backup writes nowhere."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import flow_fakes as fakes
import pytest
import zstandard
from filelock import FileLock

from flows.faults import Fault, UsageFault
from flows.keeping import backup as backing
from flows.keeping.backup import back_up
from flows.keeping.contents import MANIFEST, PACKED, BackupDamaged, is_safe
from flows.keeping.restore import restore
from flows.progress import Silence
from flows.published import builds, published_build
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION

KINDS = ["b.tar.zst", "b"]


def silent(total: int) -> Callable[[int], None]:
    return lambda size: None


def make(places: Places, target: Path, all_builds: bool = False, wait: float = 5) -> Path:
    back_up(places, target, all_builds, wait, print, silent)
    return target


def take(backup: Path, root: Path) -> Places:
    restore(backup, Places(root), silent)
    return Places(root)


def tree(root: Path) -> dict[str, str]:
    """Every file and link below a folder, but for what tools keep."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file() and not name.startswith("state/"):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def tables(database: Path) -> dict[str, list[Any]]:
    with duckdb.connect(database, read_only=True) as con:
        names = con.execute("select schema_name || '.' || table_name from duckdb_tables() order by 1").fetchall()
        return {name: con.execute(f"select * from {name} order by all").fetchall() for (name,) in names}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("all_builds", [False, True])
def test_what_comes_back_is_what_was_there(
    places: Places, pages: Path, tmp_path: Path, name: str, all_builds: bool
) -> None:
    (places.root / "rolled_back.json").write_text("{}", encoding="utf-8")
    before, current = tables(places.landing), published_build(places)
    assert current is not None
    new = take(make(places, tmp_path / name, all_builds), tmp_path / "new" / "warehouse")
    assert tables(new.landing) == before
    old = {path: sha for path, sha in tree(places.root).items() if path != "landing.duckdb"}
    kept = {path: sha for path, sha in tree(new.root).items() if path != "landing.duckdb"}
    if not all_builds:
        old = {path: sha for path, sha in old.items() if not path.startswith("builds/") or current.build_id in path}
    assert kept == old
    assert len(builds(new)) == (2 if all_builds else 1)
    assert fakes.rows(new.published_db, "select count(*) from marts.fct_reports") == [(4,)]
    again = fakes.run_fake(new.root, pages)
    assert (again.outcome, again.build_id) == ("unchanged", current.build_id)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "new", "warehouse"])


def test_a_backup_says_what_it_holds_and_leaves_out(places: Places, tmp_path: Path) -> None:
    (places.root / "sample").mkdir()
    (places.root / "notes.txt").write_text("mine", encoding="utf-8")
    (places.root / "elsewhere").symlink_to(tmp_path)
    shares: list[int] = []
    made = back_up(places, tmp_path / "b", False, 5, print, lambda total: shares.append)
    value = json.loads((tmp_path / "b" / MANIFEST).read_text(encoding="utf-8"))
    assert value["files"].keys() == made.files.keys()
    assert {"landing.duckdb", "status.json", "notes.txt"} <= made.files.keys()
    assert not [path for path in made.files if path.startswith(("state", "sample", "elsewhere", "published"))]
    assert {"state", "sample", "elsewhere"} <= set(made.left_out)
    assert any(name.startswith("builds/") for name in made.left_out)
    assert (value["kind"], value["schema_version"]) == ("real", SCHEMA_VERSION)
    assert sum(shares) == made.size


def test_a_part_that_stands_on_another_disk_is_kept_too(places: Places, tmp_path: Path) -> None:
    for path in (places.archive, places.landing):
        path.rename(tmp_path / path.name)
        path.symlink_to(tmp_path / path.name)
    new = take(make(places, tmp_path / "b"), tmp_path / "new")
    assert tables(new.landing) == tables(places.landing)
    assert [path.name for path in new.archive.iterdir()] == [path.name for path in places.archive.iterdir()]
    assert not new.landing.is_symlink() and not new.archive.is_symlink()


def test_nothing_is_overwritten_and_nothing_is_no_warehouse(places: Places, tmp_path: Path) -> None:
    backup = make(places, tmp_path / "b.tar.zst")
    for target in (backup, tmp_path, places.root / "b.tar.zst", tmp_path / "no" / "b.tar.zst"):
        with pytest.raises(UsageFault):
            make(places, target)
    with pytest.raises(UsageFault, match="nothing to back up"):
        make(Places(tmp_path / "nowhere"), tmp_path / "c")
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for root in (places.root, tmp_path / "full", backup, tmp_path / "link"):
        with pytest.raises(UsageFault, match="new one only"):
            take(backup, root)
    with pytest.raises(UsageFault, match="no backup"):
        take(tmp_path / "none.tar.zst", tmp_path / "new")
    (tmp_path / "empty").mkdir()
    assert take(backup, tmp_path / "empty").landing.is_file()


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


# --- hostile files ---


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


# --- other runs, kills, a full disk ---


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
