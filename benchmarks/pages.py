"""The benchmark's pages: reports in the words of texts.yaml, each in a 56 KB frame like that of a government's site.

Made from a seed, so that every run reads the same bytes. "words" are reports without a table, as dense in figures as
real ones; "tables" are reports with the three tables of the form of 2021, as Word pastes them.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import zhconv_rs_opencc
from ruamel.yaml import YAML

SIZE = 56 * 1024  # bytes of a page
_TEXT = (2200, 5800)  # characters of a report without tables
_STYLE = "text-indent:32pt;line-height:28pt;font-family:仿宋_GB2312;font-size:16pt"
_CELL = '<td{0} style="border:1px solid #000;padding:0 5pt"><p style="text-align:center"><span>{1}</span></p></td>'
_FIGURES = re.compile(r"\{(?:m|big)\}|\{n\}[件篇场次名]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page: its bytes, the report's own words in it, how many cells its tables have."""

    content: bytes
    words: str
    cells: int


@cache
def texts() -> dict[str, Any]:
    """texts.yaml"""
    loaded: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
    return loaded


def make_pages(kind: str, count: int, seed: int = 2024) -> list[BenchPage]:
    """``count`` pages of a kind (words, tables, traditional), always the same for the same seed."""
    made = "words" if kind == "traditional" else kind
    pages = [_page(made, random.Random(f"{made} {seed} {number}")) for number in range(count)]
    return [_traditional(page) for page in pages] if kind == "traditional" else pages


def density(pages: list[BenchPage]) -> dict[str, float]:
    """Characters a report, and runs of digits in 1,000 characters."""
    size = sum(len(page.words) for page in pages)
    digits = sum(len(re.findall(r"\d+", page.words)) for page in pages)
    return {"characters": size / len(pages), "digit_runs": 1000 * digits / size}


def _traditional(page: BenchPage) -> BenchPage:
    words = zhconv_rs_opencc.zhconv(page.words, "zh-hant")
    return BenchPage(zhconv_rs_opencc.zhconv(page.content.decode(), "zh-hant").encode(), words, page.cells)


