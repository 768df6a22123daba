"""The command: it names what is broken and says what to do; nothing is changed by being examined."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from doctor_driver import archive_file, current, examined, named
from typer.testing import CliRunner

from flows import cli, doctor
from flows.doctor import locks
from flows.doctor.findings import Finding, Patient, ok
from flows.warehouse.places import Places

pytestmark = pytest.mark.usefixtures("quiet")


def tree(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in sorted(root.rglob("*"))}


def test_a_whole_installation_has_nothing(places: Places) -> None:
    before = tree(places.root)
    found = examined(places, deep=True)
    found.pop(("software", "lock"), None)  # whoever works on the project may have other versions
    assert found == {}
    assert tree(places.root) == before
    assert {room for room, _ in doctor.examine(Patient(places))} == set(doctor.ROOMS)


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
