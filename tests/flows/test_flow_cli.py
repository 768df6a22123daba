"""The command without a run: what it prints, and what a stranger's SQL cannot do."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import flow_fakes as fakes
import pytest
from typer.testing import CliRunner

from flows import cli, cli_common
from flows.warehouse.places import Places


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder = tmp_path_factory.mktemp("cli")
    places = Places(folder / "warehouse")
    pages = fakes.write_pages(folder / "pages")
    fakes.run_fake(places.root, pages)
    (pages / "boom.txt").write_text("boom", encoding="utf-8")
    fakes.run_fake(places.root, pages)
    return places


def _gongkai(*arguments: str) -> tuple[int, str, str]:
    ended = CliRunner().invoke(cli.app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})
    return ended.exit_code, ended.stdout, ended.stderr


def _sql(places: Places, query: str, form: str = "csv") -> tuple[int, str, str]:
    return _gongkai("sql", query, "--format", form, "--warehouse", str(places.root))


def test_help_is_enough_to_start() -> None:
    code, out, _ = _gongkai("--help")
    assert code == 0
    for word in ("gongkai run", "--pages DIR", "rollback", "status", "gongkai sql"):
        assert word in out


def test_sql_prints_every_format(places: Places) -> None:
    query = (
        "select 1 as a, null as b, '乡,\"x\"' as c, 2.5 as d, [1, null] as e, 3::double as f, date '2024-01-02' as g"
    )
    code, out, _ = _sql(places, query)
    assert code == 0
    assert list(csv.reader(io.StringIO(out))) == [
        ["a", "b", "c", "d", "e", "f", "g"],
        ["1", "", '乡,"x"', "2.5", "[1, null]", "3", "2024-01-02"],
    ]
    assert json.loads(_sql(places, query, "json")[1]) == [
        {"a": 1, "b": None, "c": '乡,"x"', "d": 2.5, "e": [1, None], "f": 3, "g": "2024-01-02"}
    ]
    assert json.loads(_sql(places, "select 1 as a where false", "json")[1]) == []
    code, out, _ = _sql(places, "select 'b' as name from fct_reports limit 1", "table")
    assert code == 0
    assert "name" in out
    assert "1 row" in out


def test_sql_finds_tables_without_their_schema(places: Places) -> None:
    code, out, _ = _sql(places, "select count(*) as n from fct_reports, runs where outcome = 'published' limit 1")
    assert code == 0
    assert out.startswith("n\n")


def test_sql_does_not_obey_text_of_pages(places: Places) -> None:
    _, out, _ = _sql(places, "select '[red]x[/red]' || chr(27) || ']0;title' || chr(7) as t", "table")
    assert "[red]x[/red]" in out
    assert "\x1b]" not in out
    assert "\x07" not in out


@pytest.mark.parametrize("query", ["from read_text('{file}')", "copy (select 1) to '{folder}/out.csv'", "selec 1", ""])
def test_sql_is_refused_in_one_line(places: Places, query: str, tmp_path: Path) -> None:
    """What is refused and how is tested in tests/query/."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n", encoding="utf-8")
    code, out, err = _sql(places, query.format(file=secret, folder=tmp_path))
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_a_long_table_shows_its_first_rows_and_says_so(places: Places) -> None:
    code, out, _ = _sql(places, "select 'row ' || range as r from range(1001)", "table")
    assert code == 0
    assert "row 999" in out and "row 1000" not in out
    assert "the first 1,000 rows; there are more" in out
    assert "1,000 rows\n" in _sql(places, "select range from range(1000)", "table")[1]


@pytest.mark.parametrize("command", [["sql", "select 1"], ["status"], ["run", "--pages", "."], ["rollback"]])
def test_a_setting_that_makes_no_sense_is_a_sentence(
    places: Places, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_SQL_SECONDS", "soon")
    monkeypatch.setenv("GONGKAI_PROXY", "hidden")
    code, _, err = _gongkai(*command, *(["--warehouse", str(places.root)] if command[0] == "run" else []))
    assert code == 2
    assert err.startswith("GONGKAI_SQL_SECONDS: input should be a valid number")
    assert len(err.strip().splitlines()) == 1 and "hidden" not in err


def test_status_shows_run_build_and_pages_set_aside(places: Places) -> None:
    code, out, _ = _gongkai("status", "--warehouse", str(places.root))
    assert code == 0
    for words in ("marts.fct_reports", "reader_fault 1", "warn: marts.few_reports", "published", "Metric values"):
        assert words in out


def test_nothing_published_says_where_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GONGKAI_WAREHOUSE", raising=False)
    code, _, err = _gongkai("sql", "select 1")
    assert code == 1
    assert "start with `gongkai run`" in err
    fakes.run_fake(cli_common.SAMPLE_WAREHOUSE, fakes.write_pages(tmp_path / "pages"))
    for arguments in (["sql", "select 1"], ["status"]):
        code, _, err = _gongkai(*arguments)
        assert code == 1
        assert "--warehouse warehouse/sample" in " ".join(err.split())


def test_wrong_use_is_exit_code_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where no sample has been run
    assert _gongkai("run", "--pages", str(tmp_path), "--sources", str(tmp_path))[0] == 2
    code, _, err = _gongkai("run", "--pages", str(tmp_path / "nowhere"))
    assert code == 2
    assert "there is no folder" in err
    assert _gongkai("sql", "select 1", "--format", "xml")[0] == 2
    assert _gongkai("sql", "select 1", "--warehouse", str(tmp_path / "nowhere"))[0] == 2
    assert _gongkai("dance")[0] == 2


def test_rollback_without_an_earlier_build(places: Places, tmp_path: Path) -> None:
    code, _, err = _gongkai("rollback", "20000101T000000000Z-none", "--warehouse", str(places.root))
    assert code == 1
    assert "there are:" in err


def test_the_light_commands_stay_light() -> None:
    heavy = "prefect", "dbt", "great_expectations", "polars", "pandas", "sqlalchemy"
    code = f"import sys, flows.cli; print([name for name in {heavy!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
