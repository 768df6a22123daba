"""gate.html of a build: what the gate found, for people. One file without script, nothing loaded from elsewhere."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.published import SAMPLE_NOTICE

NAME = "gate.html"
_STYLE = """
body{font:16px/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
body{max-width:70rem;margin:0 auto;padding:1rem;color:#1a1a1a;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:0}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0}
p{margin:.4rem 0}.en{color:#444}.notice{background:#fde68a;padding:.5rem}
header{padding:1rem;border-left:.5rem solid;border-radius:.2rem}
.published{background:#ecfdf3;border-color:#15803d}.refused{background:#fef2f2;border-color:#b91c1c}
.accepted{background:#fff7ed;border-color:#c2410c}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:#555}dd{margin:0}
nav a{margin-right:1rem;display:inline-block}
section{border:1px solid #d0d0d0;border-left:.4rem solid #b91c1c;padding:.6rem .8rem;margin:.8rem 0}
section.warn{border-left-color:#b45309}section.accepted{border-left-color:#c2410c;background:#fff}
.rows{overflow-x:auto;max-width:100%;margin:.5rem 0}
table{border-collapse:collapse;font-size:.9rem}td.long{min-width:14rem;max-width:24rem;white-space:normal}
th,td{border:1px solid #d0d0d0;padding:.25rem .5rem;text-align:left;vertical-align:top;white-space:nowrap}
th{background:#f3f4f6}td.none{color:#767676}
code,pre{font:.85rem/1.45 ui-monospace,Menlo,Consolas,monospace}
pre{background:#f6f8fa;padding:.5rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
details{margin:.3rem 0}summary{cursor:pointer}summary h2{display:inline-block;margin:1rem 0 .3rem}
ul{list-style:none;padding:0}li{border-top:1px solid #eee;padding:.2rem 0}
@media(max-width:30rem){body{padding:.6rem}dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
"""
_SHORT = 24  # characters that stand on one line of a cell
_HEADS = {
    "published": ("✔ 通过,已发布", "Passed: this build may be published"),
    "refused": ("✘ 未通过,拒绝发布", "Refused: what was published before stays"),
    "accepted": ("⚠ 经人工批准发布", "Published on a person's word, against the gate"),
}
_SUITES = {
    "raw": ("入库与读取:无一遗漏", "Landing and reading: nothing is lost"),
    "staging": ("取值、唯一与引用", "Domains, keys and references"),
    "marts": ("成品:勾稽、范围、与上一版比较", "What is published: identities, ranges, against the build before"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page says about the build beside the gate's results."""

    build_id: str
    run_id: str
    outcome: str  # published or refused
    created_at: str
    reader_version: str
    compared_with: str | None  # the build that was published then
    is_sample: bool
    accepted: list[dict[str, Any]] = field(default_factory=list)  # the acceptances of this build
    files: tuple[str, ...] = ()  # those beside the page that it may link to


def write_gate_page(folder: Path, facts: Facts, results: list[dict[str, Any]]) -> Path:
    """Writes the page into the folder of a build; ``results`` are the entries of gate.json."""
    path = folder / NAME
    path.write_text(gate_page(facts, results), encoding="utf-8")
    return path


def gate_page(facts: Facts, results: list[dict[str, Any]]) -> str:
    """The page: the outcome, blocking failures with their rows and what to do, warnings, everything that passed."""
    blocking, warnings = failures(results)
    accepted = {(one["suite"], one["check_id"]): one for one in facts.accepted}
    parts = [*_head(facts, len(results), len(blocking), len(warnings))]
    if blocking:
        parts.append(_title("阻止发布的规则", "Rules that blocked"))
        parts += [_what_to_do(blocking)] if facts.outcome == "refused" else []
        for one in blocking:
            parts += _failure(one, facts, accepted.get((one["suite"], one["check_id"])))
    parts.append(_title(f"警告({len(warnings)})", f"Warnings ({len(warnings)}): shown, never blocking"))
    parts += [part for one in warnings for part in _failure(one, facts, None)] or ["<p>无 / none</p>"]
    parts += _passed(results)
    return "\n".join(part for part in parts if part) + "\n</body></html>\n"


def failures(results: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The failed rules: those that block, and those that only warn."""
    failed = [one for one in results if not one["success"]]
    return [one for one in failed if one["severity"] == "block"], [one for one in failed if one["severity"] != "block"]


def _e(value: object) -> str:
    """Text of pages for a page: escaped, and without characters that steer what is shown."""
    return html.escape("".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in str(value)))


def _title(zh: str, en: str) -> str:
    return f'<h2>{_e(zh)} <span class="en">/ {_e(en)}</span></h2>'


def _head(facts: Facts, rules: int, blocking: int, warnings: int) -> Iterator[str]:
    state = "accepted" if facts.outcome == "published" and facts.accepted else facts.outcome
    zh, en = _HEADS.get(state, (state, state))
    yield '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<title>Gongkai: {_e(zh)} / {_e(en)} · {_e(facts.build_id)}</title><style>{_STYLE}</style></head><body>"
    if facts.is_sample:
        yield f'<p class="notice">{_e(SAMPLE_NOTICE)}</p>'
    yield f'<header class="{_e(state)}"><h1>{_e(zh)}</h1><p class="en">{_e(en)}</p>'
    passed = rules - blocking - warnings
    yield f"<p>{rules} 条规则:{passed} 条通过,{warnings} 条警告,{blocking} 条阻止发布</p>"
    yield f'<p class="en">{rules} rules: {passed} passed, {warnings} warned, {blocking} blocked</p></header>'
    none = "无(没有可比的已发布版本)/ none: the rules about the build before were left out"
    lines = (
        ("版本 / build", facts.build_id), ("运行 / run", facts.run_id), ("时间 / time (UTC)", facts.created_at),
        ("读取程序 / reader", facts.reader_version), ("比较对象 / compared with", facts.compared_with or none),
    )  # fmt: skip
    yield f"<dl>{''.join(f'<dt>{_e(name)}</dt><dd>{_e(value)}</dd>' for name, value in lines)}</dl>"
    links = (
        ("manifest.json", "清单 / manifest"), ("gate.json", "全部结果 / all results"),
        ("docs/dictionary.html", "数据字典 / dictionary"), ("docs/index.html", "模型 / models and lineage"),
    )  # fmt: skip
    shown = "".join(f'<a href="{file}">{text}</a>' for file, text in links if file in facts.files)
    yield f"<nav>{shown}</nav>"


def _what_to_do(blocking: list[dict[str, Any]]) -> str:
    accepting = " ".join(f"--accept {name_of(one)}" for one in blocking)
    command = f'gongkai publish --warehouse DIR {accepting} --reason "…"'
    return (
        "<p>先看下列各行:是来源、读取还是模型的问题?修正后再次运行 <code>gongkai run</code>。"
        "若数据无误,可由人批准发布,并留下记录;批准仅对本版本有效。</p>"
        '<p class="en">Look at the rows first: is it the source, the reader or a model? Mend it and run '
        "<code>gongkai run</code> again. If the data are right, a person may accept them, on the record (the reason "
        "and the name are published with the build). Every blocking rule must be accepted, in one command; it counts "
        "for this build only. <code>DIR</code> is the warehouse's folder.</p>"
        f"<p>批准 / to accept:</p><pre>{_e(command)}</pre>"
    )


def _failure(one: dict[str, Any], facts: Facts, accepted: dict[str, Any] | None) -> Iterator[str]:
    kind = "accepted" if accepted else one["severity"]
    yield f'<section class="{_e(kind)}" id="{_e(name_of(one))}">'
    zh, _, en = one["description"].partition(" / ")
    yield f'<h3>{_e(zh)} <span class="en">/ {_e(en)}</span></h3>'
    yield f"<p><code>{_e(name_of(one))}</code> · {_e(one.get('table_name') or '')} · {_e(one['observed'] or '')}</p>"
    if one.get("because"):
        yield f"<p>界限的理由 / why these limits: {_e(one['because'])}</p>"
    rows = rows_of(one)
    if rows:
        yield _table(rows)
        total = one["unexpected_count"] or len(rows)
        if total > len(rows):
            command = f"gongkai gate {facts.build_id} --check {name_of(one)} --rows 1000"
            count = f"前 {len(rows)} 行,共 {total:,} 行 / the first {len(rows)} of {total:,} rows"
            yield f"<p>{count}: <code>{_e(command)}</code></p>"
    yield _sql(one)
    if accepted:
        yield f"<p>批准 / accepted: <strong>{_e(accepted['accepted_by'])}</strong>, {_e(accepted['accepted_at'])}</p>"
        yield f"<p>{_e(accepted['reason'])}</p>"
    yield "</section>"


def name_of(result: dict[str, Any]) -> str:
    """The name of a rule over all suites."""
    return f"{result['suite']}.{result['check_id']}"


def rows_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The failing rows that are kept with a result; none where they cannot be read."""
    try:
        rows = json.loads(result["sample_rows"] or "[]")
    except ValueError:
        return []
    return [row if isinstance(row, dict) else {"value": row} for row in rows] if isinstance(rows, list) else []


def shown(value: object) -> str:
    """A value of a failing row as people read it; nothing where there is none."""
    if value is None:
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _table(rows: list[dict[str, Any]]) -> str:
    heads = list(dict.fromkeys(name for row in rows for name in row))
    lines = [f"<tr>{''.join(f'<th>{_e(head)}</th>' for head in heads)}</tr>"]
    for row in rows:
        cells = (row.get(head) for head in heads)
        lines.append(f"<tr>{''.join(map(_cell, cells))}</tr>")
    return f'<div class="rows"><table>{"".join(lines)}</table></div>'


def _cell(value: object) -> str:
    if value is None:
        return '<td class="none">—</td>'
    text = shown(value)
    kind = ' class="long"' if len(text) > _SHORT else ""
    return f"<td{kind}>{_e(text)}</td>"


def _sql(one: dict[str, Any]) -> str:
    if not one.get("failing_sql"):
        return ""
    return f"<details><summary>SQL</summary><pre>{_e(one['failing_sql'])}</pre></details>"


def _passed(results: list[dict[str, Any]]) -> Iterator[str]:
    for suite in dict.fromkeys(one["suite"] for one in results):
        passed = [one for one in results if one["suite"] == suite and one["success"]]
        zh, en = _SUITES.get(suite, (suite, suite))
        title = _title(f"通过:{zh}({len(passed)})", f"Passed: {en} ({len(passed)})")
        yield f"<details><summary>{title}</summary><ul>"
        for one in passed:
            zh, _, en = one["description"].partition(" / ")
            sql = _e(one.get("failing_sql") or "")
            why = f"<p>{_e(one['because'])}</p>" if one.get("because") else ""
            mark = "" if one["severity"] == "block" else " (警告级 / warns only)"
            yield (
                f'<li><details><summary>✔ {_e(zh)} <span class="en">/ {_e(en)}</span></summary>'
                f"<p><code>{_e(name_of(one))}</code>{mark}</p>{why}<pre>{sql}</pre></details></li>"
            )
        yield "</ul></details>"
