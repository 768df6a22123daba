"""The query behind the comparison of two builds; builds of older versions lack some columns and tables."""

from __future__ import annotations

import duckdb

# Reports that count, by address: the same place of the same page in both builds.
_REPORTS = """
    select
        coalesce(source_url, source_file, report_id) as page, report_id, jurisdiction_name, agency_name, report_year,
        concat_ws(' ', jurisdiction_id, agency_name, report_year, scope, report_format, trust) as who
    from {catalog}.marts.fct_reports
    where document_kind = 'annual_report' and is_current and duplicate_of is null
    qualify row_number() over (partition by page order by report_id) = 1
"""
_VALUES = """
    select
        r.page, r.report_id, r.jurisdiction_name, r.agency_name, r.report_year,
        v.field_id, coalesce(v.applicant_type, 'total') as applicant_type, v.metric_id, v.value, v.unit,
        v.document_id, v.evidence_start, v.evidence_end,
        concat_ws(' ', v.value_state, v.qualifier) as printed_as,
        concat_ws(' ', v.metric_id, v.definition_group, v.value_std, v.unit_std) as counted_as,
        {used} as corrected_to
    from {catalog}.marts.fct_metric_values as v join {side}_reports as r using (report_id)
    where v.is_preferred
    qualify row_number() over (
        partition by r.page, v.field_id, coalesce(v.applicant_type, 'total')
        order by v.metric_id, v.document_id, v.figure_no
    ) = 1
"""
_DOCUMENTS = """
    select distinct document_id, coalesce(source_url, source_file, document_id) as page
    from {catalog}.marts.fct_report_documents
"""
_GONE = "select source_url as page from {catalog}.marts.fct_page_vintages where is_newest and gone_since is not null"
_WITHHELD = "select document_id from {catalog}.marts.fct_withheld where document_id is not null"
_NOTHING = "select cast(null as varchar) as {column} where false"

