"""The ways a table stands on a page: with markup, without, broken, flattened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from tests.golden.sample.maker.grids import Part, Table
from tests.golden.sample.maker.html import table_html

NBSP = "&nbsp;"


def placed(table: Table) -> list[list[Part | None]]:
    """The rectangle of a table: a cell at its own place, None where a span covers it."""
    grid: dict[tuple[int, int], Part | None] = {}
    for r, row in enumerate(table):
        c = 0
        for part in row:
            while (r, c) in grid:
                c += 1
            grid |= {(r + i, c + j): None for i in range(part.rowspan) for j in range(part.colspan)}
            grid[r, c] = part
            c += part.colspan
    width = 1 + max(c for _, c in grid)
    return [[grid.get((r, c)) for c in range(width)] for r in range(len(table))]


def _texts(table: Table) -> list[list[str]]:
    """The cells of a table without their spans, a row a list, each cell once."""
    return [[part.text for part in row] for row in table]


def _rectangle(table: Table) -> list[list[str]]:
    return [["" if part is None else part.text for part in row] for row in placed(table)]


def rows_of(table: Table, style: str) -> list[str] | None:
    """The lines of a table that lost its markup; None for a style that has markup."""
    match style:
        case "pipes":
            return ["| " + " | ".join(row) + " |" for row in _rectangle(table)]
        case "bare_pipes":
            return ["|".join(row) for row in _rectangle(table)]
        case "tabs":
            return ["\t".join(row) for row in _rectangle(table)]
        case "spaces":
            return ["  ".join(text for text in row if text) for row in _texts(table)]
        case "lines":
            return [text for row in _texts(table) for text in row if text]
        case "lone_pipes":
            return [text or "|" for row in _texts(table) for text in row]
    return None


def markup(table: Table, style: str, stamp: Callable[[str], str]) -> str:
    """A table in HTML in any style; ``stamp`` is the damage that the script took."""
    table = [[replace(part, text=stamp(part.text)) for part in row] for row in table]
    lines = rows_of(table, style.removesuffix("_br"))
    if lines is not None:
        if style.endswith("_br"):
            return "<p>" + "<br>\n".join(escape(line) for line in lines) + "</p>"
        return "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    match style:
        case "plain" | "letters" | "word":
            return table_html(table, style)
        case "boxes":
            return f'<table width="100%"><tr><td><div><table><tr><td>{table_html(table, "plain")}</td></tr></table></div></td></tr></table>'
        case "upper":
            return _upper(table)
        case "th":
            return _with_heads(table)
        case "cells_p":
            return _cells_in_paragraphs(table)
        case "flat_grid":
            return _expanded(table)
    if style.startswith("split"):
        at = int(style[5:])
        return table_html(table[:at], "plain") + "\n<p>&nbsp;</p>\n" + table_html(_unspanned(table, at), "plain")
    raise ValueError(f"no such style: {style}")


def _unspanned(table: Table, at: int) -> Table:
    """The rows from ``at`` on as a table of its own; cells that reach over the cut are printed again, cut to size."""
    over: dict[int, list[tuple[int, Part]]] = {at: []}
    for r, row in enumerate(placed(table)[:at]):
        over[at] += [(c, p) for c, p in enumerate(row) if p is not None and r + p.rowspan > at]
    again = [
        replace(p, text="", rowspan=next(r for r, row in enumerate(table) if p in row) + p.rowspan - at)
        for _, p in sorted(over[at], key=lambda one: one[0])
    ]
    rest = [list(row) for row in table[at:]]
    rest[0] = again + rest[0]
    return rest


def _spans(part: Part) -> str:
    return (f" ROWSPAN={part.rowspan}" if part.rowspan > 1 else "") + (
        f" COLSPAN={part.colspan}" if part.colspan > 1 else ""
    )


def _upper(table: Table) -> str:
    """Old editors: capitals, no quotes, cells and rows never closed, blanks as &nbsp;."""
    rows = ["<TR>" + "".join(f"<TD{_spans(p)}>{escape(p.text) or NBSP}" for p in row) for row in table]
    return "<TABLE BORDER=1>\n" + "\n".join(rows) + "\n</TABLE>"


def _with_heads(table: Table) -> str:
    rows = []
    for row in table:
        cells = (
            f"<{'th' if p.label else 'td'}{_spans(p).lower()}>{escape(p.text)}</{'th' if p.label else 'td'}>"
            for p in row
        )
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "<table><caption></caption><tbody>" + "".join(rows) + "</tbody></table>"


def _cells_in_paragraphs(table: Table) -> str:
    """Every cell holds paragraphs; digits and blanks stand among tags that cut them."""
    rows = []
    for row in table:
        cells = []
        for p in row:
            half = len(p.text) // 2
            inner = (
                f"<span>{escape(p.text[:half])}</span><span>{escape(p.text[half:])}</span>"
                if half
                else f"<span>{escape(p.text)}</span>"
            )
            cells.append(f"<td{_spans(p).lower()}><p>{NBSP}</p><p> {inner} </p></td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "<table>" + "\n".join(rows) + "</table>"


def _expanded(table: Table) -> str:
    """No spans at all: what a span covered is an empty cell of its own."""
    rows = ("<tr>" + "".join(f"<td>{escape(p.text) if p else ''}</td>" for p in row) + "</tr>" for row in placed(table))
    return "<table border=1>" + "\n".join(rows) + "</table>"
