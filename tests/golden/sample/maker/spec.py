"""A spec file made whole: what each cell holds, how it is printed, and the golden answer that follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .grids import fields_of

ZERO_BLANK = "blank0"  # a blank cell that the row's or the column's totals prove to be zero
Spec = dict[str, Any]
FORM_OF_TABLE = {"sh": "F2008", "t2014": "F2014"}
IDENTITY = {
    "document_kind": "annual_report", "reason": None, "annex_of": None, "title": None, "jurisdiction_id": None,
    "jurisdiction_code": None, "jurisdiction_name": None, "jurisdiction_level": None, "parent_code": None,
    "candidate_codes": [], "agency_name": None, "scope": None, "report_year": None, "period_start": None,
    "period_end": None, "published_on": None, "phone": None, "fax": None, "email": None, "postcode": None,
    "address": None, "report_format": None, "trust_at_gov_host": "official", "duplicate_of": None,
    "superseded_by": None, "annexes": [], "issues": [], "accept_issues": [], "accept": {}, "missing": [],
    "tolerated": [],
}  # fmt: skip


def load_specs(folder: Path) -> dict[str, Spec]:
    """All specs by name; a spec `based_on` another takes what it does not say itself from there."""
    raw: dict[str, Spec] = {
        p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.yaml"))
    }
    return {name: _completed(spec, raw) for name, spec in raw.items()}


def _completed(spec: Spec, raw: dict[str, Spec]) -> Spec:
    base = raw[spec["based_on"]] if "based_on" in spec else {}
    whole = {**base, **spec, "answer": {**base.get("answer", {}), **spec.get("answer", {})}}
    for table in ("t2", "t3"):
        if table in base:
            whole[table] = {**base[table], **spec.get(table, {})}
    for old, new in spec.get("replace", ()):
        if old not in whole["body"]:
            raise ValueError(f"{spec['file']}: nothing to replace: {old}")
        whole["body"] = whole["body"].replace(old, new)
    return whole


def form_of(spec: Spec) -> str:
    """The form of the page's tables; a page without a form of its own shows cells of F2019."""
    return spec["answer"].get("report_format") or "F2019"


def matrix_of(spec: Spec) -> dict[str, list[Any]]:
    """The requests matrix, seven values a row; raises ValueError where the columns cannot balance."""
    given = {field: _six(row) for field, row in spec["t3"].items()}
    order = fields_of(form_of(spec), "t3")
    unknown = set(given) - set(order)
    if unknown:
        raise ValueError(f"{spec['file']}: no such rows: {sorted(unknown)}")
    zero = [0] * 6
    outcome_rows = order[2:-2]
    outcomes = [sum(given.get(field, zero)[c] for field in outcome_rows) for c in range(6)]
    incoming = [given.get(order[0], zero)[c] + given.get(order[1], zero)[c] for c in range(6)]
    left = [a - b for a, b in zip(incoming, outcomes, strict=True)]
    if min(left) < 0 or left != given.get(order[-1], left):
        raise ValueError(f"{spec['file']}: the columns do not balance: {left}")
    given |= {"outcomes_total": outcomes, "requests_carried_over_out": left}
    matrix: dict[str, list[Any]] = {}
    for field in order:
        row = given.get(field, zero)
        total = spec.get("printed_totals", {}).get(field, sum(row))
        blank = spec.get("blank_organisations", False)
        matrix[field] = [row[0], *([ZERO_BLANK] * 5 if blank else row[1:]), total]
    return matrix


def _six(row: int | list[int]) -> list[int]:
    return [row, 0, 0, 0, 0, 0] if isinstance(row, int) else row


def cells_of(spec: Spec) -> dict[str, Any]:
    """Every cell of the other tables by field; None is a blank that nothing proves."""
    cells: dict[str, Any] = {}
    for table, form in (("sh", "F2008"), ("t2014", "F2014"), ("t2", form_of(spec))):
        if table in spec:
            order = fields_of(form, table)
            if sorted(order) != sorted(spec[table]):
                raise ValueError(f"{spec['file']}: {table}: {set(order) ^ set(spec[table])}")
            cells |= {field: spec[table][field] for field in order}
    if "t4" in spec:
        values = [ZERO_BLANK if v == "z" else v for v in spec["t4"]]
        cells |= dict(zip(fields_of(form_of(spec), "t4"), values, strict=True))
    return cells


def as_printed(value: Any) -> str:
    """The plain print of a value; a blank for both kinds of blanks."""
    return "" if value is None or value == ZERO_BLANK else f"{value}"


def answer_of(spec: Spec) -> dict[str, Any]:
    """The golden answer, its keys in the order of the README."""
    given = spec["answer"]
    unknown = set(given) - set(IDENTITY)
    if unknown:
        raise ValueError(f"{spec['file']}: unknown keys {sorted(unknown)}")
    identity = {**IDENTITY, "jurisdiction_id": given.get("jurisdiction_code"), **given}
    answer: dict[str, Any] = {"file": spec["file"], "url_path": "/" + spec["file"], "about": spec["about"], **identity}
    answer["figures"] = [_figure(row) for row in spec.get("figures", ())]
    is_report = identity["document_kind"] != "not_a_report"
    answer["cells"] = cells_of(spec) if is_report else {}
    answer["units"] = spec.get("units", {})
    answer["printed"] = spec.get("printed", {})
    answer["matrix"] = matrix_of(spec) if "t3" in spec else {}
    return answer


def _figure(row: list[Any]) -> dict[str, Any]:
    metric, value, unit, evidence, *rest = row
    more = rest[0] if rest else {}
    figure = {
        "field_id": metric, "metric_id": metric, "applicant_type": None, "value": value, "unit": unit,
        "qualifier": more.get("q", "exact"), "value_state": more.get("s", "reported"), "basis": "narrative",
        "evidence": evidence,
    }  # fmt: skip
    if "accept_state" in more:
        figure["accept_value_state"] = [more["accept_state"]]
    if "tolerate" in more:
        figure["accept_metric_id"] = more["tolerate"]
    return figure
