"""The stages of a run as Prefect tasks: with a time limit each, and retries where a fault is likely to pass.

The fetcher retries each request by itself, and a crawl has its own limit of time (``crawl_all``), so ``fetch`` is not
retried; nor is ``publish``, which appears whole or not at all and is made good by the next run. The others may find a
file locked or a disk busy; whatever else goes wrong there would go wrong again.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

import duckdb
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.task_engine import TaskRunTimeoutError
from prefect.tasks import exponential_backoff

from flows.faults import Fault, PassingFault
from flows.run import Stages
from flows.settings import Settings

_PASSING_ERRORS = {
    errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.ESTALE,
    errno.ETIMEDOUT,
}  # fmt: skip


def may_pass(error: BaseException) -> bool:
    """Whether the same step may well succeed a little later."""
    if isinstance(error, OSError):
        return error.errno in _PASSING_ERRORS
    return isinstance(error, PassingFault | duckdb.IOException)


def as_tasks(settings: Settings, plain: Stages | None = None) -> Stages:
    """The stages ``plain`` (the project's own) as tasks with the limits of ``settings``."""
    plain = plain or Stages()
    limit, tries = settings.stage_seconds, settings.stage_retries

    def made(
        function: Callable[..., Any], name: str, seconds: float | None = limit, retries: int = 0
    ) -> Callable[..., Any]:
        return _Task(function, name, seconds, retries, settings.retry_seconds)

    return Stages(
        fetch=made(plain.fetch, "fetch", settings.fetch_seconds + limit),
        land=made(plain.land, "land", None, tries),  # in a thread of the crawl, where no limit could stop it
        extract=made(plain.extract, "extract", retries=tries),
        build=made(plain.build, "build", retries=tries),
        validate=made(plain.validate, "validate", retries=tries),
        publish=made(plain.publish, "publish"),
    )


class _Task:
    """One stage as a task; what it works on is in the warehouse, nothing of it goes through Prefect's results."""

    def __init__(
        self, function: Callable[..., Any], name: str, seconds: float | None, retries: int, pause: float
    ) -> None:
        self._name, self._seconds = name, seconds
        self._task = task(
            name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False, timeout_seconds=seconds,
            retries=retries, retry_delay_seconds=exponential_backoff(pause), retry_condition_fn=_is_worth_it,
        )(function)  # fmt: skip

    def __call__(self, *arguments: Any) -> Any:
        try:
            return self._task(*arguments)
        except TaskRunTimeoutError:
            limits = "GONGKAI_STAGE_SECONDS and, for fetching, GONGKAI_FETCH_SECONDS set the limit"
            raise Fault(f"the stage {self._name} was not done after {self._seconds or 0:g} s ({limits}).") from None


def _is_worth_it(task: Any, task_run: Any, state: Any) -> bool:
    try:
        state.result()
    except BaseException as error:
        return may_pass(error)
    return False
