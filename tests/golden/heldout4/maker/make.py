"""Makes the pages and the answers of this folder from the hand-written texts beside it.

``python -m tests.golden.heldout4.maker.make PLACES...`` with the division tables (units.csv, towns.csv).

A text holds its answers in place: ``[[words|metric=value unit marks; metric]]``. Without ``=`` the value is the only number
in the words. Marks: ``!`` zero in words, ``~`` implied, ``+`` at least, ``?`` about.
"""

from __future__ import annotations

import csv
import datetime
import io
import random
import re
import sys
import zipfile
from html import escape
from pathlib import Path
from typing import Any

import yaml

from tests.golden.heldout4.maker import markup, script
from tests.golden.sample.maker import grids, office

HERE = Path(__file__).resolve().parent
OUT = HERE.parent
ROWS = {
    "new": "requests_received_new", "in": "requests_carried_over_in", "full": "outcome_disclosed_full",
    "part": "outcome_disclosed_partial", "secret": "refused_state_secret", "law": "refused_other_law_prohibits",
    "sec3": "refused_three_securities_one_stability", "third": "refused_third_party_rights",
    "inner": "refused_internal_affairs", "proc": "refused_process_information",
    "case": "refused_enforcement_case_file", "query": "refused_administrative_query", "held": "unable_not_held",
    "create": "unable_needs_creation", "unclear": "unable_unclear_after_correction",
    "petition": "not_processed_petition_complaint", "dup": "not_processed_duplicate",
    "pub": "not_processed_publication_request", "excess": "not_processed_excessive_repeated",
    "confirm": "not_processed_confirm_or_reissue", "other": "other_processing_total", "fix": "other_overdue_correction",
    "fee": "other_overdue_fee", "misc": "other_misc",
}  # fmt: skip
ZERO_UNIT = {"foi_fees_collected": "元", "foi_processing_fee_amount": "元"}
UNITS = "人次|条|件|宗|起|份|篇|封|次|期|场|个|处|名|人|元|%"
NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")


def places(paths: list[str]) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if "code9" in row:
                    out[row["code9"]] = {
                        "id": row["code9"],
                        "name": row["name"],
                        "level": "township",
                        "parent": row["county_code"],
                    }
                else:
                    out[row["code"]] = {
                        "id": row["unit_id"], "name": row["name"], "level": row["level"], "parent": row["parent_code"] or None,
                    }  # fmt: skip
    return out


