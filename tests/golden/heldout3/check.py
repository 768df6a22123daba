"""Checks pages against answers with parsers of no relation to the reader: `python -m tests.golden.heldout3.check`."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pdfplumber
import yaml
from bs4 import BeautifulSoup, Comment

HERE = Path(__file__).resolve().parent
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
WORDS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十二": 12}


def text_of(answer: dict[str, Any]) -> str:
    content = (HERE / answer["file"]).read_bytes()
    if answer["file"].endswith(".pdf"):
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            return "".join(page.extract_text() or "" for page in pdf.pages)
    if answer["file"].endswith(".docx"):
        xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode("utf-8")
        return re.sub(r"<[^>]+>", "", xml)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    soup = BeautifulSoup(text, "lxml")
    if not soup.find_all(string=lambda s: isinstance(s, Comment) and "figures are invented" in s):
        raise ValueError("no notice")
    return soup.get_text("")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def readable(value: float, evidence: str) -> bool:
    text = evidence.replace("，", ",")
    found = {float(n.replace(",", "")) for n in NUMBER.findall(text)}
    for n, unit in re.findall(r"(\d+(?:\.\d+)?)(万|千|亿)", text):
        found.add(round(float(n) * {"万": 1e4, "千": 1e3, "亿": 1e8}[unit], 2))
    found |= {float(v) for w, v in WORDS.items() if w in text}
    return value in found


def identities(answer: dict[str, Any]) -> list[str]:
    out = []
    c = {k: v for k, v in answer["cells"].items() if isinstance(v, int | float)}
    for block in ("review", "litigation_direct", "litigation_after_review"):
        parts = [f"{block}_{p}" for p in ("upheld", "corrected", "other", "pending")]
        if all(p in c for p in parts) and sum(c[p] for p in parts) != c[f"{block}_total"]:
            out.append(block)
    if "foi_staff_total" in c:
        channels = ("in_person", "fax", "network", "letter")
        sums = {
            "requests_received_total": [f"requests_by_{x}" for x in channels],
            "requests_concluded_total": ["requests_concluded_on_time", "requests_concluded_extended"],
            "foi_staff_total": ["foi_staff_full_time", "foi_staff_part_time"],
            "review_total": ["review_upheld", "review_corrected", "review_other"],
            "litigation_total": ["litigation_upheld", "litigation_corrected", "litigation_other"],
            "reply_refused_total": [f for f in c if f.startswith("refused_")],
            "replies_total": [f for f in c if f.startswith("reply_") and f != "reply_refused_total"]
            + ["reply_refused_total"],
        }
        out += [f"{t}: {c[t]} / {sum(c[p] for p in ps)}" for t, ps in sums.items() if sum(c[p] for p in ps) != c[t]]
    if "requests_by_email" in c:
        by = [f for f in c if f.startswith("requests_by_")]
        if sum(c[f] for f in by) != c["requests_received_total"]:
            out.append("channels of the Shanghai form")
        if c["replies_total"] != c["reply_disclosed_full"] + c["reply_disclosed_partial"] + c["reply_refused_total"]:
            out.append("replies of the Shanghai form")
        grounds = [f for f in c if f.startswith("refused_") or f in
                   ("reply_not_government_info", "reply_info_not_exist", "reply_not_this_agency", "reply_unclear")]  # fmt: skip
        if sum(c[f] for f in grounds) != c["reply_refused_total"]:
            out.append(f"grounds of the Shanghai form {sum(c[f] for f in grounds)}")
    return out


def narrative_sums(answer: dict[str, Any]) -> list[str]:
    """Channels and outcomes in words, where all of them are stated: a hint for a human, not a fault."""
    f = {x["metric_id"]: x["value"] for x in answer["figures"]}
    out = []
    by = [f[k] for k in f if k.startswith("requests_by_")]
    if "requests_received_new" in f and len(by) > 1 and sum(by) != f["requests_received_new"]:
        out.append(f"channels {sum(by)} of {f['requests_received_new']}")
    over = [k for k in ("outcome_disclosed_full", "outcome_disclosed_partial", "refused_total", "unable_not_held",
                        "reply_already_public", "reply_not_this_agency", "reply_info_not_exist", "reply_amend_supplement") if k in f]  # fmt: skip
    total = f.get("outcomes_total", f.get("requests_received_new"))
    if total is not None and len(over) > 1 and sum(f[k] for k in over) != total:
        out.append(f"outcomes {sum(f[k] for k in over)} of {total}")
    return out


def agreement(answer: dict[str, Any]) -> list[str]:
    from tests.golden.sample.answers import expected_values

    table: dict[str, set[float]] = {}
    for v in expected_values(answer):
        if v.basis == "table" and v.applicant_type in (None, "total"):
            table.setdefault(v.metric_id, set()).add(v.value)
    for total, parts in (("litigation_total", ("litigation_direct_total", "litigation_after_review_total")),):
        if parts[0] in table:
            table.setdefault(total, set()).add(sum(next(iter(table[p])) for p in parts))
    return [
        f"{f['metric_id']}: {f['value']} in words, {table[f['metric_id']]} in the table"
        for f in answer["figures"]
        if f["metric_id"] in table
        and f["value"] not in table[f["metric_id"]]
        and f["value"] != sum(table[f["metric_id"]])
    ]


def matrix_printed(answer: dict[str, Any]) -> list[str]:
    """Every row of the requests matrix stands on the page: as seven cells, or as a run of texts where tables are lost."""
    shown = lambda v: "" if v == "blank0" else str(v)  # noqa: E731
    rows = {f: [shown(v) for v in r] for f, r in answer["matrix"].items()}
    out = []
    for name, row in rows.items():
        numbers = [int(v or 0) for v in row]
        if sum(numbers[:6]) != numbers[6]:
            out.append(f"sum of {name}")
    path = HERE / answer["file"]
    if path.suffix == ".html":
        content = path.read_bytes()
        try:
            soup = BeautifulSoup(content.decode("utf-8"), "lxml")
        except UnicodeDecodeError:
            soup = BeautifulSoup(content.decode("gb18030"), "lxml")
        cells = [
            [squeezed(c.get_text("")) for c in tr.find_all(["td", "th"], recursive=False)] for tr in soup.find_all("tr")
        ]
        printed = Counter(tuple(r[-7:]) for r in cells)
        text = re.sub(r"[\s|]+", " ", soup.get_text("\n"))
    else:
        printed, text = Counter(), ""
        if path.suffix == ".pdf":
            with pdfplumber.open(path) as pdf:
                tables = [t for page in pdf.pages for t in page.extract_tables()]
        else:
            import docx

            tables = [[[c.text for c in r.cells] for r in t.rows] for t in docx.Document(str(path)).tables]
        printed = Counter(tuple(squeezed(c or "") for c in r[-7:]) for t in tables for r in t)
    for name, n in Counter(map(tuple, rows.values())).items():
        if printed[name] + text.count(" ".join(name)) < n:
            out.append(f"matrix row {name} is not printed {n} times")
    return out


def faults(answer: dict[str, Any]) -> tuple[list[str], list[str], str]:
    flat = squeezed(text_of(answer))
    out = []
    for f in answer["figures"]:
        e = squeezed(f["evidence"])
        if e not in flat:
            out.append(f"not on the page: {e}")
        elif flat.count(e) > 1:
            out.append(f"twice on the page: {e}")
        if f["value_state"] == "reported" and not readable(f["value"], f["evidence"]):
            out.append(f"{f['value']} not readable in {e}")
        if f["value_state"] == "stated_zero" and f["value"] != 0:
            out.append(f"not zero: {e}")
        marks = "余多" if f["qualifier"] == "at_least" else "约近" if f["qualifier"] == "about" else ""
        if marks and not re.search(f"[{marks}超逾]|左右|以上", e):
            out.append(f"qualifier of {e}")
        unit = f["unit"].translate(str.maketrans("條數場", "条数场"))
        if f["value_state"] == "reported" and not re.search(f"[{unit[0]}條場]", e):
            out.append(f"unit {unit} of {e}")
    keys = ("title", "phone", "fax", "email", "postcode", "address")
    out += [f"{k} {answer[k]} not on the page" for k in keys if answer[k] and squeezed(str(answer[k])) not in flat]
    out += [f"{m} twice in words" for m, n in Counter(f["metric_id"] for f in answer["figures"]).items() if n > 1]
    stated = {f["metric_id"] for f in answer["figures"]} | set(answer["cells"]) | set(answer["matrix"])
    out += [f"{m} is stated and must be missing" for m in set(answer["missing"]) & stated]
    out += [
        f"{m} is stated and tolerated" for m in set(answer["tolerated"]) & {f["metric_id"] for f in answer["figures"]}
    ]
    out += [f"{m} both tolerated and missing" for m in set(answer["tolerated"]) & set(answer["missing"])]
    for field, value in answer["cells"].items():
        if value is not None and str(answer["printed"].get(field, value)) not in flat:
            out.append(f"cell {field} {value} is not printed")
    out += matrix_printed(answer)
    if "sum_mismatch" not in answer["issues"]:
        out += identities(answer)
    if "narrative_contradicts_table" not in answer["issues"]:
        out += agreement(answer)
    return out, narrative_sums(answer), flat


def main() -> None:
    wrong, seen = 0, {}
    counts = []
    for path in sorted(HERE.glob("[0-9]*.yaml")):
        answer = yaml.safe_load(path.read_text(encoding="utf-8"))
        found, hints, flat = faults(answer)
        for fault in found:
            wrong += 1
            print(path.stem, fault)
        for hint in hints:
            print(path.stem, "LOOK", hint)
        seen[path.stem] = {
            s for s in re.split(r"[。；;！]", flat) if (len(s) > 18 and not answer["matrix"]) or len(s) > 400
        }
        counts.append((len(NUMBER.findall(flat)), len(answer["figures"]), len(flat)))
    for a, b in combinations(seen, 2):
        for s in seen[a] & seen[b]:
            print("shared by", a, b, s[:60])
    print(f"{wrong} faults in {len(counts)} pages; numbers {sorted(c[0] for c in counts)[len(counts) // 2]} a page in "
          f"the middle; figures in words {sum(c[1] for c in counts)}; characters {min(c[2] for c in counts)}-{max(c[2] for c in counts)}")  # fmt: skip


if __name__ == "__main__":
    main()
