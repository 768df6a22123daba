"""Makes pages and answers of this folder from maker/texts_*.txt: `python -m tests.golden.heldout3.maker.make`.

A record of a text file: a line `### NN_name`, a YAML head, a line `---`, the body. Figures are marked in the body where
they stand: `[[metric=value unit flags;...|the words]]`, flags z (stated_zero), i (implied), a number may carry ~ or >.
Neither reader nor catalogue is imported; codes of places are looked up in the division tables.
"""

from __future__ import annotations

import csv
import datetime
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.golden.sample.maker import grids
from tests.golden.sample.maker.office import docx_bytes, pdf_bytes

from . import frames

HERE = Path(__file__).resolve().parent
OUT = HERE.parent
SHORT = {
    "idt": "info_disclosed_total", "ids": "info_disclosed_stock", "web": "info_via_website", "wb": "info_via_weibo",
    "wx": "info_via_wechat", "dy": "info_via_douyin", "gaz": "info_via_gazette", "oth": "info_via_other",
    "gd": "gov_documents_disclosed", "pd": "policy_docs_disclosed", "pi": "policy_interpretations_published",
    "oi": "online_interviews", "pc": "press_conferences_total", "pint": "public_interactions",
    "mb": "mailbox_letters_handled", "pr": "proposal_results_disclosed", "etr": "full_text_digitisation_rate",
    "ts": "training_sessions", "pt": "persons_trained", "sf": "foi_staff_full_time", "sp": "foi_staff_part_time",
    "st": "foi_staff_total", "rp": "reading_points", "cons": "consultations_total", "hl": "hotline_12345_orders",
    "pet": "petitions_accepted", "neg": "negative_opinion_incidents_handled", "hot": "hot_topics_responded",
    "rr": "requests_received_new", "rn": "requests_by_network", "rl": "requests_by_letter",
    "ri": "requests_by_in_person", "rf": "requests_by_fax", "fee": "foi_fees_collected", "rv": "review_total",
    "lt": "litigation_total", "ap": "appeals_total", "cp": "complaints_total", "ont": "requests_concluded_on_time",
    "ext": "requests_concluded_extended", "oc": "outcomes_total", "odf": "outcome_disclosed_full",
    "odp": "outcome_disclosed_partial", "rap": "reply_already_public", "uh": "unable_not_held",
    "ref": "refused_total", "pfa": "foi_processing_fee_amount", "pfr": "foi_processing_fee_requests",
    "mt": "foi_meetings", "ndi": "normative_docs_issued", "ndd": "normative_docs_disclosed", "bud": "foi_budget",
    "fu": "foi_units", "cin": "requests_carried_over_in", "cout": "requests_carried_over_out",
    "ndf": "normative_docs_in_force", "ndr": "normative_docs_repealed",
}  # fmt: skip
T3 = {
    "new": "requests_received_new", "in": "requests_carried_over_in", "odf": "outcome_disclosed_full",
    "odp": "outcome_disclosed_partial", "r1": "refused_state_secret", "r2": "refused_other_law_prohibits",
    "r3": "refused_three_securities_one_stability", "r4": "refused_third_party_rights", "r5": "refused_internal_affairs",
    "r6": "refused_process_information", "r7": "refused_enforcement_case_file", "r8": "refused_administrative_query",
    "u1": "unable_not_held", "u2": "unable_needs_creation", "u3": "unable_unclear_after_correction",
    "p1": "not_processed_petition_complaint", "p2": "not_processed_duplicate",
    "p3": "not_processed_publication_request", "p4": "not_processed_excessive_repeated",
    "p5": "not_processed_confirm_or_reissue", "o1": "other_overdue_correction", "o2": "other_overdue_fee",
    "o3": "other_misc", "ot": "other_processing_total", "out": "requests_carried_over_out",
}  # fmt: skip
ACCEPTED = {  # names of the same row in a form, where the canonical metric has another one
    "unable_not_held": ["reply_not_this_agency", "reply_info_not_exist"],
    "outcome_disclosed_full": ["reply_disclosed_full"],
    "outcome_disclosed_partial": ["reply_disclosed_partial"],
    "refused_total": ["reply_refused_total"],
    "requests_received_new": ["requests_received_total"],
    "outcomes_total": ["requests_concluded_total", "replies_total"],
    "foi_processing_fee_amount": ["foi_fees_collected"],
}
PARTS = {
    "review_total": ["review_upheld", "review_corrected", "review_other", "review_pending"],
    "litigation_total": ["litigation_upheld", "litigation_corrected", "litigation_other", "litigation_pending"],
}
MARK = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")
ITEM = re.compile(r"^(\w+)=([~>]?)(-?[\d.]+)([^\s^?]*)\s*([zi]?)((?:\s*[\^?]\w+)*)$")


