"""Pages made to hurt: each is read or refused in bounded time."""

from __future__ import annotations

import time

import pytest

from tests.clean.pages import OVERVIEW, read

SECONDS = 5.0
CASES = {
    "nested div": "<div>" * 100_000 + OVERVIEW + "</div>" * 100_000,
    "nested span": "<span>" * 100_000 + OVERVIEW,
    "nested formatting": "".join(f"<b id={number}>" for number in range(40_000)) + f"<p>{OVERVIEW}",
    "nested tables": "<table><tr><td>" * 20_000 + OVERVIEW,
    "nested lists": "<ul><li>" * 50_000 + OVERVIEW,
    "nested links": "<a href=x><p>" * 50_000 + OVERVIEW,
    "long attribute": f'<html><p title="{"x" * 5_000_000}">{OVERVIEW}',
    "open tags": "<html>" + "<p><li>" * 20_000 + OVERVIEW,
    "angle brackets": "<html>" + "<" * 500_000 + OVERVIEW,
    "ampersands": "<html>" + "&" * 500_000 + OVERVIEW,
    "blanks": "<html><p>" + " \n" * 1_000_000 + OVERVIEW,
    "breaks": "<html>" + "<br>" * 100_000 + OVERVIEW,
    "comments": "<html>" + "<!-- -->" * 100_000 + OVERVIEW,
    "huge spans": "<html>" + OVERVIEW + "<table>" + "<tr><td colspan=1000000000 rowspan=1000000000>1<td>2" * 5_000,
    "overlapping spans": "<html>" + OVERVIEW + "<table>" + "<tr><td rowspan=1000>本年新收<td>1<td>2" * 3_000,
    "many small bombs": "<html>"
    + OVERVIEW
    + ("<table>" + "<tr>" * 300 + "<tr><td colspan=999 rowspan=999>a<td>b<tr><td>1<td>2</table>") * 300,
    "many attributes": "<html><p " + " ".join(f"a{number}" for number in range(100_000)) + f">{OVERVIEW}",
    "tags without an end": f"<html><p>{OVERVIEW}</p>" + "<div" * 200_000,
    "controls": ("大中小" * 60 + "x\n") * 100 + OVERVIEW,
    "trails": ("首页" + "-" * 190 + "。\n") * 300 + OVERVIEW,
    "pipes": "|" * 3_000_000 + "\n" + OVERVIEW,
    "rows of pipes": "| a | b |\n" * 20_000 + OVERVIEW,
    "open brackets": "《(" * 200_000 + "\n" + "》)" * 200_000 + OVERVIEW,
    "pinyin": "报(bào)" * 100_000 + OVERVIEW,
    "cut numbers": "共1 234 " * 50_000 + OVERVIEW,
    "one long line": OVERVIEW * 15_000,
    "many lines": (OVERVIEW + "\n") * 20_000,
    "buttons": "打印关闭" * 100_000 + "\n" + OVERVIEW,
    "encoded twice": (OVERVIEW * 5_000).encode().decode("latin-1"),
}


@pytest.mark.parametrize("name", CASES)
def test_bounded_time(name: str) -> None:
    source = CASES[name]
    start = time.process_time()
    document = read(source, "a.html" if source.startswith("<") else "a.txt")
    assert time.process_time() - start < SECONDS
    assert OVERVIEW in document.text
