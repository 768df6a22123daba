"""What a run does to the warehouse: landing, reading, skipping, refusing, publishing."""

from __future__ import annotations

import json
from pathlib import Path

import flow_fakes as fakes
import pytest

from flows.faults import Fault, GateRefused, UsageFault
from flows.fetch import Origin
from flows.files import file_sha256
from flows.land import document_id
from flows.published import builds, published_build, roll_back
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION, connect, prepare, writer


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return fakes.write_pages(tmp_path / "pages")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "warehouse")


def _checksums(places: Places) -> dict[str, str]:
    folder = places.published.resolve()
    return {str(path.relative_to(folder)): file_sha256(path) for path in folder.rglob("*") if path.is_file()}


def test_first_run_publishes_everything(pages: Path, places: Places) -> None:
    done = fakes.run_fake(places.root, pages)
    assert (done.outcome, done.pages_seen, done.pages_landed, done.reports_read) == ("published", 5, 5, 5)
    assert (done.metric_values, done.checks_failed) == (5, 1)
    assert places.published.is_symlink()
    assert fakes.rows(places.published_db, "select count(*) from marts.fct_metric_values") == [(5,)]
    runs = fakes.rows(places.published_db, "select run_id, outcome from ops.runs")
    assert runs == [(done.run_id, "published")], "the run that made a build stands in it, closed"
    gate = fakes.rows(places.published_db, "select check_id, severity, success, data_origin from ops.gate_results")
    assert gate == [
        ("counts_reconcile", "block", True, "published_reports"),
        ("few_reports", "warn", False, "published_reports"),
    ]
    manifest = json.loads((places.published / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["row_counts"]["marts.fct_reports"] == 5
    found = _checksums(places)
    assert {name: file["sha256"] for name, file in manifest["files"].items()} == {
        name: found[name] for name in found if name != "manifest.json"
    }


def test_only_published_schemas_with_their_comments_and_views(pages: Path, places: Places) -> None:
    fakes.run_fake(places.root, pages)
    schemas = fakes.rows(places.published_db, "select distinct schema_name from duckdb_tables() order by all")
    assert schemas == [("evidence",), ("marts",), ("ops",)]
    comment = "select comment from duckdb_tables() where table_name = 'fct_reports'"
    assert fakes.rows(places.published_db, comment) == [("""one row a document; it's "tiny\"""",)]
    column = "select comment from duckdb_columns() where table_name = 'fct_reports' and column_name = 'report_id'"
    assert fakes.rows(places.published_db, column) == [("the identity; it's stable",)]
    constraints = "select constraint_type from duckdb_constraints() where table_name = 'fct_reports' order by all"
    assert ("PRIMARY KEY",) in fakes.rows(places.published_db, constraints)
    assert fakes.rows(places.published_db, "select count(*) from marts.values_of_reports") == [(5,)]
    uncommented = "select table_name from duckdb_tables() where schema_name = 'ops' and comment is null"
    assert ("gate_results",) not in fakes.rows(places.published_db, uncommented)


def test_second_run_changes_no_published_byte(pages: Path, places: Places) -> None:
    first = fakes.run_fake(places.root, pages)
    before = _checksums(places)
    second = fakes.run_fake(places.root, pages)
    assert (second.outcome, second.build_id) == ("unchanged", first.build_id)
    assert (second.pages_seen, second.pages_landed, second.reports_read) == (5, 0, 0)
    assert second.metric_values == 5
    assert _checksums(places) == before
    assert len(builds(places)) == 1
    outcomes = "select outcome, count(*) from raw.attempts group by all order by all"
    assert fakes.rows(places.landing, outcomes) == [("ok", 5), ("unchanged", 5)]
    assert set(second.seconds) == {"fetch", "extract"}


def test_a_new_reader_reads_again_and_keeps_the_old_readings(pages: Path, places: Places) -> None:
    fakes.run_fake(places.root, pages)
    again = fakes.run_fake(places.root, pages, version="better-reader")
    assert (again.outcome, again.pages_landed, again.reports_read) == ("published", 0, 5)
    by_version = "select reader_version, count(*) from raw.readings group by all order by all"
    assert fakes.rows(places.landing, by_version) == [("better-reader", 5), (fakes.VERSION, 5)]


def test_a_page_that_breaks_the_reader_is_set_aside(pages: Path, places: Places) -> None:
    for word in ("boom", "hang", "sleep", "die", "surrogate"):
        (pages / f"a_{word}.txt").write_text(word, encoding="utf-8")
    done = fakes.run_fake(places.root, pages, page_time_limit_seconds=1)
    assert (done.outcome, done.reports_read) == ("published", 10)
    assert done.set_aside == {"reader_fault": 3, "reader_timeout": 2}
    reasons = dict(
        fakes.rows(places.published_db, "select source_file, reason from ops.pages_set_aside")  # type: ignore[arg-type]
    )
    assert "too much for the reader" in str(reasons["a_boom.txt"])
    assert "within 1 s of processor time" in str(reasons["a_hang.txt"])
    assert "within 10 s" in str(reasons["a_sleep.txt"])
    assert "ended with code -6" in str(reasons["a_die.txt"])
    assert "UnicodeEncodeError" in str(reasons["a_surrogate.txt"])
    assert done.metric_values == 5
    assert fakes.run_fake(places.root, pages).outcome == "unchanged"


def test_two_files_with_the_same_content(places: Places, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("a.txt", "b.txt"):
        (pages / name).write_text(fakes.REPORT.format(7), encoding="utf-8")
    fakes.run_fake(places.root, pages)
    documents = fakes.rows(places.landing, "select source_file, landed_seq from raw.documents order by landed_seq")
    assert documents == [("a.txt", 1), ("b.txt", 2)]
    assert fakes.rows(places.landing, "select count(*) from raw.contents") == [(1,)]
    assert fakes.rows(places.landing, "select count(*) from raw.texts") == [(1,)]
    assert fakes.rows(places.landing, "select count(*) from raw.readings") == [(2,)]
    sha = file_sha256(pages / "a.txt")
    ids = fakes.rows(places.published_db, "select report_id from marts.fct_reports order by source_file")
    assert ids == [(document_id("a.txt", sha),), (document_id("b.txt", sha),)]


def test_bytes_over_the_limit_are_never_stored(pages: Path, places: Places) -> None:
    (pages / "big.txt").write_text("x" * 5000, encoding="utf-8")
    done = fakes.run_fake(places.root, pages, max_html_bytes=1000)
    assert done.outcomes == {"ok": 5, "too_large": 1}
    assert done.set_aside == {"too_large": 1}
    assert fakes.rows(places.landing, "select max(byte_count) < 1000 from raw.contents") == [(True,)]
    assert fakes.run_fake(places.root, pages, max_html_bytes=1000).outcome == "unchanged"


def test_a_page_that_can_no_longer_be_got_is_a_change(pages: Path, places: Places) -> None:
    (pages / "big.txt").write_text(fakes.REPORT.format(9), encoding="utf-8")
    fakes.run_fake(places.root, pages)
    assert fakes.run_fake(places.root, pages, max_html_bytes=10).outcome == "published"


def test_refused_build_keeps_what_was_published(pages: Path, places: Places) -> None:
    first = fakes.run_fake(places.root, pages)
    before = _checksums(places)
    fakes.write_pages(pages, 1, first=100)
    for _ in range(3):
        with pytest.raises(GateRefused, match="counts_reconcile"):
            fakes.run_fake(places.root, pages, fakes.gate_that_refuses)
    assert _checksums(places) == before
    refused = [build for build in builds(places) if build.refused]
    assert len(refused) == 2, "only the latest refused builds are kept"
    gate = json.loads((refused[-1].folder / "gate.json").read_text(encoding="utf-8"))
    assert gate[0]["sample_rows"] == "[1, 2, 3]"
    status = json.loads(places.status.read_text(encoding="utf-8"))
    assert status["last_run"]["outcome"] == "refused"
    assert status["published"]["build_id"] == first.build_id
    assert fakes.run_fake(places.root, pages).outcome == "published"


def test_failed_run_says_why_and_closes_its_row(pages: Path, places: Places) -> None:
    def broken(*_: object) -> list[fakes.Result]:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        fakes.run_fake(places.root, pages, broken)
    status = json.loads(places.status.read_text(encoding="utf-8"))
    assert status["last_run"]["outcome"] == "failed"
    assert "no space left" in status["last_run"]["message"]
    assert status["published"] is None
    runs = fakes.rows(places.landing, "select outcome, ended_at is not null from ops.runs")
    assert runs == [("failed", True)]


def test_five_builds_are_kept_and_rollback_goes_back(pages: Path, places: Places) -> None:
    fakes.run_fake(places.root, pages)
    made = [fakes.publish_again(places) for _ in range(6)]
    assert [build.build_id for build in builds(places)] == made[-5:]
    assert roll_back(places, None).build_id == made[-2]
    assert roll_back(places, made[1]).build_id == made[1]
    current = published_build(places)
    assert current is not None
    assert current.build_id == made[1]
    with pytest.raises(Fault, match="no build before"):
        roll_back(places, None)
    with pytest.raises(Fault, match="there are: "):
        roll_back(places, made[0])


def test_published_build_is_never_dropped(pages: Path, places: Places) -> None:
    first = fakes.run_fake(places.root, pages)
    for _ in range(3):
        fakes.publish_again(places, keep=2)
    oldest = builds(places)[0].build_id
    assert first.build_id != oldest
    roll_back(places, oldest)
    fakes.write_pages(pages, 1, first=400)
    with pytest.raises(GateRefused):
        fakes.run_fake(places.root, pages, fakes.gate_that_refuses, keep_builds=1)
    current = published_build(places)
    assert current is not None
    assert current.build_id == oldest
    assert places.published_db.is_file()


def test_second_writer_is_told_who_writes(pages: Path, places: Places) -> None:
    said: list[str] = []
    with (
        writer(places, 0),
        pytest.raises(Fault, match=r"Another run \(process \d+, since .*still writing"),
        writer(places, 0.3, said.append),
    ):
        pass
    assert len(said) == 1
    assert "waiting up to 0.3 s" in said[0]


def test_sample_and_real_never_mix(places: Places) -> None:
    prepare(places, "sample")
    prepare(places, "sample")
    with pytest.raises(UsageFault, match="invented sample"):
        prepare(places, "real")


@pytest.mark.parametrize(("version", "words"), [(SCHEMA_VERSION + 1, "update gongkai"), (0, "cannot migrate")])
def test_other_schema_version_is_refused_with_what_to_do(places: Places, version: int, words: str) -> None:
    prepare(places, "real")
    with connect(places.landing) as con:
        con.execute("update ops.schema_version set version = ?", [version])
    with pytest.raises(Fault, match=words):
        prepare(places, "real")


def test_older_schema_is_migrated(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.warehouse import store

    prepare(places, "real")
    monkeypatch.setattr(store, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setitem(
        store.MIGRATIONS,
        SCHEMA_VERSION,
        lambda con, _: con.execute("alter table raw.documents add column extra integer"),
    )
    prepare(places, "real")
    prepare(places, "real")
    with connect(places.landing) as con:
        assert store.schema_version(con) == SCHEMA_VERSION + 1
        assert con.execute("select count(extra) from raw.documents").fetchone() == (0,)


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="no folder"):
        Origin(tmp_path / "nowhere").check()
    with pytest.raises(UsageFault, match="exclude each other"):
        Origin(tmp_path, tmp_path).check()
    with pytest.raises(UsageFault, match="no source"):
        Origin(None, tmp_path).check()
