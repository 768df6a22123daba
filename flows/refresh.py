"""The flow ``refresh``: fetch → land → extract → build → validate → publish.

Import it after ``flows.settings.prepare_environment``: Prefect reads its settings when it is imported. No task is
retried by Prefect: the fetcher retries what may pass by itself, and the other stages give the same answer to the same
input.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows import stages
from flows.fetch import Origin
from flows.history import Summary
from flows.progress import Silence, current_progress
from flows.run import Stages, run_once
from flows.settings import Settings


def _task(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    # what a task works on is in the warehouse; nothing of it goes through Prefect's results
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(function)


TASKS = Stages(
    fetch=_task(stages.fetch_pages, "fetch"),
    land=_task(stages.land_pages, "land"),
    extract=_task(stages.read_pages, "extract"),
    build=_task(stages.build_marts, "build"),
    validate=_task(stages.validate_build, "validate"),
    publish=_task(stages.publish_build, "publish"),
)


def _run_name() -> str:
    asked = flow_run.parameters
    origin = asked.get("pages") or asked.get("sources") or asked.get("warc")
    return f"refresh {origin or ('archive' if asked.get('from_archive') else 'sample')} → {asked.get('warehouse')}"


@flow(name="refresh", flow_run_name=_run_name, persist_result=False)
def refresh(
    warehouse: str,
    pages: str | None = None,
    sources: str | None = None,
    warc: str | None = None,
    from_archive: bool = False,
) -> Summary:
    """Brings the warehouse up to date with a folder of pages or sources, WARC files, its archive, or the sample.

    Raises GateRefused where the gate refuses the build, another Fault where something expected went wrong.
    """
    folders = [Path(text) if text else None for text in (pages, sources, warc)]
    origin = Origin(folders[0], folders[1], folders[2], from_archive)
    return run_once(Path(warehouse), origin, Settings(), current_progress.get() or Silence(), TASKS)
