"""What is published beside figures: sources with their terms, kinds of issues, pages that are taken down."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from flows import published_seeds
from flows.faults import UsageFault
from flows.fetch import Origin
from flows.progress import Silence
from flows.published_seeds import (
    ISSUE_COLUMNS,
    SOURCE_COLUMNS,
    TAKEDOWN_COLUMNS,
    check_takedowns,
    issue_rows,
    load_takedowns,
    source_rows,
    takedown_rows,
)
from flows.run import Stages, run_once
from flows.settings import Settings
from flows.withholding import QUOTING
from scrapers.catalogue.loading import CatalogueError
from scrapers.sources.schema import Source, load_sources

ROOT = Path(__file__).parents[2]


def test_every_source_has_terms_and_what_is_not_known_is_null() -> None:
    rows = {str(row["source_id"]): row for row in source_rows()}
    assert len(rows) == len(load_sources()) + 1
    assert all(tuple(row) == SOURCE_COLUMNS for row in rows.values())
    nanjing = rows["320104_nanjing"]
    assert (nanjing["terms_from"], nanjing["terms_page"], nanjing["contact"]) == ("law", None, None)
    assert "第五条" in str(nanjing["terms"]) and "article 5" in str(nanjing["terms_en"])
    assert (rows["sample"]["terms_from"], rows["sample"]["terms_en"]) == ("publisher", None)


def test_a_publishers_own_terms_stand_in_its_file() -> None:
    plain = {"source_id": "x", "publisher": "某市", "base_url": "https://x.gov.cn", "list_pages": ["/nb/"]}
    known = Source.model_validate({**plain, "terms": "转载请注明出处", "terms_page": "https://x.gov.cn/bqsm.html"})
    assert (known.terms, known.terms_page, known.hosts) == (
        "转载请注明出处",
        "https://x.gov.cn/bqsm.html",
        ("x.gov.cn",),
    )
    with pytest.raises(ValueError, match="terms_page"):
        Source.model_validate({**plain, "terms_page": "see the footer"})


def test_every_issue_that_is_raised_is_explained() -> None:
    explained = {str(row["issue_code"]): row for row in issue_rows()}
    assert all(tuple(row) == ISSUE_COLUMNS and all(row.values()) for row in explained.values())
    read, built = _of_reader(), _of_warehouse()
    assert len(read) > 15 and len(built) > 10
    assert (read | built) - set(explained) == set()


def _of_reader() -> set[str]:
    found = set()
    for path in (ROOT / "scrapers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "func", None)
            called = name.id if isinstance(name, ast.Name) else name.attr if isinstance(name, ast.Attribute) else ""
            if isinstance(node, ast.Call) and called in ("Issue", "_issue") and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def _of_warehouse() -> set[str]:
    text = (ROOT / "dbt_project/models/intermediate/int_report_issues.sql").read_text(encoding="utf-8")
    plain = set(re.findall(r"'([a-z_]+)' as issue_code", text))
    chosen = re.findall(r"case((?:(?!\bcase\b).)*?)end as issue_code", text, re.S)
    return plain | {code for case in chosen for code in re.findall(r"(?:then|else) '([a-z_]+)'", case)}


SHA = "0f" * 32


def test_takedowns_are_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("# nothing yet\n", encoding="utf-8")
    (tmp_path / "a.yml").write_text(
        f"- {{page: {SHA}, because: x, asked_by: the publisher, decided_on: 2026-05-04}}\n"
        "- {page: https://x.gov.cn/1.html, withhold: text_and_figures, because: y, asked_by: a court, decided_on: 2026-05-05}\n",
        encoding="utf-8",
    )
    assert [(one.page, one.withhold) for one in load_takedowns(tmp_path)] == [
        (SHA, "text"),
        ("https://x.gov.cn/1.html", "text_and_figures"),
    ]
    assert load_takedowns(tmp_path / "nowhere") == []
    assert all(tuple(row) == TAKEDOWN_COLUMNS for row in takedown_rows())


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("- {page: abc, because: x, asked_by: y, decided_on: 2026-05-04}", "neither the 64 hex digits"),
        (f"- {{page: {SHA}, asked_by: y, decided_on: 2026-05-04}}", "because"),
        (f"- {{page: {SHA}, because: x, asked_by: y, decided_on: soon}}", "decided_on"),
        (f"- {{page: {SHA}, because: x, asked_by: y, decided_on: 2026-05-04, withhold: all}}", "withhold"),
        ("page: [", "not valid YAML"),
    ],
)
def test_a_takedown_that_cannot_be_used_is_said_with_its_file_and_line(tmp_path: Path, entry: str, words: str) -> None:
    (tmp_path / "court.yml").write_text(f"{entry}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published_seeds, "TAKEDOWNS", tmp_path)
        with pytest.raises(UsageFault, match=r"court\.yml, line \d") as fault:
            check_takedowns()
    assert words in str(fault.value)


def test_a_takedown_never_goes_unseen(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("[]", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"a\.yaml: a file of .* ends in \.yml; rename it"):
        load_takedowns(tmp_path)
    (tmp_path / "a.yaml").rename(tmp_path / "a.yml").write_bytes("- because: 法院".encode("gbk"))
    with pytest.raises(CatalogueError, match=r"a\.yml: not UTF-8 at byte 11"):
        load_takedowns(tmp_path)


def test_a_run_says_so_before_it_fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yml").write_text("- page: abc", encoding="utf-8")
    monkeypatch.setattr(published_seeds, "TAKEDOWNS", tmp_path)
    with pytest.raises(UsageFault, match=r"a\.yml, line 1"):
        run_once(tmp_path / "warehouse", Origin(pages=tmp_path), Settings(), Silence(), Stages())
    assert not (tmp_path / "warehouse").exists()


def test_columns_that_quote_pages_are_columns_of_the_models() -> None:
    for (schema, table), (keys, columns) in QUOTING.items():
        name = table if schema == "marts" else f"{schema}_{table}"
        [model] = (ROOT / "dbt_project" / "models").rglob(f"{name}.yml")
        said = set(re.findall(r"- name: (\w+)", model.read_text(encoding="utf-8")))
        assert {*keys, *columns} <= said, table
