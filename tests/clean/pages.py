"""Small invented pages for the tests of the clean room. Places and figures are made up."""

from __future__ import annotations

from scrapers.clean import clean
from scrapers.document import Document, Page

TITLE = "桐川县2023年政府信息公开工作年度报告"
PREFACE = "本报告依照《中华人民共和国政府信息公开条例》编写，统计期限为2023年1月1日至12月31日。"
OVERVIEW = "全年主动公开政府信息1234条，其中政府网站公开1000条，政务新媒体公开234条。"
REPORT = (TITLE, PREFACE, "一、总体情况", OVERVIEW, "二、主动公开政府信息情况", "六、其他需要报告的事项", "无。")
FORM = (
    "<table><tr><td colspan=4>第二十条第（一）项</td></tr>"
    "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    "<tr><td>规章</td><td>0</td><td>1</td><td>3</td></tr>"
    "<tr><td>行政规范性文件</td><td>&nbsp;</td><td>2</td><td>14</td></tr></table>"
)


def read(source: str | bytes, name: str = "page.html", content_type: str | None = None) -> Document:
    """The Document of a page given as source text (UTF-8) or bytes."""
    content = source.encode() if isinstance(source, str) else source
    return clean(Page(content, name, content_type=content_type))


def page(*body: str, head: str = "") -> str:
    """An HTML page with the parts of ``body`` as they are."""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{''.join(body)}</body></html>"


def paragraphs(lines: tuple[str, ...] = REPORT) -> str:
    """``lines`` as <p> elements."""
    return "".join(f"<p>{line}</p>" for line in lines)


def texts(document: Document) -> list[list[list[str]]]:
    """The texts of all cells, by grid and row."""
    return [[[cell.text for cell in row] for row in grid.rows] for grid in document.grids]


def check_offsets(document: Document) -> None:
    """Every span of a document points at the text it claims."""
    text, normal = document.text, document.normal
    assert text == "\n".join(text[item.start : item.end] for item in document.paragraphs)
    for grid in document.grids:
        assert {len(row) for row in grid.rows} == {len(grid.rows[0])}
        for row in grid.rows:
            for cell in row:
                assert text[cell.start : cell.end] == cell.text
                origin = grid.rows[cell.origin[0]][cell.origin[1]]
                assert (origin.start, origin.end) == (cell.start, cell.end)
                assert grid.start <= cell.start <= cell.end <= grid.end
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))
    assert list(normal.starts) == sorted(normal.starts)
    assert list(normal.ends) == sorted(normal.ends)
