"""Reads the golden answers of the sample site and lists every value that its pages must give.

Imports nothing of the project: the answers stand on their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
APPLICANTS = (
    "natural_person", "commercial_enterprise", "research_institution", "social_welfare_org", "legal_service_org",
    "other_org", "total",
)  # fmt: skip
ZERO_BLANK = "blank0"


@dataclass(frozen=True)
class Expected:
    """One value that must come out. ``unit`` is in Simplified; None where the form gives a sign for it."""

    field_id: str
    metric_id: str
    applicant_type: str | None
    value: float
    unit: str | None
    value_state: str
    qualifier: str
    basis: str
    evidence: str | None  # narrative only
    accept_metric_ids: tuple[str, ...] = ()
    accept_value_states: tuple[str, ...] = ()


def load_answers(folder: Path = HERE) -> dict[str, dict[str, Any]]:
    """The answers by name of their file without the ending, in the order of their numbers."""
    files = sorted(folder.glob("[0-9][0-9]_*.yaml"))
    return {path.stem: yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) for path in files}


def expected_values(answer: dict[str, Any]) -> list[Expected]:
    """Every value of one answer, narrative and table, blanks without proof left out."""
    return [*_narrative(answer), *_cells(answer), *_matrix(answer)]


def blank_cells(answer: dict[str, Any]) -> set[tuple[str, str | None]]:
    """The table cells (field, applicant type) that are printed blank without proof: they must have no value."""
    blank: set[tuple[str, str | None]] = {(field, None) for field, value in answer["cells"].items() if value is None}
    for field, row in answer["matrix"].items():
        blank |= {(field, who) for who, value in zip(APPLICANTS, row, strict=True) if value is None}
    return blank


def _narrative(answer: dict[str, Any]) -> list[Expected]:
    return [
        Expected(
            f["field_id"], f["metric_id"], f["applicant_type"], float(f["value"]), f["unit"], f["value_state"],
            f["qualifier"], f["basis"], f["evidence"], tuple(f.get("accept_metric_id", ())),
            tuple(f.get("accept_value_state", ())),
        )
        for f in answer["figures"]
    ]  # fmt: skip


def _cells(answer: dict[str, Any]) -> list[Expected]:
    forms = _forms()[answer["report_format"]] if answer["cells"] else {}
    out = []
    for field, value in answer["cells"].items():
        metric, unit = forms[field]
        if value is not None:
            out.append(_table_value(field, metric, None, value, answer["units"].get(field, unit)))
    return out


def _matrix(answer: dict[str, Any]) -> list[Expected]:
    forms = _forms()[answer["report_format"]] if answer["matrix"] else {}
    return [
        _table_value(field, forms[field][0], who, value, forms[field][1])
        for field, row in answer["matrix"].items()
        for who, value in zip(APPLICANTS, row, strict=True)
        if value is not None
    ]


def _table_value(field: str, metric: str, who: str | None, value: Any, unit: str | None) -> Expected:
    blank = value == ZERO_BLANK
    state = "blank_as_zero" if blank else "reported"
    return Expected(field, metric, who, 0.0 if blank else float(value), unit, state, "exact", "table", None)


@cache
def _forms() -> dict[str, dict[str, tuple[str, str | None]]]:
    """Form → field → (metric, unit)."""
    forms = yaml.safe_load((HERE / "maker" / "forms.yaml").read_text(encoding="utf-8"))
    return {
        form: {
            row["field"]: (row.get("metric", row["field"]), row["unit"])
            for rows in tables.values()
            for row in rows
            if "field" in row
        }
        for form, tables in forms.items()
    }
