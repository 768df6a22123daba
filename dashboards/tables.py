"""Tables and lists of facts as HTML in which every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboards.texts import capital, escaped, number

_NUMBER = ' class="n"'
_WIDE = 12  # characters of a cell from which on it may run over several lines


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a page of the dashboards."""

    text: str
    page: str
    parameters: Mapping[str, str]

    def html(self) -> str:
        """The link; its address holds nothing but a known page and encoded values."""
        address = f"{self.page}?{urlencode(self.parameters, errors='replace')}"
        return f'<a href="{escaped(address)}" target="_self">{escaped(self.text)}</a>'


@dataclass(frozen=True, slots=True)
class Badge:
    """A word in a frame; ``tone`` is good, bad, doubt or nothing."""

    text: str
    tone: str = ""

    def html(self) -> str:
        """The framed word."""
        return f'<span class="badge {escaped(self.tone)}">{escaped(self.text)}</span>'


def cell(value: Any) -> str:
    """A value as HTML: numbers with separators, times to the minute, a dash for nothing."""
    if value is None:
        return "—"
    if isinstance(value, (Link, Badge)):
        return value.html()
    if isinstance(value, bool):
        return "✓" if value else "—"
    if isinstance(value, (int, float)):
        return escaped(number(value))
    if isinstance(value, datetime):
        return escaped(f"{value:%Y-%m-%d %H:%M}")
    if isinstance(value, date):
        return escaped(value.isoformat())
    if isinstance(value, (list, tuple)):
        return escaped("; ".join(str(item) for item in value)) or "—"
    return escaped(value)


def table_html(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table that scrolls where it is wider than the page."""
    listed = [list(row) for row in rows]
    numeric = [any(_is_number(row[at]) for row in listed) for at in range(len(head))]
    titles = "".join(
        f"<th{_NUMBER if right else ''}>{escaped(capital(title))}</th>"
        for title, right in zip(head, numeric, strict=True)
    )
    lines = ["".join(_td(value, right) for value, right in zip(row, numeric, strict=True)) for row in listed]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    table = f'<table class="rows"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll" tabindex="0">{table}</div>'


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _td(value: Any, right: bool) -> str:
    text = cell(value)
    wide = ' class="w"' if len(text) > _WIDE else ' class="s"'
    return f"<td{_NUMBER if right else wide}>{text}</td>"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Draws a table."""
    st.html(table_html(head, rows))


def facts(pairs: Iterable[tuple[str, Any]]) -> None:
    """Draws a list of names and values; pairs without a value are left out."""
    given = [(name, value) for name, value in pairs if value not in (None, "", [])]
    items = "".join(f"<dt>{escaped(capital(name))}</dt><dd>{cell(value)}</dd>" for name, value in given)
    st.html(f'<dl class="facts">{items}</dl>')


def tiles(pairs: Iterable[tuple[str, Any]]) -> None:
    """Draws figures with their names under them."""
    items = "".join(f"<div><b>{cell(value)}</b><span>{escaped(capital(name))}</span></div>" for name, value in pairs)
    st.html(f'<div class="tiles">{items}</div>')
