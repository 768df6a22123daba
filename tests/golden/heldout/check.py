"""Checks pages against answers with parsers of no relation to the reader: `python -m tests.golden.heldout.check`."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pdfplumber
import yaml
from bs4 import BeautifulSoup

HERE = Path(__file__).resolve().parent
NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")


def page_of(answer: dict[str, Any]) -> tuple[str, list[list[list[str]]]]:
    """The text of a page and its tables as rows of printed cells."""
    content = (HERE / answer["file"]).read_bytes()
    if answer["file"].endswith(".pdf"):
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            tables = [row for page in pdf.pages for t in page.extract_tables() for row in t]
            text = "".join(page.extract_text() for page in pdf.pages)
            return text, [[[c or "" for c in row] for row in tables]]
    try:
        soup = BeautifulSoup(content.decode("utf-8"), "lxml")
    except UnicodeDecodeError:
        soup = BeautifulSoup(content.decode("gb18030"), "lxml")
    tables = [
        [[c.get_text("") for c in r.find_all(["td", "th"], recursive=False)] for r in t.find_all("tr")]
        for t in soup.find_all("table")
        if not t.find("table")
    ]
    return soup.get_text(""), tables


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def printed_number(value: Any) -> str:
    return "" if value is None or value == "blank0" else f"{value}"


def identities(answer: dict[str, Any]) -> list[str]:
    """The arithmetic of the forms, but for pages that print an error on purpose."""
    out = []
    m, c = answer["matrix"], answer["cells"]
    number = lambda v: 0 if v in (None, "blank0") else v  # noqa: E731
    for field, row in m.items():
        if sum(map(number, row[:6])) != number(row[6]):
            out.append(f"row {field}: {row}")
    if m:
        outcomes = [f for f in m if re.match(r"outcome_|refused_|unable_|not_processed_|other_", f)]
        for i in range(6):
            col = {f: number(r[i]) for f, r in m.items()}
            if sum(col[f] for f in outcomes) != col["outcomes_total"]:
                out.append(f"outcomes of column {i}")
            if (
                col["requests_received_new"] + col["requests_carried_over_in"]
                != col["outcomes_total"] + col["requests_carried_over_out"]
            ):
                out.append(f"balance of column {i}")
    for block in ("review", "litigation_direct", "litigation_after_review"):
        parts = [f"{block}_{p}" for p in ("upheld", "corrected", "other", "pending")]
        if all(p in c for p in parts) and sum(number(c[p]) for p in parts) != number(c[f"{block}_total"]):
            out.append(block)
    if "foi_staff_total" in c:
        sums = {
            "requests_received_total": [
                "requests_by_in_person",
                "requests_by_fax",
                "requests_by_network",
                "requests_by_letter",
            ],
            "requests_concluded_total": ["requests_concluded_on_time", "requests_concluded_extended"],
            "foi_staff_total": ["foi_staff_full_time", "foi_staff_part_time"],
            "review_total": ["review_upheld", "review_corrected", "review_other"],
            "litigation_total": ["litigation_upheld", "litigation_corrected", "litigation_other"],
            "reply_refused_total": [f for f in c if f.startswith("refused_")],
            "replies_total": [f for f in c if f.startswith("reply_")],
        }
        out += [t for t, parts in sums.items() if sum(c[p] for p in parts) != c[t]]
        if any(c[f] < 0 for f in c):
            out.append("negative")
    return out


def agreement(answer: dict[str, Any]) -> list[str]:
    """Words against table, where both state a metric."""
    from tests.golden.sample.answers import expected_values

    table: dict[str, set[float]] = {}
    for v in expected_values(answer):
        if v.basis == "table" and v.applicant_type in (None, "total"):
            table.setdefault(v.metric_id, set()).add(
                v.value * (10000 if v.unit == "万元" and v.metric_id.startswith("foi_fees") else 1)
            )
    return [
        f"{f['metric_id']}: {f['value']} in words, {table[f['metric_id']]} in the table"
        for f in answer["figures"]
        if f["metric_id"] in table
        and not any(abs(f["value"] - t) < 1e-6 for t in table[f["metric_id"]])
        and not (
            f["metric_id"] in ("requests_by_network", "unable_not_held") and sum(table[f["metric_id"]]) == f["value"]
        )
    ]


def faults(answer: dict[str, Any]) -> list[str]:
    """Everything wrong with one page and its answer."""
    text, tables = page_of(answer)
    flat = squeezed(text)
    out = [f"not on the page: {f['evidence']}" for f in answer["figures"] if squeezed(f["evidence"]) not in flat]
    for f in answer["figures"]:
        if flat.count(squeezed(f["evidence"])) > 1:
            out.append(f"twice on the page: {f['evidence']}")
    keys = ("title", "phone", "fax", "email", "postcode", "address")
    out += [f"{k} {answer[k]} not on the page" for k in keys if answer[k] and squeezed(str(answer[k])) not in flat]
    doubled = [m for m, n in Counter(f["metric_id"] for f in answer["figures"]).items() if n > 1]
    out += [f"{m} twice in words" for m in doubled]
    stated = {f["metric_id"] for f in answer["figures"]} | set(answer["cells"]) | set(answer["matrix"])
    out += [f"{m} is stated and must be missing" for m in set(answer["missing"]) & stated]
    if answer["matrix"] and "flat" not in answer["about"] and "pipe" not in answer["about"]:
        rows = [[squeezed(c) for c in row][-7:] for t in tables for row in t if len(row) >= 8]
        for field, row in answer["matrix"].items():
            if [printed_number(v) for v in row] not in rows:
                out.append(f"matrix row {field} {row} is not printed")
    for field, value in answer["cells"].items():
        if value not in (None, "blank0") and str(answer["printed"].get(field, value)) not in flat:
            out.append(f"cell {field} {value} is not printed")
    if "sum_mismatch" not in answer["issues"]:
        out += identities(answer)
    if "narrative_contradicts_table" not in answer["issues"]:
        out += agreement(answer)
    return out


def main() -> None:
    wrong = 0
    counts = []
    for path in sorted(HERE.glob("[0-9]*.yaml")):
        answer = yaml.safe_load(path.read_text(encoding="utf-8"))
        for fault in faults(answer):
            wrong += 1
            print(path.stem, fault)
        if answer["figures"]:
            text, _ = page_of(answer)
            narrative = re.sub(r"[|]", "", text)
            counts.append((len(NUMBER.findall(narrative)), len(answer["figures"]), len(squeezed(text))))
    print(f"{wrong} faults; numbers a page {min(c[0] for c in counts)}-{max(c[0] for c in counts)}, "
          f"median {sorted(c[0] for c in counts)[len(counts) // 2]}; figures in words {sum(c[1] for c in counts)}; "
          f"median characters {sorted(c[2] for c in counts)[len(counts) // 2]}")  # fmt: skip


if __name__ == "__main__":
    main()
