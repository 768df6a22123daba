"""A page cut back to what the parser reads in linear time: not too deep, not too many attributes in a tag."""

from __future__ import annotations

import re

_MAX_OPEN = 600  # open elements, above which the parser's time grows with the square
_MAX_ATTRIBUTES = 300
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,40}+)[^>]{0,500}+>")
_NAME = re.compile(r"<(/?[A-Za-z][^\s/>]{0,40}+)")
_TAG_NAME = re.compile(r"</?[A-Za-z][^\s/>]{0,40}+")
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


def bounded(source: str) -> str:
    """``source`` without what makes the parser's time grow with the square: very deep tags, very many attributes."""
    return _shallow(_plain_tags(source))


def _plain_tags(source: str) -> str:
    """``source`` with the tags that have hundreds of attributes stripped of them."""
    if not any(_has_many_attributes(piece) for piece in source.split(">") if len(piece) > 2 * _MAX_ATTRIBUTES):
        return source
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


def _has_many_attributes(piece: str) -> bool:
    """Whether the tag at the end of a piece of the source may have more attributes than are kept."""
    start = piece.find("<")
    return 0 <= start < len(piece) - 2 * _MAX_ATTRIBUTES and len(piece[start:].split(None, _MAX_ATTRIBUTES)) > (
        _MAX_ATTRIBUTES
    )


def _is_shallow(source: str) -> bool:
    """Whether no more than _MAX_OPEN elements are open at once."""
    if source.count("<") < _MAX_OPEN:
        return True
    steps: dict[str, int] = {}
    depth = 0
    for name in _NAME.findall(source):
        step = steps.get(name)
        if step is None:
            step = 0 if name.lstrip("/").lower() in _FLAT else -1 if name[0] == "/" else 1
            steps[name] = step
        if step > 0:
            depth += 1
            if depth > _MAX_OPEN:
                return False
        elif step and depth:
            depth -= 1
    return True


def _shallow(source: str) -> str:
    if _is_shallow(source):
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
