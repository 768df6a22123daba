"""Where the words of a report state another number than its tables. Both are kept; the table is preferred."""

from __future__ import annotations

from collections.abc import Sequence

from scrapers.catalogue import load_catalogue
from scrapers.document import Figure, Issue


def contradictions(words: Sequence[Figure], cells: Sequence[Figure]) -> tuple[Issue, ...]:
    """One issue per metric whose words differ from the table: reported is the word's value, recomputed the table's.

    A lower bound ("余") contradicts only a smaller table value, an approximation ("约") only one more than 10 % away.
    """
    table = {(cell.field_id, cell.applicant_type): cell for cell in cells}
    issues = []
    for figure in words:
        cell = table.get((figure.field_id, "total")) or table.get((figure.field_id, None))
        if cell is None:
            continue
        stated, printed = _standard(figure), _standard(cell)
        if stated is not None and printed is not None and _differ(figure.qualifier, stated, printed):
            detail = f"{figure.metric_id}: the words say {figure.printed}, the table says {cell.printed or 0}"
            issues.append(Issue("narrative_contradicts_table", "warning", detail, stated, printed))
    return tuple(issues)


def _standard(figure: Figure) -> float | None:
    """The value in the first unit of its class."""
    for unit in load_catalogue().units:
        if figure.unit in unit.names:
            return figure.value * unit.factor
    return figure.value if figure.unit is None else None


def _differ(qualifier: str, stated: float, printed: float) -> bool:
    if qualifier == "at_least":
        return printed < stated
    if qualifier == "about":
        return abs(printed - stated) > 0.1 * max(abs(stated), 1.0)
    return abs(printed - stated) > 1e-6