def figures_of(body: str, swap: dict[str, str]) -> list[dict[str, Any]]:
    out = []
    for spec, words in MARK.findall(body):
        for item in spec.split(";"):
            m = ITEM.match(item.strip())
            if not m:
                raise ValueError(f"{item!r} in {words!r}")
            name, sign, number, unit, flag, more = m.groups()
            metric = SHORT.get(name, name)
            value = float(number)
            row: dict[str, Any] = {
                "field_id": metric, "metric_id": metric, "applicant_type": None,
                "value": int(value) if value == int(value) else value, "unit": unit,
                "qualifier": {"": "exact", "~": "about", ">": "at_least"}[sign],
                "value_state": {"": "reported", "z": "stated_zero", "i": "implied"}[flag],
                "basis": "narrative", "evidence": words,
            }  # fmt: skip
            metrics = re.findall(r"\^(\w+)", more)
            states = re.findall(r"\?(\w+)", more)
            metrics += ACCEPTED.get(metric, [])
            if flag == "i" and "reported" not in states:
                states.append("reported")
            for old, new in swap.items():
                row["evidence"] = row["evidence"].replace(old, new)
            if metrics:
                row["accept_metric_id"] = metrics
            if states:
                row["accept_value_state"] = states
            out.append(row)
    return out


def matrix_of(spec: str, form: str) -> dict[str, list[int]]:
    given: dict[str, list[int]] = {}
    for part in spec.split(";"):
        name, *cells = part.split()
        row = [0] * 6
        for cell in cells:
            row["ncrslo".index(cell[0])] = int(cell[1:])
        given[T3[name]] = row
    fields = [r["field"] for r in grids.FORMS[form]["t3"]]
    unknown = set(given) - set(fields)
    if unknown:
        raise ValueError(f"not in {form}: {unknown}")
    rows = {f: given.get(f, [0] * 6) for f in fields}
    ends = ("requests_received_new", "requests_carried_over_in", "outcomes_total", "requests_carried_over_out")
    rows["outcomes_total"] = [sum(rows[f][i] for f in fields if f not in ends) for i in range(6)]
    for i in range(6):
        if rows[ends[0]][i] + rows[ends[1]][i] != rows[ends[2]][i] + rows[ends[3]][i]:
            raise ValueError(f"balance of column {i}: {[(e, rows[e][i]) for e in ends]}")
    return {f: [*row, sum(row)] for f, row in rows.items()}


def t4_of(numbers: str) -> dict[str, int]:
    n = [int(x) for x in numbers.split()]
    names = ("review", "litigation_direct", "litigation_after_review")
    parts = ("upheld", "corrected", "other", "pending")
    out = {}
    for i, name in enumerate(names):
        for j, part in enumerate(parts):
            out[f"{name}_{part}"] = n[i * 4 + j]
        out[f"{name}_total"] = sum(n[i * 4 : i * 4 + 4])
    return out


def number(text: str) -> Any:
    return None if text in ("-", "/", "_") else float(text) if "." in text else int(text)


