"""A folder of local copies: every file and every faulty row of the manifest is accounted for."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.fetch.folder import FolderError, FolderLimits, read_folder
from scrapers.fetch.outcomes import Fetched, Role


def by_name(folder: Path, limits: FolderLimits | None = None) -> dict[str, Fetched]:
    return {str(one.attempt.source_file): one for one in read_folder(folder, limits) if one.attempt.role is Role.file}


def remarks(folder: Path) -> list[tuple[str, str]]:
    found = [one.attempt for one in read_folder(folder) if one.attempt.role is Role.manifest]
    return [(attempt.outcome.value, attempt.reason or "") for attempt in found]


def test_files_come_sorted_by_path_with_their_bytes(tmp_path: Path) -> None:
    for name in ("b.html", "a/z.TXT", "a.htm", "a/b/c.shtml", "a b.pdf", "中.docx", "a-b.html"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    names = [one.attempt.source_file for one in read_folder(tmp_path)]
    assert names == sorted(names) and len(names) == 7
    got = by_name(tmp_path)["a/b/c.shtml"]
    assert got.page is not None and got.page.content == b"a/b/c.shtml"
    assert (got.page.file_name, got.page.url, got.page.content_type) == ("a/b/c.shtml", None, None)
    assert got.attempt.fetched_at is None and got.attempt.source_id == "pages"
    assert got.attempt.content_sha256 and got.attempt.byte_count == 11


def test_an_empty_file_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"")
    got = by_name(tmp_path)["a.html"]
    assert got.attempt.outcome == "ok" and got.page is not None and got.page.content == b""


@pytest.mark.parametrize(
    ("name", "word"), [("a.doc", "needs_conversion"), ("a.WPS", "needs_conversion"), ("a.jpg", "needs_ocr"),
                       ("a.zip", "packed"), ("a", "not a kind"), ("a.py", "not a kind")],
)  # fmt: skip
def test_other_files_are_rows_with_a_reason(tmp_path: Path, name: str, word: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    got = by_name(tmp_path)[name]
    assert got.page is None and got.attempt.outcome == "unsupported_file" and word in (got.attempt.reason or "")


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".a.html", ".git/b.html", "c.html"):
        (tmp_path / name).write_bytes(b"x")
    assert list(by_name(tmp_path)) == ["c.html"]


def test_the_limits_are_exact_and_large_files_stay_unread(tmp_path: Path) -> None:
    for name, size in (("a.html", 100), ("b.html", 101), ("c.pdf", 200), ("d.pdf", 201)):
        (tmp_path / name).write_bytes(b"x" * size)
    with open(tmp_path / "huge.txt", "wb") as file:
        file.truncate(10_000_000_000)  # a hole: reading it would fill the memory
    got = by_name(tmp_path, FolderLimits(max_bytes_html=100, max_bytes_pdf=200))
    assert [one.attempt.outcome for one in got.values()] == ["ok", "too_large", "ok", "too_large", "too_large"]
    assert got["huge.txt"].attempt.byte_count == 10_000_000_000 and got["huge.txt"].page is None


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.html").write_bytes(b"secret")
    (inside / "sub" / "a.html").write_bytes(b"a")
    (inside / "out.html").symlink_to(outside / "secret.html")
    (inside / "outfolder").symlink_to(outside)
    (inside / "circle").symlink_to(inside)
    (inside / "good.html").symlink_to(inside / "sub" / "a.html")
    (inside / "broken.html").symlink_to(inside / "nothing.html")
    (inside / "self.html").symlink_to(inside / "self.html")
    got = by_name(inside)
    assert {name: one.attempt.outcome.value for name, one in got.items()} == {
        "broken.html": "unreadable_file", "circle": "unsupported_file", "good.html": "ok",
        "out.html": "unsupported_file",
        "outfolder": "unsupported_file", "self.html": "unreadable_file", "sub/a.html": "ok",
    }  # fmt: skip
    assert all(one.page is None or b"secret" not in one.page.content for one in got.values())


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    assert by_name(tmp_path)["a.html"].attempt.outcome == "unreadable_file"


def test_a_name_that_is_not_utf8_is_escaped(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/" + "年报.html".encode("gbk")
    with open(name, "wb") as file:
        file.write(b"x")
    [got] = read_folder(tmp_path)
    assert got.attempt.outcome == "ok" and (got.attempt.source_file or "").encode()


def test_a_file_that_fails_to_open_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_bytes(b"x")
    (tmp_path / "b.html").write_bytes(b"x")
    opened = os.open

    def refuse(path: object, flags: int, *rest: int) -> int:
        if str(path).endswith("a.html"):
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    got = by_name(tmp_path)
    assert got["a.html"].attempt.outcome == "unreadable_file" and "denied" in (got["a.html"].attempt.reason or "")
    assert got["b.html"].attempt.outcome == "ok"


def test_one_file_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"x")
    (tmp_path / "b.html").write_bytes(b"early")
    pages = read_folder(tmp_path)
    next(pages)
    (tmp_path / "b.html").write_bytes(b"late")
    second = next(pages)
    assert second.page is not None and second.page.content == b"late"


# --- the manifest ---


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_manifest_gives_address_and_time(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.html", "sub/b.html", "c.html", "d.html"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "manifest.csv").write_bytes(
        mark + b"file,url,fetched_at\r\na.html,https://A.gov.cn/x#top,2024-03-01\r\n"
        b'"./sub\\b.html",http://b.gov.cn/,2024-03-01T08:00:00+08:00\r\n\r\nc.html,,2024-03-01 08:00:00\r\n'
    )
    got = by_name(tmp_path)
    assert got["a.html"].attempt.source_url == "https://a.gov.cn/x"
    assert got["a.html"].page is not None and got["a.html"].page.url == "https://a.gov.cn/x"
    assert got["a.html"].attempt.fetched_at == datetime(2024, 3, 1, tzinfo=UTC)
    assert got["sub/b.html"].attempt.fetched_at == datetime(2024, 3, 1, 0, 0, tzinfo=UTC)
    assert (got["c.html"].attempt.source_url, got["c.html"].attempt.fetched_at) == (
        None,
        datetime(2024, 3, 1, 8, tzinfo=UTC),
    )
    assert (got["d.html"].attempt.source_url, got["d.html"].attempt.fetched_at) == (None, None)
    assert "manifest.csv" not in got and remarks(tmp_path) == []


def test_composed_and_decomposed_names_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "cafe\u0301.html").write_bytes(b"x")
    (tmp_path / "manifest.csv").write_text("file,url\ncaf\u00e9.html,http://a.cn/\n", encoding="utf-8")
    assert next(iter(by_name(tmp_path).values())).attempt.source_url == "http://a.cn/"
    assert remarks(tmp_path) == []


@pytest.mark.parametrize(
    ("row", "outcome", "word"),
    [
        ("missing.html,http://a.cn/,", "missing_file", "line 2: there is no file missing.html"),
        ("a.html,ftp://a.cn/,", "bad_url", "only http and https"),
        ("a.html,nonsense,", "bad_url", "line 2"),
        ("a.html,http://a.cn/,yesterday", "bad_manifest_row", "yesterday is not an ISO date"),
        ("a.html,http://a.cn/,0001-01-01T00:00:00+14:00", "bad_manifest_row", "not an ISO date"),
        ("../a.html,http://a.cn/,", "bad_manifest_row", "not a file below the folder"),
        ("/etc/passwd,http://a.cn/,", "bad_manifest_row", "not a file below the folder"),
        (",http://a.cn/,", "bad_manifest_row", "(empty)"),
        ("a.html,http://a.cn/,,more", "bad_manifest_row", "4 cells"),
        ("a.html,http://a.cn/,\na.html,http://b.cn/,", "bad_manifest_row", "line 3: names a.html again, line 2 counts"),
    ],
)
def test_a_wrong_row_is_a_row_and_the_rest_goes_on(tmp_path: Path, row: str, outcome: str, word: str) -> None:
    for name in ("a.html", "z.html"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "manifest.csv").write_text(f"file,url,fetched_at\n{row}\nz.html,http://z.cn/,\n", encoding="utf-8")
    [(said, reason)] = remarks(tmp_path)
    assert said == outcome and word in reason and "manifest.csv, line" in reason
    got = by_name(tmp_path)
    assert got["a.html"].page is not None and got["z.html"].attempt.source_url == "http://z.cn/"
    if outcome == "bad_url":
        assert got["a.html"].attempt.source_url is None
    if "again" in word:
        assert got["a.html"].attempt.source_url == "http://a.cn/"


def test_the_same_row_twice_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"x")
    (tmp_path / "manifest.csv").write_text("file,url\na.html,http://a.cn/\na.html,http://a.cn/\n", encoding="utf-8")
    assert remarks(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"name,url\na.html,http://a.cn\n", "line 1: the columns must be"),
        (b"file,url,file\n", "line 1"),
        (b"", "line 1"),
        ("file,url\n年报.html,http://a.cn\n".encode("gbk"), "line 2: not UTF-8"),
        (b'file,url\n"a.html,http://a.cn\nb', "not valid CSV"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(FolderError, match=r"manifest\.csv") as error:
        list(read_folder(tmp_path))
    assert word in str(error.value)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no such folder"):
        list(read_folder(tmp_path / "nothing"))
