"""Withholding: the text of pages that are not to be shown stays out of the published file, whatever table quotes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import duckdb

LISTED = "marts.fct_withheld"

# Which columns quote a page, by table, and the columns that name the page, document or report they quote.
# A test looks for the words of a withheld page in every published column: a new column that quotes pages belongs here.
QUOTING: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("evidence", "texts"): (("page_sha256",), ("text", "text_normalised", "normal_runs", "meta")),
    ("evidence", "sections"): (("page_sha256",), ("label", "heading")),
    ("evidence", "grid_cells"): (("page_sha256",), ("cell_text",)),
    ("marts", "fct_metric_values"): (("page_sha256",), ("printed", "evidence", "table_row", "table_column")),
    ("marts", "fct_shares"): (("document_id",), ("name", "printed")),
    ("marts", "fct_missing"): (("document_id",), ("printed",)),
    ("marts", "fct_page_changes"): (
        ("document_id", "previous_document_id"),
        ("old_printed", "new_printed", "old_evidence", "new_evidence"),
    ),
    ("marts", "fct_report_issues"): (("report_id", "document_id"), ("detail",)),
    ("marts", "fct_check_results"): (("report_id", "other_report_id"), ("reason",)),
    ("marts", "fct_corrections"): (("report_id",), ("reason", "expect_evidence")),
    ("marts", "fct_reports"): (
        ("page_sha256",),
        ("title", "issuer", "phone", "fax", "email", "postcode", "address", "website", "trust_reasons"),
    ),
}

_NAMING = ("document_id", "report_id", "page_sha256")
# What a failing row about a withheld page may still say: which rows it is about, not their words.
_PLAIN_ENDS = ("_id", "_sha256", "_ids", "_year", "_no", "_code", "source_url")


def may_be_withheld(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    """Lets the columns of a table that quote pages be NULL, in every build, so that the shape is always the same."""
    _, columns = QUOTING.get((schema, table), ((), ()))
    for column in _columns(con, None, schema, table):
        if column in columns:
            con.execute(f'alter table "{schema}"."{table}" alter column "{column}" drop not null')


def shown_rows(con: duckdb.DuckDBPyConnection, catalog: str, schema: str, table: str) -> str:
    """The query for the rows of a build's table with the text of withheld pages taken out.

    ``catalog`` is the name under which the build is attached.
    """
    source = f'{catalog}."{schema}"."{table}"'
    there = _columns(con, catalog, schema, table)
    keys, columns = ([name for name in names if name in there] for names in QUOTING.get((schema, table), ((), ())))
    if not keys or not columns or not _columns(con, catalog, *LISTED.split(".")):
        return f"select * from {source}"
    withheld = " or ".join(f"{key} in ({_withheld(key, catalog)})" for key in keys)
    replaced = ", ".join(f"case when {withheld} then null else {column} end as {column}" for column in columns)
    return f"select * replace ({replaced}) from {source}"


def shown_results(con: duckdb.DuckDBPyConnection, gate: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the gate found in the open build, as it may be shown: failing rows quote no withheld page.

    A rule's query may quote any column, so texts go wherever a row names a withheld page or names none at all.
    """
    if not _columns(con, None, *LISTED.split(".")):
        return gate
    names = con.execute(f"select {', '.join(_NAMING)} from {LISTED} where document_id is not null").fetchall()
    withheld = {name for row in names for name in row if name is not None}
    if not withheld:
        return gate
    return [
        one
        | {
            "sample_rows": _shown_sample(one["sample_rows"], withheld),
            "kept_rows": [
                json.dumps(_without_words(json.loads(row), withheld), ensure_ascii=False) for row in one["kept_rows"]
            ],
        }
        for one in gate
    ]


def _shown_sample(sample: str | None, withheld: set[str]) -> str | None:
    rows = [_without_words(row, withheld) for row in json.loads(sample or "[]")]
    return sample and f"[{', '.join(json.dumps(row, ensure_ascii=False) for row in rows)}]"


def _without_words(row: dict[str, Any], withheld: set[str]) -> dict[str, Any]:
    named = {value for key, value in row.items() if value and key.endswith(_NAMING)}
    if named and not named & withheld:
        return row
    return {
        key: value if key.endswith(_PLAIN_ENDS) or not isinstance(value, str) else None for key, value in row.items()
    }


def _withheld(key: str, catalog: str) -> str:
    name = {"previous_document_id": "document_id", "other_report_id": "report_id"}.get(key, key)
    return f"select {name} from {catalog}.{LISTED} where {name} is not null and document_id is not null"


def _columns(con: duckdb.DuckDBPyConnection, catalog: str | None, schema: str, table: str) -> Sequence[str]:
    """The columns of a table of ``catalog``, else of the current database; none where there is no such table."""
    return [
        name
        for (name,) in con.execute(
            "select column_name from duckdb_columns() "
            "where database_name = coalesce(?, current_database()) and schema_name = ? and table_name = ?",
            [catalog, schema, table],
        ).fetchall()
    ]
