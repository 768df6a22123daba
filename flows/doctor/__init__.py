"""gongkai doctor: what is wrong with an installation and how to mend it. One module a room, one function a check."""

from __future__ import annotations

from collections.abc import Iterator

from flows.doctor import archive, builds, disk, environment, fonts, landing, locks, server, software
from flows.doctor.findings import Check, Finding, Patient, fault

ROOMS: dict[str, tuple[Check, ...]] = {
    "environment": environment.CHECKS,
    "software": software.CHECKS,
    "disk": disk.CHECKS,
    "locks": locks.CHECKS,
    "landing": landing.CHECKS,
    "archive": archive.CHECKS,
    "builds": builds.CHECKS,
    "server": server.CHECKS,
    "fonts": fonts.CHECKS,
}


def examine(patient: Patient) -> Iterator[tuple[str, Finding]]:
    """The findings of every check with the names of their rooms. A check that breaks is itself a finding."""
    for room, checks in ROOMS.items():
        for check in checks:
            try:
                for finding in check(patient):
                    yield room, finding
            except Exception as error:
                said = " ".join(str(error).split())[:300]
                yield (
                    room,
                    fault(
                        check.__name__,
                        f"This could not be examined: {type(error).__name__}: {said}",
                        "Mend what stands above first; if it stays, report it with this line.",
                    ),
                )
