"""Lets the doctor examine a warehouse and looks for what it names."""

from __future__ import annotations

from pathlib import Path

from flows import doctor
from flows.doctor.findings import Finding, Patient, Status
from flows.published import published_build
from flows.warehouse.places import Places


def examined(places: Places, deep: bool = False) -> dict[tuple[str, str], list[Finding]]:
    """What is not ok, by room and check."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for room, one in doctor.examine(Patient(places, deep)):
        if one.status is not Status.ok:
            found.setdefault((room, one.check), []).append(one)
    return found


def named(places: Places, room: str, check: str, status: str, *words: str, deep: bool = False) -> None:
    """That the doctor names this with these words, and how to mend it."""
    found = examined(places, deep).get((room, check), [])
    told = [one for one in found if all(word in f"{one.sentence} {one.remedy}" for word in words)]
    assert told, f"{words} not in {found}"
    assert told[0].status == status and told[0].remedy


def current(places: Places) -> Path:
    found = published_build(places)
    assert found is not None
    return found.folder


def archive_file(places: Places) -> Path:
    return sorted(places.archive.iterdir())[0]
