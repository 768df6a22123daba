"""Readings as rows, checksums, and what may not change the identity of things."""

from __future__ import annotations

from array import array
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.fetch import moved
from flows.files import tree_sha256
from flows.land import document_id
from flows.reading_rows import COLUMNS, normal_runs, normal_text, rows_of
from flows.warehouse.places import Places
from flows.warehouse.store import connect, prepare
from scrapers.document import NormalText, Reading
from scrapers.version import reader_version


@st.composite
def _normal_texts(draw: st.DrawFn) -> NormalText:
    """Any way back: characters that stand for one, for several, for none of the next, and gaps between them."""
    starts, ends = array("l"), array("l")
    place = 0
    for gap, length, twins in draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 3)))):
        place += gap
        for _ in range(twins):
            starts.append(place)
            ends.append(place + length)
        place += length
    return NormalText("x" * len(starts), starts, ends)


@given(_normal_texts())
@settings(max_examples=300, deadline=None)
def test_runs_lead_back_to_every_character(normal: NormalText) -> None:
    assert normal_text(normal.text, normal_runs(normal)) == normal


def test_plain_text_is_one_run() -> None:
    normal = NormalText("x" * 900, array("l", range(900)), array("l", range(1, 901)))
    assert normal_runs(normal) == [0, 0, 900]


def test_rows_have_the_columns_of_their_tables(tmp_path: Path) -> None:
    places = Places(tmp_path)
    prepare(places, "real")
    rows = rows_of(Reading("unreadable", "binary", "no text"), "d", "s", "v", "r")
    with connect(places.landing) as con:
        for table, columns in COLUMNS.items():
            there = [name for name, *_ in con.execute(f"describe {table}").fetchall()]
            assert list(columns) == there, table
    assert [len(row) for row in rows["raw.readings"]] == [len(COLUMNS["raw.readings"])]


def test_identity_of_a_document_is_fixed() -> None:
    assert document_id("a.txt", "0" * 64) == "d2b20d8098afb8a7"


def test_reader_version_follows_the_files_that_can_change_a_reading(tmp_path: Path) -> None:
    for name in ("clean", "extract", "catalogue", "fetch"):
        (tmp_path / name).mkdir()
    (tmp_path / "read.py").write_text("a", encoding="utf-8")
    first = reader_version(tmp_path)
    (tmp_path / "fetch" / "x.py").write_text("a", encoding="utf-8")
    (tmp_path / "clean" / "x.pyc").write_text("a", encoding="utf-8")
    assert reader_version(tmp_path) == first
    (tmp_path / "catalogue" / "x.yaml").write_text("a", encoding="utf-8")
    second = reader_version(tmp_path)
    (tmp_path / "catalogue" / "x.yaml").rename(tmp_path / "catalogue" / "y.yaml")
    assert len({first, second, reader_version(tmp_path)}) == 3


def test_checksum_of_a_tree_ignores_what_tools_leave(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select 1", encoding="utf-8")
    first = tree_sha256([tmp_path])
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "x").write_text("x", encoding="utf-8")
    assert tree_sha256([tmp_path]) == first
    (tmp_path / "a.sql").write_text("select 2", encoding="utf-8")
    assert tree_sha256([tmp_path]) != first


def test_moved_addresses() -> None:
    assert moved("http://127.0.0.1:80/a", "http://127.0.0.1:80", "http://s") == "http://s/a"
    assert moved("http://127.0.0.1:8080/a", "http://127.0.0.1:80", "http://s") == "http://127.0.0.1:8080/a"
