"""An HTML page as a small tree of boxes: block elements and the text in them, without what no reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.clean.debris import patterns

LINE_BREAK = "\v"  # a break the page itself asks for: <br>, or a line end in <pre>
_MAX_DEPTH = 120  # boxes in boxes; deeper ones give their text to the last box
_MAX_OPEN = 600  # open elements, above which the parser's time grows with the square
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "iframe",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "button",
        "select",
        "option",
        "datalist",
        "input",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "map",
        "area",
        "audio",
        "video",
        "canvas",
        "rt",
        "rp",
        "colgroup",
        "col",
        "iframe",
        "frame",
        "noframes",
        "noembed",
        "textarea",
    ]
)
_CHROME = frozenset(("nav", "footer", "aside"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,40}+)[^>]{0,500}+>")
_TAG_NAME = re.compile(r"</?[A-Za-z][^\s/>]{0,40}+")
_MAX_ATTRIBUTES = 300
# Elements that are void or that the next one closes: they do not nest however often they are opened.
_FLAT = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "area",
        "base",
        "col",
        "embed",
        "source",
        "track",
        "wbr",
    ]
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass(slots=True)
class Box:
    """A block element. Text is (text, stands in a link); a rowspan of 0 reaches to the end of the table."""

    tag: str
    chrome: bool = False
    rowspan: int = 1
    colspan: int = 1
    children: list[Box | tuple[str, bool]] = field(default_factory=list)


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
    parser = LexborHTMLParser(_bounded(source))
    tree = Tree(Box("body"), _meta(parser), _is_closed(source), 0, 0, 0, [])
    root = parser.root
    if root is not None:
        _walk(root, tree, keep_hidden)
    return tree


def _bounded(source: str) -> str:
    """``source`` without what makes the parser's time grow with the square: very deep tags, very many attributes."""
    return _shallow(_plain_tags(source))


def _plain_tags(source: str) -> str:
    """``source`` with the tags that have hundreds of attributes stripped of them."""
    pieces: list[str] = []
    done = start = 0
    while (start := source.find("<", start)) >= 0:
        end = source.find(">", start)
        end = len(source) if end < 0 else end
        if end - start > 2 * _MAX_ATTRIBUTES and len(source[start:end].split(None, _MAX_ATTRIBUTES)) > _MAX_ATTRIBUTES:
            name = _TAG_NAME.match(source, start)
            if name:
                pieces += (source[done:start], name.group())
                done = end
        start = end
    return "".join([*pieces, source[done:]]) if pieces else source


def _shallow(source: str) -> str:
    if source.count("<") < _MAX_OPEN:
        return source
    depth = 0
    for found in _TAG.finditer(source):
        if found.group(2).lower() in _FLAT:
            continue
        depth = max(depth - 1, 0) if found.group(1) else depth + 1
        if depth > _MAX_OPEN:
            break
    else:
        return source
    depth = 0

    def shallow(found: re.Match[str]) -> str:
        nonlocal depth
        if found.group(2).lower() in _FLAT:
            return found.group()
        if found.group(1):
            depth = max(depth - 1, 0)
            return found.group() if depth < _MAX_OPEN else "\n"
        depth += 1
        return found.group() if depth <= _MAX_OPEN else "\n"

    return _TAG.sub(shallow, source)


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


def _walk(root: LexborNode, tree: Tree, keep_hidden: bool) -> None:
    """Fill ``tree.body``; a loop with its own stack, because a hostile page nests deeper than Python calls may."""
    stack: list[tuple[LexborNode | None, Box, int, bool, bool, bool]] = [(root, tree.body, 0, False, False, False)]
    while stack:
        node, box, depth, link, pre, chrome = stack.pop()
        while node is not None:
            following = node.next
            tag = node.tag or ""
            if tag == "-text":
                _add_text(box, node, link, pre)
            elif tag == "br":
                box.children.append((LINE_BREAK, link))
            elif tag == "img":
                tree.images += 1
            elif tag in ("frame", "iframe"):
                tree.frames += tag == "frame"
            elif tag == "textarea":
                tree.textareas.append(node.text() or "")
            elif tag not in _UNSEEN and tag[:1] not in "-!" and tag:
                attributes = node.attributes
                if not keep_hidden and _is_hidden(attributes):
                    tree.hidden += 1
                elif (child := node.child) is not None:
                    inner, inner_depth, inner_chrome = box, depth, chrome
                    if tag in _BLOCKS:
                        inner_chrome = chrome or tag in _CHROME or _named_chrome(attributes)
                        if depth < _MAX_DEPTH:
                            inner, inner_depth = _new_box(tag, attributes, inner_chrome), depth + 1
                            box.children.append(inner)
                        else:
                            box.children.append((LINE_BREAK, link))
                    elif tag in ("sup", "sub") and (digits := (node.text() or "").strip()).isdecimal():
                        raised = digits.translate(_SUPERSCRIPTS) if tag == "sup" else digits
                        box.children.append((raised, link))
                        node = following
                        continue
                    stack.append((following, box, depth, link, pre, chrome))
                    stack.append((child, inner, inner_depth, link or tag == "a", pre or tag == "pre", inner_chrome))
                    break
                elif tag in ("td", "th"):
                    box.children.append(_new_box(tag, attributes, chrome))
            node = following


def _add_text(box: Box, node: LexborNode, link: bool, pre: bool) -> None:
    text = node.text_content or ""
    text = text.replace(LINE_BREAK, " ")
    if pre:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", LINE_BREAK)
    box.children.append((text, link))


def _new_box(tag: str, attributes: dict[str, str | None], chrome: bool) -> Box:
    box = Box(tag, chrome)
    if tag in ("td", "th"):
        box.rowspan = _span(attributes.get("rowspan"), lowest=0)
        box.colspan = _span(attributes.get("colspan"), lowest=1)
    return box


def _span(value: str | None, lowest: int) -> int:
    if not value:
        return 1
    digits = re.match(r"\s*\+?(\d{1,9})", value)
    return max(int(digits.group(1)), lowest) if digits else 1


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if not attributes:
        return False
    return "hidden" in attributes or _HIDDEN.search((attributes.get("style") or "")[:2000]) is not None


def _named_chrome(attributes: dict[str, str | None]) -> bool:
    if not attributes:
        return False
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:200]
    return any(word.lower() in patterns().containers for word in _WORDS.findall(name))
