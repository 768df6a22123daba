"""Checks the paragraphs without the reader: `python -m tests.golden.paragraphs.old.check` or run the file."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "○": 0}
SCALE = {"万": 1e4, "千": 1e3, "亿": 1e8}
SUMS = {
    "foi_staff_total": ["foi_staff_full_time", "foi_staff_part_time"],
    "requests_concluded_total": ["requests_concluded_on_time", "requests_concluded_extended"],
    "review_total": ["review_upheld", "review_corrected", "review_other"],
    "litigation_total": ["litigation_upheld", "litigation_corrected", "litigation_other"],
}


def words(s: str) -> int:
    """The value of a numeral in words."""
    if "万" in s:
        head, tail = s.split("万", 1)
        return words(head) * 10000 + (words(tail) if tail else 0)
    total = unit = 0
    for c in s:
        if c in DIGITS:
            unit = DIGITS[c]
        else:
            total, unit = total + (unit or 1) * {"十": 10, "百": 100, "千": 1000}[c], 0
    return total + unit


def numbers(text: str) -> set[float]:
    s = unicodedata.normalize("NFKC", text)
    s = re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", s)
    s = re.sub(r"(?<=\d) (?=\d)", "", s)
    found: set[float] = set()
    for m in re.finditer(r"(\d+(?:\.\d+)?)\s*[余多]?(万|千|亿)?", s):
        found.add(float(m[1]))
        if m[2]:
            found.add(round(float(m[1]) * SCALE[m[2]], 4))
    for m in re.finditer("[零一二两三四五六七八九十百千万〇○]+", s):
        found.add(float(words(m[0])))
    return found


def faults(entry: dict[str, Any]) -> list[str]:
    text, out = entry["text"], []
    if not 60 <= len(text) <= 420:
        out.append(f"length {len(text)}")
    fields: dict[str, float] = {}
    for f in entry["figures"]:
        field = f.get("field_id", f["metric_id"])
        if field in fields:
            out.append(f"{field} twice")
        fields[field] = f["value"]
        if text.count(f["evidence"]) != 1:
            out.append(f"evidence stands {text.count(f['evidence'])} times: {f['evidence']}")
        if f["value_state"] == "reported" and float(f["value"]) not in numbers(f["evidence"]):
            out.append(f"{f['value']} is not in {f['evidence']}")
        if f["value_state"] == "stated_zero" and f["value"] != 0:
            out.append(f"stated zero is {f['value']}")
        if f["qualifier"] not in ("exact", "about", "at_least"):
            out.append(f["qualifier"])
    stated = {f["metric_id"] for f in entry["figures"]}
    out += [f"{m} is stated and missing" for m in stated & set(entry["missing"])]
    out += [f"{m} is tolerated and missing" for m in set(entry["tolerated"]) & set(entry["missing"])]
    for total, parts in SUMS.items():
        have = [fields[p] for p in parts if p in fields]
        if total in fields and len(have) == len(parts) and sum(have) != fields[total]:
            out.append(f"{total} is not the sum of {have}")
    return out


def main() -> None:
    entries = [e for p in sorted(HERE.glob("[0-9]*.yaml")) for e in yaml.safe_load(p.read_text(encoding="utf-8"))]
    wrong = [(e["id"], f) for e in entries for f in faults(e)]
    for name, fault in wrong:
        print(name, fault)
    print(f"{len(entries)} paragraphs, {sum(len(e['figures']) for e in entries)} figures, {len(wrong)} faults")


if __name__ == "__main__":
    main()
