"""Checks pages against answers with parsers of no relation to the reader: ``python -m tests.golden.heldout4.check``."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pdfplumber
import yaml
from bs4 import BeautifulSoup, Comment

from tests.golden.sample.answers import expected_values

HERE = Path(__file__).resolve().parent
NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
UNITS = {"条", "件", "宗", "起", "份", "篇", "封", "次", "期", "场", "个", "处", "名", "人", "人次", "元", "%"}
WORDS_OF_ZERO = re.compile(r"没有|未|无|免|不收取|零|不存在|为0|0元")


def text_of(answer: dict[str, Any]) -> str:
    """The visible text of a page, comments and scripts left out."""
    content = (HERE / answer["file"]).read_bytes()
    if answer["file"].endswith(".pdf"):
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            return "".join(page.extract_text() for page in pdf.pages)
    if answer["file"].endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml") + archive.read("xl/sharedStrings.xml")
            return re.sub(r"<[^>]+>", " ", sheet.decode("utf-8"))
    try:
        html = content.decode("utf-8")
    except UnicodeDecodeError:
        html = content.decode("gb18030")
    assert "虚构" in html, answer["file"]
    soup = BeautifulSoup(html, "lxml")
    for comment in soup.find_all(string=lambda piece: isinstance(piece, Comment)):
        comment.extract()
    for tag in soup(["title", "style", "script"]):
        tag.decompose()
    return soup.get_text("")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("－", "-")


def number(value: Any) -> float:
    return 0 if value in (None, "blank0") else value


def identities(answer: dict[str, Any]) -> list[str]:
    """The arithmetic of the forms."""
    out = []
    m, c = answer["matrix"], answer["cells"]
    for field, row in m.items():
        if sum(map(number, row[:6])) != number(row[6]):
            out.append(f"row {field}")
    if m:
        outcomes = [f for f in m if re.match(r"outcome_|refused_|unable_|not_processed_|other_", f)]
        for i in range(7):
            col = {f: number(r[i]) for f, r in m.items()}
            done = sum(col[f] for f in outcomes)
            if done != col["outcomes_total"]:
                out.append(f"outcomes of column {i}")
            if (
                col["requests_received_new"] + col["requests_carried_over_in"]
                != done + col["requests_carried_over_out"]
            ):
                out.append(f"balance of column {i}")
    sums: dict[str, list[str]] = {}
    for block in ("review", "litigation_direct", "litigation_after_review"):
        sums[f"{block}_total"] = [f"{block}_{p}" for p in ("upheld", "corrected", "other", "pending")]
    if "foi_staff_total" in c:
        sums = {
            "info_disclosed_total": [f"info_via_{p}" for p in ("gazette", "website", "weibo", "wechat", "other")],
            "requests_received_total": [f"requests_by_{p}" for p in ("in_person", "fax", "network", "letter")],
            "requests_concluded_total": ["requests_concluded_on_time", "requests_concluded_extended"],
            "foi_staff_total": ["foi_staff_full_time", "foi_staff_part_time"],
            "review_total": ["review_upheld", "review_corrected", "review_other"],
            "litigation_total": ["litigation_upheld", "litigation_corrected", "litigation_other"],
            "reply_refused_total": [f for f in c if f.startswith("refused_")],
            "replies_total": [f for f in c if f.startswith("reply_")],
        }
    elif "info_full_text_electronic" in c:
        kinds = ("in_person", "fax", "email", "web", "letter", "other")
        parts = ["reply_not_government_info", "reply_info_not_exist", "reply_not_this_agency", "reply_unclear"]
        sums = {
            "requests_received_total": [f"requests_by_{p}" for p in kinds],
            "replies_total": ["reply_disclosed_full", "reply_disclosed_partial", "reply_refused_total"],
            "reply_refused_total": [*parts, *[f for f in c if f.startswith("refused_")]],
        }
    for total, parts in sums.items():
        if total in c and sum(number(c[p]) for p in parts) != number(c[total]):
            out.append(f"{total} {c[total]} is not {[c[p] for p in parts]}")
    return out


def readable(figure: dict[str, Any]) -> bool:
    """The value can be read out of the words of its evidence."""
    words = re.sub(r"\([a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]+\)", "", figure["evidence"])
    numbers = [float(re.sub("[,，]", "", n)) for n in NUMBER.findall(words)]
    value = figure["value"]
    if value in numbers or any(abs(n * 10000 - value) < 1e-6 for n in numbers):
        return True
    if figure["value_state"] == "stated_zero":
        return bool(WORDS_OF_ZERO.search(words)) or "為零" in words or "沒有" in words or "没" in words
    if value == 0 and "零" in words:
        return True
    small = {1: "一", 2: "两二2", 3: "三", 4: "四", 5: "五"}
    if value in small and any(c in words for c in small[int(value)]):
        return True
    return figure["value_state"] == "implied"


def agreement(answer: dict[str, Any]) -> list[str]:
    """Words against table, where both state a metric."""
    table: dict[str, set[float]] = defaultdict(set)
    for v in expected_values(answer):
        if v.basis == "table" and v.applicant_type in (None, "total"):
            table[v.metric_id].add(v.value * (10000 if v.unit == "万元" and v.metric_id.startswith("foi_fees") else 1))
    c = answer["cells"]
    if "litigation_direct_total" in c:
        table["litigation_total"] = {number(c["litigation_direct_total"]) + number(c["litigation_after_review_total"])}
    return [
        f"{f['metric_id']}: {f['value']} in words, {table[f['metric_id']]} in the table"
        for f in answer["figures"]
        if table.get(f["metric_id"]) and f["value"] not in table[f["metric_id"]]
        and f["value"] != sum(table[f["metric_id"]])
    ]  # fmt: skip


def faults(answer: dict[str, Any], text: str) -> list[str]:
    """Everything wrong with one page and its answer."""
    flat = squeezed(text)
    out = []
    stated = {f["metric_id"] for f in answer["figures"]}
    for f in answer["figures"]:
        if flat.count(squeezed(f["evidence"])) != 1:
            out.append(f"{flat.count(squeezed(f['evidence']))} times on the page: {f['evidence']}")
        if f["unit"] not in UNITS:
            out.append(f"unit {f['unit']}")
        if not readable(f):
            out.append(f"not readable: {f['metric_id']} {f['value']} in {f['evidence']}")
        words = re.sub(r"\([a-z].*?\)", "", f["evidence"]).replace("條", "条").replace("個", "个")
        if f["value_state"] == "reported" and f["unit"] not in words and "零" not in words:
            out.append(f"unit {f['unit']} not in {f['evidence']}")
    for key in ("title", "phone", "fax", "email", "postcode", "address"):
        if answer[key] and squeezed(str(answer[key])) not in flat and not answer["file"].endswith("xlsx"):
            out.append(f"{key} {answer[key]} not on the page")
    day = answer["published_on"]
    if day and answer["document_kind"] == "annual_report" and not answer["accept"].get("published_on"):
        letters = "".join("○一二三四五六七八九"[int(d)] for d in str(day.year))
        written = f"{day.year}年{day.month}月{day.day}日"
        if not any(form in flat for form in (f"{day}", written, letters)):
            out.append(f"date {day} not on the page")
    out += [f"{m} twice in words" for m, n in Counter(f["metric_id"] for f in answer["figures"]).items() if n > 1]
    everything = stated | {v.metric_id for v in expected_values(answer)} | {v.field_id for v in expected_values(answer)}
    out += [f"{m} is stated and must be missing" for m in set(answer["missing"]) & everything]
    out += [f"{m} is missing and tolerated" for m in set(answer["missing"]) & set(answer["tolerated"])]
    for field, value in answer["cells"].items():
        if value not in (None, "blank0") and str(answer["printed"].get(field, value)) not in flat:
            out.append(f"cell {field} {value} is not printed")
    out += identities(answer)
    if "narrative_contradicts_table" not in answer["issues"]:
        out += agreement(answer)
    elif not agreement(answer):
        out.append("words and table agree after all")
    return out


def narratives() -> dict[str, str]:
    """The hand-written words of each page, without the marks of the answers."""
    out = {}
    for path in sorted((HERE / "maker").glob("texts_*.txt")):
        for block in re.split(r"^#### ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, body = block.split("\n---\n", 1)
            out[head.split("\n")[0].strip()] = re.sub(r"\[\[(.+?)\|[^\]]*\]\]", r"\1", body)
    return out


def main() -> None:
    wrong, seen, counts = 0, defaultdict(list), []
    answers = {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(HERE.glob("[0-9]*.yaml"))}
    for name, answer in answers.items():
        for fault in faults(answer, text_of(answer)):
            wrong += 1
            print(name, fault)
        counts.append(len(answer["figures"]))
    sizes, numbers = [], []
    for name, prose in narratives().items():
        if answers[name]["document_kind"] == "annual_report":
            sizes.append(len(squeezed(prose)))
            numbers.append(len(NUMBER.findall(prose)))
        for sentence in {squeezed(s) for s in re.split(r"[。；！？\n]", prose)}:
            if len(sentence) > 12 and not sentence.startswith("=="):
                seen[sentence].append(name)
    for sentence, names in seen.items():
        if len(names) > 1:
            wrong += 1
            print("shared", names, sentence)
    print(f"letters of prose {min(sizes)}-{max(sizes)}, numbers in it {min(numbers)}-{max(numbers)}")
    forms = Counter(
        a["report_format"] if a["document_kind"] != "not_a_report" else "no report" for a in answers.values()
    )
    print(
        f"{len(answers)} pages, {dict(forms)}, {wrong} faults, figures in words {sum(counts)}, cells {sum(len(a['cells']) + 7 * len(a['matrix']) for a in answers.values())}"
    )


if __name__ == "__main__":
    main()
