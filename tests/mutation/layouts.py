"""The same page in other boxes: wrappers, names of classes, tags, markup styles, text that no reader sees."""

from __future__ import annotations

import re
from random import Random

from bs4 import BeautifulSoup, Comment, Tag

from tests.mutation.tree import BLOCKS

_OPTIONAL = re.compile(r"</(?:p|li|td|th|tr|tbody|thead|dd|dt)>", re.IGNORECASE)


def nested(soup: BeautifulSoup, random: Random) -> None:
    """The whole body inside three layout tables."""
    body = _body(soup)
    inner = _taken(soup, body)
    for depth in range(3):
        table = soup.new_tag("table", attrs={"width": "100%", "border": "0"})
        row, cell = soup.new_tag("tr"), soup.new_tag("td", attrs={"valign": "top"})
        table.append(row)
        row.append(cell)
        for child in inner:
            cell.append(child)
        if depth == 1:
            spacer = soup.new_tag("tr")
            spacer.append(soup.new_tag("td", attrs={"height": "8"}))
            table.append(spacer)
        inner = [table]
    body.append(inner[0])


def beside_menu(soup: BeautifulSoup, random: Random) -> None:
    """A layout table with a menu on the left and the page on the right."""
    body = _body(soup)
    inner = _taken(soup, body)
    table = BeautifulSoup(
        '<table><tr><td width="180"><ul>' + "".join(f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(_MENU))
        + "</ul></td><td></td></tr></table>", "lxml",
    ).table  # fmt: skip
    assert table is not None
    for child in inner:
        table.find_all("td")[1].append(child)
    body.append(table)


_MENU = ("机构职能", "领导信息", "政策文件", "规划计划", "财政预决算", "公开指南", "公开制度", "公开年报", "依申请公开")


def renamed(soup: BeautifulSoup, random: Random) -> None:
    """Classes and ids that say nothing."""
    for number, tag in enumerate(soup.find_all(True)):
        for name in ("class", "id"):
            if tag.get(name):
                tag[name] = f"{random.choice('abcdefgh')}{number}"


def unnamed(soup: BeautifulSoup, random: Random) -> None:
    """No classes, ids and styles at all; hidden things stay hidden."""
    for tag in soup.find_all(True):
        for name in ("class", "id", "width", "align"):
            tag.attrs.pop(name, None)
        if "none" not in str(tag.get("style", "")) and "hidden" not in str(tag.get("style", "")):
            tag.attrs.pop("style", None)


def other_tags(soup: BeautifulSoup, random: Random) -> None:
    """div → section, headings → div, bold → span."""
    names = {
        "div": "section",
        "h1": "div",
        "h2": "div",
        "h3": "div",
        "h4": "div",
        "b": "span",
        "strong": "span",
        "em": "i",
    }
    for tag in soup.find_all(list(names)):
        tag.name = names[tag.name]


def divs(soup: BeautifulSoup, random: Random) -> None:
    """Every paragraph a div."""
    for tag in soup.find_all("p"):
        tag.name = "div"


def breaks(soup: BeautifulSoup, random: Random) -> None:
    """Paragraphs as lines of one block, with <br> between them."""
    for tag in soup.find_all("p"):
        if tag.find_parent("table") is None and not tag.find([name for name in BLOCKS if name != "br"]):
            tag.insert_after(soup.new_tag("br"))
            tag.insert_after(soup.new_tag("br"))
            tag.unwrap()


def in_article(soup: BeautifulSoup, random: Random) -> None:
    """Twelve more divs around everything."""
    body = _body(soup)
    inner = _taken(soup, body)
    for _ in range(12):
        div = soup.new_tag("div")
        for child in inner:
            div.append(child)
        inner = [div]
    body.append(inner[0])


def unseen(soup: BeautifulSoup, random: Random) -> None:
    """Comments, scripts, styles and hidden text with other figures between the blocks."""
    hostile = "2005年主动公开政府信息99999条，收到政府信息公开申请8888件"
    for tag in (soup.body or soup).find_all(["p", "div", "table"]):
        chance = random.random()
        if chance < 0.1:
            tag.insert_before(Comment(f"[if gte mso 9]><p>{hostile}</p><![endif]"))
        elif chance < 0.2:
            script = soup.new_tag("script")
            script.string = f"document.title='{hostile}';var t=\"<table><tr><td>{hostile}</td></tr></table>\";"
            tag.insert_before(script)
        elif chance < 0.25:
            hidden = soup.new_tag("div", attrs={"style": "display: none"})
            hidden.string = hostile
            tag.insert_before(hidden)
        elif chance < 0.3:
            style = soup.new_tag("style")
            style.string = "td.c123{width:4567px;margin:89px}"
            tag.insert_before(style)


def capitals(source: str, random: Random) -> str:
    """Tags in capitals, attributes without quotes."""
    return re.sub(
        r"<(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", lambda m: f"<{m[1]}{m[2].upper()}{_unquoted(m[3])}>", source
    )


def _unquoted(attributes: str) -> str:
    return re.sub(r'="([\w-]+)"(?=[\s>]|$)', r"=\1", attributes)


def unclosed(source: str, random: Random) -> str:
    """Without the closing tags that HTML lets one leave out."""
    return _OPTIONAL.sub("", source)


def one_line(source: str, random: Random) -> str:
    """The source without line ends between tags."""
    return re.sub(r">\s*\n\s*<", "><", source)


def many_lines(source: str, random: Random) -> str:
    """A line end with indentation around every block tag."""
    names = "|".join(sorted(BLOCKS - {"br"}, key=len, reverse=True))
    return re.sub(rf"(</?(?:{names})(?:\s[^<>]*)?>)", r"\r\n\t\1\r\n\t", source, flags=re.IGNORECASE)


def _body(soup: BeautifulSoup) -> Tag:
    assert soup.body is not None
    return soup.body


def _taken(soup: BeautifulSoup, body: Tag) -> list[object]:
    return [child.extract() for child in list(body.contents)]


TREES = {
    "parsed and shown": lambda soup, random: None,
    "nested layout tables": nested,
    "beside a menu": beside_menu,
    "classes renamed": renamed,
    "classes gone": unnamed,
    "other tags": other_tags,
    "paragraphs as divs": divs,
    "paragraphs as lines": breaks,
    "deep divs": in_article,
    "unseen text": unseen,
}
SOURCES = {
    "capitals": capitals,
    "closing tags left out": unclosed,
    "one line": one_line,
    "many lines": many_lines,
}
