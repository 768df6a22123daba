"""Makes the second held-out set: `python -m tests.golden.heldout2.maker.make location_year.csv streets.csv`.

Page frames, tables and answers come from the maker of the first set; texts, places and structure are this set's own.
Knows nothing of the reader.
"""

from __future__ import annotations

import datetime
import random
import re
import sys
from pathlib import Path
from typing import Any

from tests.golden.heldout.maker import finish as finishing
from tests.golden.heldout.maker import frames, texts
from tests.golden.heldout.maker import make as first
from tests.golden.sample.maker import spec

from .pages import NOT_REPORTS, ROWS

HERE = Path(__file__).resolve().parents[1]
ORDER = "一二三四五六七八九十"
HEADS = {
    "over_a": ["工作概况", "基本情况", "情况综述", "工作开展情况"],
    "pro_a": ["政府信息主动公开情况", "主动公开情况", "信息主动公开的情况"],
    "req_a": ["信息依申请公开办理情况", "依申请公开情况", "依申请公开政府信息情况"],
    "fee_a": ["收费及减免情况", "信息公开收费情况", "政府信息公开收费及减免的情况"],
    "rev_a": ["复议、诉讼和申诉情况", "申请行政复议、提起行政诉讼情况", "行政复议、诉讼情况"],
    "consult_a": ["咨询和人员情况", "咨询处理情况"],
    "prob_a": ["存在问题和改进措施", "问题与打算", "主要问题及改进措施"],
    "other_a": ["其他需要报告的事项", "需要说明的其他事项"],
    "annex": ["附表", "统计表", "附件：政府信息公开情况统计表"],
    "over_b": ["总体情况", "概况", "政务公开工作概述"],
    "pro_b": ["主动公开政府信息的情况", "主动公开工作情况"],
    "resp_b": ["回应解读情况", "解读政策与回应关切", "政策解读和舆情回应情况"],
    "req_b": ["依申请公开政府信息的情况", "依申请公开工作情况"],
    "fee_b": ["收费情况", "政府信息公开收费和减免情况"],
    "rev_b": ["行政复议、行政诉讼和举报情况", "复议、诉讼情况"],
    "staff_b": ["机构、人员、经费和培训情况", "保障培训情况"],
    "prob_b": ["问题和改进", "存在的不足与改进方向", "主要不足及下步工作打算"],
}


def load(*names: str) -> list[texts.Block]:
    """The paragraphs of this set; the format is that of the first."""
    blocks = []
    for name in names:
        raw = (Path(__file__).parent / name).read_text(encoding="utf-8")
        for part in raw.split("@@ ")[1:]:
            head, _, text = part.partition("\n")
            kind, *tags = head.split()
            blocks.append(texts.Block(kind, set(tags), text.strip()))
    return blocks


class Writer(first.Writer):
    """One page of this set: its own chapters, numbering and order."""

    def __init__(self, row: tuple[Any, ...], places: first.Places) -> None:
        super().__init__(row, places)
        self.rng = random.Random(f"second b {self.no}{self.slug}")
        self.env["ADDR"] = self._address()
        self.small = self.level in ("township", "department")

    def _address(self) -> str:
        area = self.place if self.level != "township" else self.path.split("/")[2] + self.place
        own = self.street if len(self.path.split("/")) == 1 else area + self.street
        return own if own.endswith("号") else own + f"{self.rng.randint(3, 380)}号"

    def head(self, number: int, kind: str) -> str:
        return f"== {ORDER[number]}、{self.rng.choice(HEADS[kind])}"

    def old(self) -> None:
        a = "a" if self.form == "F2008" else "b"
        self.add(f"intro_{a}")
        for chapter in self.chapters(a):
            kind = f"{chapter}_{a}" if chapter != "annex" else "annex"
            self.said.__dict__["chapter"] = self.said.__dict__.get("chapter", -1) + 1
            mark = len(self.lines)
            if chapter == "annex":
                self.lines.append("@T2014" if "t14" in self.opt else "@SH")
            else:
                self.add(kind)
            if chapter == "over" and a == "b" and not self.small and self.rng.random() < 0.4:
                self.add(kind)
            if chapter == "pro":
                listed = len(re.findall(r"（[一二三]）", self.lines[-1]))
                for place in range(1 if self.small else self.rng.randint(2, 3)):
                    self.add(f"fill_{a}", ORD=ORDER[place + listed])
            if len(self.lines) == mark:
                self.said.__dict__["chapter"] -= 1
                continue
            self.lines.insert(mark, self.head(self.said.__dict__["chapter"], kind))

    def chapters(self, a: str) -> list[str]:
        if a == "a":
            out = ["over", "pro", "req", "fee", "rev", "prob"]
            if not self.small and self.rng.random() < 0.7:
                out.insert(3, "consult")
            if self.rng.random() < 0.5:
                out.append("other")
        else:
            out = ["over", "pro", "resp", "req", "fee", "rev", "staff", "prob"]
            if self.small:
                out.remove("resp")
            if self.rng.random() < 0.3 or self.small:
                out.remove("staff")
            if self.rng.random() < 0.3:
                out.remove("fee")
            if self.rng.random() < 0.3:
                out.remove("rev")
                out.insert(3, "rev")
        return [*out, "annex"] if {"t14", "sh"} & set(self.opt) else out

    def new(self, page: dict[str, Any]) -> None:
        self.add("intro_c")
        self.lines.append("== 一、总体情况")
        start = len(self.lines)
        matrix = spec.matrix_of(page)
        total = {k: v[-1] for k, v in matrix.items()}
        self.env |= {"R": total["requests_received_new"], "CI": total["requests_carried_over_in"],
                     "OT": total["outcomes_total"], "CO": total["requests_carried_over_out"]}  # fmt: skip
        self.add("pro_c")
        self.add("req_c", want="zero" if self.env["R"] == 0 else None)
        for kind in ("man_c", "plat_c", "sup_c"):
            self.add(kind)
        for _ in range(1 if self.small else self.rng.randint(1, 3)):
            self.add("extra_c")
        self.number(start)
        for n, (mark, head) in enumerate((("T2", "主动公开政府信息情况"), ("T3", "收到和处理政府信息公开申请情况"),
                                          ("T4", self.rng.choice(["政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况"])))):  # fmt: skip
            self.lines += [f"== {ORDER[n + 1]}、{head}", f"@{mark}"]
        self.lines.append("== 五、存在的主要问题及改进情况")
        self.add("prob_c")
        self.lines.append("== 六、其他需要报告的事项")
        self.add("other_c")

    def number(self, start: int) -> None:
        """Sub-headings as this page counts them: （一）, 1., 一是, or the name in a line of its own."""
        style = self.rng.choice(["（{}）", "（{}）", "（{}）", "{1}.", "{1}、", "", "line"])
        lines = []
        for count, line in enumerate(self.lines[start:]):
            rest = line.replace("（@）", "", 1)
            mark = "（{}）" if style == "line" else style
            shown = mark.replace("{1}", str(count + 1)).replace("{}", ORDER[count])
            name = re.match(r"([^。：，\[]{3,22})。", rest)
            if style == "line" and name:
                lines += [shown + name[1], rest[name.end() :]]
            else:
                lines.append(shown + rest)
        self.lines[start:] = lines


