"""A reading as rows of the landing tables; plain values only, so that they travel between processes cheaply."""

from __future__ import annotations

import json
from array import array
from typing import Any

from scrapers.document import Document, NormalText, Reading

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

# The columns that rows_of fills, in its order; the flow adds nothing.
COLUMNS: dict[str, tuple[str, ...]] = {
    "raw.texts": (
        "content_sha256", "reader_version", "media_type", "encoding", "script", "text", "text_normalised",
        "normal_runs", "meta", "cell_count",
    ),
    "raw.grid_cells": (
        "content_sha256", "reader_version", "grid_no", "grid_origin", "row_no", "column_no", "cell_text", "cell_start",
        "cell_end", "origin_row", "origin_column",
    ),
    "raw.sections": (
        "document_id", "reader_version", "section_no", "level", "label", "heading", "kind", "section_start",
        "section_end", "body_start",
    ),
    "raw.figures": (
        "document_id", "reader_version", "figure_no", "field_id", "metric_id", "applicant_type", "value", "unit",
        "value_state", "qualifier", "basis", "printed", "evidence", "evidence_start", "evidence_end", "section",
        "grid_no", "table_row", "table_column",
    ),
    "raw.gaps": (
        "document_id", "reader_version", "gap_no", "field_id", "applicant_type", "why", "printed", "gap_start",
        "gap_end",
    ),
    "raw.shares": (
        "document_id", "reader_version", "share_no", "share_kind", "value", "name", "metric_id", "printed",
        "share_start", "share_end", "section",
    ),
    "raw.reader_issues": (
        "document_id", "reader_version", "issue_no", "issue_code", "severity", "detail", "reported_value",
        "recomputed_value",
    ),
    "raw.readings": (
        "document_id", "reader_version", "content_sha256", "document_kind", "reason_code", "reason", "title", "issuer",
        "jurisdiction_id", "jurisdiction_code", "jurisdiction_name", "jurisdiction_level", "parent_code",
        "candidate_codes", "jurisdiction_basis", "agency_name", "scope", "report_year", "report_year_basis",
        "period_start", "period_end", "published_on", "phone", "fax", "email", "postcode", "address", "website",
        "report_format", "report_format_basis", "trust", "trust_reasons", "section_count", "figure_count",
        "issue_count", "read_run_id", "gap_count", "share_count", "has_text",
    ),
}  # fmt: skip


def rows_of(reading: Reading, document_id: str, sha: str, version: str, run_id: str) -> Rows:
    """All rows of one reading, by table. Raises UnicodeEncodeError where a text is not valid Unicode."""
    document = reading.document
    rows: Rows = {
        "raw.texts": [] if document is None else [_text_row(document, sha, version)],
        "raw.grid_cells": [] if document is None else _cell_rows(document, sha, version),
        "raw.sections": [
            (document_id, version, s.number, s.level, s.label, s.heading, s.kind, s.start, s.end, s.body_start)
            for s in reading.sections
        ],
        "raw.figures": [
            (
                document_id, version, number, f.field_id, f.metric_id, f.applicant_type, float(f.value), f.unit,
                f.value_state, f.qualifier, f.basis, f.printed, f.evidence, f.evidence_start, f.evidence_end,
                f.section, f.grid, f.table_row, f.table_column,
            )
            for number, f in enumerate(reading.figures, 1)
        ],
        "raw.gaps": [
            (document_id, version, number, g.field_id, g.applicant_type, g.why, g.printed, g.start, g.end)
            for number, g in enumerate(reading.gaps, 1)
        ],
        "raw.shares": [
            (
                document_id, version, number, one.kind, float(one.value), one.name, one.metric_id, one.printed,
                one.start, one.end, one.section,
            )
            for number, one in enumerate(reading.shares, 1)
        ],
        "raw.reader_issues": [
            (document_id, version, number, i.code, i.severity, i.detail, i.reported_value, i.recomputed_value)
            for number, i in enumerate(_issues(reading), 1)
        ],
        "raw.readings": [_reading_row(reading, document_id, sha, version, run_id)],
    }  # fmt: skip
    _check_text(rows)
    return rows


