"""Whether a build would differ from the published one: a checksum over everything that a build is made of."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from typing import Any

import duckdb

from flows.files import tree_sha256
from flows.settings import CATALOGUE, DBT_PROJECT, EXPECTATIONS, PROJECT, SOURCES
from flows.warehouse.store import SCHEMA_VERSION

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "prefect", "polars")

# A document, the place of its bytes in the archive (it is published), and whether they could not be read back.
_DOCUMENTS = """
    select d.document_id, d.landed_seq, c.archive_file, c.archive_offset, r.document_id is not null
    from raw.documents as d
    left join raw.contents as c using (content_sha256)
    left join raw.readings as r
        on r.document_id = d.document_id and r.reader_version = ? and r.reason_code = 'archive_damaged'
    order by d.document_id
"""
# Address by address the last attempt, where it got nothing: pages set aside before they could be read.
# Runs and times are left out on purpose: they grow with every run without changing what there is to build.
_WITHOUT_PAGE = """
    select source_id, source_file, source_url, role, outcome, reason
    from raw.attempts
    qualify row_number() over (
        partition by source_id, source_file, source_url, role order by attempted_at desc, attempt_id desc
    ) = 1 and outcome not in ('ok', 'unchanged', 'not_modified')
    order by all
"""

# Address by address the content seen last: where an old content comes back, nothing lands, but another vintage counts.
_SHOWN = """
    select source_url, arg_max(content_sha256, (attempted_at, attempt_id))
    from raw.attempts
    where source_url is not null and outcome in ('ok', 'unchanged') and role is distinct from 'list_page'
    group by source_url order by all
"""
# What the last crawl of each source noticed.
_QUIET = """
    select distinct source_id, issue_code from ops.source_issues
    where crawl_id in (select arg_max(crawl_id, started_at) from ops.crawls group by source_id) order by all
"""
# Whose reports are expected, and whose the pages are that gave none; the last year bounds the years of reports.
_SOURCES = "select * from ops.sources order by all"
_NAMED = "select address, words from raw.named_reports where reader_version = ? order by all"
_LAST_YEAR = "select max(year(attempted_at)) from raw.attempts"


def code_fingerprint() -> str:
    """A checksum over models, corrections, suites, catalogue, the flow's part in a build and the tools' versions."""
    parts = [DBT_PROJECT, EXPECTATIONS, CATALOGUE]
    parts += [PROJECT / "scrapers" / "romanise.py"]
    own = (
        "base.py", "entries.py", "seeds.py", "corrections.py", "place_seeds.py", "published_seeds.py", "build.py",
        "publish.py", "published.py", "build_tables.py", "withholding.py", "products",
    )  # fmt: skip
    parts += [PROJECT / "flows" / name for name in own]
    parts += [PROJECT / "docs" / "data-policy.md", *sorted(SOURCES.glob("*.yaml"))]
    tools = json.dumps(versions(), sort_keys=True)
    return hashlib.sha256(f"{tree_sha256(parts)}\n{tools}\n{SCHEMA_VERSION}".encode()).hexdigest()


def versions() -> dict[str, str]:
    """The versions of the tools that make a build."""
    return {name: metadata.version(name) for name in PACKAGES}


def input_fingerprint(con: duckdb.DuckDBPyConnection, reader_version: str, code: str) -> str:
    """The checksum over all inputs of a build: documents, what addresses show, pages not got, quiet sources, code."""
    digest = hashlib.sha256(f"{code}\n{reader_version}\n".encode())
    documents: list[tuple[Any, ...]] = con.execute(_DOCUMENTS, [reader_version]).fetchall()
    others = [
        row for query in (_WITHOUT_PAGE, _SHOWN, _QUIET, _SOURCES, _LAST_YEAR) for row in con.execute(query).fetchall()
    ]
    others += con.execute(_NAMED, [reader_version]).fetchall()
    for row in documents + others:
        digest.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()
