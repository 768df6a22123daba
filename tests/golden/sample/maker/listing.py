"""The front page and the list pages of the sample site: relative links, paging, a dead link, a script link."""

from __future__ import annotations

from html import escape
from posixpath import dirname, relpath
from typing import Any

from .html import NOTICE

PER_PAGE = 13
FOLDER = "lists/ndbg"
DEAD_LINK = "art/2012/3/19/art_1201_40404.html"  # listed, but not there: answers 404


def list_pages(answers: dict[str, dict[str, Any]]) -> dict[str, str]:
    """File name → HTML of the front page, the list pages and robots.txt. Annexes are linked from their reports only."""
    items = [(a["file"], a["title"], f"{a['published_on']}") for a in answers.values() if a["document_kind"] != "annex"]
    items.insert(PER_PAGE - 2, (DEAD_LINK, "信丰县2011年政府信息公开工作年度报告", "2012-03-19"))
    count = -(-len(items) // PER_PAGE)
    names = [f"{FOLDER}/index.html"] + [f"{FOLDER}/index_{n}.html" for n in range(1, count)]
    out = {name: _list_page(items[i * PER_PAGE : (i + 1) * PER_PAGE], names, i) for i, name in enumerate(names)}
    out["index.html"] = _front_page()
    out["robots.txt"] = "User-agent: *\nDisallow: /admin/\n"
    return out


def _list_page(items: list[tuple[str, str, str]], names: list[str], number: int) -> str:
    here = dirname(names[number])
    rows = "\n".join(
        f'<li><a href="{relpath(file, here)}" title="{escape(title)}" target="_blank">{escape(title)}</a>'
        f"<span>{date}</span></li>"
        for file, title, date in items
    )
    paging = " ".join(
        f'<a href="{relpath(name, here)}">{i + 1}</a>' if i != number else f'<span class="cur">{i + 1}</span>'
        for i, name in enumerate(names)
    )
    following = (
        f'<a class="next" href="{relpath(names[number + 1], here)}">下一页</a>' if number + 1 < len(names) else ""
    )
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>政府信息公开年报_第{number + 1}页_示例网站</title>
</head>
<body>
<p class="notice">{NOTICE}</p>
<div class="path"><a href="{relpath("index.html", here)}">首页</a> &gt; 政府信息公开年报</div>
<ul class="list">
{rows}
<li><a href="javascript:openWin('more')">更多…</a></li>
</ul>
<div class="page">{paging} {following}</div>
<p class="foot">{NOTICE}</p>
</body>
</html>
"""


def _front_page() -> str:
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>示例网站</title>
</head>
<body>
<h1>政府信息公开年度报告示例网站</h1>
<p class="notice">{NOTICE}</p>
<p>本站供演示和测试使用。地名真实，页面中的数字、电话、邮箱和文字均为虚构，与任何政府机关无关。</p>
<ul><li><a href="{FOLDER}/index.html">政府信息公开年报</a></li><li><a href="javascript:void(0)">设为首页</a></li></ul>
<p class="foot">{NOTICE}</p>
</body>
</html>
"""
