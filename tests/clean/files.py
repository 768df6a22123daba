"""Small PDF, DOCX and XLSX files for the tests, made byte by byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

WIDTH, HEIGHT = 595, 842


class PdfPage:
    """One page; places are points from the upper left corner, the font is a predefined Song face."""

    def __init__(self) -> None:
        self.marks: list[str] = ["0.5 w"]

    def text(self, left: float, top: float, text: str, size: float = 12) -> PdfPage:
        code = text.encode("utf-16-be").hex()
        self.marks.append(f"BT /F1 {size} Tf 1 0 0 1 {left} {HEIGHT - top - size} Tm <{code}> Tj ET")
        return self

    def box(self, left: float, top: float, right: float, bottom: float) -> PdfPage:
        self.marks.append(f"{left} {HEIGHT - bottom} {right - left} {bottom - top} re S")
        return self

    def table(self, columns: Sequence[float], top: float, rows: Sequence[Sequence[str]], height: float = 20) -> PdfPage:
        """Ruled cells between the edges ``columns``; None leaves out a cell, and the one before takes its place."""
        for number, row in enumerate(rows):
            upper = top + number * height
            starts = [place for place, text in enumerate(row) if text is not None]
            for place, following in zip(starts, [*starts[1:], len(row)], strict=True):
                self.box(columns[place], upper, columns[following], upper + height)
                for line, text in enumerate(row[place].split("\n")):
                    self.text(columns[place] + 2, upper + 3 + 9 * line, text, 8)
        return self


def pdf(*pages: PdfPage, extra: str = "") -> bytes:
    """A PDF file of ``pages``. ``extra`` goes into the trailer."""
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 939 500]"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for number, page in enumerate(pages):
        stream = "\n".join(page.marks)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {7 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {extra} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def docx_of(*body: str) -> bytes:
    """A DOCX file whose body is the XML fragments ``body`` (w: is the namespace of Word)."""
    document = docx.Document()
    for fragment in body:
        wrapped = parse_xml(f"<w:body {nsdecls('w')}>{fragment}</w:body>")
        for element in list(wrapped):
            document.element.body.insert(len(document.element.body) - 1, element)
    return saved(document)


def saved(document: object) -> bytes:
    """The bytes of a python-docx document."""
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def word_paragraph(text: str) -> str:
    """A <w:p> with ``text`` as its only run."""
    return f"<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip archive of ``files``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()


def xlsx_of(rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet; strings are shared strings, numbers are numbers, None is no cell."""
    strings: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, value in enumerate(row):
            place = f"{chr(65 + column)}{number}"
            if isinstance(value, str):
                strings.append(value)
                cells.append(f'<c r="{place}" t="s"><v>{len(strings) - 1}</v></c>')
            elif value is not None:
                cells.append(f'<c r="{place}"><v>{value}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    sheet = f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    shared = f"<sst {space}>{''.join(f'<si><t>{text}</t></si>' for text in strings)}</sst>"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{office}"><sheets>'
            '<sheet name="sheet" sheetId="1" r:id="s"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="s" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": shared,
        }
    )
