"""Corrections are read with their lines, and one that cannot be used is named with file, line and what to do."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest

from flows import corrections
from flows.corrections import load_corrections
from flows.faults import UsageFault
from flows.fetch import Origin
from flows.fingerprint import code_fingerprint
from flows.progress import Silence
from flows.run import Stages, run_once
from flows.seeds import write_seeds
from flows.settings import Settings
from scrapers.catalogue import load_catalogue
from scrapers.catalogue.loading import CatalogueError

GOOD = """\
corrections:
- id: one
  report: {url: 'http://x.gov.cn/1.html'}
  field: unable_not_held
  applicant: total
  reported: 8
  corrected: 7
  reason: The row adds up to 7.
  said_by: {kind: publisher, name: 更正说明, url: 'http://x.gov.cn/2.html'}
  said_on: 2024-02-03
  expect: {value: 8}
"""
CATALOGUE = load_catalogue()


def _folder(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "corrections"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def test_a_correction_with_its_place(tmp_path: Path) -> None:
    [one] = load_corrections(CATALOGUE, _folder(tmp_path, a=f"# a comment\n\n{GOOD}"))
    assert (one.file, one.line, one.data_origin) == ("corrections/a.yml", 4, "published_reports")
    assert (one.correction.reported, one.correction.corrected, one.correction.said_on) == (8, 7, date(2024, 2, 3))


def test_those_of_the_repository_are_of_the_sample_only() -> None:
    placed = load_corrections(CATALOGUE)
    assert {one.data_origin for one in placed} == {"invented_sample"}
    assert any(one.correction.corrected is None for one in placed)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  field: unable_not_held\n", "", 2, "give either metric"),
        (
            "  field: unable_not_held\n",
            "  field: unable_not_held\n  metric: unable_not_held\n",
            2,
            "give either metric",
        ),
        ("field: unable_not_held", "field: unable_not_hold", 2, "there is no field 'unable_not_hold'"),
        ("field: unable_not_held", "metric: nothing", 2, "there is no metric 'nothing'"),
        ("applicant: total", "applicant: everybody", 2, "natural_person"),
        ("reported: 8", "reported: eight", 6, "number"),
        ("reported: 8", "reported: .nan", 6, "finite number"),
        ("  corrected: 7\n", "", 2, "corrected"),
        ("corrected: 7", "corrected: 8", 2, "nothing is corrected"),
        ("corrected: 7", "corrected: 7\n  unit: 万元", 2, "does not measure this metric"),
        (
            "url: 'http://x.gov.cn/1.html'",
            "url: 'http://x.gov.cn/1.html', id: '0123456789abcdef'",
            3,
            "give one of url",
        ),
        ("url: 'http://x.gov.cn/1.html'", "url: 'ftp://x.gov.cn/1.html'", 3, "pattern"),
        (", url: 'http://x.gov.cn/2.html'", "", 9, "needs the url of its erratum"),
        ("said_on: 2024-02-03", "said_on: soon", 10, "date"),
        ("expect: {value: 8}", "expect: {}", 11, "give at least one of value"),
        ("expect: {value: 8}", "expect: {value: 9}", 2, "they are one number"),
        ("expect: {value: 8}", "expect: {page_sha256: abc}", 11, "pattern"),
        ("url: 'http://x.gov.cn/1.html'", "id: 1234567890123e45", 3, "put it in quotes"),
        ("reason:", "raeson:", 8, "raeson"),
        ("said_by: {", "said_by: [", 9, "not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogueError) as caught:
        load_corrections(CATALOGUE, _folder(tmp_path, a=GOOD.replace(old, new)))
    assert f"dbt_project/corrections/a.yml, line {line}" in str(caught.value)
    assert said in str(caught.value)


OTHER = GOOD.replace("id: one", "id: two")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (GOOD, "the id 'one' stands at dbt_project/corrections/a.yml, line 2 too"),
        (OTHER, "two corrects the same value as one"),
        (OTHER.replace("field: unable_not_held", "metric: unable_not_held"), "two corrects the same value as one"),
        (OTHER.replace("  applicant: total\n", ""), "two corrects the same value as one"),
    ],
)
def test_two_corrections_of_one_value_are_an_error(tmp_path: Path, second: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=r"keep one of them|another") as caught:
        load_corrections(CATALOGUE, _folder(tmp_path, a=GOOD, b=second))
    assert said in str(caught.value)
    assert "corrections/b.yml, line 2" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("applicant: total", "applicant: natural_person"),
        ("field: unable_not_held", "field: outcomes_total"),
        ("1.html", "3.html"),
        ("reported: 8", "reported: 9"),  # words and table of one field
    ],
)
def test_other_values_may_be_corrected_beside_it(tmp_path: Path, old: str, new: str) -> None:
    second = OTHER.replace(old, new).replace("{value: 8}", "{value: 9}" if "reported" in old else "{value: 8}")
    assert len(load_corrections(CATALOGUE, _folder(tmp_path, a=GOOD, b=second))) == 2


def test_a_file_that_ends_otherwise_is_not_passed_over(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "mine.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(CatalogueError, match="rename it"):
        load_corrections(CATALOGUE, folder)


def test_a_run_says_so_before_it_touches_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "CORRECTIONS", _folder(tmp_path, a=GOOD.replace("corrected: 7", "corrected: 8")))
    pages = tmp_path / "pages"
    pages.mkdir()
    with pytest.raises(UsageFault, match=r"corrections/a\.yml, line 2"):
        run_once(tmp_path / "warehouse", Origin(pages=pages), Settings(), Silence(), Stages())
    assert not (tmp_path / "warehouse").exists()


def test_the_seed_holds_every_correction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    withdrawn = OTHER.replace("corrected: 7", "corrected: null").replace("1.html", "3.html")
    monkeypatch.setattr(corrections, "CORRECTIONS", _folder(tmp_path, a=GOOD, b=withdrawn))
    assert write_seeds(tmp_path / "seeds")["corrections"] == 2
    lines = (tmp_path / "seeds" / "corrections.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2].startswith(
        "two,2,published_reports,corrections/b.yml,2,url,http://x.gov.cn/3.html,,unable_not_held,"
    )
    assert ",8.0,,,The row" in lines[2], "withdrawn is an empty cell, not 0"


def test_corrections_are_an_input_of_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import fingerprint

    project = tmp_path / "dbt_project"
    (project / "corrections").mkdir(parents=True)
    monkeypatch.setattr(fingerprint, "DBT_PROJECT", project)
    before = code_fingerprint()
    (project / "corrections" / "a.yml").write_text(GOOD, encoding="utf-8")
    assert code_fingerprint() != before
