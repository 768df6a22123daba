"""Runs the dbt project on a landing database, in this process, with all state in one folder."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import duckdb

from flows.seeds import write_seeds

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


def run_dbt(state: Path, landing: Path, build: Path, *arguments: str, reader: str = "reader-1") -> Any:
    """dbt's result object; the connection to the build database is closed afterwards."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    seeds = state / "seeds"
    write_seeds(seeds)
    os.environ.update(
        GONGKAI_BUILD_DB=str(build), GONGKAI_LANDING_DB=str(landing), GONGKAI_SEEDS_DIR=str(seeds),
        DBT_TARGET_PATH=str(state / "target"), DBT_LOG_PATH=str(state / "log"), DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DO_NOT_TRACK="1",
    )  # fmt: skip
    given = {"reader_version": reader, "data_origin": "invented_sample", "build_id": "test"}
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--vars", json.dumps(given), "--quiet"]
    try:
        return dbtRunner().invoke([*arguments, *places])
    finally:
        DuckDBConnectionManager.close_all_connections()
        for handler in logging.getLogger("file_log").handlers:
            handler.close()  # dbt forgets its log files without closing them


def failures(result: Any) -> list[str]:
    """What went wrong, a line a node; empty where all is well."""
    if result.exception is not None:
        return [str(result.exception)]
    wrong = [node for node in result.result if not _went_well(node)]
    return [f"{node.node.name}: {node.message}" for node in wrong]


def _went_well(node: Any) -> bool:
    """Of an exposure there is nothing to do; a model that does nothing is as wrong as one that fails."""
    well = ("no-op",) if node.node.resource_type == "exposure" else ("success", "pass")
    return str(node.status) in well


def rows(build: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query on a finished build."""
    with duckdb.connect(str(build), read_only=True) as db:
        return db.execute(sql).fetchall()
