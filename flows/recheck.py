"""The flow ``recheck``: asks every page again that was ever asked for, gone ones too, and looks for no new ones."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

from flows.fetch import Origin
from flows.history import Summary
from flows.prefect_run import run_flow, run_name, sources_origin
from scrapers.fetch.reach import RECHECK


def _run_name() -> str:
    asked = flow_run.parameters
    return run_name("recheck", Path(asked.get("sources") or "").name, asked.get("warehouse") or "")


@flow(name="recheck", flow_run_name=_run_name, persist_result=False)
def recheck(warehouse: str, sources: str) -> Summary:
    """Sees which pages their publishers have revised, taken away or put back. ``sources``: a folder, or sample."""
    return run_flow("recheck", warehouse, Origin(sources=sources_origin(sources), reach=RECHECK))
