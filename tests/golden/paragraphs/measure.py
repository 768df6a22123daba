"""Reads the paragraphs of a bank, each as the only chapter of a page, and compares with the figures a person wrote.

`python -m tests.golden.paragraphs.measure tests/golden/paragraphs/old` prints every difference and the counts.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from scrapers.document import Page, Reading
from scrapers.read import read_page

CLOSING = {  # what stands after the paragraph, so that the page is a report of its form
    "F2008": ("七、存在的不足", "个别栏目更新不够及时。"),
    "F2014": ("七、存在的不足", "个别栏目更新不够及时。"),
    "F2019": ("五、存在的主要问题及改进情况", "个别栏目更新不够及时。", "六、其他需要报告的事项", "见上文。"),
    "F2021": ("五、存在的主要问题及改进情况", "个别栏目更新不够及时。", "六、其他需要报告的事项", "见上文。"),
}
ATTRIBUTES = ("value", "unit", "qualifier", "value_state")


def paragraphs(folder: Path) -> list[dict[str, Any]]:
    """All paragraphs of the folder's files, in order."""
    return [one for path in sorted(folder.glob("*.yaml")) for one in YAML(typ="safe").load(path.read_text("utf-8"))]


def read_paragraph(one: dict[str, Any]) -> Reading:
    """The paragraph as the only chapter of a page whose title names the unit and the year."""
    year, nested = one["report_year"], one["chapter"].startswith("（")
    lines = [
        f"<h1>{one['unit']['name']}{year}年政府信息公开工作年度报告</h1>",
        "<p>本报告根据《中华人民共和国政府信息公开条例》编制。",
        f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。</p>",
        "<p>一、总体情况</p>" if nested else "",
        f"<p>{one['chapter']}</p>",
        *(f"<p>{line}</p>" for line in one["text"].splitlines()),
        *(f"<p>{line}</p>" for line in CLOSING[one["form"]]),
    ]
    page = f"<html><head><meta charset='utf-8'></head><body>{''.join(lines)}</body></html>"
    return read_page(Page(page.encode(), url=None, file_name=f"{one['id']}.html", official=True))


def differences(one: dict[str, Any], reading: Reading) -> list[str]:
    """What the reading of one paragraph has too little, wrong or too much."""
    found = {figure.metric_id: figure for figure in reversed(reading.figures) if figure.basis == "narrative"}
    wanted: dict[str, dict[str, Any]] = {}
    for row in one["figures"] or []:
        wanted.setdefault(row["metric_id"], row)
    answer = []
    for metric, row in wanted.items():
        got = found.get(metric)
        if metric in (one.get("tolerated") or []):
            continue
        if got is None:
            answer.append(f"missing {metric} = {row['value']} from “{row['evidence']}”")
            continue
        for name in ATTRIBUTES:
            if name in row and getattr(got, name) not in _accepted(one, row, name):
                answer.append(f"{name} {metric} = {getattr(got, name)} from “{got.evidence}”, answer {row[name]}")
    for metric in sorted(set(found) - set(wanted) - set(one.get("tolerated") or [])):
        answer.append(f"invented {metric} = {found[metric].value:g} from “{found[metric].evidence}”")
    return answer


def _accepted(one: dict[str, Any], row: dict[str, Any], name: str) -> list[Any]:
    """The answer and what counts as well: `also` holds other readings of a figure, `accept_value_state` other states."""
    also = row.get("also") or one.get("also") or []
    others = [other[name] for other in (also if isinstance(also, list) else [also]) if name in other]
    return [row[name], *others, *(row.get(f"accept_{name}") or [])]


def measure(folder: Path) -> tuple[Counter[str], list[tuple[dict[str, Any], list[str]]]]:
    """Counts (paragraphs, faultless, figures, and differences by kind) and the paragraphs with differences."""
    counts: Counter[str] = Counter()
    faulty = []
    for one in paragraphs(folder):
        found = differences(one, read_paragraph(one))
        counts["paragraphs"] += 1
        counts["faultless"] += not found
        counts["figures"] += len({row["metric_id"] for row in one["figures"] or []})
        counts.update(line.split(" ", 1)[0] for line in found)
        if found:
            faulty.append((one, found))
    return counts, faulty


if __name__ == "__main__":
    for name in sys.argv[1:]:
        totals, wrong = measure(Path(name))
        for paragraph, lines in wrong:
            print(f"## {paragraph['id']} {paragraph['chapter']}\n{paragraph['text']}")
            print("\n".join(f"   - {line}" for line in lines))
        print(name, dict(totals))
