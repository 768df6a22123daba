"""The tables of the four forms as rows of cells with spans, before any markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FORMS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("forms.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Part:
    """A cell as written: its text, its spans and whether it is a label."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    label: bool = True


Table = list[list[Part]]
Printed = Mapping[str, str]


def _value(printed: Printed, field: str) -> Part:
    return Part(printed[field], label=False)


def shanghai(printed: Printed) -> Table:
    """F2008: the Shanghai-family form, indicator, code, unit, number."""
    rows = [[Part("指标名称"), Part("代码"), Part("计量单位"), Part("本年实际")]]
    for row in FORMS["F2008"]["sh"]:
        rows.append([Part(row["label"]), Part(row["code"]), Part(row["unit"]), _value(printed, row["field"])])
    return rows


def statistics_2014(printed: Printed) -> Table:
    """F2014: 58 value rows under 7 headers."""
    rows = [[Part("统 计 指 标"), Part("单位"), Part("统计数")]]
    for row in FORMS["F2014"]["t2014"]:
        if "field" in row:
            rows.append([Part(row["label"]), Part(row["unit"]), _value(printed, row["field"])])
        else:
            rows.append([Part(row["label"]), Part("——"), Part("——")])
    return rows


def article_20(form: str, printed: Printed) -> Table:
    """Chapter two of F2019 and F2021, one table with a band a clause of article 20."""
    return _article_20_of_2021(printed) if form == "F2021" else _article_20_of_2019(printed)


def _article_20_of_2021(printed: Printed) -> Table:
    def band(clause: str, head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Table:
        wide = {2: 3, 4: 1}[len(head)]
        out: Table = [[Part(f"第二十条第（{clause}）项", colspan=4)]]
        out.append([Part(head[0])] + [Part(name, colspan=wide) for name in head[1:]])
        for name, fields in rows:
            out.append([Part(name)] + [Part(printed[f], colspan=wide, label=False) for f in fields])
        return out

    kinds = ("issued", "repealed", "in_force")
    return [
        *band("一", ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"), (
            ("规章", [f"rules_{kind}" for kind in kinds]),
            ("行政规范性文件", [f"normative_docs_{kind}" for kind in kinds]),
        )),
        *band("五", ("信息内容", "本年处理决定数量"), (("行政许可", ["licences_decisions"]),)),
        *band("六", ("信息内容", "本年处理决定数量"), (
            ("行政处罚", ["penalties_decisions"]), ("行政强制", ["compulsory_measures_decisions"]),
        )),
        *band("八", ("信息内容", "本年收费金额（单位：万元）"), (("行政事业性收费", ["admin_fees_amount"]),)),
    ]  # fmt: skip


def _article_20_of_2019(printed: Printed) -> Table:
    def row(name: str, stem: str, parts: Sequence[str]) -> list[Part]:
        spans = {3: (1, 1, 1), 2: (1, 2)}[len(parts)]
        return [Part(name)] + [
            Part(printed[f"{stem}_{part}"], colspan=span, label=False) for part, span in zip(parts, spans, strict=True)
        ]

    def head(clause: str, *names: str) -> Table:
        spans = {3: (1, 1, 1), 2: (1, 2)}[len(names)]
        cells = [Part(name, colspan=span) for name, span in zip(names, spans, strict=True)]
        return [[Part(f"第二十条第（{clause}）项", colspan=4)], [Part("信息内容"), *cells]]

    items = ("items_previous_year", "items_change", "decisions")
    made = ("newly_made", "newly_published", "published_total")
    return [
        *head("一", "本年新制作数量", "本年新公开数量", "对外公开总数量"),
        row("规章", "rules", made),
        row("规范性文件", "normative_docs", made),
        *head("五", "上一年项目数量", "本年增/减", "处理决定数量"),
        row("行政许可", "licences", items),
        row("其他对外管理服务事项", "other_external_services", items),
        *head("六", "上一年项目数量", "本年增/减", "处理决定数量"),
        row("行政处罚", "penalties", items),
        row("行政强制", "compulsory_measures", items),
        *head("八", "上一年项目数量", "本年增/减"),
        row("行政事业性收费", "admin_fees", items[:2]),
        *head("九", "采购项目数量", "采购总金额"),
        row("政府集中采购", "central_procurement", ("projects", "amount")),
    ]


def requests_matrix(form: str, printed: Mapping[str, Sequence[str]]) -> Table:
    """Chapter three: 23 (F2019) or 25 (F2021) rows by seven columns, a header of three levels, three label columns."""
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    table: Table = [
        [Part(note, 3, 3), Part("申请人情况", 1, 7)],
        [Part("自然人", 2), Part("法人或其他组织", 1, 5), Part("总计", 2)],
        [Part(name) for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    rows = FORMS[form]["t3"]
    outcomes = len(rows) - 3
    for number, row in enumerate(rows):
        field, label = row["field"], row["label"]
        numbers = [Part(text, label=False) for text in printed[field]]
        labels: list[Part] = []
        if number == 2:
            labels.append(Part("三、本年度办理结果", outcomes))
        group = _group_of(field)
        if group is None or (form == "F2019" and field == "other_processing_total"):
            labels.append(Part(label, 1, 2 if 2 <= number < len(rows) - 1 else 3))
        else:
            members = [r["field"] for r in rows if _group_of(r["field"]) == group]
            if field == members[0]:
                labels.append(Part(group, len(members)))
            labels.append(Part(label))
        table.append(labels + numbers)
    return table


def _group_of(field: str) -> str | None:
    groups = {
        "refused": "（三）不予公开",
        "unable": "（四）无法提供",
        "not": "（五）不予处理",
        "other": "（六）其他处理",
    }
    return groups.get(field.split("_")[0])


def review_and_litigation(printed: Sequence[str]) -> Table:
    """Chapter four: one row of 15 numbers under a header of three rows."""
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    return [
        [Part("行政复议", 1, 5), Part("行政诉讼", 1, 10)],
        [Part(name, 2) for name in results] + [Part("未经复议直接起诉", 1, 5), Part("复议后起诉", 1, 5)],
        [Part(name) for name in results * 2],
        [Part(text, label=False) for text in printed],
    ]


def fields_of(form: str, table: str) -> list[str]:
    """The fields of one table in the order of the form."""
    return [row["field"] for row in FORMS[form][table] if "field" in row]
