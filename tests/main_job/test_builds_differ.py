"""Two builds for real: a page is changed, one is new, two are taken down; what is published, and what diff says of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from flows import published_seeds
from flows.cli import app
from flows.published import builds, published_build
from flows.warehouse.places import Places
from tests.main_job.conftest import Published, run
from tests.main_job.test_site_changes import page

SECRET = "张某某身份证号"  # what was printed by mistake; invented
PLACES = {"a.html": (2017, 812, 9), "b.html": (2016, 640, 4), "c.html": (2015, 501, 2)}


class TwoBuilds(NamedTuple):
    """The warehouse after two runs."""

    now: Published
    before: str
    folder: Path


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> TwoBuilds:
    folder, root, orders = (tmp_path_factory.mktemp(name) for name in ("pages", "warehouse", "takedowns"))
    for name, figures in PLACES.items():
        content = page(*figures)
        if name != "a.html":
            said = f"件({SECRET})。其中{SECRET}占38.5%。</p><p>附、{SECRET}</p><table><tr><td>项</td><td>{SECRET}</td></tr></table>"
            content = content.replace("件。</p>".encode(), said.encode())
        (folder / name).write_bytes(content)
    first = run(root, folder, page_time_limit_seconds=300)
    assert first.summary.outcome == "published"
    checksums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in PLACES}
    (folder / "a.html").write_bytes(page(2017, 812, 11))
    (folder / "d.html").write_bytes(page(2014, 77, 1))
    (orders / "takedowns.yml").write_text(
        f"- page: {checksums['c.html']}\n  because: names of applicants\n  asked_by: the publisher\n  decided_on: 2026-05-04\n"
        f"- page: {checksums['b.html']}\n  withhold: text_and_figures\n  because: by order of a court\n"
        "  asked_by: a court\n  decided_on: 2026-05-05\n"
        "- page: https://nowhere.example.com/x.html\n  because: never landed\n  asked_by: someone\n  decided_on: 2026-05-06\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published_seeds, "TAKEDOWNS", orders)
        again = run(root, folder, page_time_limit_seconds=300)
    return TwoBuilds(again, first.summary.build_id or "", folder)


def test_the_build_with_takedowns_is_published_and_one_warning_tells_of_the_idle_one(two: TwoBuilds) -> None:
    assert two.now.summary.outcome == "published"
    failed = {check["check_id"] for check in two.now.summary.failed_checks}
    assert "takedowns_fit_a_page" in failed
    assert all(check["severity"] == "warn" for check in two.now.summary.failed_checks)


def test_what_is_withheld_is_listed_with_its_reason(two: TwoBuilds) -> None:
    rows = two.now.rows(
        "select p.source_file, w.withholds_figures, w.withheld_because, w.asked_by from marts.fct_withheld as w"
        " left join evidence.pages as p using (document_id) order by takedown_no"
    )
    assert rows == [
        ("c.html", False, "names of applicants", "the publisher"),
        ("b.html", True, "by order of a court", "a court"),
        (None, False, "never landed", "someone"),
    ]


def test_the_words_of_a_withheld_page_stand_nowhere(two: TwoBuilds) -> None:
    folder = (two.now.root / "published").resolve()
    assert SECRET in _everything(two.now.root / "builds" / two.before / "gongkai.duckdb"), "they stood there before"
    assert SECRET not in _everything(folder / "gongkai.duckdb")
    for file in folder.rglob("*"):
        if file.suffix in (".csv", ".json", ".html", ".md", ".cff"):
            assert SECRET not in file.read_text(encoding="utf-8"), file.name
    for file in (folder / "parquet").iterdir():
        assert SECRET not in str(pl.read_parquet(file).to_dicts()), file.name
    assert SECRET.encode() not in (folder / "gongkai.duckdb").read_bytes()


def _everything(database: Path) -> str:
    """Every cell of every table and view of a published database."""
    with duckdb.connect(str(database), read_only=True) as con:
        names = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() union all"
            " select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        return "\n".join(str(con.execute(f"from {name}").fetchall()) for (name,) in names)


def test_figures_stay_unless_they_are_withheld_too(two: TwoBuilds) -> None:
    wide = two.now.rows("select report_year, requests_received_new from marts.jurisdiction_years order by report_year")
    assert wide == [(2014, 1.0), (2015, 2.0), (2017, 11.0)]
    rows = two.now.rows(
        "select value, evidence, context_before, withheld_because, page_sha256 is not null, archive_file is not null"
        " from marts.value_lineage where report_year = 2015 and metric_id = 'requests_received_new'"
    )
    assert rows == [(2.0, None, None, "names of applicants", True, True)]
    aside = two.now.rows("select source_file, reason_code, reason from ops.pages_set_aside")
    assert aside == [("b.html", "withheld", "by order of a court")]
    for table in ("fct_metric_values", "fct_derived_values", "fct_missing", "fct_check_results", "fct_rates"):
        left = two.now.rows(
            f"select count(*) from marts.{table} join marts.fct_reports using (report_id) where source_file = 'b.html'"
        )
        assert left == [(0,)], table


def test_a_withheld_page_answers_why_without_its_words(two: TwoBuilds) -> None:
    shown = _command("why", "景县/2015", "requests_received_new", two=two)
    assert "2 件" in shown and SECRET not in shown
    assert "withheld: names of applicants" in " ".join(shown.split())


def test_diff_says_what_changed_and_why(two: TwoBuilds) -> None:
    shown = _command("diff", two=two)
    lines = {tuple(cell.strip() for cell in line.split("│")[1:5]) for line in shown.splitlines() if line.count("│") > 5}
    assert {
        ("reports", "added", "new_page", "1"),
        ("reports", "changed", "revised_page", "1"),
        ("reports", "gone", "withheld", "1"),
        ("values", "changed", "revised_page", "1"),
    } <= lines
    assert {line[2] for line in lines if line[0] == "values"} == {"new_page", "revised_page", "withheld"}
    rows = _command("diff", two.before[:-2], "--rows", two=two)
    assert "景县 2017" in rows and "9 件" in rows and "11 件" in rows
    table = _command("diff", "--format", "csv", two=two)
    assert table.startswith("subject,change,cause,page,")
    kept = two.now.rows("select subject, count(*) from ops.build_changes group by all order by all")
    counts = published_build(Places(two.now.root)).manifest["difference"]  # type: ignore[union-attr]
    assert kept == [(name, sum(one["count"] for one in counts[f"{name}s"])) for name in ("report", "value")]


def test_diff_of_a_build_with_itself_and_of_unknown_builds(two: TwoBuilds) -> None:
    newest = builds(Places(two.now.root))[-1].build_id
    assert "the same reports and values" in _command("diff", newest, newest, two=two)
    assert "no build is called 'nonsense'; there are:" in _command("diff", "nonsense", two=two, code=2)
    assert "fits 2 builds, give more of the id" in _command("diff", "2", two=two, code=2)


def _command(*arguments: str, two: TwoBuilds, code: int = 0) -> str:
    options: dict[str, Any] = {"env": {"COLUMNS": "200"}}
    answer = CliRunner().invoke(app, [*arguments, "--warehouse", str(two.now.root)], **options)
    assert answer.exit_code == code, answer.output
    return answer.output
