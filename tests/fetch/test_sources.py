"""Sources as data: one YAML a publisher, errors that name file and line."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli import app
from scrapers.catalogue.loading import CatalogueError
from scrapers.document import Page
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Attempt, Fetched, Outcome, Role
from scrapers.sources.checking import check_sources
from scrapers.sources.family import load_family
from scrapers.sources.proposing import propose
from scrapers.sources.schema import HERE, Source, load_sample_source, load_sources

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
        ("/wugang/nb/list.shtml", "http://other.cn/list", 6, "neither base_url's nor in further_hosts"),
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


# --- gongkai sources check ---

CHECKED = """\
source_id: {name}
publisher: 湖南省邵阳市武冈市人民政府
jurisdiction_code: "430581"
level: county
family: trs
base_url: http://www.wugang.gov.cn
list_pages: [/nb/]
report_pages: [/nb/201903/t20190307_1829.html]
"""


def checked(folder: Path, *changes: tuple[str, str], name: str = "wugang") -> list[str]:
    text = CHECKED.format(name=name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    write(folder, text, f"{name}.yaml")
    return [str(fault) for fault in check_sources(folder).faults]


def test_a_faultless_folder(tmp_path: Path) -> None:
    assert checked(tmp_path) == []
    assert [source.source_id for source in check_sources(tmp_path).sources] == ["wugang"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("source_id: wugang", "source_id: wu", 1, "rename it to wu.yaml"),
        ("武冈市人民政府", "新宁县人民政府", 2, "does not name 邵阳市武冈市, the place of 430581"),
        ('"430581"', '"430599"', 3, "430599 is no known code: look it up in catalogue/divisions/units.csv"),
        ('"430581"', '"430581999"', 3, "towns.csv"),
        ('"430581"', "430581", 3, "put the code in quotes"),
        ('jurisdiction_code: "430581"\n', "", 1, "give the jurisdiction_code"),
        ("level: county", "level: province", 4, "430581 is 邵阳市武冈市, a county, not a province"),
        ("level: county", "level: village", 4, "level: Input should be"),
        ("level: county\n", "", 1, "give the level"),
        ("family: trs", "family: trss", 5, "there is no family 'trss'; there are"),
        ("family: trs", "family: jcms", 8, "is not like a report of jcms"),
        ("list_pages: [/nb/]", "list_pages: [/nb/a.shtml]", 7, "is not like a list of trs"),
        ("list_pages: [/nb/]", "list_pages: [/other/]", 7, "does not follow from report_pages by the rule of trs"),
        ("list_pages: [/nb/]", "list_pages: null", 7, "say why in list_pages_missing"),
        ("list_pages: [/nb/]", "list_pages: [/nb/, /nb/index.html]", 7, "stands there twice"),
        ("list_pages: [/nb/]", "list_pages: [ftp://www.wugang.gov.cn/nb/]", 7, "only http and https"),
        ("list_pages: [/nb/]", "list_pages: [/gate/big5/www.wugang.gov.cn/nb/]", 7, "is a gateway's copy"),
        ("base_url: http://www.wugang.gov.cn", "base_url: http://cn.chinagate.cn", 6, "copies reports of others"),
        ("level: county", "level: [", 6, "not valid YAML"),
        ("level: county", "level: county\nlist_pages_missing: x", 5, "take list_pages_missing out"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    faults = checked(tmp_path, (old, new))
    assert any(said in fault and fault.startswith(f"wugang.yaml, line {line}: ") for fault in faults), faults


def test_a_page_that_was_looked_at_need_not_follow_from_the_rule(tmp_path: Path) -> None:
    assert checked(tmp_path, ("list_pages: [/nb/]", "list_pages: [/other/]\nverified: true")) == []


def test_zones_towns_and_departments(tmp_path: Path) -> None:
    zone = (("武冈市人民政府", "某新区管理委员会"), ("level: county", "level: functional_zone"))
    assert checked(tmp_path, *zone) == []
    town = (("武冈市人民政府", "武冈市辕门口街道办事处"), ('"430581"', '"430581001"'), ("county", "township"))
    assert checked(tmp_path, *town) == []
    assert checked(tmp_path, *town[1:]) != []
    unresolved = (("武冈市人民政府", "武冈市的一个乡"), ("county", "township"))
    assert checked(tmp_path, *unresolved) == []
    assert checked(tmp_path, ("湖南省邵阳市武冈市人民政府", "武冈市教育局")) == []


def test_all_faults_of_all_files_are_told(tmp_path: Path) -> None:
    checked(tmp_path, ("county", "village"), ('"430581"', '"430599"'), ("[/nb/]", "[ftp://x]"))
    checked(tmp_path, ("source_id: b", "source_id: wugang"), name="b")
    (tmp_path / "c.yml").write_text("x", encoding="utf-8")
    (tmp_path / "d.yaml").write_bytes("名: 某".encode("gbk"))
    (tmp_path / "e.yaml").write_text("[]", encoding="utf-8")
    faults = [(fault.file, fault.line) for fault in check_sources(tmp_path).faults]
    assert {
        ("wugang.yaml", 3),
        ("wugang.yaml", 4),
        ("wugang.yaml", 7),
        ("b.yaml", 1),
        ("c.yml", 1),
        ("d.yaml", 1),
    } <= set(faults)
    said = "\n".join(map(str, check_sources(tmp_path).faults))
    assert "source_id wugang is also in b.yaml" in said
    assert "report_pages" not in said and "201903/t20190307_1829.html is also in b.yaml" in said
    assert ("e.yaml", 1) in faults


def test_www_and_https_do_not_make_a_list_another(tmp_path: Path) -> None:
    checked(tmp_path)
    base = ("http://www.wugang.gov.cn", "https://wugang.gov.cn")
    faults = checked(tmp_path, base, ("report_pages: [/nb/201903/t20190307_1829.html]\n", ""), name="b")
    assert faults == ["wugang.yaml, line 7: http://www.wugang.gov.cn/nb/ is also in b.yaml: keep one of them"]


def test_the_shipped_sources() -> None:
    found = check_sources(HERE)
    assert [str(fault) for fault in found.faults] == []
    assert len(found.sources) >= 60
    assert all(source.jurisdiction_code and source.level and not source.verified for source in found.sources)
    assert all(source.list_pages or source.list_pages_missing for source in found.sources)
    assert [source.source_id for source in load_sources(HERE)] == [source.source_id for source in load_sources(None)]


def test_the_shipped_sources_stay_within_the_known_addresses() -> None:
    """No address is guessed: every report is a known one, every list follows from one."""
    known = Path(__file__).resolve().parents[3] / "shared" / "reference" / "known_urls.csv"
    if not known.is_file():
        pytest.skip("the list of known addresses is not there")
    with known.open(encoding="utf-8") as file:
        addresses = {row["url"] for row in csv.DictReader(file)}
    for source in load_sources(None):
        assert set(source.report_addresses) <= addresses, source.source_id
        family = load_family(source.family)
        told = {family.list_address(report) for report in source.report_addresses}
        assert set(source.list_addresses) <= told, source.source_id


# --- gongkai sources add ---

REPORT = """<html><head><meta name="SiteName" content="武冈市人民政府"><meta name="SiteIDCode" content="4305810001">
<title>武冈市2018年政府信息公开工作年度报告</title></head><body><h1>武冈市2018年政府信息公开工作年度报告</h1>
<p>根据《政府信息公开条例》，武冈市人民政府办公室编制本报告。全市各级行政机关主动公开政府信息12条。</p></body></html>"""
AT = "http://www.wugang.gov.cn/nb/201903/t20190307_1829.html"


def test_a_source_is_proposed_from_a_report(tmp_path: Path) -> None:
    proposal = propose(AT, REPORT.encode())
    assert proposal.file_name == "430581_wugang.yaml"
    write(tmp_path, proposal.text, proposal.file_name)
    found = check_sources(tmp_path)
    assert found.faults == ()
    [source] = found.sources
    assert source.level == "county" and source.jurisdiction_code == "430581" and source.publisher == "武冈市人民政府"
    assert source.family == "trs" and source.list_pages == ("/nb/",) and source.report_addresses == (AT,)
    assert source.expected_minimum == 1 and not source.verified and not source.official


def test_a_source_is_proposed_from_a_list_and_the_sites_own_meta_data(tmp_path: Path) -> None:
    entries = "".join(
        f'<li><a href="/nb/201903/t2019030{n}_1829.html">{2010 + n}年年度报告</a></li>' for n in range(1, 5)
    )
    page = (
        REPORT.partition("<body>")[0].replace("2018年政府信息公开工作年度报告", "政府信息公开年报")
        + f"<body><ul>{entries}</ul>"
    )
    proposal = propose("http://www.wugang.gov.cn/nb/list_x.htm", page.encode("utf-8"))
    write(tmp_path, proposal.text, proposal.file_name)
    [source] = check_sources(tmp_path).sources
    assert (
        source.list_pages == ("/nb/list_x.htm",) and source.report_pages == () and source.jurisdiction_code == "430581"
    )


def test_an_address_alone_leaves_the_rest_to_the_person(tmp_path: Path) -> None:
    proposal = propose('http://www.x.gov.cn/info/1082/1234.htm?a="b: c')
    assert "list_pages: null" in proposal.text and "number of the column" in proposal.text
    write(tmp_path, proposal.text, proposal.file_name)
    said = "\n".join(map(str, check_sources(tmp_path).faults))
    assert "line 2: publisher" in said and "line 3" in said


def test_a_gateway_gives_no_list() -> None:
    proposal = propose("http://www.x.gov.cn/gate/big5/www.x.gov.cn/nb/201903/t20190307_1829.html")
    assert "list_pages: null" in proposal.text and any("gateway" in remark for remark in proposal.remarks)


@pytest.mark.parametrize("content", [b"", b"\x00\x01" * 500, b"%PDF-1.4 broken", b"<" * 5_000, b"PK\x03\x04x"])
def test_a_page_that_cannot_be_read_still_gives_a_proposal(content: bytes) -> None:
    assert "family: trs" in propose(AT, content).text


# --- the command ---


def command(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(app, ["sources", *words], env={"GONGKAI_CONTACT": "", **environment})


def test_the_command_shows_the_sources_or_all_faults(tmp_path: Path) -> None:
    shown = command("check")
    assert shown.exit_code == 0 and "430581" not in shown.output and "66 publishers" in shown.output
    checked(tmp_path, ("county", "village"), ('"430581"', '"430599"'))
    refused = command("check", str(tmp_path))
    assert refused.exit_code == 2
    assert "wugang.yaml, line 4:" in refused.output and "wugang.yaml, line 3:" in refused.output
    assert "2 faults in 1 file." in refused.output
    assert command("check", str(tmp_path / "nothing")).exit_code == 2


def test_the_command_proposes_writes_once_and_never_overwrites(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(REPORT, encoding="utf-8")
    words = ("add", AT, "--page", str(page), "--write", "--folder", str(tmp_path))
    first = command(*words)
    assert first.exit_code == 0 and 'source_id: "430581_wugang"' in first.stdout
    written = tmp_path / "430581_wugang.yaml"
    assert written.read_text(encoding="utf-8") == first.stdout
    written.write_text("mine", encoding="utf-8")
    assert command(*words).exit_code == 2 and written.read_text(encoding="utf-8") == "mine"


def test_with_a_contact_the_page_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetch(fetcher: HttpFetcher, url: str, source: Source, role: Role) -> Fetched:
        assert "a@example.org" in fetcher.settings.user_agent and not source.allow_private
        attempt = Attempt(source.source_id, None, url, Outcome.ok, None, datetime.now(UTC), role=role)
        return Fetched(Page(REPORT.encode(), url=url, content_type="text/html"), attempt)

    monkeypatch.setattr(HttpFetcher, "fetch", fetch)
    found = command("add", AT, GONGKAI_CONTACT="a@example.org")
    assert found.exit_code == 0 and 'jurisdiction_code: "430581"' in found.stdout


def test_nothing_is_fetched_without_a_contact_nor_from_private_networks() -> None:
    alone = command("add", AT)
    assert alone.exit_code == 0 and "GONGKAI_CONTACT" in alone.output and "family: trs" in alone.stdout
    private = command("add", "http://127.0.0.1:9/nb/201903/t20190307_1829.html", GONGKAI_CONTACT="a@example.org")
    assert private.exit_code == 0 and "could not be had" in private.output
    assert command("add", "ftp://x.gov.cn/").exit_code == 2
    assert command("add", AT, "--page", "nothing.html").exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x, x, x, x, x, x, x, x, x]\n"
         + "".join(f"{n}: &{n} [{', '.join([f'*{o}'] * 9)}]\n" for o, n in zip("abcdefgh", "bcdefghi", strict=True)),
         "aliases"),
        ("notes: " + "[" * 3000, "nested too deeply"),
        ("notes: a\x07b\n", "not valid YAML"),
        ("notes: 2020-99-99\n", "not valid YAML"),
        ("max_pages: " + "9" * 5000 + "\n", "not valid YAML"),
    ],
    ids=["bomb", "deep", "control", "date", "digits"],
)  # fmt: skip
def test_files_made_to_do_harm_are_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        load_sources(write(tmp_path, GOOD + text))
    assert any(said in str(fault) for fault in check_sources(tmp_path).faults)
