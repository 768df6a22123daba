"""The same sentences in other paragraphs, and boilerplate without figures moved or added."""

from __future__ import annotations

import re
from random import Random

from bs4 import BeautifulSoup, NavigableString, Tag

from tests.mutation.tree import is_heading, paragraphs

_SENTENCE = re.compile(r"(?<=[。！])(?=[^」”』）)])")
_PROBLEMS = re.compile(r"问题|改进|不足|打算|计划|安排")
_MORE = (
    "各单位思想认识进一步统一，工作机制更加健全。", "公开的及时性和规范性还需要提高。", "下一步将加强业务培训，完善保密审查。",
    "政策解读的形式不够丰富。", "要把公开贯穿于决策、执行、管理、服务和结果的全过程。",
)  # fmt: skip


def _text(soup: BeautifulSoup, html: str, like: Tag) -> Tag:
    tag = soup.new_tag("p")
    tag.append(NavigableString(html))
    return tag


def split(soup: BeautifulSoup, random: Random) -> None:
    """A new paragraph after full stops, at random."""
    for tag in paragraphs(soup):
        parts = [part for part in _SENTENCE.split(tag.get_text()) if part.strip()]
        if len(parts) < 2 or tag.find(True):
            continue
        groups = [parts[0]]
        for part in parts[1:]:
            if random.random() < 0.6:
                groups.append(part)
            else:
                groups[-1] += part
        for group in groups:
            tag.insert_before(_text(soup, group, tag))
        tag.extract()


def joined(soup: BeautifulSoup, random: Random) -> None:
    """Paragraphs that follow one another in a chapter become one, where no heading stands between them."""
    for tag in paragraphs(soup):
        following = tag.find_next_sibling()
        if following is None or following.name != "p" or tag.find(True) or following.find(True):
            continue
        text, more = tag.get_text().rstrip(), following.get_text().strip()
        if (
            text.endswith("。")
            and more.endswith("。")
            and not is_heading(text)
            and not is_heading(more)
            and len(more) > 25
        ):
            following.string = text + more
            tag.extract()


def wrapped(soup: BeautifulSoup, random: Random) -> None:
    """Lines broken by hand after 34 letters, as pasted from print; never inside a number."""
    for tag in paragraphs(soup):
        text = tag.get_text()
        if tag.find(True) or len(text) <= 34 or "。" not in text:  # rows of flattened tables are no sentences
            continue
        lines, line = [], ""
        for token in re.findall(r"[0-9A-Za-z.,%+\-—－/:〔〕]+|\s+|.", text.strip()):
            if len(line) + len(token) > 34 and token not in "，。；：、）”》！？":
                lines.append(line)
                line = ""
            line += token
        tag.clear()
        for number, part in enumerate([*lines, line]):
            if number:
                tag.append(soup.new_tag("br"))
            tag.append(NavigableString(part))


def boilerplate_moved(soup: BeautifulSoup, random: Random) -> None:
    """The sentences of the chapters of problems and plans in another order; they hold no figures."""
    for tag in _boilerplate(soup):
        parts = [part for part in _SENTENCE.split(tag.get_text().strip()) if part.strip()]
        random.shuffle(parts)
        tag.string = "　　" + "".join(parts)


def boilerplate_added(soup: BeautifulSoup, random: Random) -> None:
    """More sentences without figures in the chapters of problems and plans."""
    for tag in _boilerplate(soup):
        tag.string = tag.get_text() + "".join(random.sample(_MORE, 3))


def _boilerplate(soup: BeautifulSoup) -> list[Tag]:
    found, inside = [], False
    for tag in paragraphs(soup):
        text = tag.get_text().strip()
        if re.match(r"[一二三四五六七八九十]{1,3}、", text) and len(text) < 40:
            inside = bool(_PROBLEMS.search(text))
        elif (
            inside
            and text.endswith("。")
            and not re.search(r"\d|[一二三四五六七八九十]是|年|（", text)
            and not tag.find(True)
            and len(text) > 12
        ):
            found.append(tag)
    return found


PARAGRAPHS = {
    "paragraphs split": split,
    "paragraphs joined": joined,
    "boilerplate moved": boilerplate_moved,
    "boilerplate added": boilerplate_added,
}