def specs() -> list[tuple[str, dict[str, Any], list[str]]]:
    out = []
    for path in sorted(HERE.glob("texts_*.txt")):
        for block in re.split(r"^#### ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, body = block.split("\n---\n", 1)
            name, _, rest = head.partition("\n")
            out.append(
                (name.strip(), yaml.safe_load(rest), [line for line in body.strip().split("\n") if line.strip()])
            )
    return sorted(out)


def figures(lines: list[str]) -> tuple[list[str], list[dict[str, Any]]]:
    """The text without marks, and the answers that the marks gave."""
    rows: list[dict[str, Any]] = []

    def take(match: re.Match[str]) -> str:
        words, marks = match.group(1).rsplit("|", 1)
        for mark in marks.split(";"):
            rows.append(_figure(words, mark.strip()))
        return words

    return [re.sub(r"\[\[(.+?)\]\]", take, line) for line in lines], rows


def _figure(words: str, mark: str) -> dict[str, Any]:
    metric, _, right = mark.partition("=")
    state, qualifier = "reported", "exact"
    if "!" in right:
        value, unit, state = 0.0, ZERO_UNIT.get(metric, "件"), "stated_zero"
        if right.strip("!"):
            unit = right.strip("!0") or unit
    else:
        source = right or re.sub(r"(?:19|20)\d\d年|\d+月(?:\d+日)?", "", words)
        numbers = NUMBER.findall(source)
        assert len(numbers) == 1, (words, mark, numbers)
        tail = source[source.index(numbers[0]) + len(numbers[0]) :]
        value = float(re.sub("[,，]", "", numbers[0]))
        if tail.lstrip("余多").startswith("万"):
            value, tail = value * 10000, tail.replace("万", "", 1)
        if (not right and re.match("[余多]", tail)) or "+" in right:
            qualifier = "at_least"
        if (not right and re.search(r"[约近]\s*$", source[: source.index(numbers[0])])) or "?" in right:
            qualifier = "about"
        if "~" in right:
            state = "implied"
        found = re.match(rf"[余多+?~ ]*({UNITS})", tail)
        assert found, (words, mark)
        unit = found.group(1)
    return {
        "field_id": metric, "metric_id": metric, "applicant_type": None, "value": int(value) if value == int(value) else value,
        "unit": unit, "qualifier": qualifier, "value_state": state, "basis": "narrative", "evidence": words,
    }  # fmt: skip


def row_of(text: Any) -> list[str]:
    return str(text).replace("|", " ").split()


def value(text: str) -> Any:
    if text in ("-", "/", "——", "空"):
        return None
    number = float(re.sub("[,万元]", "", text).lstrip("+"))
    return int(number) if number == int(number) else number


def tables(spec: dict[str, Any]) -> tuple[dict[str, grids.Table], dict[str, Any], dict[str, Any], dict[str, str]]:
    form = spec.get("form")
    made: dict[str, grids.Table] = {}
    cells: dict[str, Any] = {}
    matrix: dict[str, list[Any]] = {}
    printed: dict[str, str] = {}

    def plain(name: str, numbers: list[str]) -> dict[str, str]:
        fields = grids.fields_of(form, name)
        assert len(fields) == len(numbers), (spec["title"], name, len(fields), len(numbers))
        for field, text in zip(fields, numbers, strict=True):
            cells[field] = value(text)
            if cells[field] is not None and text != str(cells[field]):
                printed[field] = text
        return {f: "" if text == "空" else text for f, text in zip(fields, numbers, strict=True)}

    if "sh" in spec:
        made["sh"] = grids.shanghai(plain("sh", row_of(spec["sh"])))
    if "t2014" in spec:
        made["t2014"] = grids.statistics_2014(plain("t2014", row_of(spec["t2014"])))
    if "t2" in spec:
        made["t2"] = grids.article_20(form, plain("t2", row_of(spec["t2"])))
    blank = spec.get("blank", False)
    if "t3" in spec:
        fields = grids.fields_of(form, "t3")
        rows = {f: [0] * 6 for f in fields}
        for key, numbers in spec["t3"].items():
            parts = [int(n) for n in row_of(numbers)]
            assert ROWS[key] in rows, key
            rows[ROWS[key]] = parts + [0] * (6 - len(parts))
        outcomes = [f for f in fields if re.match(r"outcome_|refused_|unable_|not_processed_|other_", f)]
        for i in range(6):
            done = sum(rows[f][i] for f in outcomes)
            rows["outcomes_total"][i] = done
            rows["requests_carried_over_out"][i] = (
                rows["requests_received_new"][i] + rows["requests_carried_over_in"][i] - done
            )
            assert rows["requests_carried_over_out"][i] >= 0, (spec["title"], i)
        for field in fields:
            full = [*rows[field], sum(rows[field])]
            matrix[field] = [
                "blank0" if blank and v == 0 and i < 6 and field != "outcomes_total" else v for i, v in enumerate(full)
            ]
        made["t3"] = grids.requests_matrix(
            form, {f: ["" if v == "blank0" else str(v) for v in row] for f, row in matrix.items()}
        )
    if "t4" in spec:
        numbers = [int(n) for n in row_of(spec["t4"])]
        assert len(numbers) == 12, spec["title"]
        full = []
        for i in (0, 4, 8):
            full += [*numbers[i : i + 4], sum(numbers[i : i + 4])]
        fields = grids.fields_of(form, "t4")
        for n, (field, v) in enumerate(zip(fields, full, strict=True)):
            cells[field] = "blank0" if blank and v == 0 and n % 5 != 4 else v
        made["t4"] = grids.review_and_litigation(["" if cells[f] == "blank0" else str(cells[f]) for f in fields])
    return made, cells, matrix, printed


def answer_of(
    name: str, spec: dict[str, Any], rows: list[dict[str, Any]], where: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    place = where[str(spec["place"])] if spec.get("place") else None
    year = spec.get("year")
    period = spec.get("period", "full")
    accept = dict(spec.get("accept") or {})
    if period == "full":
        start, end = (datetime.date(year, 1, 1), datetime.date(year, 12, 31)) if year else (None, None)
    elif period == "none":
        start = end = None
        accept |= {"period_start": [datetime.date(year, 1, 1)], "period_end": [datetime.date(year, 12, 31)]}
    else:
        start, end = [datetime.date.fromisoformat(day) for day in period.split()]
    _, cells, matrix, printed = tables(spec)
    agency = spec.get("agency")
    scope = spec.get("scope", "own_agency" if agency or (place and place["level"] == "township") else "whole_area")
    if place and place["level"] == "township" and "agency_name" not in accept:
        office_name = place["name"] + ("办事处" if place["name"].endswith("街道") else "人民政府")
        parent = where[place["parent"]]
        above = where[parent["parent"]]["name"]
        accept["agency_name"] = [office_name, parent["name"] + office_name, above + parent["name"] + office_name]
    kind = spec.get("kind", "annual_report")
    report = kind != "not_a_report"
    return {
        "file": f"pages/{name}.{spec.get('type', 'html')}",
        "url_path": spec["path"],
        **({"url": spec["url"]} if spec.get("url") else {}),
        "about": spec["about"],
        "document_kind": kind,
        "reason": spec.get("reason"),
        "annex_of": spec.get("annex_of"),
        "title": spec["title"],
        "jurisdiction_id": place["id"] if place and report else None,
        "jurisdiction_code": str(spec["place"]) if place and report else None,
        "jurisdiction_name": place["name"] if place and report else None,
        "jurisdiction_level": place["level"] if place and report else None,
        "parent_code": place["parent"] if place and report else None,
        "candidate_codes": [],
        "agency_name": agency,
        "scope": scope if report else None,
        "report_year": year if report else None,
        "period_start": start if report else None,
        "period_end": end if report else None,
        "published_on": spec.get("date") if report else None,
        **{k: None if spec.get(k) is None else str(spec[k]) for k in ("phone", "fax", "email", "postcode", "address")},
        "report_format": spec.get("form"),
        "trust_at_gov_host": spec.get("trust", "official"),
        "duplicate_of": None,
        "superseded_by": None,
        "annexes": spec.get("annexes", []),
        "issues": spec.get("issues", []),
        "accept_issues": spec.get("accept_issues", []),
        "accept": accept,
        "missing": spec.get("missing", []),
        "tolerated": [m for m in spec.get("tolerated", []) if m not in {r["metric_id"] for r in rows}],
        "figures": rows,
        "cells": cells,
        "units": spec.get("units", {}),
        "printed": printed,
        "matrix": matrix,
    }


def xlsx_bytes(title: str, table: grids.Table, notes: list[str]) -> bytes:
    """A small workbook of one sheet: numbers as numbers, words as shared strings, the title merged over the columns."""
    shared: list[str] = []

    def cell(ref: str, text: str) -> str:
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return f'<c r="{ref}"><v>{text}</v></c>'
        if text not in shared:
            shared.append(text)
        return f'<c r="{ref}" t="s"><v>{shared.index(text)}</v></c>'

    lines = [[title], *[[note] for note in notes[:-1]], *[[p.text for p in row] for row in table], [notes[-1]]]
    rows = "".join(
        f'<row r="{n}">' + "".join(cell(f"{'ABC'[i]}{n}", text) for i, text in enumerate(row) if text) + "</row>"
        for n, row in enumerate(lines, 1)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'{head}<Types xmlns="{pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{pack}/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{pack}/relationships"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells></worksheet>',
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{main}" count="{len(shared)}" uniqueCount="{len(shared)}">'
        + "".join(f"<si><t>{escape(s)}</t></si>" for s in shared)
        + "</sst>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2019, 3, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> None:
    where = places(sys.argv[1:])
    for old in [*OUT.glob("[0-9]*.yaml"), *(OUT / "pages").glob("*")]:
        old.unlink()
    (OUT / "pages").mkdir(exist_ok=True)
    for name, spec, lines in specs():
        try:
            make(name, spec, lines, where)
        except AssertionError:
            print("in", name)
            raise


def make(name: str, spec: dict[str, Any], lines: list[str], where: dict[str, dict[str, Any]]) -> None:
    rng = random.Random(name)
    lines, rows = figures(lines)
    made, *_ = tables(spec)
    change = {"traditional": script.traditional, "pinyin": script.with_pinyin}.get(spec.get("script", ""))
    if change:
        lines = [line if line.startswith("@") else change(line) for line in lines]
        simplified = spec["title"]
        spec["title"] = change(spec["title"])
        spec.setdefault("accept", {}).setdefault("title", []).extend([simplified, script.traditional(simplified)])
        for row in rows:
            row["evidence"], row["unit"] = change(row["evidence"]), row["unit"]
        for key in ("address",):
            if spec.get(key):
                spec.setdefault("accept", {})[key] = [spec[key], script.traditional(spec[key])]
                spec[key] = change(spec[key])
        made = {
            k: [[grids.Part(change(p.text), p.rowspan, p.colspan, p.label) for p in row] for row in t]
            for k, t in made.items()
        }
    answer = answer_of(name, spec, rows, where)
    kind = spec.get("type", "html")
    if kind == "pdf":
        content = office.pdf_bytes(spec["title"], lines, made)
    elif kind == "docx":
        content = office.docx_bytes(spec["title"], lines, made)
    elif kind == "xlsx":
        content = xlsx_bytes(spec["title"], made["t2014"], lines)
    else:
        html = markup.page(
            spec, markup.body(lines, made, spec.get("table", "plain"), spec.get("look", "plain"), rng), rng
        )
        content = html.encode(spec.get("encoding", "utf-8"))
    (OUT / answer["file"]).write_bytes(content)
    text = yaml.safe_dump(answer, allow_unicode=True, sort_keys=False, width=10000, default_flow_style=None)
    (OUT / f"{name}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
