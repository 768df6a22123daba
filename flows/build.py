"""Build: dbt shapes the landed rows into staging, intermediate and marts of a database of its own."""

from __future__ import annotations

import logging
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.base import base_key, carry_over, mark
from flows.faults import Fault
from flows.published import ORIGINS, SAMPLE_NOTICE
from flows.settings import DBT_PROJECT, environment
from flows.warehouse.places import UNFINISHED, Places

log = logging.getLogger("gongkai")
_BODY = re.compile(r"<body[^>]*>")
_BANNER = (
    '<div style="position:fixed;bottom:0;left:0;right:0;z-index:9999;padding:6px;text-align:center;background:#fde68a">'
    f"{SAMPLE_NOTICE}</div>"
)


def new_build_id(fingerprint: str) -> str:
    """A build's id: the clock (UTC) and the beginning of its fingerprint, so that ids sort by time."""
    at = datetime.now(UTC)
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z-{fingerprint[:8]}"


def build(places: Places, build_id: str, kind: str, reader_version: str, full_refresh: bool = False) -> Path:
    """Runs dbt on the landed rows; returns the new database, still in an unfinished folder.

    Unchanged rows come from the base of the build before (flows/base.py), unless ``full_refresh``.
    No connection to the landing database may be open. Raises Fault naming the models that failed.
    """
    folder = places.builds / f"{UNFINISHED}{build_id}"
    folder.mkdir(parents=True)
    database = folder / "build.duckdb"
    state = places.state / "dbt"
    seeds = state / "seeds"
    shutil.rmtree(seeds, ignore_errors=True)
    seeds.mkdir(parents=True)
    from flows.naming import towns_and_zones
    from flows.seeds import write_seeds

    write_seeds(seeds, places=towns_and_zones(places.landing, reader_version))
    variables = {"reader_version": reader_version, "data_origin": ORIGINS[kind], "build_id": build_id}
    values = {
        "GONGKAI_BUILD_DB": str(database.resolve()),
        "GONGKAI_LANDING_DB": str(places.landing.resolve()),
        "GONGKAI_SEEDS_DIR": str(seeds.resolve()),
    }
    key = base_key(seeds, variables)
    carried = not full_refresh and carry_over(places, database, key)
    with environment(values):
        _run_all_models(state.resolve(), variables, database, carried)
        mark(database, key, state / "target" / "manifest.json")
        _write_docs(state.resolve(), variables, folder)
    return database


def _dbt(command: list[str], state: Path, variables: dict[str, str]) -> Any:
    """One dbt command in this process; its answer. Raises Fault where dbt could not run at all."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = [
        *command, "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(state / "target"), "--log-path", str(state / "logs"),
        "--vars", _yaml(variables), "--quiet", "--log-level", "none", "--no-use-colors",
    ]  # fmt: skip
    try:
        answer = dbtRunner().invoke(arguments)
    finally:
        # dbt-duckdb keeps its connection, and with it the file, until it is told
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if answer.exception is not None:
        raise Fault(f"dbt could not run: {_one_line(str(answer.exception))}") from answer.exception
    return answer


def _write_docs(state: Path, variables: dict[str, str], folder: Path) -> None:
    """dbt's documentation of every table and column as one page, docs/index.html of the build."""
    answer = _dbt(["docs", "generate", "--static", "--no-compile"], state, variables)
    page = state / "target" / "static_index.html"
    if not answer.success or not page.is_file():
        raise Fault(f"dbt wrote no documentation (log: {state / 'logs'})")
    (folder / "docs").mkdir()
    text = page.read_text(encoding="utf-8")
    if variables["data_origin"] == ORIGINS["sample"]:
        text = _BODY.sub(lambda match: f"{match[0]}{_BANNER}", text, count=1)
    (folder / "docs" / "index.html").write_text(text, encoding="utf-8")


def _run_all_models(state: Path, variables: dict[str, str], database: Path, carried: bool) -> None:
    """A base that turns out to be damaged costs time, never a run: then everything is made anew."""
    try:
        _run_models(state, variables)
    except Fault as fault:
        if not carried:
            raise
        log.warning("The build on the base of the one before failed and is made anew: %s", fault)
        database.unlink(missing_ok=True)
        _run_models(state, variables)


def _run_models(state: Path, variables: dict[str, str]) -> None:
    answer = _dbt(["run"], state, variables)
    # success alone is not trusted: every node must have said that it succeeded
    results = list(getattr(answer.result, "results", None) or [])
    failed = [r for r in results if str(r.status) != "success"]
    if failed or not answer.success:
        said = "; ".join(f"{r.node.name}: {_one_line(str(r.message))}" for r in failed[:5])
        raise Fault(f"dbt failed in {len(failed)} of {len(results)} models: {said} (log: {state / 'logs'})")
    if not results:
        raise Fault(f"dbt ran no model of {DBT_PROJECT}")


def _yaml(variables: dict[str, str]) -> str:
    return "{" + ", ".join(f'{name}: "{value}"' for name, value in variables.items()) + "}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