def _page(kind: str, chance: random.Random) -> BenchPage:
    place = chance.choice(texts()["places"])
    facts = {
        "name": place["name"],
        "y": str(chance.randint(2021, 2024) if kind == "tables" else chance.randint(2014, 2018)),
        "phone": f"{place['area_code']}-{chance.randint(2_000_000, 8_999_999)}",
        "postcode": place["postcode"],
    }
    title = _fill(texts()["title"], facts, chance)
    lines = _lines(facts, chance, *((1200, 2600) if kind == "tables" else _TEXT))
    body = [_paragraph(line, chance) for line in lines]
    cells = 0
    if kind == "tables":
        tables = _tables(chance)
        cells = sum(table.count("<td") for table in tables)
        body[len(body) // 3 : len(body) // 3] = tables
    article = (
        f'<h1 class="title">{title}</h1><div class="info">发布日期:{int(facts["y"]) + 1}-01-{chance.randint(10, 28)}'
    )
    article += f' 来源:{facts["name"]}人民政府办公室</div><div class="content" id="zoom">{"".join(body)}</div>'
    return BenchPage(_framed(article, title, facts, chance), "\n".join([title, *lines]), cells)


def _lines(facts: dict[str, str], chance: random.Random, least: int, most: int) -> list[str]:
    """The report's paragraphs: chapters in order, of each as many parts as the length allows."""
    wanted = chance.randint(least, most)
    chapters = [
        (chapter["heading"], [part for part in chapter["parts"] if _is_said(part, chance)])
        for chapter in texts()["chapters"]
    ]
    share = wanted / sum(len(part) for _, parts in chapters for part in parts)
    lines = [_fill(texts()["preface"], facts, chance)]
    for heading, parts in chapters:
        lines.append(heading)
        rounds = [part for _ in range(int(share)) for part in parts]
        rounds += [part for part in parts if chance.random() < share - int(share)] or ([] if rounds else parts[:1])
        lines += [_fill(part, facts, chance) for part in rounds]
    year = int(facts["y"]) + 1
    return [*lines, f"{facts['name']}人民政府办公室", f"{year}年1月{chance.randint(8, 28)}日"]


def _is_said(part: str, chance: random.Random) -> bool:
    """Whether a report says it: real ones state a fifth of the figures of which texts.yaml has a sentence."""
    return not _FIGURES.search(part) or chance.random() < 0.2


def _fill(text: str, facts: dict[str, str], chance: random.Random) -> str:
    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name in facts:
            return facts[name]
        if name == "n":
            return str(chance.randint(1, 60))
        if name == "m":
            return str(chance.randint(100, 2999))
        if name == "big":
            number = chance.randint(2000, 28000)
            return f"{number:,}" if chance.random() < 0.3 else str(number)
        return f"{chance.choice([100, 99.2, 98.7, 12.4, 35])}%"

    return _SLOT.sub(value, text)


def _paragraph(line: str, chance: random.Random) -> str:
    """A line as an editor saves it: half of them with the numbers in spans of their own, as Word pastes them."""
    text = escape(line, quote=False)
    if chance.random() < 0.5:
        text = re.sub(r"\d+", r'<span lang="EN-US">\g<0></span>', text)
    return f'<p style="{_STYLE}">{text}</p>\n'


def _tables(chance: random.Random) -> list[str]:
    facts = texts()
    blocks = []
    for block in facts["blocks"]:
        blocks.append(_row([(block["title"], ' colspan="4"')]))
        wide = ' colspan="3"' if len(block["columns"]) == 2 else ""
        first, *others = block["columns"]
        blocks.append(_row([(first, ""), *((column, wide) for column in others)]))
        for label in block["rows"]:
            blocks.append(_row([(label, ""), *((str(chance.randint(0, 900)), wide) for _ in others)]))
    applicants = facts["applicants"]
    matrix = [
        _row(
            [
                ("(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)", ' colspan="3" rowspan="3"'),
                ("申请人情况", ' colspan="7"'),
            ]
        ),
        _row([(applicants[0], ' rowspan="2"'), ("法人或其他组织", ' colspan="5"'), (applicants[-1], ' rowspan="2"')]),
        _row([(label, "") for label in applicants[1:-1]]),
    ]
    inner = sum(max(1, len(group) - 1) for group in facts["requests"][2:-1])
    for number, (group, *rows) in enumerate(facts["requests"]):
        lead = [("三、本年度办理结果", f' rowspan="{inner}"')] if number == 2 else []
        outer = number < 2 or number == len(facts["requests"]) - 1
        if not rows:
            matrix.append(_row([*lead, (group, f' colspan="{3 if outer else 2}"'), *_numbers(7, chance)]))
        for index, row in enumerate(rows):
            head = [(group, f' rowspan="{len(rows)}"')] if index == 0 else []
            matrix.append(_row([*lead, *head, (row, ""), *_numbers(7, chance)]))
            lead = []
    direct, after = facts["reviews"][1:]
    reviews = [
        _row([(facts["reviews"][0], ' colspan="5" rowspan="2"'), ("行政诉讼", ' colspan="10"')]),
        _row([(direct, ' colspan="5"'), (after, ' colspan="5"')]),
        _row([(result, "") for _ in range(3) for result in facts["results"]]),
        _row(_numbers(15, chance)),
    ]
    return [
        f'<table border="1" style="border-collapse:collapse">{"".join(rows)}</table>\n'
        for rows in (blocks, matrix, reviews)
    ]


def _numbers(count: int, chance: random.Random) -> list[tuple[str, str]]:
    return [(str(chance.choice([0, 0, 0, chance.randint(1, 40)])), "") for _ in range(count)]


def _row(cells: list[tuple[str, str]]) -> str:
    return "<tr>" + "".join(_CELL.format(span, escape(text, quote=False)) for text, span in cells) + "</tr>\n"


def _framed(article: str, title: str, facts: dict[str, str], chance: random.Random) -> bytes:
    """The article in the frame of a site, filled to SIZE: a fifth of the rest scripts, the others links."""
    site = f"{facts['name']}人民政府"
    names = enumerate(texts()["menu"])
    menu = "".join(f'<li><a href="/col/c{number}.html" target="_blank">{name}</a></li>' for number, name in names)
    head = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-{site}</title>'
        f'<meta name="SiteName" content="{site}"><meta name="ArticleTitle" content="{title}">'
        '<link rel="stylesheet" href="/css/site.css">'
    )
    top = (
        f'<div class="header"><a href="/">{site}</a> <a href="#">无障碍浏览</a> <a href="#">登录</a></div>'
        f'<div class="nav"><ul>{menu}</ul></div>'
        '<div class="position">当前位置:<a href="/">首页</a> > <a href="/zwgk">政务公开</a></div>'
    )
    foot = (
        f'<div class="footer"><p>主办单位:{site} 承办单位:{site}办公室</p><p>网站标识码:3300000001 ICP备00000001号</p>'
        "<p>版权所有 未经许可不得转载</p></div></body></html>"
    )
    plain = len("".join((head, "</head><body>", top, article, foot)).encode())
    room = max(SIZE - plain, 0)
    links = _repeated(lambda: _link(chance), room * 4 // 5)
    script = _repeated(lambda: _statement(chance), room - len(links.encode()) - 120)
    page = f'{head}<script>{script}</script></head><body>{top}{article}<div class="list"><ul>{links}</ul></div>{foot}'
    return (page + " " * (SIZE - len(page.encode()))).encode()


def _repeated(make: Any, size: int) -> str:
    parts: list[str] = []
    done = 0
    while done < size:
        parts.append(make())
        done += len(parts[-1].encode())
    return "".join(parts[:-1])


def _link(chance: random.Random) -> str:
    day = f"20{chance.randint(18, 24)}-0{chance.randint(1, 9)}-{chance.randint(10, 28)}"
    name = f"{chance.choice(texts()['places'])['name']}{chance.choice(texts()['news'])}({chance.randint(1, 9999)})"
    address = f"/art/{day}/art_{chance.randint(1000, 9999)}.html"
    return f'<li><a href="{address}" title="{name}">{name}</a><span>{day}</span></li>\n'


def _statement(chance: random.Random) -> str:
    number = chance.randint(100, 999)
    body = f'var e=document.getElementById("p"+id);if(e&&e.style){{e.style.color="#{number}";}}'
    return f"function show{number}(id){{{body}}}\n"