def failed_rows(code: str, reason: str, document_id: str, sha: str, version: str, run_id: str) -> Rows:
    """The rows of a page on which the reader failed: one reading, set aside as unreadable."""
    reason = reason.encode("utf-8", "replace").decode("utf-8")
    reading = Reading(document_kind="unreadable", reason_code=code, reason=reason)
    return rows_of(reading, document_id, sha, version, run_id)


def _issues(reading: Reading) -> list[Any]:
    """The reader's issues and those of the text, each once."""
    issues = list(reading.issues)
    if reading.document is not None:
        issues += [issue for issue in reading.document.issues if issue not in issues]
    return issues


def _text_row(document: Document, sha: str, version: str) -> Row:
    meta = json.dumps(dict(document.meta), ensure_ascii=False, sort_keys=True)
    return (
        sha, version, document.media_type, document.encoding, document.script, document.text, document.normal.text,
        normal_runs(document.normal), meta, sum(len(row) for grid in document.grids for row in grid.rows),
    )  # fmt: skip


def _cell_rows(document: Document, sha: str, version: str) -> list[Row]:
    return [
        (
            sha, version, grid.number, grid.origin, row_no, column_no, cell.text, cell.start, cell.end,
            cell.origin[0] + 1, cell.origin[1] + 1,
        )
        for grid in document.grids
        for row_no, row in enumerate(grid.rows, 1)
        for column_no, cell in enumerate(row, 1)
    ]  # fmt: skip


def _reading_row(reading: Reading, document_id: str, sha: str, version: str, run_id: str) -> Row:
    counts = (
        len(reading.sections), len(reading.figures), len(_issues(reading)), run_id, len(reading.gaps),
        len(reading.shares), reading.document is not None,
    )  # fmt: skip
    head = (document_id, version, sha, reading.document_kind, reading.reason_code, reading.reason)
    form = (reading.report_format, reading.report_format_basis)
    who = reading.identity
    if who is None:
        return head + (None,) * 22 + form + (None, None) + counts
    place = who.jurisdiction
    return (
        *head, who.title, who.issuer, place.id, place.code, place.name, place.level, place.parent_code,
        list(place.candidate_codes), place.basis, who.agency_name, who.scope, who.report_year, who.report_year_basis,
        who.period_start, who.period_end, who.published_on, who.phone, who.fax, who.email, who.postcode, who.address,
        who.website, *form, who.trust, list(who.trust_reasons), *counts,
    )  # fmt: skip


def normal_runs(normal: NormalText) -> list[int]:
    """Flattened (normal_start, source_start, length): where each stretch of the normal text stands as published.

    Inside a run of several normal characters they stand one for one; a run of a single one stands for ``length``
    characters. The run ends where the next begins.
    """
    runs: list[int] = []
    next_source = -1  # where the current one-for-one run goes on, -1 where it cannot
    for place, (start, end) in enumerate(zip(normal.starts, normal.ends, strict=True)):
        if end - start == 1 and start == next_source:
            runs[-1] += 1
            next_source += 1
        else:
            runs += (place, start, end - start)
            next_source = end if end - start == 1 else -1
    return runs


def normal_text(text: str, runs: list[int]) -> NormalText:
    """The way back of ``normal_runs``."""
    starts, ends = array("l"), array("l")
    places = [*runs[0::3], len(text)]
    for run, (source, length) in enumerate(zip(runs[1::3], runs[2::3], strict=True)):
        characters = places[run + 1] - places[run]
        if characters == 1:
            starts.append(source)
            ends.append(source + length)
        else:
            starts.extend(range(source, source + characters))
            ends.extend(range(source + 1, source + characters + 1))
    return NormalText(text, starts, ends)


def _check_text(rows: Rows) -> None:
    for table in rows.values():
        for row in table:
            for value in row:
                if isinstance(value, str) and not value.isascii():
                    value.encode("utf-8")