def title_of(w: Writer) -> str:
    who = w.name
    if not w.agency and w.rng.random() < 0.35:
        who += "办事处" if w.place.endswith("街道") else "人民政府"
    year = str(w.Y)
    return w.rng.choice([
        f"{who}{year}年政府信息公开工作年度报告", f"{year}年度{who}政府信息公开工作年度报告", f"{who}{year}年度政府信息公开年报",
        f"{who}政府信息公开工作年度报告（{year}年）" if w.form in ("F2008", "F2014") else f"{who}{year}年度政府信息公开工作年度报告",
    ])  # fmt: skip


def write_page(row: tuple[Any, ...], places: first.Places) -> tuple[dict[str, Any], bytes]:
    w = Writer(row, places)
    page: dict[str, Any] = {"file": "", "answer": {"report_format": w.form}, "about": ""}
    w.table_data(page)
    if w.form in ("F2008", "F2014"):
        w.old()
    else:
        w.new(page)
    title, when = title_of(w), w.published()
    signed = w.rng.random() < 0.6
    if signed:
        w.lines.append(f"> {w.env['OFFICE'] if w.rng.random() < 0.5 else w.name}")
        w.lines.append(f"> {first.chinese_date(when, w.rng)}")
    answer, content = finishing.finish(w, page, title, when, signed)
    if w.code.startswith("310"):
        answer["accept"] = answer["accept"] | {"parent_code": ["310100", "310000"]}
    return answer, content


def corrected(old: dict[str, Any], name: str) -> tuple[dict[str, Any], bytes]:
    answer, content = finishing.revision(old, HERE, name)
    return answer | {"about": f"revision of {old['file']}", "accept_issues": ["revised"]}, content


def not_reports(number: int) -> list[tuple[str, dict[str, Any], bytes]]:
    out = []
    for no, (slug, (title, text)) in enumerate(NOT_REPORTS.items(), number):
        name = f"{no:02d}_no_{slug}"
        when = datetime.date(2016 if slug == "forms" else 2020, 1 if slug == "forms" else 6, 15)
        page = {"file": f"pages/{name}.html", "about": f"no report: {slug}", "answer": {
            "document_kind": "not_a_report", "reason": slug, "title": title, "issues": ["not_a_report"]}}  # fmt: skip
        facts = {"title": title, "page_title": title, "site": "市政府信息公开专栏", "date": when, "Y": when.year - 1,
                 "when": f"发布时间：{when}　", "source": "市政府办公室", "hits": 733, "charset": "utf-8"}  # fmt: skip
        content = frames.body(text.split("|"), {}, "plain", "plain", random.Random(no))
        out.append((name, spec.answer_of(page), frames.page("card" if no % 2 else "wide", facts, content).encode()))
    return out


def main(by_year: str, streets: str) -> None:
    first.BLOCKS = load("texts_2008.txt", "texts_2014.txt", "texts_2019.txt")
    places = first.Places(Path(by_year), Path(streets))
    done: dict[int, dict[str, Any]] = {}
    (HERE / "pages").mkdir(exist_ok=True)
    for row in ROWS:
        no, slug, opt = row[0], row[1], row[-1]
        name = f"{no:02d}_{slug}"
        answer, content = corrected(done[opt["revision_of"]], name) if "revision_of" in opt else write_page(row, places)
        if "revised" in opt:
            answer["superseded_by"] = next(f"pages/{r[0]}_{r[1]}.html" for r in ROWS if r[0] == opt["revised"])
        done[no] = answer
        (HERE / answer["file"]).write_bytes(content)
        (HERE / f"{name}.yaml").write_text(first.answer_text(answer), encoding="utf-8")
    for name, answer, content in not_reports(len(ROWS) + 1):
        (HERE / answer["file"]).write_bytes(content)
        (HERE / f"{name}.yaml").write_text(first.answer_text(answer), encoding="utf-8")
    used = sorted((b.uses for b in first.BLOCKS), reverse=True)
    for block in first.BLOCKS:
        if block.uses > 3:
            print(block.uses, block.kind, block.text[:20])
    print(
        f"{len(first.BLOCKS)} paragraphs, uses at most {used[0]}, mean {sum(used) / len(used):.1f}, unused {used.count(0)}"
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
