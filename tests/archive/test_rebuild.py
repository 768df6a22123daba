"""The archive and the landing database together: rebuilt, repaired, taken over, and never at odds."""

from __future__ import annotations

import gzip
import itertools
import shutil
from pathlib import Path

import flow_fakes as fakes
import pytest

from flows.archive_tails import land_tails
from flows.faults import UsageFault
from flows.fetch import Origin
from flows.history import Summary
from flows.land import Landed, land
from flows.landed import known_pages
from flows.progress import Silence
from flows.run import run_once
from flows.warehouse.places import Places
from flows.warehouse.store import connect, prepare
from scrapers.archive.reader import archive_files
from scrapers.archive.writer import ArchiveWriter
from scrapers.document import Page
from scrapers.fetch.folder import read_folder
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role
from tests.archive import worlds

_RUNS = itertools.count(100)
_DOCUMENTS = """
    select document_id, source_id, source_file, source_url, content_sha256, content_type, fetched_at, landed_seq, role,
        found_on, link_text, link_date, official from raw.documents order by landed_seq
"""
_CONTENTS = (
    "select content_sha256, byte_count, archive_file, archive_offset, archive_length from raw.contents order by 1"
)
_RECORDS = "select * from raw.archive_records order by archive_file, archive_offset"
_ATTEMPTS = """
    select * exclude (attempt_id, reason) from raw.attempts where outcome = 'ok' order by attempted_at, attempt_id
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "warehouse")


def _run(places: Places, origin: Origin, **changes: object) -> Summary:
    parts = fakes.parts(fakes.gate_that_passes)
    return run_once(places.root, origin, fakes.settings(**changes), Silence(), parts, fakes.read_fake, fakes.VERSION)


def _from_archive(places: Places, **changes: object) -> Summary:
    return _run(places, Origin(archive=True), **changes)


def _tails(places: Places) -> Landed:
    """What a run lands of the archive before it fetches anything."""
    kind, done = prepare(places, None), Landed()
    with connect(places.landing) as con, ArchiveWriter(places.archive, "run-9", kind) as archive:
        land_tails(con, archive, "run-9", done.add)
    return done


def _got(body: bytes, url: str, packed: bool = True, **more: object) -> Fetched:
    """A page as the fetcher hands it over."""
    headers = ((b"Content-Encoding", b"gzip"),) if packed else ()
    sent = gzip.compress(body, mtime=0) if packed else body
    role = more.pop("role", Role.report)
    attempt = Attempt(
        "site", None, url, Outcome.ok, None, worlds.CLOCK, http_status=200, content_type="text/html",
        byte_count=len(body), content_sha256=worlds.sha256(body), fetched_at=worlds.CLOCK, role=role, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    page = Page(body, None, url, "text/html", official=True)
    return Fetched(page, attempt, worlds.exchange(sent, *headers, url=url))


def _land(places: Places, run_id: str, *batch: Fetched) -> None:
    prepare(places, "real")
    with connect(places.landing) as con, ArchiveWriter(places.archive, run_id, "real") as archive:
        land(con, archive, run_id, list(batch))


def _land_folder(places: Places, pages: Path) -> None:
    _land(places, f"run-{next(_RUNS)}", *read_folder(pages))


def test_a_lost_database_is_rebuilt(places: Places, tmp_path: Path) -> None:
    pages = fakes.write_pages(tmp_path / "pages", 5)
    (pages / "copy.txt").write_bytes((pages / "page3.txt").read_bytes())
    first = _run(places, Origin(pages))
    fakes.write_pages(pages, 2, first=6)
    second = _run(places, Origin(pages))
    before = {query: fakes.rows(places.landing, query) for query in (_DOCUMENTS, _CONTENTS, _RECORDS, _ATTEMPTS)}
    assert len(before[_DOCUMENTS]) == 8
    assert len(before[_CONTENTS]) == 7
    values = "select report_id, metric_id, value from marts.fct_metric_values order by all"
    shown = fakes.rows(places.published_db, values)
    places.landing.unlink()

    assert _from_archive(places).outcome == "unchanged", "the same pages in the same order make the same build"
    places.landing.unlink()
    places.published.unlink()
    rebuilt = _from_archive(places)
    assert (rebuilt.outcome, rebuilt.pages_landed, rebuilt.reports_read) == ("published", 8, 8)
    assert first.metric_values == 6
    assert rebuilt.metric_values == second.metric_values == 8
    for query, rows in before.items():
        assert fakes.rows(places.landing, query) == rows
    assert fakes.rows(places.published_db, values) == shown
    again = _from_archive(places)
    assert (again.outcome, again.pages_seen) == ("unchanged", 0)
    assert _run(places, Origin(pages)).outcome == "unchanged", "the folder holds nothing that the archive does not"


def test_a_run_without_news_writes_no_file(places: Places, tmp_path: Path) -> None:
    pages = fakes.write_pages(tmp_path / "pages", 2)
    _land_folder(places, pages)
    files = archive_files(places.archive)
    assert len(files) == 1
    _land_folder(places, pages)
    assert archive_files(places.archive) == files


def test_pages_of_sites_come_back_with_all_that_was_known(places: Places) -> None:
    facts = {"found_on": "http://s.example/list", "link_text": "2022年\n年报 “x”", "link_date": "2023-01-20",
             "etag": '"abc"', "last_modified": "Mon", "tls_exception": "legacy: old server"}  # fmt: skip
    one = _got(b"a=1\n", "http://s.example/1", **facts)
    other = _got(b"a=1\n", "http://s.example/2")
    again = _got(b"a=1\n", "http://s.example/3", packed=False)
    listed = _got(b"<a>list</a>", "http://s.example/list", role=Role.list_page)
    _land(places, "run-1", listed, one, other, again)
    kinds = "select record_type, count(*) from raw.archive_records group by all order by all"
    assert fakes.rows(places.landing, kinds) == [
        ("metadata", 4), ("request", 4), ("response", 3), ("revisit", 1), ("warcinfo", 1),
    ]  # fmt: skip
    before = [fakes.rows(places.landing, query) for query in (_DOCUMENTS, _CONTENTS, _RECORDS, _ATTEMPTS)]
    places.landing.unlink()
    _tails(places)
    assert [fakes.rows(places.landing, query) for query in (_DOCUMENTS, _CONTENTS, _RECORDS, _ATTEMPTS)] == before
    with connect(places.landing) as con:
        known = known_pages(con, places.archive, "site")
        assert sorted(known) == [
            "http://s.example/1",
            "http://s.example/2",
            "http://s.example/3",
            "http://s.example/list",
        ]
        assert known["http://s.example/1"].etag == '"abc"'
        read = known["http://s.example/3"].content
        assert read is not None
        assert read() == b"a=1\n"
        (places.archive / "gongkai-run-1-00001.warc.gz").rename(places.root / "away")
        lost = known_pages(con, places.archive, "site")["http://s.example/3"]
        assert (lost.content, lost.content_sha256) == (None, worlds.sha256(b"a=1\n")), "so it is got again"
        (places.root / "away").rename(places.archive / "gongkai-run-1-00001.warc.gz")
        assert worlds.content(con, places.archive, worlds.sha256(b"a=1\n")) == b"a=1\n"
        assert worlds.content(con, places.archive, worlds.sha256(b"<a>list</a>")) == b"<a>list</a>"


def test_an_address_that_goes_back_to_an_old_content_is_recorded(places: Places) -> None:
    for number, body in enumerate((b"a=1\n", b"a=2\n", b"a=1\n", b"a=1\n"), 1):
        _land(places, f"run-{number}", _got(body, "http://s.example/1"))
    assert len(archive_files(places.archive)) == 3
    places.landing.unlink()
    _tails(places)
    seen = "select content_sha256, outcome from raw.attempts order by run_id"
    a, b = worlds.sha256(b"a=1\n"), worlds.sha256(b"a=2\n")
    assert fakes.rows(places.landing, seen) == [(a, "ok"), (b, "ok"), (a, "unchanged")]
    assert fakes.rows(places.landing, "select count(*) from raw.documents") == [(2,)]


def test_the_kind_of_a_lost_database_stands_in_the_archive(places: Places, tmp_path: Path) -> None:
    _land_folder(places, fakes.write_pages(tmp_path / "pages", 1))
    places.landing.unlink()
    with pytest.raises(UsageFault, match="published reports"):
        prepare(places, "sample")
    assert prepare(places, None) == "real"
    with pytest.raises(UsageFault, match="no archive"):
        _from_archive(Places(tmp_path / "nowhere"))


def _damage(places: Places, offset: int) -> str:
    (name,) = archive_files(places.archive)
    path = places.archive / name
    found = bytearray(path.read_bytes())
    found[offset] ^= 0xFF
    path.write_bytes(found)
    return name


def test_damaged_bytes_set_their_page_aside_until_they_are_mended(places: Places, tmp_path: Path) -> None:
    pages = fakes.write_pages(tmp_path / "pages", 3)
    _run(places, Origin(pages))
    query = "select archive_offset, archive_length from raw.contents where content_sha256 = ?"
    sha = worlds.sha256((pages / "page2.txt").read_bytes())
    with connect(places.landing) as con:
        offset, length = con.execute(query, [sha]).fetchone() or (0, 0)
        con.execute("delete from raw.readings")
        con.execute("delete from raw.figures")
        con.execute("delete from raw.texts")
    name = _damage(places, offset + length // 2)
    done = _from_archive(places)
    assert done.set_aside == {"archive_damaged": 1}
    ((reason,),) = fakes.rows(places.published_db, "select reason from ops.pages_set_aside")
    assert str(reason).startswith(f"{name} at offset {offset}: ")
    assert done.metric_values == 2
    assert _from_archive(places).outcome == "unchanged"
    mended = _run(places, Origin(pages))
    assert (mended.outcome, mended.set_aside, mended.metric_values) == ("published", {}, 3)
    assert len(archive_files(places.archive)) == 2, "the page that was got again is written again"


def test_a_missing_file_is_said_and_mended(places: Places, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pages = fakes.write_pages(tmp_path / "pages", 2)
    _land_folder(places, pages)
    (name,) = archive_files(places.archive)
    (places.archive / name).unlink()
    with connect(places.landing) as con:
        assert worlds.content(con, places.archive, worlds.sha256((pages / "page1.txt").read_bytes())) is None
    _tails(places)
    _land_folder(places, pages)
    assert f"{name} is not in" in caplog.text
    with connect(places.landing) as con:
        for page in pages.iterdir():
            assert worlds.content(con, places.archive, worlds.sha256(page.read_bytes())) == page.read_bytes()


def test_damage_in_a_lost_database_s_archive_costs_that_page_only(places: Places, tmp_path: Path) -> None:
    _land_folder(places, fakes.write_pages(tmp_path / "pages", 4))
    ((offset,),) = fakes.rows(places.landing, "select archive_offset from raw.contents order by 1 limit 1 offset 1")
    name = _damage(places, int(str(offset)) + 40)
    size = (places.archive / name).stat().st_size
    places.landing.unlink()
    done = _tails(places)
    assert (done.landed, done.fetched) == (3, 3)
    assert done.outcomes["unreadable_file"] >= 1
    reasons = "select reason from raw.attempts where outcome = 'unreadable_file'"
    assert any(f"{name} at offset {offset}: " in str(row[0]) for row in fakes.rows(places.landing, reasons))
    assert (places.archive / name).stat().st_size == size, "nothing is cut from a file that is damaged within"


@pytest.mark.parametrize("cut", [1, 400])
def test_a_torn_end_is_cut_back_to_the_last_whole_page(places: Places, tmp_path: Path, cut: int) -> None:
    _land_folder(places, fakes.write_pages(tmp_path / "pages", 3))
    (name,) = archive_files(places.archive)
    path = places.archive / name
    ((last,),) = fakes.rows(places.landing, "select max(archive_offset) from raw.contents")
    path.write_bytes(path.read_bytes()[:-cut])
    places.landing.unlink()
    done = _tails(places)
    assert (done.landed, "unreadable_file" in done.outcomes) == (2, False)
    assert path.stat().st_size == last
    assert _tails(places).seen == 0


def test_a_revisit_without_its_bytes_is_a_row_with_a_reason(places: Places) -> None:
    _land(places, "run-1", _got(b"a=1\n", "http://s.example/1"))
    _land(places, "run-2", _got(b"a=1\n", "http://s.example/2"))
    places.landing.unlink()
    (places.archive / "gongkai-run-1-00001.warc.gz").unlink()
    done = _tails(places)
    assert done.outcomes == {"unreadable_file": 1}
    ((reason,),) = fakes.rows(places.landing, "select reason from raw.attempts")
    assert "gongkai-run-2-00001.warc.gz at offset" in str(reason)


def test_links_and_strange_names_in_the_archive_folder_are_not_read(places: Places, tmp_path: Path) -> None:
    _land_folder(places, fakes.write_pages(tmp_path / "pages", 1))
    (name,) = archive_files(places.archive)
    away = tmp_path / "away.warc.gz"
    shutil.copy(places.archive / name, away)
    (places.archive / "gongkai-x-00001.warc.gz").symlink_to(away)
    (places.archive / "other.warc.gz").write_bytes(b"junk")
    (places.archive / "gongkai-dir-00001.warc.gz").mkdir()
    assert archive_files(places.archive) == [name]
    with connect(places.landing) as con:
        con.execute("update raw.contents set archive_file = '../../away.warc.gz'")
        sha = con.execute("select content_sha256 from raw.contents").fetchone()
        assert sha is not None
        assert worlds.content(con, places.archive, sha[0]) is None
        con.execute("update raw.contents set archive_file = 'gongkai-x-00001.warc.gz'")
        assert worlds.content(con, places.archive, sha[0]) is None


def test_rows_that_cannot_be_written_take_their_bytes_back(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    import flows.land

    _land(places, "run-1", _got(b"a=1\n", "http://s.example/1"))
    (name,) = archive_files(places.archive)
    size = (places.archive / name).stat().st_size

    def refuses(*_: object) -> int:
        raise OSError("no space left")

    monkeypatch.setattr(flows.land, "insert_rows", refuses)
    with pytest.raises(OSError, match="no space"):
        _land(places, "run-2", _got(b"a=2\n", "http://s.example/2"))
    assert archive_files(places.archive) == [name]
    assert (places.archive / name).stat().st_size == size


def test_warc_files_land_like_fetched_pages(places: Places, tmp_path: Path) -> None:
    folder = tmp_path / "warcs"
    folder.mkdir()
    page = worlds.warc(worlds.http(b"a=5\n"))
    picture = worlds.warc(worlds.http(b"\x89PNG", "200 OK", "Content-Type: image/png"), "http://b.example/x.png")
    (folder / "good.warc.gz").write_bytes(worlds.members(page, picture))
    (folder / "bad.warc.gz").write_bytes(b"\x1f\x8b\x08 not at all")
    done = _run(places, Origin(warc=folder))
    assert (done.outcome, done.metric_values) == ("published", 1)
    assert done.outcomes == {"ok": 1, "not_html": 1, "unreadable_file": 1}
    document = "select source_id, source_url, fetched_at::varchar, official from raw.documents"
    assert fakes.rows(places.landing, document) == [
        ("warc", "http://b.example/r.html", "2021-02-03 04:05:06+00", False)
    ]
    assert _run(places, Origin(warc=folder / "good.warc.gz")).outcome in ("unchanged", "published")
    places.landing.unlink()
    assert _from_archive(places).metric_values == 1
    with pytest.raises(UsageFault, match="--warc: there is no file"):
        Origin(warc=tmp_path / "nowhere").check()
    with pytest.raises(UsageFault, match="exclude each other"):
        Origin(warc=folder, archive=True).check()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageFault, match="no file that ends in"):
        _run(places, Origin(warc=tmp_path / "empty"))
