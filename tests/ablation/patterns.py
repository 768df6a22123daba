"""Patterns with a part taken out, as text: a named group, or alternatives."""

from __future__ import annotations

import re

NEVER = "(?!)"  # a pattern that matches nothing


class SwitchError(ValueError):
    """A switch that names what the reader no longer has; the message says what to mend in traps.yaml."""


def without_group(source: str, group: str) -> str:
    """The pattern ``source`` whose named group matches nothing."""
    opening = f"(?P<{group}>"
    start = source.find(opening)
    if start < 0:
        raise SwitchError(f"the pattern has no group {group}")
    end = _closing(source, start)
    return f"{source[:start]}{opening}{NEVER}){source[end + 1 :]}"


def _closing(source: str, start: int) -> int:
    """Where the bracket that opens at ``start`` closes."""
    depth, position, in_class = 0, start, False
    while position < len(source):
        char = source[position]
        if char == "\\":
            position += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
            position += source[position + 1 : position + 2] == "]"
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return position
        position += 1
    raise SwitchError("the pattern has a bracket that never closes")


def without_alternatives(source: str, words: list[str]) -> str:
    """The pattern ``source`` in which the alternatives ``words`` match nothing (also where they are all of it)."""
    for word in words:
        source = re.sub(rf"(?<![^|(:>]){re.escape(word)}(?![^|)])", NEVER, source)
    return source
