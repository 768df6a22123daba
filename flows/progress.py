"""How a run tells what it is doing; the command draws it, tests and schedules leave it silent."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol


class Progress(Protocol):
    """What a run says while it goes on."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins; ``total`` is the number of its steps where that is known."""

    def advance(self, steps: int = 1) -> None:
        """Steps of the current stage are done."""

    def say(self, text: str) -> None:
        """One sentence for the person who waits."""


class Silence:
    """Says nothing."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Nothing."""

    def advance(self, steps: int = 1) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""


# Prefect records a flow's parameters, so what draws on the screen does not travel with them.
current_progress: ContextVar[Progress | None] = ContextVar("current_progress", default=None)
