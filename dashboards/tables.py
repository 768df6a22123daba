"""Tables and lists of facts as HTML in which every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboards.texts import escaped, number


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a page of the dashboards."""

    text: str
    page: str
    parameters: Mapping[str, str]

    def html(self) -> str:
        """The link; its address holds nothing but a known page and encoded values."""
        return f'<a href="{escaped(self.page)}?{escaped(urlencode(self.parameters))}" target="_self">{escaped(self.text)}</a>'


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
    titles = "".join(f"<th>{escaped(title)}</th>" for title in head)
    body = "".join("<tr>" + "".join(_td(value) for value in row) + "</tr>" for row in rows)
    return (
        f'<div class="scroll"><table class="rows"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _td(value: Any) -> str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f'<td class="n">{cell(value)}</td>' if is_number else f"<td>{cell(value)}</td>"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Draws a table."""
    st.html(table_html(head, rows))


def facts(pairs: Iterable[tuple[str, Any]]) -> None:
    """Draws a list of names and values; pairs without a value are left out."""
    given = [(name, value) for name, value in pairs if value not in (None, "", [])]
    items = "".join(f"<dt>{escaped(name)}</dt><dd>{cell(value)}</dd>" for name, value in given)
    st.html(f'<dl class="facts">{items}</dl>')


def tiles(pairs: Iterable[tuple[str, Any]]) -> None:
    """Draws figures with their names under them."""
    items = "".join(f"<div><b>{cell(value)}</b><span>{escaped(name)}</span></div>" for name, value in pairs)
    st.html(f'<div class="tiles">{items}</div>')