_QUERY = """
with {parts},
reports as (
    select
        coalesce(n.page, o.page) as page, coalesce(n.jurisdiction_name, o.jurisdiction_name) as jurisdiction_name,
        coalesce(n.agency_name, o.agency_name) as agency_name, coalesce(n.report_year, o.report_year) as report_year,
        o.who as old_who, n.who as new_who, n.report_id, o.report_id as old_report_id,
        n.report_id as document_id, o.report_id as old_document_id,
        case when o.page is null then 'added' when n.page is null then 'gone' else 'changed' end as change
    from new_reports as n full join old_reports as o on n.page = o.page
    where o.page is null or n.page is null or n.report_id <> o.report_id or n.who <> o.who
),
vals as (
    select
        coalesce(n.page, o.page) as page, coalesce(n.jurisdiction_name, o.jurisdiction_name) as jurisdiction_name,
        coalesce(n.agency_name, o.agency_name) as agency_name, coalesce(n.report_year, o.report_year) as report_year,
        coalesce(n.metric_id, o.metric_id) as metric_id, coalesce(n.field_id, o.field_id) as field_id,
        coalesce(n.applicant_type, o.applicant_type) as applicant_type,
        o.value as old_value, n.value as new_value, o.unit as old_unit, n.unit as new_unit,
        n.report_id, o.report_id as old_report_id, n.document_id, o.document_id as old_document_id,
        o.evidence_start as old_start, n.evidence_start as new_start,
        o.printed_as as old_printed, n.printed_as as new_printed,
        o.counted_as as old_counted, n.counted_as as new_counted,
        o.corrected_to as old_corrected, n.corrected_to as new_corrected,
        case when o.page is null then 'added' when n.page is null then 'gone' else 'changed' end as change
    from new_values as n full join old_values as o
        on n.page = o.page and n.field_id = o.field_id and n.applicant_type = o.applicant_type
    where o.page is null or n.page is null or n.value <> o.value or n.unit is distinct from o.unit
        or n.printed_as <> o.printed_as or n.counted_as <> o.counted_as
        or n.corrected_to is distinct from o.corrected_to
),
differing as (
    select 'report' as subject, change, page, jurisdiction_name, agency_name, report_year, null as metric_id,
        null as field_id, null as applicant_type, cast(null as double) as old_value, cast(null as double) as new_value,
        null as old_unit, null as new_unit, old_who as old_text, new_who as new_text, report_id, old_report_id,
        document_id, old_document_id, false as is_same_number, false as is_correction, false as is_moved
    from reports
    union all
    select 'value', change, page, jurisdiction_name, agency_name, report_year, metric_id, field_id, applicant_type,
        old_value, new_value, old_unit, new_unit,
        concat_ws('; ', old_printed, old_counted, old_corrected),
        concat_ws('; ', new_printed, new_counted, new_corrected),
        report_id, old_report_id, document_id, old_document_id,
        old_value = new_value and old_unit is not distinct from new_unit and old_printed = new_printed,
        old_counted = new_counted and old_corrected is distinct from new_corrected,
        -- the same number at the same place of the same page stands under another field in the other build
        exists (
            select 1 from old_values as o where vals.change = 'added' and o.document_id = vals.document_id
                and o.evidence_start = vals.new_start and o.value = vals.new_value
        ) or exists (
            select 1 from new_values as n where vals.change = 'gone' and n.document_id = vals.old_document_id
                and n.evidence_start = vals.old_start and n.value = vals.old_value
        )
    from vals
),
caused as (
    select
        subject, change,
        case
            when page not in (select page from old_documents) then 'new_page'
            when exists (select 1 from new_withheld as w where w.document_id = old_document_id)
                and not exists (select 1 from old_withheld as w where w.document_id = old_document_id)
                or exists (select 1 from old_withheld as w where w.document_id = document_id)
                and not exists (select 1 from new_withheld as w where w.document_id = document_id)
                then 'withheld'
            when document_id not in (select document_id from old_documents)
                and exists (
                    select 1 from new_documents as d where d.document_id = differing.document_id
                        and d.page not in (select page from old_documents)
                ) then 'new_page'
            when document_id not in (select document_id from old_documents) then 'revised_page'
            when document_id is null and exists (
                select 1 from new_documents as d
                where d.page = differing.page and d.document_id not in (select document_id from old_documents)
            ) then 'revised_page'
            when document_id is null and (
                old_document_id not in (select document_id from new_documents)
                or old_report_id in (select report_id from new_left)
            ) then 'page_left'
            when old_document_id is null and report_id in (select report_id from old_left) then 'page_back'
            when subject = 'report' and report_id <> old_report_id then 'page_back'
            when document_id <> old_document_id then 'page_back'
            when is_same_number and is_correction then 'correction'
            when is_same_number or is_moved then 'definition'
            when {same_reader} then 'other_rules'
            else 'better_reader'
        end as cause,
        differing.* exclude (subject, change, document_id, old_document_id, is_same_number, is_correction, is_moved)
    from differing
),
addresses as (
    select
        'report' as subject, if(n.page is null, 'added', 'gone') as change,
        if(n.page is null, 'page_back', 'page_gone') as cause,
        coalesce(n.page, o.page) as page
    from new_gone as n full join old_gone as o on n.page = o.page
    where (n.page is null or o.page is null) and coalesce(n.page, o.page) in (select page from old_documents)
)
select * from caused
union all
select
    a.subject, a.change, a.cause, a.page, r.jurisdiction_name, r.agency_name, r.report_year,
    null, null, null, null, null, null, null, null, null, r.report_id, r.report_id
from addresses as a left join new_reports as r on r.page = a.page
order by all
"""
_LEFT = "select report_id from {catalog}.marts.fct_reports where not is_current or duplicate_of is not null"


def difference_query(con: duckdb.DuckDBPyConnection, before: str, now: str, same_reader: bool) -> str:
    """The query that compares the builds attached as ``before`` and ``now``; a row a report or value that differs."""
    parts = []
    for side, catalog in (("old", before), ("new", now)):
        name = '"' + catalog.replace('"', '""') + '"'
        there = _columns(con, catalog)
        used = "null"
        if ("fct_metric_values", "correction_id") in there:
            used = "case when v.correction_id is not null then concat('corrected to ', v.value_used) end"
        for part, query in (
            ("reports", _REPORTS),
            ("values", _VALUES),
            ("documents", _DOCUMENTS),
            ("left", _LEFT),
            ("gone", _GONE if ("fct_page_vintages", "gone_since") in there else _nothing("page")),
            ("withheld", _WITHHELD if ("fct_withheld", "document_id") in there else _nothing("document_id")),
        ):
            parts.append(f"{side}_{part} as ({query.format(catalog=name, side=side, used=used)})")
    return _QUERY.format(parts=",\n".join(parts), same_reader=str(same_reader).lower())


def _nothing(column: str) -> str:
    return _NOTHING.format(column=column)


def _columns(con: duckdb.DuckDBPyConnection, catalog: str) -> set[tuple[str, str]]:
    found = con.execute(
        "select table_name, column_name from duckdb_columns() where database_name = ? and schema_name = 'marts'",
        [catalog],
    ).fetchall()
    return {(str(table), str(column)) for table, column in found}
