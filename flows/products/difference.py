"""What changed from the build that was published before to this one, value by value, with the cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.faults import Fault

# Preferred values of the reports that count, by address: the same place of the same page in both builds.
_VALUES = """
    select
        coalesce(r.source_url, r.source_file, r.report_id) as page,
        v.field_id, coalesce(v.applicant_type, 'total') as applicant_type,
        any_value(v.metric_id) as metric_id, any_value(v.value) as value, any_value(v.unit) as unit,
        any_value(v.value_used) as value_used, any_value(v.qualifier) as qualifier,
        any_value(v.value_state) as value_state,
        any_value(v.document_id) as document_id, any_value(r.report_id) as report_id
    from {catalog}.marts.fct_metric_values as v join {catalog}.marts.fct_reports as r using (report_id)
    where v.is_preferred and r.duplicate_of is null group by all
"""

_DIFFERENCE = """
with old_values as ({old}), new_values as ({new}),
old_documents as (
    select distinct document_id, coalesce(source_url, source_file) as page from {before}.marts.fct_report_documents
),
new_documents as (
    select distinct document_id, coalesce(source_url, source_file) as page from {now}.marts.fct_report_documents
),
compared as (
    select
        coalesce(n.page, o.page) as page, coalesce(n.field_id, o.field_id) as field_id,
        coalesce(n.applicant_type, o.applicant_type) as applicant_type, coalesce(n.metric_id, o.metric_id) as metric_id,
        n.report_id, o.report_id as old_report_id, o.value as old_value, n.value as new_value, o.unit as old_unit,
        n.unit as new_unit, o.value_used as old_used, n.value_used as new_used, n.document_id,
        o.document_id as old_document_id,
        case when o.page is null then 'added' when n.page is null then 'gone' else 'changed' end as change
    from new_values as n full join old_values as o
        on n.page = o.page and n.field_id = o.field_id and n.applicant_type = o.applicant_type
    where o.page is null or n.page is null or n.value <> o.value or n.unit is distinct from o.unit
        or n.qualifier <> o.qualifier or n.value_state <> o.value_state
        or n.value_used is distinct from o.value_used
)
select
    change,
    case
        when c.old_value = c.new_value and c.document_id = c.old_document_id and c.old_used is distinct from c.new_used
            and c.old_unit is not distinct from c.new_unit then 'correction'
        when c.page not in (select page from old_documents where page is not null) then 'new_page'
        when coalesce(c.document_id, '') not in (select document_id from old_documents)
            and (c.document_id is not null or exists (
                select 1 from new_documents as d
                where d.page = c.page and d.document_id not in (select document_id from old_documents)))
            then 'revised_page'
        when c.page not in (select page from new_documents where page is not null) then 'page_left'
        when {same_reader} then 'other_rules'
        else 'better_reader'
    end as cause,
    c.* exclude (change, document_id, old_document_id)
from compared as c
order by all
"""

_COMMENT = "preferred values that differ from the build published before, with the cause"
_COLUMNS = {
    "change": "added, gone or changed",
    "cause": "new_page, revised_page (its publisher changed it), page_left (superseded or a duplicate), "
    "better_reader (another version of the reader), other_rules (models or catalogue), correction (made, "
    "changed or no longer holding: the printed number is the same)",
    "page": "address, else file name, of the report",
    "field_id": "row or cell of the form, or metric of the words",
    "applicant_type": "column of the matrix; total where there are none",
    "metric_id": "canonical metric (dim_metrics)",
    "report_id": "the report in this build; null where the value is gone",
    "old_report_id": "the report in the build before; null where the value is new",
    "old_value": "the number before", "new_value": "the number now",
    "old_unit": "its unit before", "new_unit": "its unit now",
    "old_used": "the value that counted before, in the metric's standard unit: corrected or as printed",
    "new_used": "the value that counts now",
}  # fmt: skip


def difference_query(before: str, now: str, same_reader: bool) -> str:
    """The query that compares the builds attached as ``before`` and ``now``; a row a value that differs."""
    return _DIFFERENCE.format(
        old=_VALUES.format(catalog=before), new=_VALUES.format(catalog=now), before=before, now=now,
        same_reader=str(same_reader).lower(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """The values in which two builds differ, with the names of the columns."""

    names: list[str]
    rows: list[tuple[Any, ...]]

    def counts(self) -> Counter[tuple[str, str]]:
        """Values by change and cause."""
        return Counter((row[0], row[1]) for row in self.rows)


def compare(before: Path, now: Path, same_reader: bool) -> Difference:
    """What differs between two builds' databases. Raises Fault where their tables cannot be compared."""
    with duckdb.connect() as con:
        for name, path in (("before", before), ("now_build", now)):
            quoted = str(path.resolve()).replace("'", "''")
            con.execute(f"attach '{quoted}' as {name} (read_only)")
        try:
            con.execute(difference_query("before", "now_build", same_reader))
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise Fault(f"the builds have other tables: {' '.join(str(error).split())[:200]}") from None
        return Difference([column[0] for column in con.description or []], con.fetchall())


def add_difference(con: duckdb.DuckDBPyConnection, before: Path | None, same_reader: bool) -> dict[str, Any] | None:
    """The table ops.build_changes and its counts, against the database ``before``; None where there is none."""
    if before is None:
        return None
    quoted = str(before.resolve()).replace("'", "''")
    con.execute(f"attach '{quoted}' as before (read_only)")
    try:
        row = con.execute("select current_database()").fetchone()
        query = difference_query("before", f'"{row[0]}"' if row else "", same_reader)
        con.execute(f"create table ops.build_changes as {query}")
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        return {"not_compared": f"the build before has other tables: {' '.join(str(error).split())[:200]}"}
    finally:
        con.execute("detach before")
    con.execute(f"comment on table ops.build_changes is '{_COMMENT}'")
    for column, comment in _COLUMNS.items():
        con.execute(f"comment on column ops.build_changes.{column} is '{comment}'")
    rows = con.execute("select change, cause, count(*) from ops.build_changes group by all order by all").fetchall()
    return {"values": [{"change": change, "cause": cause, "count": count} for change, cause, count in rows]}
