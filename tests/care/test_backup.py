"""Backup and restore: the same warehouse comes back, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import flow_fakes as fakes
import pytest
from backup_driver import KINDS, make, tables, take, tree

from flows.faults import UsageFault
from flows.keeping.backup import back_up
from flows.keeping.contents import MANIFEST
from flows.published import builds, published_build
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION


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
