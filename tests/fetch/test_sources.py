"""Sources as data: one YAML a publisher, errors that name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.catalogue.loading import CatalogueError
from scrapers.sources.schema import Source, load_sample_source, load_sources

GOOD = """\
source_id: wugang
publisher: 某市人民政府
jurisdiction_code: "430581"
level: county
base_url: http://www.wugang.gov.cn
list_pages: [/wugang/nb/list.shtml]
politeness: {seconds_between_requests: 3}
expected_minimum: 5
"""


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_source_is_read(tmp_path: Path) -> None:
    [source] = load_sources(write(tmp_path, GOOD))
    assert source.list_addresses == ("http://www.wugang.gov.cn/wugang/nb/list.shtml",)
    assert source.politeness.seconds_between_requests == 3 and source.politeness.max_concurrency == 1
    assert not source.allow_private and not source.official and not source.verified
    assert source.is_own_host("gk.wugang.gov.cn") and not source.is_own_host("xwugang.gov.cn")


def test_politeness_is_two_seconds_where_nothing_is_said(tmp_path: Path) -> None:
    [source] = load_sources(write(tmp_path, GOOD.replace("politeness: {seconds_between_requests: 3}\n", "")))
    assert source.politeness.seconds_between_requests == 2.0


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("level: county", "level: village", 4, "level"),
        ('"430581"', "430581", 3, 'put the code in quotes: "430581"'),
        ("http://www", "ftp://www", 5, "only http and https"),
        ("expected_minimum: 5", "expected_minimun: 5", 8, "expected_minimun"),
        ("seconds_between_requests: 3", "seconds_between_requests: -1", 7, "seconds_between_requests"),
        ("/wugang/nb/list.shtml", "http://other.cn/list", 1, "neither base_url's nor in further_hosts"),
        ("[/wugang/nb/list.shtml]", "[]", 1, "list_pages_missing"),
        ("http://www.wugang.gov.cn", "'{base_url}'", 5, "only for the bundled sample"),
        ("level: county", "level: [county", 5, "not valid YAML"),
        ("level: county", "publisher: x", 4, "duplicate key"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, old: str, new: str, line: int, word: str) -> None:
    with pytest.raises(CatalogueError) as error:
        load_sources(write(tmp_path, GOOD.replace(old, new)))
    assert word in str(error.value) and f"a.yaml, line {line}" in str(error.value)


def test_other_faults_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no such folder"):
        load_sources(tmp_path / "nothing")
    with pytest.raises(CatalogueError, match="no source in it"):
        load_sources(tmp_path)
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "b.yaml")
    with pytest.raises(CatalogueError, match=r"b\.yaml: source_id wugang is also that of .*a\.yaml"):
        load_sources(tmp_path)
    (tmp_path / "b.yaml").rename(tmp_path / "c.yml")
    with pytest.raises(CatalogueError, match=r"c\.yml: a source ends in \.yaml"):
        load_sources(tmp_path)
    (tmp_path / "c.yml").unlink()
    (tmp_path / "b.yaml").write_bytes("名: 某".encode("gbk"))
    with pytest.raises(CatalogueError, match="not UTF-8"):
        load_sources(tmp_path)


def test_the_shipped_sources_are_valid_and_without_the_sample() -> None:
    assert all(source.source_id != "sample" for source in load_sources(None))


def test_the_sample_takes_the_address_of_its_server() -> None:
    source = load_sample_source("http://127.0.0.1:4711")
    assert isinstance(source, Source) and source.list_addresses[0].startswith("http://127.0.0.1:4711/")
    assert source.allow_private and source.official and source.politeness.seconds_between_requests == 0
