"""The flow ``rebuild``: everything again from the warehouse's own archive, when the reader has improved."""

from __future__ import annotations

from prefect import flow
from prefect.runtime import flow_run

from flows.fetch import Origin
from flows.history import Summary
from flows.prefect_run import run_flow, run_name


def _run_name() -> str:
    return run_name("rebuild", "archive", flow_run.parameters.get("warehouse") or "")


@flow(name="rebuild", flow_run_name=_run_name, persist_result=False)
def rebuild(warehouse: str) -> Summary:
    """Reads what the archive holds with the reader of today; no site is asked."""
    return run_flow("rebuild", warehouse, Origin(archive=True))
