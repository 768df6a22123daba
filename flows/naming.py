"""Names: the unit that each source is, and whose report each page is that was not got or not read, by its link's words.

They say which reports are expected and which are missing with a reason (marts.fct_coverage).
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from flows.warehouse.rows import insert_rows
from flows.warehouse.store import connect, transaction
from scrapers.sources.naming import Named, Publisher, linked_report, publisher_unit

_SOURCES = """
    select source_id, publisher, jurisdiction_code, level from ops.sources as s
    where not exists (
        select 1 from raw.source_readings as r where r.source_id = s.source_id and r.reader_version = $version
    )
    order by source_id
"""
# Address by address the words seen last, where no page of it was read as a report.
_ADDRESSES = """
    with addresses as (
        select coalesce(source_url, source_file) as address,
            arg_max(source_id, (attempted_at, attempt_id)) as source_id,
            coalesce(arg_max(link_text, (attempted_at, attempt_id)), any_value(source_file)) as words
        from raw.attempts
        where (role is null or role not in ('list_page', 'attachment', 'manifest'))
            and coalesce(source_url, source_file) is not null
        group by all
    ),
    reports as (
        select coalesce(d.source_url, d.source_file) as address
        from raw.documents as d inner join raw.readings as r using (document_id)
        where r.reader_version = $version and r.document_kind in ('annual_report', 'annex')
    )
    select a.address, a.source_id, a.words, s.publisher, s.jurisdiction_code, s.level
    from addresses as a
    anti join reports as r on r.address = a.address
    anti join raw.named_reports as n on n.address = a.address and n.reader_version = $version and n.words = a.words
    left join ops.sources as s on s.source_id = a.source_id
    where a.words is not null
    order by a.address
"""
_PLACE = (
    "jurisdiction_id",
    "jurisdiction_code",
    "jurisdiction_name",
    "jurisdiction_level",
    "parent_code",
    "agency_name",
)
_SOURCE_COLUMNS = ("source_id", "reader_version", "publisher", *_PLACE)
_REPORT_COLUMNS = ("address", "reader_version", "source_id", "words", *_PLACE, "report_year")


def read_names(con: duckdb.DuckDBPyConnection, version: str) -> None:
    """Reads the names that this version of the reader has not read yet, all in one transaction."""
    sources = [
        (source_id, version, publisher, *_place(publisher_unit(Publisher(publisher, code, level))))
        for source_id, publisher, code, level in con.execute(_SOURCES, {"version": version}).fetchall()
    ]
    reports = []
    for address, source_id, words, *publisher in con.execute(_ADDRESSES, {"version": version}).fetchall():
        named = linked_report(_bare(words), Publisher(publisher[0] or "", publisher[1], publisher[2]))
        reports.append((address, version, source_id, words, *_place(named), named.report_year if named else None))
    with transaction(con):
        insert_rows(con, "raw.source_readings", _SOURCE_COLUMNS, sources)
        con.execute(
            "delete from raw.named_reports where reader_version = ? and address in (select unnest(?::varchar[]))",
            [version, [row[0] for row in reports]],
        )
        insert_rows(con, "raw.named_reports", _REPORT_COLUMNS, reports)


def towns_and_zones(landing: Path, version: str) -> list[tuple[str, str]]:
    """Names and levels of the towns and zones that reports, sources and links name: no list of units has them."""
    names = "select jurisdiction_name as name, jurisdiction_level as level from {} where reader_version = $version"
    named = " union all ".join(map(names.format, ("raw.readings", "raw.source_readings", "raw.named_reports")))
    query = f"""
        select distinct name, level from ({named})
        where level in ('township', 'functional_zone') and name is not null order by all
    """
    with connect(landing, read_only=True) as con:
        return con.execute(query, {"version": version}).fetchall()


def forget_names(con: duckdb.DuckDBPyConnection, source_id: str) -> None:
    """Drops what was read from the names of a source whose file says something else now."""
    for table in ("raw.source_readings", "raw.named_reports"):
        con.execute(f"delete from {table} where source_id = ?", [source_id])


def _bare(words: str) -> str:
    """A file is named without its folder and its ending."""
    path = PurePosixPath(words)
    return path.stem if path.suffix.isascii() and 2 <= len(path.suffix) <= 6 else words


def _place(named: Named | None) -> tuple[Any, ...]:
    if named is None:
        return (None,) * len(_PLACE)
    place = named.jurisdiction
    return place.id, place.code, place.name, place.level, place.parent_code, named.agency_name
