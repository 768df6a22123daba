"""A compact spec made whole: the cells of its tables, how they are printed, and the answer that follows.

A spec writes numbers as a line of tokens in the order of the form:
``12`` a number; ``_`` a blank that nothing proves; ``.`` a blank that totals prove to be zero;
``-``, ``/``, ``——`` that sign, no value; ``12=１２`` the value 12 printed as １２; ``_=文`` no value, printed as 文.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.golden.sample.maker.grids import FORMS, fields_of

Spec = dict[str, Any]
Token = tuple[Any, str]  # value (None, "blank0", a number), as printed
SHORT = {
    "new": "requests_received_new", "in": "requests_carried_over_in", "full": "outcome_disclosed_full",
    "part": "outcome_disclosed_partial", "secret": "refused_state_secret", "law": "refused_other_law_prohibits",
    "three": "refused_three_securities_one_stability", "third": "refused_third_party_rights",
    "internal": "refused_internal_affairs", "process": "refused_process_information",
    "casefile": "refused_enforcement_case_file", "query": "refused_administrative_query", "nothold": "unable_not_held",
    "create": "unable_needs_creation", "unclear": "unable_unclear_after_correction",
    "petition": "not_processed_petition_complaint", "dup": "not_processed_duplicate",
    "book": "not_processed_publication_request", "often": "not_processed_excessive_repeated",
    "confirm": "not_processed_confirm_or_reissue", "late": "other_overdue_correction", "fee": "other_overdue_fee",
    "misc": "other_misc", "other": "other_processing_total", "sum": "outcomes_total", "out": "requests_carried_over_out",
}  # fmt: skip
KEYS = (
    "title", "agency_name", "scope", "report_year", "period_start", "period_end", "published_on", "phone", "fax",
    "email", "postcode", "address", "report_format", "trust", "duplicate_of", "superseded_by", "issues",
    "accept_issues", "accept", "missing", "tolerated",
)  # fmt: skip
LISTS = {"issues", "accept_issues", "missing", "tolerated"}


def load_specs(folder: Path) -> dict[str, Spec]:
    """All specs by name; a spec `based_on` another takes from there what it does not say itself."""
    raw: dict[str, Spec] = {
        p.stem: yaml.load(p.read_text(encoding="utf-8"), yaml.CSafeLoader) for p in sorted(folder.glob("*.yaml"))
    }
    return {name: _whole(name, spec, raw) for name, spec in raw.items()}


def _whole(name: str, spec: Spec, raw: dict[str, Spec]) -> Spec:
    base = raw[spec["based_on"]] if "based_on" in spec else {}
    whole = {**base, **spec, "name": name, "answer": {**base.get("answer", {}), **spec.get("answer", {})}}
    for old, new in spec.get("replace", ()):
        if old not in whole["body"]:
            raise ValueError(f"{name}: nothing to replace: {old}")
        whole["body"] = whole["body"].replace(old, new)
    return whole


def _tokens(text: str) -> list[Token]:
    return [_token(word) for word in str(text).split()]


def _token(word: str) -> Token:
    value, _, printed = word.partition("=")
    if value in ("_", ".", "-", "/", "——"):
        return ("blank0" if value == "." else None), printed or (value if value in "-/——" else "")
    number = float(value)
    return (int(number) if number == int(number) else number), printed.replace("␣", " ") or value


def list_of(spec: Spec, key: str) -> dict[str, Token]:
    """Field → token of a table of one value a field (sh, t2014, t2, t4)."""
    form = {"sh": "F2008", "t2014": "F2014"}.get(key) or spec.get(f"{key}_form") or form_of(spec)
    fields, tokens = fields_of(form, key), _tokens(spec[key])
    if len(fields) != len(tokens):
        raise ValueError(f"{spec['name']}: {key} has {len(tokens)} values, the form {len(fields)}")
    return dict(zip(fields, tokens, strict=True))


def form_of(spec: Spec) -> str:
    """The form of the tables."""
    return str(spec.get("form") or "F2019")


def matrix_of(spec: Spec) -> dict[str, list[Token]]:
    """The requests matrix, seven tokens a row; totals and the carried-over row are worked out where not given."""
    order = fields_of(spec.get("t3_form") or form_of(spec), "t3")
    given: dict[str, list[Token]] = {}
    for line in spec["t3"].split(";"):
        name, *words = line.split()
        field = SHORT[name]
        if field not in order:
            raise ValueError(f"{spec['name']}: no row {name}")
        given[field] = _tokens(" ".join(words))
    zero: Token = (0, "0")
    blank: Token = ("blank0", "")
    empty = spec.get("zeros") == "blank"
    rows: dict[str, list[Token]] = {}
    for field in order[:-2]:
        row = given.get(field, [])
        six = [*row[:6], *([zero] * (6 - len(row)))]
        if empty:
            six = [blank if one == zero else one for one in six]
        rows[field] = [*six, row[6] if len(row) > 6 else _sum(six)]
    outcomes = [_sum([rows[field][c] for field in order[2:-2]]) for c in range(6)]
    outcomes.append(_sum(outcomes))
    left = [_number(rows[order[0]][c]) + _number(rows[order[1]][c]) - _number(outcomes[c]) for c in range(7)]
    rows[order[-2]] = _over(outcomes, given.get(order[-2]))
    rows[order[-1]] = _over([(n, f"{n}") for n in left], given.get(order[-1]))
    if min(left[:6]) < 0 and not spec.get("unbalanced"):
        raise ValueError(f"{spec['name']}: the columns do not balance: {left}")
    return rows


def _over(row: list[Token], given: list[Token] | None) -> list[Token]:
    return row if given is None else [*given, *row[len(given) :]]


def _number(token: Token) -> int:
    return token[0] if isinstance(token[0], int) else 0


def _sum(row: list[Token]) -> Token:
    total = sum(_number(one) for one in row)
    return total, f"{total}"


def cells_of(spec: Spec) -> dict[str, Token]:
    """Every cell of the tables of one value a field."""
    cells: dict[str, Token] = {}
    for key in ("sh", "t2014", "t2", "t4"):
        if key in spec:
            cells |= list_of(spec, key)
    return cells


def answer_of(spec: Spec) -> dict[str, Any]:
    """The answer, its keys in the order of the README."""
    given = {**spec["answer"]}
    kind = given.pop("document_kind", "annual_report")
    answer: dict[str, Any] = {
        "file": spec["file"], "url": spec.get("url"), "about": spec["about"], "traps": spec["traps"],
        "document_kind": kind, "reason": given.pop("reason", None), **_place(given.pop("place", None)),
        "candidate_codes": [str(code) for code in given.pop("candidate_codes", [])],
    }  # fmt: skip
    if "jurisdiction_id" in given:
        answer["jurisdiction_id"] = given.pop("jurisdiction_id")
    if (year := given.get("report_year")) and "period_start" not in given:
        given |= {"period_start": _day(f"{year}-01-01"), "period_end": _day(f"{year}-12-31")}
    if kind != "not_a_report":
        given.setdefault("scope", "whole_area")
        given.setdefault("trust", "official" if ".gov.cn" in (spec.get("url") or "") else "unknown")
        given.setdefault("report_format", spec.get("form"))
    unknown = set(given) - set(KEYS)
    if unknown:
        raise ValueError(f"{spec['name']}: unknown keys {sorted(unknown)}")
    answer |= {key: given.get(key, [] if key in LISTS else {} if key == "accept" else None) for key in KEYS}
    report = kind != "not_a_report"
    answer["figures"] = [_figure(row) for row in spec.get("figures", ())]
    answer["cells"] = {field: value for field, (value, _) in cells_of(spec).items()} if report else {}
    answer["cells"] |= spec.get("more_cells", {})
    for field in spec.get("not_printed", ()):
        answer["cells"][field] = None
    answer["accept_cells"] = spec.get("accept_cells", {})
    answer["units"] = spec.get("units", {})
    answer["matrix"] = {f: [v for v, _ in row] for f, row in matrix_of(spec).items()} if report and "t3" in spec else {}
    return answer


def _day(text: str) -> Any:
    return yaml.load(text, yaml.CSafeLoader)


def _place(text: str | None) -> dict[str, Any]:
    """`code name level parent [id]`; a zone has its parent's code."""
    names = ("jurisdiction_code", "jurisdiction_name", "jurisdiction_level", "parent_code", "jurisdiction_id")
    if text is None:
        return {"jurisdiction_id": None, **dict.fromkeys(names[:4])}
    code, name, level, parent, *other = text.split()
    parent_code = None if parent == "~" else parent
    made = code + name if level == "functional_zone" else code
    first = {"jurisdiction_id": other[0] if other else made}
    return first | dict(zip(names[:4], (code, name, level, parent_code), strict=True))


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
    return figure


def labels_known(field: str) -> bool:
    """Whether any official form has this field."""
    return any(row.get("field") == field for tables in FORMS.values() for rows in tables.values() for row in rows)