def place_of(code: str) -> dict[str, Any]:
    folder = HERE.parents[3] / "scrapers" / "catalogue" / "divisions"
    if len(code) == 9:
        for row in csv.DictReader((folder / "towns.csv").open(encoding="utf-8")):
            if row["code9"] == code:
                return {
                    "id": code,
                    "code": code,
                    "name": row["name"],
                    "level": "township",
                    "parent": row["county_code"],
                }
    for row in csv.DictReader((folder / "units.csv").open(encoding="utf-8")):
        if row["code"] == code:
            return {
                "id": row["unit_id"],
                "code": code,
                "name": row["name"],
                "level": row["level"],
                "parent": row["parent_code"] or None,
            }
    raise ValueError(code)


def tables_of(head: dict[str, Any], answer: dict[str, Any]) -> dict[str, grids.Table]:
    form = head.get("form", "")
    out: dict[str, grids.Table] = {}
    cells, printed = answer["cells"], answer["printed"]
    gone = head.get("dash", "")
    show = lambda f: printed.get(f, gone if cells[f] is None else str(cells[f]))  # noqa: E731
    if "t2" in head:
        names = grids.fields_of(form, "t2")
        values = str(head["t2"]).split()
        assert len(values) == len(names), (head["name"], len(values), len(names))
        cells.update({f: number(v) for f, v in zip(names, values, strict=True)})
        out["t2"] = grids.article_20(form, {f: show(f) for f in names})
    if "t3" in head:
        rows: dict[str, list[Any]] = matrix_of(head["t3"], form)
        if head.get("blank"):  # inner zeros are left blank; totals and sums stay printed
            rows = {
                f: [*("blank0" if v == 0 and f != "outcomes_total" else v for v in r[:6]), r[6]]
                for f, r in rows.items()
            }
        answer["matrix"] = rows
        out["t3"] = grids.requests_matrix(
            form, {f: ["" if v == "blank0" else str(v) for v in r] for f, r in rows.items()}
        )
    if "t4" in head:
        t4 = t4_of(str(head["t4"]))
        cells.update(t4)
        out["t4"] = grids.review_and_litigation([str(v) for v in t4.values()])
    for key, maker, group in (("t14", grids.statistics_2014, "F2014"), ("sh", grids.shanghai, "F2008")):
        if key in head:
            names = grids.fields_of(group, "t2014" if key == "t14" else "sh")
            unknown = set(head[key]) - set(names)
            assert not unknown, unknown
            cells.update({f: head[key].get(f, 0) for f in names})
            out[key] = maker({f: show(f) for f in names})
    return out


