"""The same reports as a word-processor file and as a text PDF, written so that the bytes never change."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH

from .grids import Part, Table
from .html import NOTICE

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 50
LINE, SIZE, CELL_SIZE = 18, 11, 7.5


def placed(table: Table) -> tuple[list[tuple[int, int, Part]], int]:
    """Where each cell of a table with spans stands: (row, column, cell), and the number of columns."""
    taken: set[tuple[int, int]] = set()
    out: list[tuple[int, int, Part]] = []
    width = 0
    for r, row in enumerate(table):
        c = 0
        for part in row:
            while (r, c) in taken:
                c += 1
            out.append((r, c, part))
            taken |= {(r + i, c + j) for i in range(part.rowspan) for j in range(part.colspan)}
            c += part.colspan
            width = max(width, c)
    return out, width


def docx_bytes(title: str, lines: list[str], tables: dict[str, Table]) -> bytes:
    """A .docx with real tables and merged cells; the notice stands in the page header and footer."""
    document = docx.Document()
    document.core_properties.title = title
    document.sections[0].header.paragraphs[0].text = NOTICE
    document.sections[0].footer.paragraphs[0].text = NOTICE
    document.add_heading(title, level=0)
    for line in lines:
        if line.startswith("@"):
            _add_table(document, tables[line[1:]])
        elif line.startswith("== "):
            document.add_heading(line[3:], level=1)
        elif line.startswith("> "):
            document.add_paragraph(line[2:]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return _with_fixed_times(buffer.getvalue())


def _add_table(document: Any, table: Table) -> None:
    cells, width = placed(table)
    grid = document.add_table(rows=len(table), cols=width, style="Table Grid")
    for r, c, part in cells:
        cell = grid.cell(r, c)
        if part.rowspan > 1 or part.colspan > 1:
            cell = cell.merge(grid.cell(r + part.rowspan - 1, c + part.colspan - 1))
        cell.text = part.text


def _with_fixed_times(data: bytes) -> bytes:
    """The same archive with the times of its members fixed, so that a second run gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, (2025, 2, 11, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Pdf:
    """Pages of text and lines; the font is the reader's own Song face (a predefined font and CMap, not embedded)."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = []
        self.turn()

    def turn(self) -> None:
        self.pages.append([])
        self.y = PAGE_HEIGHT - MARGIN
        self.text(MARGIN, PAGE_HEIGHT - 30, NOTICE, 9)
        self.text(MARGIN, 24, f"{NOTICE}    第{len(self.pages)}页", 9)

    def text(self, x: float, y: float, text: str, size: float) -> None:
        code = text.encode("utf-16-be").hex().upper()
        self.pages[-1].append(f"BT /F1 {size} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{code}> Tj ET")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        self.pages[-1].append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def paragraph(self, text: str, size: float = SIZE, x: float = MARGIN) -> None:
        for line in _wrapped(text, size, PAGE_WIDTH - MARGIN - x):
            if self.y < MARGIN + LINE:
                self.turn()
            self.y -= LINE
            self.text(x, self.y, line, size)

    def table(self, table: Table) -> None:
        cells, width = placed(table)
        column = (PAGE_WIDTH - 2 * MARGIN) / width
        heights = [_height(row, column, width) for row in table]
        first = 0
        while first < len(table):
            last, room = first, self.y - MARGIN - 10
            while last < len(table) and heights[last] <= room:
                room -= heights[last]
                last += 1
            if last == first:
                self.turn()
                continue
            self._rows(cells, heights, first, last, column)
            first = last
            if first < len(table):
                self.turn()
        self.y -= 8

    def _rows(
        self, cells: list[tuple[int, int, Part]], heights: list[float], first: int, last: int, column: float
    ) -> None:
        tops = [self.y - sum(heights[first:r]) for r in range(first, last + 1)]
        for r, c, part in cells:
            top, end = max(r, first), min(r + part.rowspan, last)
            if top >= end:
                continue
            y1, y0 = tops[top - first], tops[end - first]
            self.box(MARGIN + c * column, y0, part.colspan * column, y1 - y0)
            if r < first:
                continue
            for number, line in enumerate(_wrapped(part.text, CELL_SIZE, part.colspan * column - 4)):
                self.text(MARGIN + c * column + 2, y1 - 10 - number * 9.5, line, CELL_SIZE)
        self.y = tops[-1]

    def save(self, title: str) -> bytes:
        kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(self.pages)))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {len(self.pages)} /Kids [{kids}] >>",
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            " /DescendantFonts [4 0 R] >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 939 500]"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R >>",
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
            " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
            f"<< /Title <FEFF{title.encode('utf-16-be').hex().upper()}> >>",
        ]
        for number, page in enumerate(self.pages):
            stream = "0.5 w\n" + "\n".join(page)
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]"
                f" /Resources << /Font << /F1 3 0 R >> >> /Contents {8 + 2 * number} 0 R >>"
            )
            objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        return assembled(objects, "/Info 6 0 R")


def _width(text: str, size: float) -> float:
    return sum(size * (0.5 if letter.isascii() else 1) for letter in text)


def _wrapped(text: str, size: float, width: float) -> list[str]:
    lines, line = [], ""
    for letter in text:
        if line and _width(line + letter, size) > width:
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line] if line else lines


def _height(row: list[Part], column: float, width: int) -> float:
    lines = [len(_wrapped(p.text, CELL_SIZE, p.colspan * column - 4)) for p in row if p.rowspan == 1]
    return max([*lines, 1]) * 9.5 + 6


def assembled(objects: list[str], trailer: str = "") -> bytes:
    """A PDF file of numbered objects with its cross-reference table."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def pdf_bytes(title: str, lines: list[str], tables: dict[str, Table]) -> bytes:
    """A text PDF with ruled tables that run over pages; the notice stands at the head and foot of every page."""
    pdf = _Pdf()
    pdf.paragraph(title, 16)
    for line in lines:
        if line.startswith("@"):
            pdf.table(tables[line[1:]])
        elif line.startswith("== "):
            pdf.paragraph(line[3:], 13)
        elif line.startswith("> "):
            pdf.paragraph(line[2:], SIZE, PAGE_WIDTH - 220)
        else:
            pdf.paragraph("　　" + line)
    return pdf.save(title)
