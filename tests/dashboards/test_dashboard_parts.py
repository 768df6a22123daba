"""Texts in both languages, the one query of the pages, the server's manners, and the command."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

import dashboards
from dashboards.published import select_of
from dashboards.server import HOST, listen
from dashboards.words import FILE, LANGUAGES, Words, catalogue
from flows.cli import app
from flows.faults import UsageFault
from flows.settings import PROJECT

CATALOGUE = PROJECT / "scrapers" / "catalogue"
VIEWS = PROJECT / "dbt_project" / "models" / "dashboards"
CODE = sorted(Path(dashboards.__file__).parent.rglob("*.py"))


def test_every_text_is_there_in_both_languages() -> None:
    raw = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    assert {key for key, texts in raw.items() if set(texts) != set(LANGUAGES) or not all(texts.values())} == set()
    fields = {key: {lang: set(_fields(text)) for lang, text in texts.items()} for key, texts in catalogue().items()}
    assert {key for key, by in fields.items() if by["zh"] != by["en"]} == set()


def _fields(text: str) -> list[str]:
    import string

    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def test_every_text_that_the_pages_ask_for_is_there_and_none_is_idle() -> None:
    asked, kinds, strings = set(), set(), set()
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                if called == "words":
                    asked.add(node.args[0].value)
                elif called == "words.code":
                    kinds.add(node.args[0].value)
    assert asked - set(catalogue()) == set()
    prefixes = tuple(f"{kind}_" for kind in kinds | {"unit", "nav", "cover", "basis"})
    assert {key for key in catalogue() if key not in strings and not key.startswith(prefixes)} == set()


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    words = Words("en")
    assert words.code("reason", "brand_new") == "brand_new"
    assert words.code("trust", "hijacked") == "hijacked" and Words("zh").code("trust", "hijacked") == "被劫持"
    assert words.of({"label_zh": "甲", "label_en": None}, "label") == "甲"


def test_issues_have_their_words_from_the_catalogue_only() -> None:
    issues = YAML(typ="safe").load((CATALOGUE / "issues.yaml").read_text(encoding="utf-8"))["issues"]
    codes = {issue["code"] for issue in issues if issue["zh"] and issue["en"]}
    assert {"corrected", "correction_stale"} <= codes
    assert {key for key in catalogue() if key.removeprefix("issue_") in codes and key.startswith("issue_")} == set()


# Views whose rows a page hands out as CSV: what it does not draw is for those who take the data away.
HANDED_OUT = {
    "check_failures", "check_years", "coverage_by_province_year", "coverage_by_year", "issue_codes", "matched_years",
    "missing_years", "place_values", "report_checks", "report_figures", "run_history", "set_aside", "source_health",
    "year_rates", "year_totals",
}  # fmt: skip


def test_every_column_of_a_view_is_read_by_a_page() -> None:
    screens = {file: file.read_text(encoding="utf-8") for file in CODE if file.parent.name == "screens"}
    idle = set()
    for file in VIEWS.glob("*.yml"):
        for view in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("models", []):
            text = "".join(code for code in screens.values() if f'"{view["name"]}"' in code)
            names = {str(column["name"]) for column in view["columns"]} - {"data_origin"}
            if view["name"] not in HANDED_OUT:
                idle |= {f"{view['name']}.{name}" for name in names if not _is_read(name, text)}
    assert idle == set()


def _is_read(name: str, text: str) -> bool:
    stem = name.removesuffix("_zh").removesuffix("_en")
    known = [f'"{name}"', f"'{name}'", f'"-{name}"', f"{name}=", f'"{name}:']
    return any(word in text for word in (*known, *([f'"{stem}"', f'f"{stem}_{{'] if stem != name else [])))


def test_pages_hold_no_sql() -> None:
    for file in CODE:
        if file.name == "published.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.lower().startswith(("select ", "with ", "from ")), (
                    f"{file.name}: {node.value[:60]}"
                )


def test_the_one_query_takes_values_as_parameters_only() -> None:
    hostile = "x' or 1=1 --"
    query, values = select_of(
        "places",
        (("parent_id", None), ("place_id", (hostile, "b"))),
        ("-report_count", "code"),
        ("search_text", hostile),
        5,
    )
    assert query == (
        'select * from dashboards."places" where "parent_id" is not distinct from ? and list_contains(?, "place_id")'
        ' and contains("search_text", ?) order by "report_count" desc nulls last, "code" asc nulls last limit 5'
    )
    assert values == [None, [hostile, "b"], hostile]


@pytest.mark.parametrize("name", ['places"; drop', "a b", "", "1", "x.y"])
def test_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        select_of(name, ())
    with pytest.raises(ValueError, match="is no name"):
        select_of("places", ((name, "x"),))


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageFault, match=f"{port} cannot be used"):
            listen(port)


def test_the_command_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where no sample has been run
    answer = CliRunner().invoke(app, ["dashboard", "--warehouse", str(tmp_path / "none"), "--no-browser"])
    assert answer.exit_code == 2 and "there is no folder" in answer.output.replace("\n", " ")
