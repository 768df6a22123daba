"""Compares a reading with the answer a person wrote: each difference as a typed thing, and a verdict on each value.

A value is *right* (as in the answer: number, and what its unit measures), *wrong* (another one in its place), *missed*
(none in its place) or *invented* (the answer has none there). Qualifier, state and the name of the unit (起 for 件) are
attributes of a right value; they make a difference, never a wrong value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from scrapers.accuracy.answers import BLANK_ZERO, Answer, AnswerFigure
from scrapers.accuracy.identity import IdentityVerdict, identity_verdicts
from scrapers.catalogue import load_catalogue
from scrapers.document import Figure, Reading

Part = Literal["kind", "identity", "words", "cells", "missing", "evidence", "issues"]
Verdict = Literal["right", "wrong", "missed", "invented"]
CellKey = tuple[str, str | None]

# Issues that need other pages or the checks: the warehouse raises them, not the reader.
_LATER = frozenset(
    {"sum_mismatch", "duplicate", "revised", "not_a_report", "narrative_contradicts_table", "conflicting_copies"}
)
_NEVER_WITHOUT_ANSWER = ("hijacked", "jurisdiction_undecided", "tables_lost")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the reading and the answer see differently. ``str()`` of it is a sentence."""

    part: Part
    name: str  # the identity field, metric, cell or issue
    attribute: str  # value, unit, qualifier, value_state, presence
    found: object
    wanted: object
    sentence: str
    evidence: str | None = None  # what the reader read it from, else what the answer cites

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class ValueVerdict:
    """What became of one value of the answer, or of one that the reader gave beyond it."""

    basis: Literal["table", "narrative"]
    name: str  # the field of a cell, the metric of a sentence
    metric_id: str | None  # None for a cell of which only the field is known
    verdict: Verdict
    attributes: tuple[str, ...] = ()  # attributes of a right value that differ


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that one page gives to count."""

    differences: tuple[Difference, ...]
    values: tuple[ValueVerdict, ...]
    identity: tuple[IdentityVerdict, ...]


def differences(answer: Answer, reading: Reading) -> tuple[Difference, ...]:
    """Every difference between the answer and the reading; none means equal."""
    return compare(answer, reading).differences


def compare(answer: Answer, reading: Reading) -> Comparison:
    """The differences between answer and reading, and the verdict on every value and identity field.

    Of a page that is not a report only its kind and the absence of values count. Where a report was not taken for one,
    that is the one difference, and all of its values are missed.
    """
    seen: list[Difference] = []
    if answer.document_kind != reading.document_kind:
        said = f"document_kind: {reading.document_kind} ({reading.reason}), answer {answer.document_kind}"
        seen.append(Difference("kind", "document_kind", "value", reading.document_kind, answer.document_kind, said))
    if not answer.is_report:
        return Comparison((*seen, *_no_values(reading, bool(seen))), tuple(_beyond(reading)), ())
    if reading.identity is None or reading.document_kind not in ("annual_report", "annex"):
        return Comparison(tuple(seen), tuple(_nothing_read(answer)), tuple(identity_verdicts(answer, reading)))
    identity = tuple(identity_verdicts(answer, reading))
    seen += [_identity_difference(one) for one in identity if one.verdict not in ("right", "absent")]
    values: list[ValueVerdict] = []
    for verdict, faults in (*_words(answer, reading.figures), *_cells(answer, reading.figures)):
        values += [verdict] if verdict is not None else []
        seen += faults
    seen += [*_must_be_missing(answer, reading), *_evidence(reading), *_issues(answer, reading)]
    return Comparison(tuple(seen), tuple(values), identity)


def _no_values(reading: Reading, kind_differs: bool) -> Iterator[Difference]:
    if reading.figures and not kind_differs:
        said = f"a page that is no report has figures: {len(reading.figures)}"
        yield Difference("missing", "figures", "presence", len(reading.figures), 0, said)


def _beyond(reading: Reading) -> Iterator[ValueVerdict]:
    for figure in reading.figures:
        basis: Literal["table", "narrative"] = "table" if figure.basis == "table" else "narrative"
        yield ValueVerdict(basis, figure.field_id, figure.metric_id, "invented")


def _nothing_read(answer: Answer) -> Iterator[ValueVerdict]:
    yield from (ValueVerdict("narrative", row.metric_id, row.metric_id, "missed") for row in answer.words())
    yield from (ValueVerdict("table", field_id, None, "missed") for field_id, _ in answer.cell_values())


def _identity_difference(one: IdentityVerdict) -> Difference:
    said = f"{one.name}: {one.found!r}, answer {one.wanted!r}"
    return Difference("identity", one.name, "value", one.found, one.wanted, said)


Judged = tuple[ValueVerdict | None, list[Difference]]


def _words(answer: Answer, figures: tuple[Figure, ...]) -> Iterator[Judged]:
    """Sentences: first every row with a figure of its own metric, then with one of a metric that is accepted too."""
    rest = [figure for figure in figures if figure.basis == "narrative"]
    rows = answer.words()
    matched = _matches(rows, rest)
    for row in rows:
        got = matched.get(id(row))
        yield _missed_word(row) if got is None else _judged_word(row, got)
    allowed = {(row.metric_id, row.value) for row in rows}
    allowed |= {(metric, row.value) for row in rows for metric in row.accept_metric_id}
    extra: dict[tuple[str, float], Figure] = {}
    for figure in rest:
        key = (figure.metric_id, figure.value)
        if key not in allowed and figure.metric_id not in answer.tolerated:
            extra.setdefault(key, figure)
    for figure in sorted(extra.values(), key=lambda one: (one.metric_id, one.evidence_start)):
        said = f"{figure.metric_id}: {figure.value:g} from “{figure.evidence}”, not in the answer"
        fault = Difference("words", figure.metric_id, "presence", figure.value, None, said, figure.evidence)
        yield ValueVerdict("narrative", figure.metric_id, figure.metric_id, "invented"), [fault]


def _matches(rows: list[AnswerFigure], rest: list[Figure]) -> dict[int, Figure]:
    """Which figure answers which row (by the row's id); matched figures are taken out of ``rest``."""

    def right(row: AnswerFigure, figure: Figure) -> bool:
        return figure.metric_id == row.metric_id and figure.value == row.value

    def accepted(row: AnswerFigure, figure: Figure) -> bool:
        return figure.metric_id in row.accept_metric_id and figure.value == row.value

    def same_metric(row: AnswerFigure, figure: Figure) -> bool:
        return figure.metric_id == row.metric_id

    matched: dict[int, Figure] = {}
    for fits in (right, accepted, same_metric):
        for row in rows:
            if id(row) in matched:
                continue
            position = next((number for number, figure in enumerate(rest) if fits(row, figure)), None)
            if position is not None:
                matched[id(row)] = rest.pop(position)
    return matched


def _missed_word(row: AnswerFigure) -> Judged:
    said = f"{row.metric_id}: missing, answer {row.value:g} {row.unit}"
    fault = Difference("words", row.metric_id, "presence", None, row.value, said, row.evidence)
    return ValueVerdict("narrative", row.metric_id, row.metric_id, "missed"), [fault]


def _judged_word(row: AnswerFigure, got: Figure) -> Judged:
    checks: tuple[tuple[str, object, tuple[object, ...]], ...] = (
        ("value", got.value, (row.value,)),
        ("unit", got.unit, (row.unit,)),
        ("qualifier", got.qualifier, (row.qualifier,)),
        ("value_state", got.value_state, (row.value_state, *row.accept_value_state)),
    )
    faults = [
        Difference(
            "words", row.metric_id, name, shown, right[0], f"{row.metric_id}.{name}: {shown!r}, answer {right[0]!r}",
            got.evidence,
        )
        for name, shown, right in checks
        if shown not in right
    ]  # fmt: skip
    return _verdict("narrative", row.metric_id, row.metric_id, faults), faults


def _verdict(
    basis: Literal["table", "narrative"], name: str, metric_id: str | None, faults: list[Difference]
) -> ValueVerdict:
    for fault in faults:
        other_measure = fault.attribute == "unit" and _measures(fault.found) != _measures(fault.wanted)
        if fault.attribute == "value" or other_measure:
            return ValueVerdict(basis, name, metric_id, "wrong")
    return ValueVerdict(basis, name, metric_id, "right", tuple(fault.attribute for fault in faults))


def _measures(unit: object) -> object:
    """What a unit measures and its size: 件 and 起 are the same, 元 and 万元 are not. An unknown unit is its own."""
    return _unit_sizes().get(str(unit), unit)


@cache
def _unit_sizes() -> dict[str, tuple[str, float]]:
    return {name: (unit.kind, unit.factor) for unit in load_catalogue().units for name in unit.names}


def _cells(answer: Answer, figures: tuple[Figure, ...]) -> Iterator[Judged]:
    wanted, printed = answer.cell_values(), answer.printed_cells()
    found = {(figure.field_id, figure.applicant_type): figure for figure in figures if figure.basis == "table"}
    for key in [*wanted, *(key for key in found if key not in wanted)]:
        got = found.get(key)
        accepted = answer.accept_cells.get(key[0], ()) if key[1] is None else ()
        faults = [*_cell_faults(key, got, wanted.get(key), accepted)]
        if got is None:
            yield ValueVerdict("table", key[0], None, "missed"), faults
            continue
        if (got.value_state == "blank_as_zero") != (printed.get(key) == BLANK_ZERO):
            said = f"cell {key}: state {got.value_state}, answer {printed.get(key)}"
            faults.append(_cell(key, "value_state", got.value_state, printed.get(key), said, got.evidence))
        if key not in wanted:
            yield ValueVerdict("table", key[0], got.metric_id, "invented"), faults
            continue
        unit = answer.units.get(key[0]) if key[1] is None else None
        if unit is not None and got.unit != unit:
            said = f"cell {key[0]}: unit {got.unit}, answer {unit}"
            faults.append(_cell(key, "unit", got.unit, unit, said, got.evidence))
        yield _verdict("table", key[0], got.metric_id, faults), faults


def _cell_faults(
    key: CellKey, got: Figure | None, wanted: float | None, accepted: tuple[float, ...]
) -> Iterator[Difference]:
    value = got.value if got is not None else None
    if value != wanted and value not in accepted:
        attribute = "value" if got is not None and wanted is not None else "presence"
        evidence = got.evidence if got is not None else None
        yield _cell(key, attribute, value, wanted, f"cell {key}: {value}, answer {wanted}", evidence)


def _cell(key: CellKey, attribute: str, found: object, wanted: object, said: str, evidence: str | None) -> Difference:
    return Difference("cells", ".".join(part for part in key if part), attribute, found, wanted, said, evidence)


def _must_be_missing(answer: Answer, reading: Reading) -> Iterator[Difference]:
    stated: dict[str, Figure] = {}
    for figure in reading.figures:
        stated.setdefault(figure.metric_id, figure)
    for metric in answer.missing:
        if metric in stated:
            figure = stated[metric]
            said = f"{metric} must be missing and has a value"
            yield Difference("missing", metric, "presence", figure.value, None, said, figure.evidence)


def _evidence(reading: Reading) -> Iterator[Difference]:
    text = reading.document.text if reading.document else ""
    for figure in reading.figures:
        there = text[figure.evidence_start : figure.evidence_end]
        if there != figure.evidence:
            said = f"{figure.field_id}: the evidence is not the text at its place"
            yield Difference("evidence", figure.field_id, "value", figure.evidence, there, said, figure.evidence)


def _issues(answer: Answer, reading: Reading) -> Iterator[Difference]:
    """Issues that the reader raises itself."""
    codes = {issue.code: issue.detail for issue in reading.issues}
    for code in sorted(set(answer.issues) - _LATER - codes.keys()):
        yield Difference("issues", code, "presence", None, code, f"issue {code} is not raised")
    for code in _NEVER_WITHOUT_ANSWER:
        if code in codes and code not in (*answer.issues, *answer.accept_issues):
            said = f"issue {code} is raised, not in the answer"
            yield Difference("issues", code, "presence", code, None, said, codes[code])
