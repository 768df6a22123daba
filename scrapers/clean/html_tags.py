"""What the tags of an HTML page mean for its text: where lines break, what no reader sees, what belongs to the site."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from scrapers.clean.debris import patterns

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
# Elements without an end tag.
_VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_ATTRIBUTE = re.compile(r'([^\s="]+)="([^"]*)"')
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

# What a tag asks for.
NOTHING, END, LEAVE, BLOCK, LINK, RAISED, OTHER = range(7)
_OTHERS = {"a": LINK, "sup": RAISED, "sub": RAISED, "br": OTHER, "img": OTHER}


@dataclass(slots=True)
class Tag:
    """What a tag says."""

    name: str
    act: int
    ends: bool = False
    void: bool = False
    hidden: bool = False
    chrome: bool = False
    rowspan: int = 1
    colspan: int = 1


def plain_text(text: str) -> str:
    """A text or an attribute of the written out page as it is meant."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\u00a0").replace("&quot;", '"')
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_tag(inside: str) -> Tag:
    """What a tag says, its name and attributes written out by the parser."""
    name, _, rest = inside.partition(" ")
    tag = _plain_tag(name) if len(name) < 40 else _new_tag(name)
    block = tag.act is BLOCK
    if rest and (block or "hidden" in (lower := rest.lower()) or "none" in lower):
        tag = replace(tag)
        attributes = {name: plain_text(value) for name, value in _ATTRIBUTE.findall(rest)}
        tag.hidden = "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")[:2000]) is not None
        tag.chrome = tag.chrome or (block and _named_chrome(attributes))
        if name in ("td", "th"):
            tag.rowspan = _span(attributes.get("rowspan"), lowest=0)
            tag.colspan = _span(attributes.get("colspan"), lowest=1)
        if tag.act is NOTHING and tag.hidden:
            tag.act = OTHER
    return tag


def _new_tag(name: str) -> Tag:
    """What a tag says without its attributes; a name that begins with "/" is that of an end tag."""
    if name[:1] == "!":
        return Tag("!", NOTHING)
    if name[:1] == "/":
        return Tag(name[1:], END if name[1:] in _BLOCKS or name == "/a" else NOTHING, ends=True)
    void = name in _VOID
    block = name in _BLOCKS and not void
    act = LEAVE if name in _UNSEEN else BLOCK if block else _OTHERS.get(name, NOTHING)
    return Tag(name, act, void=void, chrome=block and name in _CHROME)


_plain_tag = lru_cache(maxsize=1000)(_new_tag)


def _span(value: str | None, lowest: int) -> int:
    if not value:
        return 1
    digits = re.match(r"\s*\+?(\d{1,9})", value)
    return max(int(digits.group(1)), lowest) if digits else 1


def _named_chrome(attributes: dict[str, str]) -> bool:
    name = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return _has_container(name[:200]) if len(name) > 1 else False


@lru_cache(maxsize=2000)
def _has_container(name: str) -> bool:
    """Whether a class or an id names a part of the site around the text."""
    return any(word.lower() in patterns().containers for word in _WORDS.findall(name))
