"""A landing database of version 2, whose bytes stood in its rows, moves to the archive; a kill anywhere does no harm."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import flow_fakes as fakes
import pytest
import zstandard

from flows.faults import Fault
from flows.fetch import Origin
from flows.land import document_id
from flows.progress import Silence
from flows.run import run_once
from flows.warehouse import moved_bytes
from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION, connect, prepare, schema_version
from scrapers.archive.reader import archive_files
from tests.archive.worlds import content, sha256

SCHEMA_2 = Path(__file__).with_name("schema_v2.sql")  # as it was before the archive
CLOCK = datetime(2025, 5, 1, tzinfo=UTC)
# address, content: two addresses with one content, an address with two contents, a local copy, an empty one
PAGES = (
    ("http://a.example/1", b"a=1\n"), ("http://a.example/2", b"a=2\n"), ("http://a.example/copy", b"a=1\n"),
    ("http://a.example/1", b"a=3\n"), ("b.txt", b"a=4\n"), ("empty.txt", b""), *((f"{n}.txt", b"b=%d\n" % n) for n in range(9)),
)  # fmt: skip
LIST = ("http://a.example/list", b"<a href=1>list</a>")


def _old(places: Places) -> dict[str, bytes]:
    """A database of version 2; its contents by checksum."""
    places.root.mkdir(parents=True)
    with duckdb.connect(places.landing) as con:
        con.execute(SCHEMA_2.read_text(encoding="utf-8"))
        con.execute("insert into ops.schema_version values (2, now())")
        con.execute("insert into ops.warehouse values ('real', now())")
        for number, (address, body) in enumerate((*PAGES, LIST), 1):
            sha, is_url = sha256(body), address.startswith("http")
            url, file = (address, None) if is_url else (None, address)
            role = "list_page" if (address, body) == LIST else "report" if is_url else None
            packed = zstandard.compress(body)
            at = CLOCK + timedelta(seconds=number)
            con.execute("insert or ignore into raw.contents values (?, ?, ?, 'old')", [sha, len(body), packed])
            con.execute(
                "insert into raw.attempts (attempt_id, run_id, source_id, source_file, source_url, attempted_at, outcome, "
                "content_sha256, role, etag, http_status) values (?, 'old', 's', ?, ?, ?, 'ok', ?, ?, 'e', 200)",
                [f"old-{number}", file, url, at, sha, role],
            )
            if role != "list_page":
                con.execute(
                    "insert into raw.documents (document_id, source_id, source_file, source_url, content_sha256, "
                    "content_type, landed_seq, landed_run_id, role, link_text) "
                    "values (?, 's', ?, ?, ?, 'text/plain', ?, 'old', ?, '年报')",
                    [document_id(address, sha), file, url, sha, number, role],
                )
    return {sha256(body): body for _, body in (*PAGES, LIST)}


def _check(places: Places, before: dict[str, bytes]) -> None:
    with connect(places.landing) as con:
        assert schema_version(con) == SCHEMA_VERSION
        columns = [row[0] for row in con.execute("describe raw.contents").fetchall()]
        assert "bytes_zstd" not in columns
        shas = {row[0] for row in con.execute("select content_sha256 from raw.contents").fetchall()}
        assert {sha: content(con, places.archive, sha) for sha in shas} == before
        query = "select count(*), count(distinct document_id) from raw.archive_records where record_type = 'metadata'"
        assert con.execute(query).fetchone() == (len(PAGES) + 1, len(PAGES)), "each page once"
        query = "select record_type, count(*) from raw.archive_records where record_type in ('resource', 'revisit') group by all order by 1"
        assert con.execute(query).fetchall() == [("resource", len(before)), ("revisit", 1)]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "warehouse")


def test_every_byte_moves(places: Places) -> None:
    before = _old(places)
    said: list[str] = []
    prepare(places, "real", said.append)
    assert len(said) == 1
    _check(places, before)
    prepare(places, "real", said.append)
    assert len(said) == 1


def test_a_moved_database_can_be_lost_and_rebuilt(places: Places) -> None:
    before = _old(places)
    prepare(places, "real")
    documents = "select document_id, source_id, source_file, source_url, content_sha256, role, link_text from raw.documents order by landed_seq"
    rows = fakes.rows(places.landing, documents)
    places.landing.unlink()
    run_once(places.root, Origin(archive=True), fakes.settings(), Silence(), fakes.parts(), fakes.read_fake, "v")
    found = fakes.rows(places.landing, documents)
    assert [row[:5] for row in found] == [row[:5] for row in rows]
    with connect(places.landing) as con:
        assert {sha: content(con, places.archive, sha) for sha in before} == before
        etags = con.execute("select count(*) from raw.attempts where etag = 'e'").fetchone()
    assert etags == (len(PAGES) + 1,)


def test_pages_that_landed_before_are_read_from_the_archive(places: Places, tmp_path: Path) -> None:
    _old(places)
    pages = fakes.write_pages(tmp_path / "pages", 1)
    done = run_once(places.root, Origin(pages), fakes.settings(), Silence(), fakes.parts(), fakes.read_fake, "v")
    assert (done.pages_landed, done.reports_read) == (1, len(PAGES) + 1)
    assert done.set_aside == {"empty_file": 1}


def test_damaged_bytes_stop_the_move_before_anything_changes(places: Places) -> None:
    _old(places)
    with duckdb.connect(places.landing) as con:
        con.execute("update raw.contents set bytes_zstd = ? where byte_count = 4", [zstandard.compress(b"a=9\n")])
    with pytest.raises(Fault, match="checksum"):
        prepare(places, "real")
    with duckdb.connect(places.landing) as con:
        assert con.execute("select max(version) from ops.schema_version").fetchone() == (2,)
        assert con.execute("select count(bytes_zstd) > 0 from raw.contents").fetchone() == (True,)


def _die_at(root: Path, point: str, call: int) -> None:
    """Migrates in a process that kills itself at the ``call``-th call of ``point``."""
    calls = 0
    owner, name = {
        "record": (moved_bytes.ArchiveWriter, "add_page"),
        "sync": (moved_bytes.ArchiveWriter, "sync"),
        "rows": (moved_bytes, "insert_rows"),
        "drop": (moved_bytes, "create_tables"),
    }[point]
    before = getattr(owner, name)

    def dies(*arguments: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        done = before(*arguments, **more)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, dies)
    moved_bytes._BATCH_PAGES = 3
    prepare(Places(root), "real")


@pytest.mark.parametrize(
    ("point", "call"),
    [("record", 1), ("record", 5), ("sync", 3), ("rows", 2), ("drop", 2)],
)
def test_a_killed_move_goes_on_where_it_was(places: Places, point: str, call: int) -> None:
    before = _old(places)
    process = multiprocessing.get_context("spawn").Process(target=_die_at, args=(places.root, point, call))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    prepare(places, "real")
    _check(places, before)
    sizes = {name: (places.archive / name).stat().st_size for name in archive_files(places.archive)}
    ends = "select archive_file, max(archive_offset + archive_length) from raw.archive_records group by all"
    assert dict(fakes.rows(places.landing, ends)) == sizes  # type: ignore[arg-type]
