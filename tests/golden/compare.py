"""Compares a reading with the answer a person wrote. The difference is a list of sentences; none means equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.document import Figure, Reading

APPLICANTS = (
    "natural_person", "commercial_enterprise", "research_institution", "social_welfare_org", "legal_service_org",
    "other_org", "total",
)  # fmt: skip
IDENTITY = (
    "title", "agency_name", "scope", "report_year", "period_start", "period_end", "published_on", "phone", "fax", "email",
    "postcode", "address",
)  # fmt: skip
PLACE = {
    "jurisdiction_id": "id", "jurisdiction_code": "code", "jurisdiction_name": "name", "jurisdiction_level": "level",
    "parent_code": "parent_code",
}  # fmt: skip


def differences(answer: Mapping[str, Any], reading: Reading) -> list[str]:
    """Every difference between the answer and the reading, in words."""
    if answer["document_kind"] != reading.document_kind:
        return [f"document_kind: {reading.document_kind} ({reading.reason}), answer {answer['document_kind']}"]
    if answer["document_kind"] == "not_a_report":
        return [f"a page that is no report has figures: {len(reading.figures)}"] if reading.figures else []
    return [*_identity(answer, reading), *_figures(answer, reading), *_issues(answer, reading)]


def _identity(answer: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    identity = reading.identity
    assert identity is not None
    found = {name: getattr(identity, name) for name in IDENTITY}
    found |= {name: getattr(identity.jurisdiction, attribute) for name, attribute in PLACE.items()}
    found["candidate_codes"] = sorted(identity.jurisdiction.candidate_codes)
    found["report_format"] = reading.report_format
    for name, value in found.items():
        wanted = answer.get(name)
        if name == "candidate_codes":
            wanted = sorted(str(code) for code in wanted or [])
            if not wanted:
                continue
        accepted = [wanted, *answer.get("accept", {}).get(name, [])]
        if value not in accepted and _plain(value) not in [_plain(one) for one in accepted]:
            yield f"{name}: {value!r}, answer {wanted!r}"


def _plain(value: Any) -> Any:
    """Brackets and blanks in full or half width are the same to a reader."""
    if not isinstance(value, str):
        return value
    return value.translate(str.maketrans("（）：，　", "():, ")).replace(" ", "")


def expected(answer: Mapping[str, Any]) -> dict[tuple[str, str | None, str], dict[str, Any]]:
    """(field, applicant type, basis) → value, unit, qualifier, state; a field may be stated twice."""
    wanted: dict[tuple[str, str | None, str], dict[str, Any]] = {}
    for row in answer.get("figures") or []:
        key = (row["metric_id"], row["applicant_type"], row["basis"])
        wanted.setdefault(key, {name: row[name] for name in ("value", "unit", "qualifier", "value_state")})
    return wanted


def expected_cells(answer: Mapping[str, Any]) -> dict[tuple[str, str | None], float]:
    """(field, applicant type) → value of every cell that holds a value."""
    cells = {(name, None): _zero(value) for name, value in (answer.get("cells") or {}).items() if value is not None}
    for name, row in (answer.get("matrix") or {}).items():
        cells |= {(name, kind): _zero(value) for kind, value in zip(APPLICANTS, row, strict=True) if value is not None}
    return cells


def _zero(value: Any) -> float:
    """blank0 in an answer: printed blank, and proven to be zero by a total."""
    return 0.0 if value == "blank0" else float(value)


def _figures(answer: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    yield from _words(answer, [figure for figure in reading.figures if figure.basis == "narrative"])
    yield from _cells(answer, [figure for figure in reading.figures if figure.basis == "table"])
    stated = {figure.metric_id for figure in reading.figures}
    for metric in answer.get("missing") or []:
        if metric in stated:
            yield f"{metric} must be missing and has a value"
    text = reading.document.text if reading.document else ""
    for figure in reading.figures:
        if text[figure.evidence_start : figure.evidence_end] != figure.evidence:
            yield f"{figure.field_id}: the evidence is not the text at its place"


def _words(answer: Mapping[str, Any], figures: list[Figure]) -> Iterator[str]:
    wanted = {key: row for key, row in expected(answer).items() if key[2] == "narrative"}
    tolerated = set(answer.get("tolerated") or [])
    found: dict[str, Figure] = {}
    for figure in figures:
        found.setdefault(figure.metric_id, figure)
    for (metric, _, _), row in wanted.items():
        got = found.get(metric)
        if got is None:
            yield f"{metric}: missing, answer {row['value']:g} {row['unit']}"
            continue
        shown = {"value": got.value, "unit": got.unit, "qualifier": got.qualifier, "value_state": got.value_state}
        yield from (
            f"{metric}.{name}: {shown[name]!r}, answer {row[name]!r}" for name in row if row[name] != shown[name]
        )
    for metric in sorted(set(found) - {key[0] for key in wanted} - tolerated):
        yield f"{metric}: {found[metric].value:g} from “{found[metric].evidence}”, not in the answer"


def _cells(answer: Mapping[str, Any], figures: list[Figure]) -> Iterator[str]:
    wanted = expected_cells(answer)
    found = {(figure.field_id, figure.applicant_type): figure for figure in figures}
    for key in wanted.keys() | found.keys():
        got = found[key].value if key in found else None
        if got != wanted.get(key):
            yield f"cell {key}: {got}, answer {wanted.get(key)}"
    printed = {(name, None): value for name, value in (answer.get("cells") or {}).items()}
    for name, row in (answer.get("matrix") or {}).items():
        printed |= {(name, kind): value for kind, value in zip(APPLICANTS, row, strict=True)}
    for key, figure in found.items():
        if (figure.value_state == "blank_as_zero") != (printed.get(key) == "blank0"):
            yield f"cell {key}: state {figure.value_state}, answer {printed.get(key)}"
    for name, unit in (answer.get("units") or {}).items():
        cell = found.get((name, None))
        if cell is not None and cell.unit != unit:
            yield f"cell {name}: unit {cell.unit}, answer {unit}"


def _issues(answer: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    """Issues that the reader raises itself; those that need other pages or the checks are the warehouse's."""
    later = {
        "sum_mismatch",
        "duplicate",
        "revised",
        "not_a_report",
        "narrative_contradicts_table",
        "conflicting_copies",
    }
    codes = {issue.code for issue in reading.issues}
    for code in set(answer.get("issues") or []) - later - codes:
        yield f"issue {code} is not raised"
    for code in ("hijacked", "jurisdiction_undecided", "tables_lost"):
        if code in codes and code not in [*(answer.get("issues") or []), *(answer.get("accept_issues") or [])]:
            yield f"issue {code} is raised, not in the answer"
