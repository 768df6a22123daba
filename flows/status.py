"""status.json: the last run and the published build, for people, dashboards and monitors."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from flows.files import write_json_whole
from flows.history import Summary
from flows.published import SAMPLE_NOTICE, Build, published_build
from flows.warehouse.places import Places

_VERSION = 1


def write_status(places: Places, summary: Summary | None) -> None:
    """Writes what the last run did and what is published now. Without ``summary`` the last run stays as it was."""
    before = read_status(places) or {}
    run = before.get("last_run") if summary is None else summary.as_json()
    kind = (run or {}).get("kind")
    published = published_build(places)
    write_json_whole(
        places.status,
        {
            "status_version": _VERSION,
            "notice": SAMPLE_NOTICE if kind == "sample" else None,
            "last_run": run,
            "published": None if published is None else _published(published),
        },
    )


def read_status(places: Places) -> dict[str, Any] | None:
    """What ``write_status`` wrote; None where there is none."""
    try:
        value = json.loads(places.status.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _published(build: Build) -> dict[str, Any]:
    names = ("data_origin", "created_at", "run_id", "reader_version", "input_fingerprint", "row_counts")
    return {"build_id": build.build_id} | {name: build.manifest.get(name) for name in names}


def set_aside(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Pages set aside in a build, by reason, the most frequent first."""
    rows = con.execute(
        "select reason_code, count(*) from ops.pages_set_aside group by all order by 2 desc, 1"
    ).fetchall()
    return {reason or "without a reason": number for reason, number in rows}


def metric_values(con: duckdb.DuckDBPyConnection) -> int:
    """The number of metric values in the marts of a build."""
    row = con.execute("select count(*) from marts.fct_metric_values").fetchone()
    return row[0] if row else 0
