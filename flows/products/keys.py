"""Keys of the published tables: primary keys from the gate's rules, which prove them, and where columns point to."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from expectations.rules import load_suites


class Pointer(NamedTuple):
    """A foreign key: the columns of a table and the table and columns in which their values stand."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


# What a column of this name points to, in whatever mart it stands. A test follows every one of them.
_POINTS_TO = {
    "report_id": ("fct_reports", "report_id"),
    "other_report_id": ("fct_reports", "report_id"),
    "previous_report_id": ("fct_reports", "report_id"),
    "duplicate_of": ("fct_reports", "report_id"),
    "superseded_by": ("fct_reports", "report_id"),
    "document_id": ("fct_report_documents", "document_id"),
    "previous_document_id": ("fct_report_documents", "document_id"),
    "metric_id": ("dim_metrics", "metric_id"),
    "rate_id": ("dim_rates", "rate_id"),
    "check_id": ("dim_checks", "check_id"),
    "issue_code": ("dim_issues", "issue_code"),
    "form_id": ("dim_forms", "form_id"),
    "report_format": ("dim_forms", "form_id"),
    "previous_format": ("dim_forms", "form_id"),
    "source_id": ("dim_sources", "source_id"),
}


@cache
def primary_keys() -> dict[str, tuple[str, ...]]:
    """The key of each mart whose uniqueness the gate checks with a rule that is named ``…_key``."""
    return {
        rule.table.removeprefix("marts."): tuple(rule.unique)
        for suite in load_suites()
        for rule in suite.rules
        if rule.unique and rule.id.endswith("_key") and rule.table.startswith("marts.")
    }


def pointers(table: str, columns: tuple[str, ...], tables: set[str]) -> list[Pointer]:
    """Where the columns of ``table`` point to, among ``tables``; a table's own key points nowhere."""
    found = []
    for column in columns:
        target, target_column = _POINTS_TO.get(column, ("", ""))
        if target in tables and (target, target_column) != (table, column):
            found.append(Pointer((column,), target, (target_column,)))
    return found
