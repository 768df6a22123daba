"""What changed from one build to another, report by report and value by value, with the cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.faults import Fault
from flows.products.difference_sql import difference_query

CAUSES = {
    "new_page": "a page that was not there before",
    "revised_page": "its publisher changed the page",
    "page_gone": "the address does not answer any more; its data stay",
    "page_left": "superseded, or found to be a copy of another page",
    "page_back": "counts again: what superseded it left, or the address answers again",
    "withheld": "taken down, or shown again (fct_withheld)",
    "correction": "a correction was added, changed or dropped (fct_corrections)",
    "definition": "the same printed number, now under another metric, group or standard unit",
    "better_reader": "another version of the reader read the same page",
    "other_rules": "the same reading, other models or choices",
}
_COMMENT = "what differs from the build published before, a row a report or a preferred value, with the cause"
_COLUMNS = {
    "subject": "report or value",
    "change": "added, gone or changed",
    "cause": "; ".join(f"{code}: {text}" for code, text in CAUSES.items()),
    "page": "address, else file name, of the report",
    "jurisdiction_name": "the place",
    "agency_name": "the agency; null where the report speaks for the place itself",
    "report_year": "the year reported on",
    "metric_id": "canonical metric (dim_metrics); null for a report",
    "field_id": "row or cell of the form, or metric of the words; null for a report",
    "applicant_type": "column of the matrix; total where there are none; null for a report",
    "old_value": "the number before",
    "new_value": "the number now",
    "old_unit": "its unit before",
    "new_unit": "its unit now",
    "old_text": "the rest before: of a report whose it is, of a value what else differs",
    "new_text": "the same now",
    "report_id": "the report in this build; null where it is gone",
    "old_report_id": "the report in the build before; null where it is new",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """The reports and values in which two builds differ, with the names of the columns."""

    names: list[str]
    rows: list[tuple[Any, ...]]

    def counts(self) -> Counter[tuple[str, str, str]]:
        """Rows by subject, change and cause."""
        return Counter((row[0], row[1], row[2]) for row in self.rows)


def compare(before: Path, now: Path, same_reader: bool) -> Difference:
    """What differs between two builds' databases. Raises Fault where their tables cannot be compared."""
    with duckdb.connect() as con:
        for name, path in (("before", before), ("now_build", now)):
            con.execute(f"attach '{_quoted(path)}' as {name} (read_only)")
        try:
            con.execute(difference_query(con, "before", "now_build", same_reader))
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise Fault(f"the builds have other tables: {' '.join(str(error).split())[:200]}") from None
        return Difference([column[0] for column in con.description or []], con.fetchall())


def add_difference(
    con: duckdb.DuckDBPyConnection, before: Path | None, same_reader: bool, mark: str = ""
) -> dict[str, Any] | None:
    """The table ops.build_changes and its counts, against the database ``before``; None where there is none.

    The table's comment begins with ``mark``.
    """
    if before is None:
        return None
    con.execute(f"attach '{_quoted(before)}' as before (read_only)")
    try:
        row = con.execute("select current_database()").fetchone()
        query = difference_query(con, "before", str(row[0]) if row else "", same_reader)
        con.execute(f"create table ops.build_changes as {query}")
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        return {"not_compared": f"the build before has other tables: {' '.join(str(error).split())[:200]}"}
    finally:
        con.execute("detach before")
    con.execute(f"comment on table ops.build_changes is '{mark}{_COMMENT}'")
    for column, comment in _COLUMNS.items():
        con.execute(f"comment on column ops.build_changes.{column} is '{comment}'")
    counted = con.execute("select subject, change, cause, count(*) from ops.build_changes group by all order by all")
    told: dict[str, list[dict[str, Any]]] = {"reports": [], "values": []}
    for subject, change, cause, count in counted.fetchall():
        told[f"{subject}s"].append({"change": change, "cause": cause, "count": count})
    return told


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
