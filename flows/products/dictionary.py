"""The data dictionary of a build, 中文 and English, as HTML and Markdown: tables, columns, metrics, fields, checks."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from flows.products.tables import Table
from flows.published import SAMPLE_NOTICE

_STYLE = """
body{font:16px/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
body{max-width:70rem;margin:0 auto;padding:1rem;color:#1a1a1a}
table{border-collapse:collapse;display:block;overflow-x:auto;max-width:100%;margin:.5rem 0 1.5rem;font-size:.9rem}
th,td{border:1px solid #d0d0d0;padding:.3rem .5rem;text-align:left;vertical-align:top}
td{min-width:3rem;max-width:32rem}td:first-child{min-width:11rem}h1,h2,p,nav,code{overflow-wrap:anywhere}
th{background:#f3f4f6}code{font-size:.85em}nav a{margin-right:1rem;display:inline-block}
.notice{background:#fde68a;padding:.5rem}
"""
_INTRO = (
    "每张表、每一列、每个指标的含义。缺失是没有行或 NULL,从不是零;只在同一 definition_group 内比较。",
    "What every table, column and metric means. Missing is no row or NULL, never zero; "
    "compare inside one definition_group only.",
)


class Chapter(NamedTuple):
    """One table of the dictionary."""

    anchor: str
    title: str
    text: str
    heads: list[str]
    rows: list[list[str]]


def write_dictionary(con: duckdb.DuckDBPyConnection, tables: list[Table], folder: Path, sample: bool) -> list[Path]:
    """docs/dictionary.html (one file, nothing loaded from elsewhere) and docs/dictionary.md."""
    chapters = [*_catalogue(con), *(_table(table) for table in tables)]
    written = []
    for name, text in (("html", _html(chapters, sample)), ("md", _markdown(chapters, sample))):
        path = folder / "docs" / f"dictionary.{name}"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


_CATALOGUE = (
    (
        "metrics", "指标 / Metrics", "marts.dim_metrics",
        ("metric_id", "label_zh", "label_en", "definition", "unit_std", "comparability", "comparability_note"),
        "metric_no",
    ),
    (
        "rates", "比率 / Rates", "marts.dim_rates",
        ("rate_id", "label_zh", "label_en", "numerator", "denominator", "note"), "rate_no",
    ),
    (
        "fields", "表单项 / Fields of the official forms", "marts.dim_fields",
        ("form_id", "field_id", "metric_id", "label_zh", "unit", "parent"), "form_id, field_no",
    ),
    (
        "checks", "勾稽关系 / Checks", "marts.dim_checks",
        ("check_id", "description_zh", "description", "severity"), "check_no",
    ),
    (
        "issues", "问题 / Issues", "marts.dim_issues", ("issue_code", "label_zh", "label_en", "said_by"), "issue_no",
    ),
    (
        "sources", "来源与条款 / Sources and terms", "marts.dim_sources",
        ("source_id", "publisher", "terms", "terms_en", "terms_from"), "source_id",
    ),
)  # fmt: skip


def _catalogue(con: duckdb.DuckDBPyConnection) -> list[Chapter]:
    chapters = []
    there = {
        f"{schema}.{name}"
        for schema, name in con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    }
    for anchor, title, table, columns, order in _CATALOGUE:
        if table not in there:
            continue
        rows = con.execute(f"select {', '.join(columns)} from {table} order by {order}").fetchall()
        chapters.append(Chapter(anchor, title, table, list(columns), [[_text(cell) for cell in row] for row in rows]))
    return chapters


def _table(table: Table) -> Chapter:
    name = f"{table.schema}.{table.name}"
    rows = [[column.name, column.type, column.comment] for column in table.columns]
    return Chapter(name.replace(".", "-"), name, table.comment, ["column / 列", "type / 类型", "meaning / 含义"], rows)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _html(chapters: list[Chapter], sample: bool) -> str:
    e = html.escape
    parts = [
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        "<title>Gongkai: data dictionary 数据字典</title>",
        f"<style>{_STYLE}</style></head><body>",
        f'<p class="notice">{e(SAMPLE_NOTICE)}</p>' if sample else "",
        "<h1>数据字典 / Data dictionary</h1>", *(f"<p>{e(text)}</p>" for text in _INTRO),
        "<nav>", *(f'<a href="#{e(c.anchor)}">{e(c.title)}</a>' for c in chapters), "</nav>",
    ]  # fmt: skip
    for chapter in chapters:
        parts.append(f'<h2 id="{e(chapter.anchor)}">{e(chapter.title)}</h2><p>{e(chapter.text)}</p><table><thead><tr>')
        parts += [f"<th>{e(head)}</th>" for head in chapter.heads]
        parts.append("</tr></thead><tbody>")
        for row in chapter.rows:
            cells = "".join(f"<td>{e(cell)}</td>" for cell in row[1:])
            parts.append(f"<tr><td><code>{e(row[0])}</code></td>{cells}</tr>")
        parts.append("</tbody></table>")
    return "\n".join(part for part in parts if part) + "\n</body></html>\n"


def _markdown(chapters: list[Chapter], sample: bool) -> str:
    lines = ["# 数据字典 / Data dictionary", ""]
    lines += [f"**{SAMPLE_NOTICE}**", ""] if sample else []
    lines += [line for text in _INTRO for line in (text, "")]
    for chapter in chapters:
        lines += [f"## {chapter.title}", "", _cell(chapter.text), ""]
        lines += ["| " + " | ".join(chapter.heads) + " |", "|" + "---|" * len(chapter.heads)]
        lines += ["| `" + row[0] + "` | " + " | ".join(map(_cell, row[1:])) + " |" for row in chapter.rows]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text for a cell of Markdown: no bar, no line break, no markup of HTML."""
    return html.escape(" ".join(text.split()), quote=False).replace("|", "\\|")
