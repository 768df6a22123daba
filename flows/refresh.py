"""The flow ``refresh``: fetch → land → extract → build → validate → publish.

Import it after ``flows.settings.prepare_environment``: Prefect reads its settings when it is imported.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

from flows.fetch import Origin
from flows.history import Summary
from flows.prefect_run import run_flow, run_name
from flows.settings import SAMPLE


def _run_name() -> str:
    asked = flow_run.parameters
    origin = asked.get("pages") or asked.get("sources") or asked.get("warc")
    what = Path(origin).name if origin else "archive" if asked.get("from_archive") else SAMPLE
    return run_name("refresh", what, asked.get("warehouse") or "")


@flow(name="refresh", flow_run_name=_run_name, persist_result=False)
def refresh(
    warehouse: str,
    pages: str | None = None,
    sources: str | None = None,
    warc: str | None = None,
    from_archive: bool = False,
    full_refresh: bool = False,
) -> Summary:
    """Brings the warehouse up to date with a folder of pages or sources, WARC files, its archive, or the sample."""
    folders = [Path(text) if text and text != SAMPLE else None for text in (pages, sources, warc)]
    origin = Origin(folders[0], folders[1], folders[2], from_archive)
    return run_flow("refresh", warehouse, origin, full_refresh=full_refresh)
