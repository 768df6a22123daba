"""Why: one number of a report with everything behind it: sentence or cell, page, checksum, address, checks, issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

from flows.faults import Fault

_AROUND = 80  # characters of the page shown on either side of the evidence
_MANY = 12  # reports or metrics offered where a name fits several

# The checks in which the metric or field has a part; a check over all rows or columns names its field in the instance.
_CHECKS = """
    select distinct c.*, d.description from marts.fct_check_results as c join marts.dim_checks as d using (check_id)
    left join marts.dim_check_terms as t
        on t.check_id = c.check_id and t.instance = c.instance and t.form_id = ?
    where (t.term_id in (?, ?) or t.term_id is null) and c.report_id = ? and c.check_status <> 'not_assessable'
    order by c.check_status, c.check_id, c.instance
"""

# Corrections of this report's metric, and those that hold for it as a copy of another report.
_CORRECTIONS = """
    from marts.fct_corrections
    where (report_id = ? and (metric_id = ? or field_id = ?)) or list_contains(?, correction_id)
    order by correction_id
"""


@dataclass(frozen=True, slots=True)
class Mention:
    """One value of the metric: the number, and the place on the page that says it; no words where they are withheld."""

    value: dict[str, Any]  # the row of fct_metric_values
    before: str
    evidence: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about one metric of one report. ``missing`` says why the form's fields have no value."""

    report: dict[str, Any]
    metric: dict[str, Any]
    mentions: list[Mention] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    page: dict[str, Any] = field(default_factory=dict)
    withheld: str | None = None  # why the words of the page are not shown


def why(con: duckdb.DuckDBPyConnection, report: str, metric: str) -> Answer:
    """What stands behind ``metric`` of ``report`` in a published build.

    ``report`` is the beginning of a report_id, or "place/year" with a code or a name (景县/2022); ``metric`` is the id
    of a metric or of a field of a form. Raises Fault where it fits none or several, naming them.
    """
    row = _report(con, report)
    known = _metric(con, metric)
    key = [row["report_id"], metric, metric]
    values = _rows(
        con,
        "from marts.fct_metric_values where report_id = ? and (metric_id = ? or field_id = ?) "
        "order by is_preferred desc, field_id, applicant_type nulls first, evidence_start",
        key,
    )
    return Answer(
        row, known,
        mentions=[_mention(con, value) for value in values],
        missing=_rows(con, "from marts.fct_missing where report_id = ? and (metric_id = ? or field_id = ?)", key),
        corrections=_rows(con, _CORRECTIONS, [*key, sorted({row["correction_id"] or "" for row in values})]),
        checks=_rows(con, _CHECKS, [row["report_format"], metric, metric, *key[:1]]),
        issues=_rows(con, "from marts.fct_report_issues where report_id = ? order by severity, issue_no", key[:1]),
        page=_first(con, "from evidence.pages where report_id = ? order by document_role desc limit 1", key[:1]) or {},
        withheld=_withheld(con, row["report_id"]),
    )  # fmt: skip


def _report(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    place, slash, year = name.rpartition("/")
    if slash and year.isdigit():
        found = _rows(
            con,
            "from marts.fct_reports "
            "where report_year = ? and ? in (jurisdiction_code, jurisdiction_id, jurisdiction_name) "
            "and document_kind = 'annual_report' order by is_current desc, agency_name nulls first",
            [int(year), place],
        )
        chosen = [row for row in found if row["is_current"] and row["duplicate_of"] is None]
        found = chosen if len(chosen) == 1 or len(found) > 1 == len(chosen) else (chosen or found)
        own = [row for row in found if row["agency_name"] is None]
        found = own if len(own) == 1 else found
    else:
        found = _rows(con, "from marts.fct_reports where starts_with(report_id, ?) order by report_id", [name])
    if len(found) == 1:
        return found[0]
    if not found:
        raise Fault(f"no report {name!r}: give a report_id of fct_reports, or a place and a year such as 景县/2022")
    offered = "; ".join(
        f"{row['report_id']} {row['agency_name'] or row['jurisdiction_name'] or '?'} {row['report_year'] or '?'}"
        for row in found[:_MANY]
    )
    raise Fault(f"{name!r} fits {len(found)} reports, give the report_id of one: {offered}")


def _metric(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    known = _first(con, "from marts.dim_metrics where metric_id = ?", [name]) or _first(
        con, "select * replace (field_id as metric_id) from marts.dim_fields where field_id = ? limit 1", [name]
    )
    if known:
        return known
    near = _rows(
        con,
        "select metric_id from marts.dim_metrics where contains(metric_id, ?) or contains(label_zh, ?) "
        "or jaro_winkler_similarity(metric_id, ?) > 0.8 order by jaro_winkler_similarity(metric_id, ?) desc",
        [name] * 4,
    )
    hint = ", ".join(row["metric_id"] for row in near[:_MANY]) or "the names stand in marts.dim_metrics"
    raise Fault(f"no metric {name!r}; near it: {hint}")


def _mention(con: duckdb.DuckDBPyConnection, value: dict[str, Any]) -> Mention:
    start, end = value["evidence_start"], value["evidence_end"]
    row = con.execute(
        "select substr(text, greatest(1, ? - ? + 1), least(?, ?)), substr(text, ? + 1, ? - ?), substr(text, ? + 1, ?) "
        "from evidence.texts where page_sha256 = ?",
        [start, _AROUND, start, _AROUND, start, end, start, end, _AROUND, value["page_sha256"]],
    ).fetchone()
    before, evidence, after = row or ("", None, "")
    return Mention(value, before or "", evidence or value["evidence"], after or "")


def _withheld(con: duckdb.DuckDBPyConnection, report: str) -> str | None:
    """The reason; None where the words are shown, and in builds of versions that withheld nothing."""
    if not _rows(con, "from duckdb_tables() where table_name = ?", ["fct_withheld"]):
        return None
    row = _first(con, "from marts.fct_withheld where report_id = ?", [report])
    return str(row["withheld_because"]) if row else None


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[dict[str, Any]]:
    con.execute(query, values)
    names = [column[0] for column in con.description or []]
    return [dict(zip(names, row, strict=True)) for row in con.fetchall()]


def _first(con: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> dict[str, Any] | None:
    rows = _rows(con, query, values)
    return rows[0] if rows else None