def answer_of(name: str, head: dict[str, Any], body: str) -> dict[str, Any]:
    kind = head.get("kind", "annual_report")
    report = kind == "annual_report"
    year = head.get("year") if report else None
    place = place_of(str(head["code"])) if report and head.get("code") else {}
    accept = {k: v if isinstance(v, list) else [v] for k, v in head.get("accept", {}).items()}
    period = head.get("period", "year")
    if report and period == "none":
        accept["period_start"], accept["period_end"] = [datetime.date(year, 1, 1)], [datetime.date(year, 12, 31)]
    start, end = (None, None) if not report or period == "none" else (f"{year}-01-01", f"{year}-12-31")
    if isinstance(period, list):
        start, end = period
    date = head.get("date")
    if place and place["id"] != place["code"]:
        accept.setdefault("jurisdiction_code", [place["id"]])
        accept.setdefault("jurisdiction_id", [place["code"]])
    out = {
        "file": f"pages/{name}.{head.get('ext', 'html')}",
        "url_path": head["url_path"],
        "about": head["about"],
        "document_kind": kind,
        "reason": head.get("reason"),
        "annex_of": None,
        "title": head.get("title_answer", head["title"]),
        "jurisdiction_id": head.get("jid", place.get("id")),
        "jurisdiction_code": place.get("code"),
        "jurisdiction_name": place.get("name"),
        "jurisdiction_level": head.get("level", place.get("level")),
        "parent_code": head.get("parent", place.get("parent")),
        "candidate_codes": [str(c) for c in head.get("candidates", [])],
        "agency_name": head.get("agency"),
        "scope": head.get("scope", "whole_area") if report else None,
        "report_year": year,
        "period_start": start,
        "period_end": end,
        "published_on": str(date) if date else None,
        **{k: str(head[k]) if head.get(k) else None for k in ("phone", "fax", "email", "postcode", "address")},
        "report_format": head["form"] if report else None,
        "trust_at_gov_host": head.get("trust", "official"),
        "duplicate_of": None,
        "superseded_by": None,
        "annexes": [],
        "issues": head.get("issues", [] if report else ["not_a_report"]),
        "accept_issues": head.get("accept_issues", []),
        "accept": accept,
        "missing": head.get("missing", []),
        "tolerated": head.get("tolerated", []),
        "figures": figures_of(body, head.get("swap", {})) if report else [],
        "cells": {},
        "units": head.get("units", {}),
        "printed": {k: str(v) for k, v in head.get("printed", {}).items()},
        "matrix": {},
    }
    for total, parts in PARTS.items():  # results in words: some would record them, some would not
        if any(f["metric_id"] == total and f["value"] for f in out["figures"]):
            out["tolerated"] = out["tolerated"] + [p for p in parts if p not in out["tolerated"] + out["missing"]]
    if "url" in head:
        out = {
            k: v for key in out for k, v in ([(key, out[key])] + ([("url", head["url"])] if key == "url_path" else []))
        }
    if out["jurisdiction_id"]:
        out["jurisdiction_id"] = str(out["jurisdiction_id"])
    return out


def records(path: Path) -> list[tuple[str, dict[str, Any], str]]:
    out = []
    for chunk in re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        name, rest = chunk.split("\n", 1)
        head, body = rest.split("\n---\n", 1)
        data = yaml.safe_load(head)
        data["name"] = name.strip()
        out.append((name.strip(), data, body.strip("\n")))
    return out


class Dumper(yaml.SafeDumper):
    pass


def write(name: str, head: dict[str, Any], body: str) -> None:
    answer = answer_of(name, head, body)
    tables = tables_of(head, answer)
    text = MARK.sub(lambda m: m.group(2), body)
    lines = [line for line in text.split("\n") if line.strip()]
    path = OUT / answer["file"]
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".pdf":
        path.write_bytes(pdf_bytes(head["title"], [x for x in lines if not x.startswith("# ")], tables))
    elif path.suffix == ".docx":
        path.write_bytes(docx_bytes(head["title"], [x for x in lines if not x.startswith("# ")], tables))
    else:
        html = frames.page(head, lines, tables)
        path.write_bytes(html.encode(head.get("encoding", "utf-8"), "xmlcharrefreplace"))
    dumped = []
    for key, value in answer.items():
        flow = key in ("missing", "tolerated", "issues", "accept_issues", "candidate_codes", "annexes")
        if key == "matrix" and value:
            dumped.append("matrix:\n" + "".join(f"  {f}: [{', '.join(map(str, r))}]\n" for f, r in value.items()))
            continue
        if key in ("published_on", "period_start", "period_end"):
            dumped.append(f"{key}: {value or 'null'}\n")
            continue
        dumped.append(
            yaml.dump({key: value}, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10000,
                      default_flow_style=None if flow else False)
        )  # fmt: skip
    (OUT / f"{name}.yaml").write_text("".join(dumped), encoding="utf-8")


def main(only: list[str]) -> None:
    for path in sorted(HERE.glob("texts_*.txt")):
        for name, head, body in records(path):
            if only and not any(name.startswith(o) for o in only):
                continue
            try:
                write(name, head, body)
            except Exception as e:  # say which record
                raise RuntimeError(name) from e


if __name__ == "__main__":
    main(sys.argv[1:])
