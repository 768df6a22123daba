"""A landing database of many documents, grown from a small one by SQL: each copy has addresses and contents of its own.

Copy n of a place is another county, so that reports meet those of other years and are not all copies of one another.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

# raw tables by the columns that name a document or a content
_OF_DOCUMENT = ("sections", "figures", "reader_issues", "gaps", "shares")
_OF_CONTENT = ("texts", "grid_cells")

_COPIES = """
    create temp table copies as
    with places as (
        select
            jurisdiction_id, row_number() over (order by jurisdiction_id) as place_no, count(*) over () as place_count
        from (select distinct jurisdiction_id from raw.readings where jurisdiction_id is not null)
    ),
    counties as (
        select distinct code, name, parent_code from read_csv('{units}', all_varchar = true, comment = '#')
        where level = 'county'
    ),
    numbered as (select *, row_number() over (order by code) - 1 as county_no from counties),
    placed as (
        select
            d.document_id, d.content_sha256, n.copy_no,
            (n.copy_no * p.place_count + p.place_no) % (select count(*) from counties) as county_no
        from raw.documents as d
        cross join (select unnest(range({first}, {last})) as copy_no) as n
        left join raw.readings as r on r.document_id = d.document_id and r.reader_version = '{reader}'
        left join places as p on p.jurisdiction_id = r.jurisdiction_id
        where not contains(coalesce(d.source_url, d.source_file), 'copy=')
    )
    select
        d.document_id as old_id, d.content_sha256 as old_sha, d.copy_no,
        left(sha256(d.document_id || ' ' || d.copy_no), 16) as new_id,
        sha256(d.content_sha256 || ' ' || d.copy_no) as new_sha,
        c.code, c.name, c.parent_code
    from placed as d
    left join numbered as c on c.county_no = d.county_no
"""

_GROW = """
    insert into raw.contents
    select distinct on (c.new_sha) t.* replace (c.new_sha as content_sha256)
    from raw.contents as t join copies as c on c.old_sha = t.content_sha256;
    insert into raw.attempts
    select t.* replace (
        t.attempt_id || '-' || c.copy_no as attempt_id, c.new_sha as content_sha256,
        t.source_url || '?copy=' || c.copy_no as source_url, t.source_file || '.' || c.copy_no as source_file
    )
    from raw.attempts as t join copies as c on c.old_sha = t.content_sha256
        and c.old_id in (
            select document_id from raw.documents as d where d.source_url is not distinct from t.source_url
        );
    insert into raw.documents
    select t.* replace (
        c.new_id as document_id, c.new_sha as content_sha256, t.source_url || '?copy=' || c.copy_no as source_url,
        t.source_file || '.' || c.copy_no as source_file,
        t.landed_seq + c.copy_no * (select max(landed_seq) from raw.documents) as landed_seq
    )
    from raw.documents as t join copies as c on c.old_id = t.document_id;
    insert into raw.readings
    select t.* replace (
        c.new_id as document_id, c.new_sha as content_sha256, coalesce(c.code, t.jurisdiction_id) as jurisdiction_id,
        if(t.jurisdiction_code is null, null, coalesce(c.code, t.jurisdiction_code)) as jurisdiction_code,
        coalesce(c.name, t.jurisdiction_name) as jurisdiction_name,
        if(c.code is null, t.jurisdiction_level, 'county') as jurisdiction_level,
        coalesce(c.parent_code, t.parent_code) as parent_code
    )
    from raw.readings as t join copies as c on c.old_id = t.document_id where t.reader_version = '{reader}';
"""


def grow(landing: Path, target: Path, documents: int, units: Path, reader: str, first: int = 1) -> int:
    """Copies ``landing`` to ``target`` (unless they are the same) and adds copies until ``documents`` have landed.

    Gives the number of the next copy, which ``first`` takes to add more to the same database.
    """
    if target != landing:
        shutil.copyfile(landing, target)
    with duckdb.connect(str(target), config={"storage_compatibility_version": "v1.2.0"}) as con:
        here = _one(con, "select count(*) from raw.documents")
        own = _one(
            con, "select count(*) from raw.documents where not contains(coalesce(source_url, source_file), 'copy=')"
        )
        last = first + max(0, documents - here + own - 1) // own
        values = {"units": str(units).replace("'", "''"), "first": first, "last": last, "reader": reader}
        con.execute(_COPIES.format(**values))
        con.execute(_GROW.format(**values))
        for table in _OF_CONTENT:
            con.execute(
                f"insert into raw.{table} select t.* replace (c.new_sha as content_sha256) from raw.{table} as t "
                "join (select distinct old_sha, new_sha from copies) as c on c.old_sha = t.content_sha256 "
                f"where t.reader_version = '{reader}'"
            )
        for table in _OF_DOCUMENT:
            con.execute(
                f"insert into raw.{table} select t.* replace (c.new_id as document_id) from raw.{table} as t "
                f"join copies as c on c.old_id = t.document_id where t.reader_version = '{reader}'"
            )
        con.execute("checkpoint")
    return last


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
