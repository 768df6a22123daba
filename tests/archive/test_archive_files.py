"""Records as written, as other tools see them, and as they are read back."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive.reader import ArchivedPage, archived_pages, open_archive, read_content
from scrapers.archive.records import ArchiveDamage, Location, Original, file_of_target, read_fields, write_fields
from scrapers.archive.scan import Damage
from scrapers.archive.writer import ArchiveWriter
from tests.archive.worlds import CLOCK, HTML, RUN, exchange, facts, sha256, write

ODD = "2022 年\r\n报告 “x”\u3000"


def test_a_page_comes_back_byte_by_byte(tmp_path: Path) -> None:
    packed = gzip.compress(HTML)
    raw = zlib.compressobj(wbits=-15)
    deflated = raw.compress(HTML) + raw.flush()
    exchanges = (
        exchange(),
        exchange(packed, (b"Content-Encoding", b"gzip"), (b"Transfer-Encoding", b"chunked")),
        exchange(deflated, (b"content-encoding", b"deflate")),
        exchange(packed + b"trailing", (b"Content-Encoding", b"GZip")),
        exchange(HTML, (b"Content-Encoding", b"UTF-8"), (b"X-Name", "年报".encode("gb18030"))),
        exchange(b"\x1f\x8b broken", (b"Content-Encoding", b"gzip")),
        None,
    )
    entries = write(tmp_path, *((facts(), HTML, one) for one in exchanges))
    for entry in entries:
        assert read_content(tmp_path, entry.location, sha256(HTML), len(HTML)) == HTML
    assert [entry.record_type for entry in entries] == ["response"] * 6 + ["resource"]


def test_other_tools_read_it_and_every_digest_is_right(tmp_path: Path) -> None:
    write(
        tmp_path,
        (facts(), HTML, exchange(gzip.compress(HTML), (b"Content-Encoding", b"gzip"), (b"X", b"\xff\xe4"))),
        (facts(url=None, source_file="a/年报\n.html", role="file"), HTML, None),
    )
    (path,) = tmp_path.iterdir()
    assert path.name == f"gongkai-{RUN}-00001.warc.gz"
    seen = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            payload = record.content_stream().read()
            seen.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI")))
            assert record.rec_headers.get_header("WARC-Payload-Digest", "sha256:").startswith("sha256:")
            if record.rec_type == "response":
                assert payload == HTML
                assert record.rec_headers.get_header("WARC-IP-Address") == "192.0.2.7"
                assert record.rec_headers.get_header("WARC-Date") == "2026-03-01T08:00:01.234567Z"
                assert record.http_headers.get_header("X") == "\xff\xe4", "headers stay as sent"
    url, name = "http://a.example/1.html", "file:///a/%E5%B9%B4%E6%8A%A5%0A.html"
    kinds = ["warcinfo", "response", "request", "metadata", "resource", "metadata"]
    assert seen == list(zip(kinds, [None, url, url, url, name, name], strict=True))
    assert file_of_target(name) == "a/年报\n.html"


def test_pages_that_pack_extremely_well_are_all_read(tmp_path: Path) -> None:
    blank = b" " * 60_000_000 + HTML
    entries = write(tmp_path, *((facts(blank, url=f"http://a.example/{n}"), blank, None) for n in range(6)))
    assert read_content(tmp_path, entries[5].location, sha256(blank), len(blank)) == blank
    with open_archive(tmp_path, entries[0].location.file) as file:
        assert all(isinstance(one, ArchivedPage) for one in archived_pages(file, entries[0].location.file))


def test_the_same_bytes_again_are_a_revisit(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, RUN, "real") as writer:
        first = writer.add_page(facts(), HTML, exchange())[0]
        original = Original(first.target or "", first.date, first.payload_digest or "")
        again = writer.add_page(facts(url="http://a.example/2.html"), HTML, exchange(), original)[0]
        otherwise_packed = exchange(gzip.compress(HTML), (b"Content-Encoding", b"gzip"))
        packed = writer.add_page(facts(url="http://a.example/3.html"), HTML, otherwise_packed, original)[0]
        writer.sync()
    assert (again.record_type, packed.record_type) == ("revisit", "response"), "what was sent differs, so it is kept"
    with open(tmp_path / first.location.file, "rb") as file:
        revisit = next(one for one in ArchiveIterator(file) if one.rec_type == "revisit")
        assert revisit.rec_headers.get_header("WARC-Refers-To-Target-URI") == first.target
        assert revisit.rec_headers.get_header("WARC-Refers-To-Date") == "2026-03-01T08:00:01.234567Z"
        assert revisit.http_headers.get_header("Content-Type") == "text/html"
        assert revisit.content_stream().read() == b""
    with pytest.raises(ArchiveDamage, match="holds no page"):
        read_content(tmp_path, again.location, sha256(HTML), len(HTML))


def test_facts_come_back_whatever_stands_in_them(tmp_path: Path) -> None:
    known = facts(
        link_text=ODD, found_on="http://a.example/list?a=%E4", official=True, fetched_at=CLOCK, http_status=200,
        link_date="", etag='W/"1"', tls_exception='"legacy"', source_file=" \\n ", last_modified="\ud800",
    )  # fmt: skip
    assert read_fields(write_fields(known)) == known
    assert read_fields(b"via: http://a.example/\r\n") is None
    for bad in (b"byte_count: x", b"byte_count: 1\r\nattempted_at: soon", b'byte_count: 1\r\nlink_text: "'):
        with pytest.raises(ValueError, match=r"."):
            read_fields(b"source_id: a\r\nrole: report\r\ncontent_sha256: " + b"0" * 64 + b"\r\n" + bad)
    entry = write(tmp_path, (known, HTML, None))[0]
    with open_archive(tmp_path, entry.location.file) as file:
        (page,) = archived_pages(file, entry.location.file)
    assert isinstance(page, ArchivedPage)
    assert page.facts == known
    assert [one.record_type for one in page.entries] == ["resource", "warcinfo", "metadata"]


def test_files_roll_over_and_begin_with_who_wrote_them(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, RUN, "sample", roll_bytes=1000) as writer:
        entries = [writer.add_page(facts(), HTML, exchange())[0] for _ in range(5)]
        writer.sync()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [f"gongkai-{RUN}-{number:05d}.warc.gz" for number in range(1, len(files) + 1)]
    assert len(files) > 1
    for path in tmp_path.iterdir():
        assert b"gongkai-kind: sample" in gzip.decompress(path.read_bytes())
    assert all(read_content(tmp_path, e.location, sha256(HTML), len(HTML)) == HTML for e in entries)


def test_what_was_added_can_be_taken_back(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, RUN, "real", roll_bytes=1000) as writer:
        start = writer.mark()
        writer.add_page(facts(), HTML, exchange())
        writer.cut_back(start)
        assert list(tmp_path.iterdir()) == []
        kept = writer.add_page(facts(), HTML, exchange())[0]
        mark = writer.mark()
        for _ in range(3):
            writer.add_page(facts(), HTML, exchange())
        writer.cut_back(mark)
        after = writer.add_page(facts(url="http://a.example/2.html"), HTML, None)[0]
        writer.sync()
    pages = []
    for path in sorted(tmp_path.iterdir()):
        with path.open("rb") as file:
            pages += list(archived_pages(file, path.name))
    assert [page.entries[0].location for page in pages if isinstance(page, ArchivedPage)] == [
        kept.location,
        after.location,
    ]
    assert len(pages) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda place: Location("../x.warc.gz", 0, 10), "cannot be read"),
        (lambda place: Location("gongkai-none-00001.warc.gz", 0, 10), "cannot be read"),
        (lambda place: Location(place.file, place.offset + 1, place.length), "at offset"),
        (lambda place: Location(place.file, place.offset, place.length + 10**6), "ends before"),
        (lambda place: Location(place.file, place.offset, 10**12), "a record of"),
        (lambda place: Location(place.file, -5, 10), "cannot be read"),
        (lambda place: Location(place.file, 0, place.offset), "holds no page"),
    ],
)
def test_a_wrong_place_is_a_sentence_with_file_and_offset(tmp_path: Path, change, words: str) -> None:  # type: ignore[no-untyped-def]
    place = change(write(tmp_path, (facts(), HTML, exchange()))[0].location)
    with pytest.raises(ArchiveDamage, match=words) as error:
        read_content(tmp_path, place, sha256(HTML), len(HTML))
    assert str(error.value).startswith(f"{place.file} at offset {place.offset}: ")


def test_other_bytes_than_landed_are_never_given(tmp_path: Path) -> None:
    place = write(tmp_path, (facts(), HTML, exchange()))[0].location
    for sha, size in (("0" * 64, len(HTML)), (sha256(HTML), len(HTML) - 1)):
        with pytest.raises(ArchiveDamage):
            read_content(tmp_path, place, sha, size)


def test_every_beginning_of_a_file_gives_whole_pages_and_at_most_one_torn_end(tmp_path: Path) -> None:
    entries = write(tmp_path, *((facts(url=f"http://a.example/{n}"), HTML, exchange()) for n in range(2)))
    name = entries[0].location.file
    whole = (tmp_path / name).read_bytes()
    for size in {*range(0, len(whole), 5), *range(12), *range(len(whole) - 12, len(whole) + 1)}:
        (tmp_path / name).write_bytes(whole[:size])
        with open_archive(tmp_path, name) as file:
            found = list(archived_pages(file, name))
        pages = [one for one in found if isinstance(one, ArchivedPage)]
        damages = [one for one in found if isinstance(one, Damage)]
        assert all(page.entries[-1].location.end <= size for page in pages)
        assert len(damages) <= 1
        assert all(one.torn for one in damages), size
        assert len(pages) == 2 or size < len(whole)


def test_a_turned_bit_never_gives_a_wrong_page(tmp_path: Path) -> None:
    entries = write(tmp_path, *((facts(url=f"http://a.example/{n}"), HTML, exchange()) for n in range(2)))
    name = entries[0].location.file
    whole = (tmp_path / name).read_bytes()
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        (tmp_path / name).write_bytes(changed)
        with open_archive(tmp_path, name) as file:
            pages = [one for one in archived_pages(file, name) if isinstance(one, ArchivedPage)]
        assert len(pages) >= 1, place
        for page in pages:
            read_content(tmp_path, page.entries[0].location, page.facts.content_sha256, page.facts.byte_count)
