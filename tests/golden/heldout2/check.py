"""Checks pages against answers without the reader: `python -m tests.golden.heldout2.check`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.golden.heldout import check as first

HERE = Path(__file__).resolve().parent
NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


def read_value(evidence: str, value: float) -> bool:
    """Whether the value can be read off the evidence: digits, thousands marks, 万, numerals, or words of zero or all."""
    plain = evidence.replace(",", "")
    printed = {float(n) * (10000 if unit else 1) for n, unit in re.findall(r"(\d+(?:\.\d+)?)(万(?!元))?", plain)}
    printed |= {float(NUMERALS[c]) for c in evidence if c in NUMERALS}
    if any(abs(value - p) < 1e-6 for p in printed):
        return True
    zero = re.search("未|没有|沒有|无|無|不收|免", evidence) is not None
    return zero if value == 0 else re.search("全部|均|全", evidence) is not None


def faults(answer: dict[str, Any]) -> list[str]:
    """Everything wrong with one page and its answer."""
    first.HERE = HERE
    out = first.faults(answer)
    for f in answer["figures"]:
        if not read_value(f["evidence"], f["value"]):
            out.append(f"{f['metric_id']}: {f['value']} cannot be read off {f['evidence']}")
        if (f["qualifier"] == "at_least") != bool(re.search("余|餘|多[条條人]|逾|以上", f["evidence"])):
            out.append(f"{f['metric_id']}: qualifier {f['qualifier']} of {f['evidence']}")
        unit = {"元": "费|费用", "%": "%"}.get(f["unit"], f["unit"])
        shown = f["evidence"].translate(str.maketrans("條費餘", "条费余"))
        if f["value_state"] not in ("stated_zero", "implied") and not re.search(unit, shown):
            out.append(f"{f['metric_id']}: unit {f['unit']} not in {f['evidence']}")
    return out + words(answer)


def words(answer: dict[str, Any]) -> list[str]:
    """Parts against totals as far as the words state all of them."""
    said = {f["metric_id"]: f["value"] for f in answer["figures"]}
    ways = [f"requests_by_{w}" for w in ("in_person", "fax", "network", "letter")]
    out = []
    pairs = (("requests_received_new", ways), ("outcomes_total", ["outcome_disclosed_full", "outcome_disclosed_partial", "refused_total"]),
             ("foi_staff_total", ["foi_staff_full_time", "foi_staff_part_time"]),
             ("info_disclosed_total", ["info_via_website"]))  # fmt: skip
    for total, parts in pairs:
        if total in said and sum(said.get(p, 0) for p in parts) > said[total]:
            out.append(f"parts of {total} are more than {said[total]}")
    return out


def answers() -> list[Path]:
    return sorted(HERE.glob("[0-9]*.yaml"))


def main() -> None:
    wrong, counts = 0, []
    for path in answers():
        answer = yaml.safe_load(path.read_text(encoding="utf-8"))
        for fault in faults(answer):
            wrong += 1
            print(path.stem, fault)
        if answer["figures"]:
            text, _ = first.page_of(answer)
            body = re.sub(r"<[^>]+>", "", text)
            counts.append((len(first.NUMBER.findall(body)), len(answer["figures"])))
    numbers = sorted(c[0] for c in counts)
    print(f"{wrong} faults; {len(counts)} pages with figures; numbers a page {numbers[0]}-{numbers[-1]}, "
          f"median {numbers[len(numbers) // 2]}; figures in words {sum(c[1] for c in counts)}")  # fmt: skip


if __name__ == "__main__":
    main()
