"""How a run tells what it is doing; the command draws it, tests and schedules leave it silent."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Protocol

log = logging.getLogger("gongkai")


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


class Logged:
    """Says it in the log, so that a run without a terminal tells where it is."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins."""
        log.info("stage %s begins%s", name, "" if total is None else f" ({total} pages)")

    def advance(self, steps: int = 1) -> None:
        """Nothing: each batch is a task of its own."""

    def say(self, text: str) -> None:
        """One sentence."""
        log.info("%s", text)


# Prefect records a flow's parameters, so what draws on the screen does not travel with them.
current_progress: ContextVar[Progress | None] = ContextVar("current_progress", default=None)
