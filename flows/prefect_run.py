"""One run as a flow of Prefect: its name, its tasks, the artifacts and notices that it leaves.

Import it after ``flows.settings.prepare_environment``: Prefect reads its settings when it is imported.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect.artifacts import create_markdown_artifact
from prefect.runtime import deployment, flow_run

from flows import notices, run_markdown
from flows.faults import UsageFault
from flows.fetch import Origin
from flows.history import PUBLISHED, REFUSED, UNCHANGED, Caller, Summary
from flows.prefect_tasks import as_tasks
from flows.progress import Logged, current_progress
from flows.run import Stages, run_once
from flows.schedule.run_notes import noted_run, speak_for_itself
from flows.settings import SAMPLE, Settings
from flows.warehouse.places import Places

log = logging.getLogger("gongkai")
CLOCK = ZoneInfo("Asia/Shanghai")


def run_name(flow: str, what: str, warehouse: str) -> str:
    """refresh sources → warehouse, 2026-11-22 03:30: short, and told apart by the clock of the publishers."""
    return f"{flow} {what} → {Path(warehouse).name or warehouse}, {datetime.now(CLOCK):%Y-%m-%d %H:%M:%S}"


def sources_origin(sources: str) -> Path | None:
    """The folder that a flow's parameter names; None for the bundled sample."""
    if not sources:
        raise UsageFault(f"Name a folder of sources, or {SAMPLE!r} for the bundled sample.")
    return None if sources == SAMPLE else Path(sources)


def run_flow(flow: str, warehouse: str, origin: Origin, plain: Stages | None = None, **reading: object) -> Summary:
    """Runs the stages as tasks of the current flow and tells people how it ended.

    Raises GateRefused where the gate refuses the build, another Fault where something expected went wrong.
    """
    if not warehouse:
        raise UsageFault("No warehouse is named: `gongkai up` makes deployments that name one.")
    places, settings, opened = Places(Path(warehouse)), Settings(), list[Summary]()
    caller = Caller(flow, deployment.name, flow_run.id)
    log.setLevel(logging.INFO)  # Prefect gives our logger its handler, not its level
    if caller.deployment is not None:
        speak_for_itself(places)
    with noted_run(places, caller.flow_run_id, caller.deployment is not None):
        try:
            return run_once(
                places.root, origin, settings, current_progress.get() or Logged(), as_tasks(settings, plain),
                caller=caller, on_open=opened.append, **reading,  # type: ignore[arg-type]
            )  # fmt: skip
        except BaseException as error:
            _tell(places, flow, opened, error, settings)
            raise
        finally:
            _leave_artifacts(places, opened)
            if opened and opened[0].outcome in (PUBLISHED, UNCHANGED):
                _tell(places, flow, opened, None, settings)


def _tell(places: Places, flow: str, opened: list[Summary], error: BaseException | None, settings: Settings) -> None:
    notice = notices.notice_of(places.root.resolve(), flow, opened[0] if opened else None, error)
    if notice is not None and settings.notify is not None:
        notices.send(notice, settings.notify)


def _leave_artifacts(places: Places, opened: list[Summary]) -> None:
    """Markdown for the run's page in Prefect. They tell of the run; they never make it fail."""
    for summary in opened:
        published = places.published.resolve() if summary.outcome in (PUBLISHED, UNCHANGED) else None
        build = (places.builds / (summary.build_id or "-")).resolve()
        texts = {"summary": run_markdown.summary_text(summary, published)}
        if summary.source_issues:
            texts["source-issues"] = run_markdown.issues_text(summary)
        if summary.outcome in (PUBLISHED, REFUSED):
            texts["gate"] = run_markdown.gate_text(summary, build if build.is_dir() else None)
        for key, text in texts.items():
            with suppress(Exception):
                create_markdown_artifact(markdown=text, key=f"{summary.flow}-{key}", description=_descriptions[key])


_descriptions = {
    "summary": "What the run did",
    "source-issues": "Sources that have gone quiet or cannot be read",
    "gate": "What the gate found in the build",
}
