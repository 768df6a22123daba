"""What a check says: ok, a warning or a fault, in a sentence, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flows.warehouse.places import Places


class Status(StrEnum):
    """How grave a finding is."""

    ok = "ok"
    warning = "warning"
    fault = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    status: Status
    sentence: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined, and how thoroughly."""

    places: Places
    deep: bool = False  # every byte of the archive
    advance: Callable[[int], None] = lambda _: None  # so many bytes of it are read


class Check(Protocol):
    """A function that examines one thing."""

    __name__: str

    def __call__(self, patient: Patient) -> Iterator[Finding]: ...


def ok(check: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(check, Status.ok, sentence)


def warning(check: str, sentence: str, remedy: str) -> Finding:
    """It works, but something should be looked at."""
    return Finding(check, Status.warning, sentence, remedy)


def fault(check: str, sentence: str, remedy: str) -> Finding:
    """Something does not work."""
    return Finding(check, Status.fault, sentence, remedy)


def counted(things: Sized, word: str) -> str:
    """How many they are, with their name."""
    return f"{len(things):,} {word}{'' if len(things) == 1 else 's'}"


def listed(names: list[str], most: int = 5) -> str:
    """Some names for a sentence."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")
