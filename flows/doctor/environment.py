"""The environment: variables, clock and time zones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.doctor.findings import Check, Finding, Patient, fault, ok, warning
from flows.faults import UsageFault
from flows.query_guard import memory_bytes
from flows.settings import Settings
from flows.status import read_status

_PREFIX = "GONGKAI_"
# not settings of ours but read elsewhere: by gongkai up and by dbt
_ELSEWHERE = {f"{_PREFIX}{name}" for name in ("SOURCES", "SEEDS_DIR", "LANDING_DB", "BUILD_DB")}
_ZONE = "Asia/Shanghai"  # schedules are told in it
_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)


def variables(patient: Patient) -> Iterator[Finding]:
    """Every GONGKAI_ variable is one that is known, with a value that makes sense."""
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    there = sorted(name for name in os.environ if name.upper().startswith(_PREFIX))
    unknown = [name for name in there if name.upper() not in known | _ELSEWHERE]
    for name in unknown:
        near = get_close_matches(name.upper(), known, 1)
        hint = f"Did you mean {near[0]}?" if near else "The known ones stand in docs/care.md and docs/crawling.md."
        yield warning("variables", f"{name} is set, but no setting has this name: it does nothing.", hint)
    try:
        memory_bytes(Settings().sql_memory)
    except UsageFault as error:
        yield fault("variables", str(error), "Set it to a value that makes sense, or unset it.")
        return
    if not unknown:
        said = (
            f"{len(there)} {_PREFIX} variables are set, all of them known" if there else "No GONGKAI_ variable is set"
        )
        yield ok("variables", f"{said}.")


def clock(patient: Patient) -> Iterator[Finding]:
    """Ids of runs and builds sort by time, so the clock must not go back."""
    now = datetime.now(UTC)
    remedy = "Set the system's clock (timedatectl set-ntp true): ids of runs and builds sort by time."
    last = ((read_status(patient.places) or {}).get("last_run") or {}).get("started_at")
    try:
        began = datetime.fromisoformat(str(last)) if last else None
    except ValueError:
        began = None
    if now < _EARLIEST:
        yield fault("clock", f"The clock says {now:%Y-%m-%d %H:%M} UTC, which cannot be.", remedy)
    elif began is not None and began.tzinfo is not None and began > now:
        yield fault("clock", f"The last run began at {began:%Y-%m-%d %H:%M} UTC, the clock is earlier.", remedy)
    else:
        yield ok("clock", f"The clock says {now:%Y-%m-%d %H:%M} UTC.")


def time_zone(patient: Patient) -> Iterator[Finding]:
    """The data of time zones are there."""
    try:
        ZoneInfo(_ZONE)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        yield fault(
            "time_zone", f"The time zone {_ZONE} is not known, so schedules cannot be kept.",
            "Install the data of time zones: apt install tzdata, or pip install tzdata.",
        )  # fmt: skip
    else:
        yield ok("time_zone", f"The time zone {_ZONE} is known.")


CHECKS: tuple[Check, ...] = (variables, clock, time_zone)
