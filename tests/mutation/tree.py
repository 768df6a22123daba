"""What mutators share: pages as trees, their visible text nodes, their paragraphs and data tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

_UNSEEN = {"script", "style", "title", "head", "textarea", "noscript", "select", "option", "template"}
_NUMBER = re.compile(r"\s*[+\-－]?\d[\d,.]*\s*")
BLOCKS = {
    "p",
    "div",
    "table",
    "tr",
    "td",
    "th",
    "ul",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "br",
    "section",
    "article",
    "center",
}


def parse(source: str) -> BeautifulSoup:
    """The tree of a page."""
    return BeautifulSoup(source, "lxml")


def show(soup: BeautifulSoup) -> str:
    """The page of a tree."""
    return soup.decode(formatter="minimal")


def texts(root: Tag) -> list[NavigableString]:
    """The text nodes that a reader sees, blank ones left out."""
    found = []
    for node in root.find_all(string=True):
        if isinstance(node, Comment) or type(node) is not NavigableString or not node.strip():
            continue
        if not any(parent.name in _UNSEEN for parent in node.parents):
            found.append(node)
    return found


def rewrite(
    soup: BeautifulSoup, change: Callable[[str], str], where: Callable[[NavigableString], bool] | None = None
) -> None:
    """Replaces each visible text by ``change`` of it."""
    for node in texts(soup.body or soup):
        if where is None or where(node):
            new = change(str(node))
            if new != node:
                node.replace_with(NavigableString(new))


def joined_runs(soup: BeautifulSoup) -> None:
    """Unwraps inline tags, so that a number that they cut is one text again."""
    for tag in soup.find_all(["span", "font", "b", "strong", "i", "em", "u"]):
        tag.unwrap()
    soup.smooth()


def markup(soup: BeautifulSoup, node: NavigableString, html: str) -> None:
    """Puts ``html`` in the place of a text node."""
    inner = BeautifulSoup(f"<body>{html}</body>", "lxml").body
    assert inner is not None
    if (
        len(inner.contents) == 1
        and isinstance(inner.contents[0], Tag)
        and inner.contents[0].name == "p"
        and not html.startswith("<p")
    ):
        inner = inner.contents[0]
    for child in list(inner.contents):
        node.insert_before(child.extract())
    node.extract()


def data_tables(soup: BeautifulSoup) -> list[Tag]:
    """The tables of figures: none inside them, three numbers, two columns."""
    found = []
    for table in soup.find_all("table"):
        if table.find("table") is None and len(table.find_all("tr")) >= 2:
            cells = table.find_all(["td", "th"])
            numbers = sum(1 for cell in cells if _NUMBER.fullmatch(cell.get_text()))
            if numbers >= 3 and len(cells) > len(table.find_all("tr")):
                found.append(table)
    return found


def in_cell(node: NavigableString) -> bool:
    """Whether the text stands in a data table."""
    table = node.find_parent("table")
    return table is not None and table.find("table") is None and len(table.find_all("td")) > 8


def paragraphs(soup: BeautifulSoup) -> list[Tag]:
    """The <p> outside tables that hold nothing but text and inline tags."""
    found = []
    for tag in (soup.body or soup).find_all("p"):
        if tag.find_parent("table") is None and not tag.find(list(BLOCKS)) and tag.get_text(strip=True):
            found.append(tag)
    return found


HEADING = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、.．章 ]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．]|[㈠-㈩])"
)


def is_heading(text: str) -> bool:
    """Whether a paragraph reads like a heading or begins a numbered part."""
    return bool(HEADING.match(text)) or len(text.strip()) < 18


def walk_rows(table: Tag) -> Iterator[list[Tag]]:
    """The cells of each row as written."""
    for row in table.find_all("tr"):
        yield list(row.find_all(["td", "th"], recursive=False))
