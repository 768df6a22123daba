"""A build on the base of the one before has the rows of a full build, whatever came, went or changed between them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from landing import Landing
from world import DOCS

from flows import base, corrections
from flows.build import build, new_build_id
from flows.settings import PROJECT
from flows.warehouse.places import Places

LATER = {
    "v2",
    "v3",
    "official",
    "second",
    "table.html",
    "county_2022",
    "torn",
}  # revisions, copies, an annex, a next year
GONE, READ_AGAIN, MENDED = "zone.html", "bureau.html", "town.html"
CORRECTION = """\
data_origin: invented_sample
corrections:
- id: {name}
  report: {{{report}}}
  metric: {metric}
  reported: {reported}
  corrected: {corrected}
  reason: because
  said_by: {{kind: person, name: A. Reader}}
  said_on: 2024-01-02
  expect: {{value: {reported}}}
"""
FIRST = CORRECTION.format(
    name="first", report="file: shares.html", metric="requests_by_letter", reported=5, corrected=4
)
SECOND = CORRECTION.format(
    name="second",
    report="url: 'http://www.jingxian.gov.cn/a.html'",
    metric="litigation_direct_total",
    reported=2,
    corrected=1,
)
_OF_DOCUMENT = ("readings", "figures", "sections", "reader_issues", "gaps", "shares")


@dataclass
class Builds:
    """The builds of one world as it changed."""

    places: Places
    first: Path
    incremental: Path
    full: Path
    after_kill: Path


def _land_first(path: Path) -> None:
    landing = Landing(path).add(*[doc for doc in DOCS if doc.name not in LATER])
    ident = landing.ids[MENDED]
    landing.db.execute("create schema aside")
    for table in ("readings", "figures", "sections"):
        landing.db.execute(f"create table aside.{table} as from raw.{table} where document_id = '{ident}'")
    # its bytes were damaged when it was to be read
    landing.db.execute(f"delete from raw.figures where document_id = '{ident}'")
    landing.db.execute(f"delete from raw.sections where document_id = '{ident}'")
    landing.db.execute(
        f"update raw.readings set document_kind = 'unreadable', reason_code = 'archive_damaged' where document_id = '{ident}'"
    )
    landing.close()


def _land_then(path: Path) -> None:
    landing = Landing(path).add(*[doc for doc in DOCS if doc.name in LATER])
    ids = dict(landing.db.execute("select source_file, document_id from raw.documents").fetchall())
    mended, again, gone = ids[MENDED], ids[READ_AGAIN], ids[GONE]
    landing.db.execute(f"delete from raw.readings where document_id = '{mended}'")
    landing.db.execute("update aside.readings set read_run_id = 'run-2'")
    for table in ("readings", "figures", "sections"):
        landing.db.execute(f"insert into raw.{table} from aside.{table}")
    landing.db.execute(f"update raw.readings set read_run_id = 'run-2' where document_id = '{again}'")
    landing.db.execute(f"update raw.figures set value = 77, field_id = 'review_upheld' where document_id = '{again}'")
    for table in ("documents", *_OF_DOCUMENT):
        landing.db.execute(f"delete from raw.{table} where document_id = '{gone}'")
    landing.close()


def _build(places: Places, full_refresh: bool = False) -> Path:
    return build(places, new_build_id("incremental"), "sample", "reader-1", full_refresh)


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """A first build, what came after it built on its base and without it, and once more after a build that was killed."""
    root = tmp_path_factory.mktemp("incremental")
    places = Places(root / "warehouse")
    places.root.mkdir()
    folder = root / "corrections"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corrections, "CORRECTIONS", folder)
        (folder / "a.yml").write_text(FIRST, encoding="utf-8")
        _land_first(places.landing)
        made = _build(places)
        first = Path(shutil.copyfile(made, root / "first.duckdb"))
        base.keep(places, made)
        (folder / "a.yml").write_text(SECOND, encoding="utf-8")
        _land_then(places.landing)
        _kill_at("int_derived_values", places, folder)
        after_kill = _build(places)
        incremental = _build(places)
        return Builds(places, first, incremental, _build(places, full_refresh=True), after_kill)


def _kill_at(model: str, places: Places, folder: Path) -> None:
    here = Path(__file__).parent
    code = f"import sys; from flows import corrections; from pathlib import Path; corrections.CORRECTIONS = Path({str(folder)!r}); "
    code += f"import incremental_driver; incremental_driver.main({str(places.root)!r}, {model!r})"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), str(here)])},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]


def _tables(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(database), read_only=True) as con:
        names = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name not in ('kept', 'staging') order by all"
        ).fetchall()
        return {name: con.execute(f"from {name} order by all").fetchall() for (name,) in names}


def test_an_incremental_build_has_the_rows_of_a_full_one(builds: Builds) -> None:
    full = _tables(builds.full)
    assert len(full) > 60
    found = _tables(builds.incremental)
    assert found.keys() == full.keys()
    for name, rows in full.items():
        assert found[name] == rows, name


def test_so_has_one_after_a_build_that_was_killed(builds: Builds) -> None:
    assert _tables(builds.after_kill) == _tables(builds.full)


def test_the_world_changed_between_them_in_every_way(builds: Builds) -> None:
    before, after = _tables(builds.first), _tables(builds.full)
    for name in ("evidence.texts", "evidence.sections", "intermediate.int_metric_values", "intermediate.int_missing",
                 "intermediate.int_derived_values", "marts.fct_metric_values", "intermediate.int_check_values"):  # fmt: skip
        assert set(map(str, before[name])) - set(map(str, after[name])), f"{name}: nothing went"
        assert set(map(str, after[name])) - set(map(str, before[name])), f"{name}: nothing came"
    assert [row[0] for row in after["intermediate.int_applied_corrections"]] != [
        row[0] for row in before["intermediate.int_applied_corrections"]
    ]


def test_only_what_changed_was_made_anew(builds: Builds) -> None:
    with duckdb.connect(str(builds.incremental), read_only=True) as con:
        con.execute(f"attach '{builds.places.base}' as before (read_only)")
        [(same, new)] = con.execute(
            "select count(*) filter (where k.stamp is not distinct from s.stamp), count(*) "
            "from intermediate.int_used_stamps as s left join before.intermediate.int_used_stamps as k using (stamp_key)"
        ).fetchall()
    assert 10 < same < new


def test_a_base_of_other_code_reader_or_data_is_not_used(builds: Builds, tmp_path: Path) -> None:
    target = tmp_path / "build.duckdb"
    assert not base.carry_over(builds.places, target, "another key")
    assert not target.exists()
    with duckdb.connect(str(builds.places.base), read_only=True) as con:
        [(key,)] = con.execute("select base_key from kept.base").fetchall()
    assert base.carry_over(builds.places, target, key)
    with duckdb.connect(str(target), read_only=True) as con:
        left = con.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
    assert ("evidence.texts",) in left
    assert ("marts.fct_reports",) not in left, "what is not incremental is made anew"


def test_a_damaged_base_costs_time_only(builds: Builds, tmp_path: Path) -> None:
    places = Places(tmp_path / "warehouse")
    places.base.parent.mkdir(parents=True)
    places.base.write_bytes(b"no database at all")
    assert not base.carry_over(places, tmp_path / "build.duckdb", "key")
    assert not (tmp_path / "build.duckdb").exists()


def test_the_key_changes_with_what_rows_are_made_of(tmp_path: Path) -> None:
    from flows.seeds import write_seeds

    write_seeds(tmp_path)
    given = {"reader_version": "1", "data_origin": "invented_sample", "build_id": "a"}
    key = base.base_key(tmp_path, given)
    assert base.base_key(tmp_path, given | {"build_id": "b"}) == key
    assert base.base_key(tmp_path, given | {"reader_version": "2"}) != key
    assert base.base_key(tmp_path, given | {"data_origin": "published_reports"}) != key
    (tmp_path / "corrections.csv").write_text("other\n", encoding="utf-8")
    assert base.base_key(tmp_path, given) == key, "corrections reach the models by their stamps"
    (tmp_path / "units.csv").write_text("other\n", encoding="utf-8")
    assert base.base_key(tmp_path, given) != key
