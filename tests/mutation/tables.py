"""The same tables in other shapes. Where a shape cannot show a blank cell, what it loses may be missing (lossy)."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from bs4 import BeautifulSoup, Tag

from tests.mutation.sheets import (
    Sheet,
    header_rows,
    is_blank_anywhere,
    rows_as_written,
    sheet_of,
    shown,
    write,
    write_expanded,
)
from tests.mutation.tree import data_tables

Shape = Callable[[Sheet, Random], str]


def _each(shape: Shape) -> Callable[[BeautifulSoup, Random], None]:
    def change(soup: BeautifulSoup, random: Random) -> None:
        for table in data_tables(soup):
            _replace(table, shape(sheet_of(table), random))

    return change


def _replace(table: Tag, html: str) -> None:
    body = BeautifulSoup(f"<html><body>{html}</body></html>", "lxml").body
    assert body is not None
    for child in list(body.contents):
        table.insert_before(child.extract())
    table.extract()


def loses_blanks(soup: BeautifulSoup) -> bool:
    """Whether a table of the page has blank cells, which flat shapes cannot show."""
    return any(is_blank_anywhere(sheet_of(table)) for table in data_tables(soup))


def cell_a_paragraph(sheet: Sheet, _: Random) -> str:
    return "".join(f"<p>{shown(spot)}</p>" for row in rows_as_written(sheet) for spot in row if not spot.blank)


def cell_a_line(sheet: Sheet, _: Random) -> str:
    return "<p>" + "<br>".join(shown(spot) for row in rows_as_written(sheet) for spot in row if not spot.blank) + "</p>"


def cell_a_div(sheet: Sheet, _: Random) -> str:
    return "".join(
        "<div>" + "".join(f"<div><span>{shown(spot)}</span></div>" for spot in row) + "</div>"
        for row in rows_as_written(sheet)
    )


def cell_an_item(sheet: Sheet, _: Random) -> str:
    return (
        "<ul>"
        + "".join(f"<li>{shown(spot)}</li>" for row in rows_as_written(sheet) for spot in row if not spot.blank)
        + "</ul>"
    )


def row_a_paragraph(mark: str) -> Shape:
    def shape(sheet: Sheet, _: Random) -> str:
        rows = [[shown(spot) for spot in row] for row in rows_as_written(sheet)]
        return "".join(f"<p>{mark.join(cell for cell in row if cell)}</p>" for row in rows if any(row))

    return shape


def row_of_bars(around: bool, mark: str = "|") -> Shape:
    def shape(sheet: Sheet, _: Random) -> str:
        lines = []
        for row in rows_as_written(sheet):
            line = f" {mark} ".join(shown(spot) for spot in row)
            lines.append(f"<p>{mark} {line} {mark}</p>" if around else f"<p>{line}</p>")
        return "".join(lines)

    return shape


def tabs(sheet: Sheet, _: Random) -> str:
    return "<pre>" + "\n".join("\t".join(shown(spot) for spot in row) for row in rows_as_written(sheet)) + "</pre>"


def split(between: str, header_again: bool) -> Shape:
    """Two tables where the page of print ended, with or without the header on the second."""

    def shape(sheet: Sheet, random: Random) -> str:
        head = header_rows(sheet)
        if len(sheet) - head < 4:
            return write(sheet)
        cut = random.randint(head + 2, len(sheet) - 2)
        second = write(sheet, cut)
        if header_again:
            second = second.replace(
                "<tr>", write(sheet, 0, head).removeprefix("<table border=1>").removesuffix("</table>") + "<tr>", 1
            )
        return write(sheet, 0, cut) + between + second

    return shape


def spans_expanded(sheet: Sheet, _: Random) -> str:
    return write_expanded(sheet, True)


def spans_dropped(sheet: Sheet, _: Random) -> str:
    return write_expanded(sheet, False)


def with_heads(sheet: Sheet, _: Random) -> str:
    return write(sheet, head=header_rows(sheet) or 1)


def as_heads(sheet: Sheet, _: Random) -> str:
    return write(sheet, tag="th")


def in_a_cell(sheet: Sheet, _: Random) -> str:
    return f"<table><tbody><tr><td>{write(sheet)}</td></tr></tbody></table>"


def spaced(sheet: Sheet, random: Random) -> str:
    """Empty rows between the rows and an empty column behind them, as spacers are made."""
    html = write(sheet)
    rows = html.split("</tr>")
    return "</tr>".join(row + "<td></td>" + ("</tr><tr><td colspan=3></td>" if random.random() < 0.1 and "rowspan" not in html else "")
                        if row.startswith(("<tr", "<table")) else row for row in rows)  # fmt: skip


def dressed(soup: BeautifulSoup, random: Random) -> None:
    """What stands in a cell wrapped in paragraphs, fonts and blanks."""
    for table in data_tables(soup):
        for cell in table.find_all(["td", "th"]):
            html = cell.decode_contents()
            wrap = random.choice(
                (
                    "<p>{}</p>",
                    "<div align=center><font size=2>{}</font></div>",
                    "&nbsp;{}&nbsp;",
                    "\n\t{}\n\t",
                    "<strong>{}</strong>",
                )
            )
            inner = BeautifulSoup(f"<body><table><tr><td>{wrap.format(html)}</td></tr></table></body>", "lxml").td
            assert inner is not None
            cell.clear()
            for child in list(inner.contents):
                cell.append(child.extract())


def captioned(soup: BeautifulSoup, random: Random) -> None:
    """A caption and column widths in each table."""
    for table in data_tables(soup):
        caption = soup.new_tag("caption")
        caption.string = "单位：件"
        group = soup.new_tag("colgroup")
        for _ in range(4):
            group.append(soup.new_tag("col", attrs={"width": "72"}))
        table.insert(0, group)
        if not re.search("元", table.get_text()):
            table.insert(0, caption)


FLAT = {
    "a cell a paragraph": _each(cell_a_paragraph),
    "a cell a line": _each(cell_a_line),
    "a cell a div": _each(cell_a_div),
    "a cell a list item": _each(cell_an_item),
    "a row a paragraph": _each(row_a_paragraph("  ")),
    "a row a paragraph, nbsp": _each(row_a_paragraph("&nbsp;&nbsp;&nbsp;")),
    "a row a paragraph, wide blanks": _each(row_a_paragraph("\u3000")),
    "preformatted tabs": _each(tabs),
    "rows of bars": _each(row_of_bars(False)),
    "rows between bars": _each(row_of_bars(True)),
    "rows of wide bars": _each(row_of_bars(False, "｜")),
}
GRIDS = {
    "split in two": _each(split("", False)),
    "split by a page number": _each(split("<p>— 2 —</p>", False)),
    "split, header again": _each(split("<p></p>", True)),
    "spans expanded": _each(spans_expanded),
    "spans dropped": _each(spans_dropped),
    "thead and tbody": _each(with_heads),
    "all cells heads": _each(as_heads),
    "table in a cell": _each(in_a_cell),
    "spacers": _each(spaced),
    "dressed cells": dressed,
    "captions": captioned,
}
