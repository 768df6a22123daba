"""Settings from the environment (GONGKAI_…) and the environment that Prefect, dbt and Great Expectations are given.

Nothing here imports those tools: ``prepare_environment`` must run before any of them is imported, because they read
their settings at import.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.faults import UsageFault

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
EXPECTATIONS = PROJECT / "expectations"
CATALOGUE = PROJECT / "scrapers" / "catalogue"
SOURCES = PROJECT / "scrapers" / "sources"
SAMPLE = "sample"  # the bundled sample: its kind of warehouse, and its name where a folder of sources could stand

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    # The first start of the temporary server migrates its database, which takes longer than Prefect's own 20 s.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # The command shows its own progress; Prefect's log goes to its database. (Its level itself stays as it is.)
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "gongkai",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}


class Settings(BaseSettings):
    """What can be set from outside. Sizes are bytes, times are seconds."""

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", extra="ignore")

    warehouse: Path | None = None
    debug: bool = False
    lock_wait_seconds: float = Field(default=60, ge=0, description="how long a second run waits for the first")
    read_workers: int = Field(default=2, ge=1, le=64)
    page_time_limit_seconds: float = Field(
        default=30, gt=0, description="of processor time; a page that takes more is set aside"
    )
    worker_memory_bytes: int = Field(default=4 * 1024**3, ge=512 * 1024**2)
    batch_pages: int = Field(default=200, ge=1, le=5000)
    batch_bytes: int = Field(default=64 * 1024**2, ge=1024**2)
    keep_builds: int = Field(default=5, ge=1)
    keep_refused: int = Field(default=2, ge=0)
    contact: str | None = None  # sent to the sites that are asked
    proxy: SecretStr | None = None  # http://… or https://… for all requests to public sites
    sites_at_once: int = Field(default=200, ge=1, le=2000, description="how many sources are crawled side by side")
    connect_seconds: float = Field(default=15, gt=0)
    read_seconds: float = Field(default=30, gt=0, description="between two pieces of an answer")
    request_seconds: float = Field(default=120, gt=0, description="one request with its whole answer")
    longest_pause_seconds: float = Field(default=120, ge=0, description="a longer Retry-After gives a host up")
    tries: int = Field(default=3, ge=1, le=10)
    max_redirects: int = Field(default=5, ge=0, le=20)
    give_up_after: int = Field(default=20, ge=1, description="failures of a host in a row")
    max_list_bytes: int = Field(default=5_000_000, ge=1)
    max_html_bytes: int = Field(default=20_000_000, ge=1)
    max_pdf_bytes: int = Field(default=50_000_000, ge=1)
    fetch_seconds: float = Field(default=20 * 3600, gt=0, description="crawls that take longer go on in the next run")
    stage_seconds: float = Field(default=4 * 3600, gt=0, description="a batch of reading, dbt, the gate, publishing")
    stage_retries: int = Field(default=2, ge=0, le=10, description="for faults that pass: a locked or busy file")
    retry_seconds: float = Field(default=10, ge=0, description="before the first retry; each further one waits double")
    notify: SecretStr | None = None  # where notices go: apprise addresses, with spaces or commas between them
    sql_seconds: float = Field(default=60, gt=0)
    sql_memory: str = "1GB"

    def __init__(self, **values: Any) -> None:
        """Raises UsageFault naming each variable that makes no sense."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise UsageFault(" ".join(bad_settings(error))) from None


def bad_settings(error: ValidationError) -> list[str]:
    """A sentence for each setting that makes no sense; values are not repeated, some are secret."""
    said = []
    for one in error.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in one["loc"]).upper()
        said.append(f"{Settings.model_config['env_prefix']}{name}: {one['msg'][:1].lower()}{one['msg'][1:]}.")
    return said


def prefect_home(state: Path) -> str:
    """Prefect's folder in ``state``, made where it is not there."""
    home = state / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return str(home.resolve())


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """The variables of this process with ``values`` among them, until the block ends."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def prepare_environment(state: Path) -> None:
    """Points every tool's state to ``state`` and switches their telemetry off. Call before importing Prefect."""
    os.environ["PREFECT_HOME"] = prefect_home(state)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("PREFECT_API_URL"):
        os.environ["PREFECT_SERVER_EPHEMERAL_ENABLED"] = "true"
