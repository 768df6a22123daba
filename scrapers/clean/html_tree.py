"""An HTML page as a small tree: its tables, and between them lines of text, without what no reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from selectolax.lexbor import LexborHTMLParser

from scrapers.clean.html_limits import bounded
from scrapers.clean.html_tags import BLOCK, END, LEAVE, LINK, NOTHING, RAISED, Tag, plain_text, read_tag

LINE_BREAK = "\v"  # a break the page itself asks for: <br>, or a line end in <pre>
_MAX_DEPTH = 120  # boxes in boxes; deeper ones give their text to the last box
_OF_TABLES = frozenset(("table", "thead", "tbody", "tfoot", "tr"))
# Elements whose text the parser writes out as it is.
_RAW = "script,style,iframe,noembed,noframes"
_VERBATIM = re.compile(r"(<(xmp|plaintext)\b[^>]*>)(.*?)(</\2>)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Box:
    """The body, a table or a part of one. Text is (text, stands in a link); a rowspan of 0 reaches to the end.

    True or False among the children is the edge of another block element: whether what follows is chrome.
    """

    tag: str
    chrome: bool = False
    rowspan: int = 1
    colspan: int = 1
    children: list[Box | tuple[str, bool] | bool] = field(default_factory=list)


# An open element and what held around it: its name, then box, depth, link, pre, chrome; and whether its end leaves a
# mark among the children.
_Open = tuple[str, Box, int, bool, bool, bool, bool]


@dataclass(slots=True)
class Tree:
    """The body of a page and what stands around it."""

    body: Box
    meta: dict[str, str]
    closed: bool  # the source ends with its closing tags, or at least outside a tag
    frames: int
    images: int
    hidden: int  # hidden elements left out
    textareas: list[str]


def parse(source: str, keep_hidden: bool = False) -> Tree:
    """The tree of an HTML page. Elements that are hidden go, unless ``keep_hidden``."""
    parser = LexborHTMLParser(bounded(source))
    tree = Tree(Box("body"), _meta(parser), _is_closed(source), 0, 0, 0, [])
    _walk(_written(parser), tree, keep_hidden)
    return tree


def _is_closed(source: str) -> bool:
    tail = source.rstrip()[-2000:].lower()
    if tail.rfind("<") > tail.rfind(">"):
        return False
    opened = "<html" in source[:5000].lower() or "<body" in source[:20000].lower()
    return not opened or "</html" in tail or "</body" in tail or "</html" in source.lower()


def _meta(parser: LexborHTMLParser) -> dict[str, str]:
    meta: dict[str, str] = {}
    for node in parser.css("meta[name]")[:200]:
        name = (node.attributes.get("name") or "").strip().lower()
        content = (node.attributes.get("content") or "").strip()
        if name and content:
            meta.setdefault(name[:100], content[:2000])
    title = parser.css_first("title")
    if title is not None and (text := " ".join((title.text() or "").split())):
        meta["title"] = text[:2000]
    return meta


def _walk(source: str, tree: Tree, keep_hidden: bool) -> None:
    """Fill ``tree.body`` from a page as the parser writes it out again, tag by tag.

    There all elements but the void ones have both tags, and "<" and ">" stand for tags alone (attributes and text have
    them as entities), so that cutting the text at "<" is all it takes: far faster than going from node to node.
    """
    box = tree.body
    children = box.children
    outer: list[_Open] = []
    depth = skipped = 0
    link = pre = chrome = False
    unseen = ""  # the element being left out
    known: dict[str, Tag] = {}
    pieces = _pieces(source)
    for number, piece in enumerate(pieces):
        inside, _, text = piece.partition(">")
        tag = known.get(inside)
        if tag is None:
            tag = known[inside] = read_tag(inside)
        act = tag.act
        if unseen:
            if tag.name != unseen:
                continue
            skipped += -1 if tag.ends else 1
            if skipped:
                continue
            unseen = ""
        elif act is END:
            for place in range(len(outer) - 1, -1, -1):
                if outer[place][0] == tag.name:
                    _, box, depth, link, pre, chrome, mark = outer[place]
                    del outer[place:]
                    children = box.children
                    if mark:
                        children.append(chrome)
                    break
        elif act is not NOTHING:
            if act is LEAVE:
                tree.frames += tag.name == "frame"
                if tag.name == "textarea":
                    tree.textareas.append(plain_text(text))
                unseen, skipped = ("" if tag.void else tag.name), 1
            elif tag.hidden and not keep_hidden and tag.name not in ("br", "img"):
                tree.hidden += 1
                unseen, skipped = ("" if tag.void else tag.name), 1
            elif act is BLOCK:
                if not text and pieces[number + 1].startswith(f"/{tag.name}>"):  # an empty element breaks no line
                    pieces[number + 1] = "!" + pieces[number + 1]
                    if tag.name in ("td", "th"):
                        children.append(Box(tag.name, chrome, tag.rowspan, tag.colspan))
                    continue
                inner = chrome or tag.chrome
                table = tag.name == "table" or box.tag in _OF_TABLES
                outer.append((tag.name, box, depth, link, pre, chrome, not table and depth < _MAX_DEPTH))
                chrome = inner
                pre = pre or tag.name == "pre"
                if depth >= _MAX_DEPTH:
                    children.append((LINE_BREAK, link))
                else:
                    depth += 1
                    if table:
                        box = Box(tag.name, chrome, tag.rowspan, tag.colspan)
                        children.append(box)
                        children = box.children
                    else:
                        children.append(chrome)
            elif act is LINK:
                outer.append(("a", box, depth, link, pre, chrome, False))
                link = True
            elif tag.name == "br":
                children.append((LINE_BREAK, link))
            elif tag.name == "img":
                tree.images += 1
            elif act is RAISED and (digits := _digits(pieces, number, tag.name, text)):
                children.append((digits.translate(_SUPERSCRIPTS) if tag.name == "sup" else digits, link))
                continue
            if unseen:
                continue
        if text:
            if "&" in text:
                text = plain_text(text)
            if LINE_BREAK in text:
                text = text.replace(LINE_BREAK, " ")
            if pre:
                text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", LINE_BREAK)
            elif text == "\n" and children and (children[-1] is True or children[-1] is False):
                continue  # between two block elements
            children.append((text, link))


def _pieces(source: str) -> list[str]:
    """The written out page cut at "<": each piece is a tag, ">" and the text behind it."""
    pieces = source.split("<")
    pieces[0] = "!>" + pieces[0]
    if source.count("<") == source.count(">"):
        return pieces
    whole: list[str] = []
    parts: list[str] = []
    for piece in pieces:
        parts.append(piece)
        if ">" in piece:  # else a "<" in the name of an element or an attribute
            whole.append("<".join(parts))
            parts = []
    return whole


def _written(parser: LexborHTMLParser) -> str:
    """The page as the parser writes it out, without comments, scripts and the like, whose text is no markup."""
    for node in parser.css(_RAW):
        while (child := node.child) is not None:
            child.decompose()
    source = parser.html or ""
    if "<xmp" in source or "<plaintext" in source:
        source = _VERBATIM.sub(lambda found: found[1] + escape(found[3], quote=False) + found[4], source)
    return _COMMENT.sub("<!>", source) if "<!-" in source else source


def _digits(pieces: list[str], number: int, tag: str, text: str) -> str | None:
    """The digits that are all an element holds; its pieces are then used up. None where it holds something else."""
    parts = [text]
    for place in range(number + 1, min(number + 20, len(pieces))):
        inside, _, behind = pieces[place].partition(">")
        if inside == "/" + tag:
            digits = "".join(parts).strip()
            if not digits.isdecimal():
                return None
            for used in range(number + 1, place):
                pieces[used] = "!>"
            pieces[place] = "!>" + behind
            return digits
        parts.append(behind)
    return None
