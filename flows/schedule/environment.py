"""The environment in which server, worker, deployments and scheduled runs of one warehouse live."""

from __future__ import annotations

import os

from flows.settings import PROJECT, QUIET, prefect_home
from flows.warehouse.places import Places

# a scheduled run waits for its turn at the warehouse; at the terminal a person waits a minute
_LOCK_WAIT_SECONDS = 24 * 3600


def schedule_environment(places: Places, port: int, sources: str) -> dict[str, str]:
    """That of the caller with Prefect's settings; ``sources`` is a folder or the word for the bundled sample."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    screen = f"http://127.0.0.1:{port}"
    python_path = os.pathsep.join(part for part in (str(PROJECT), kept.get("PYTHONPATH", "")) if part)
    return (
        kept
        | QUIET
        | {
            "PREFECT_HOME": prefect_home(places.state),
            "PREFECT_API_URL": f"{screen}/api",
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
            # A web page that someone on this machine looks at must not be able to start anything here.
            "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"{screen},http://localhost:{port}",
            # In memory, a place in the queue would be lost for good where the server is killed.
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            # on a busy machine its database (SQLite) has one writer too
            "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
            "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
            "PREFECT_CLIENT_MAX_RETRIES": "6",  # a run outlives a server that is started again: about two minutes
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO",
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
            "GONGKAI_WAREHOUSE": str(places.root.resolve()),
            "GONGKAI_SOURCES": sources,
            "GONGKAI_LOCK_WAIT_SECONDS": kept.get("GONGKAI_LOCK_WAIT_SECONDS", str(_LOCK_WAIT_SECONDS)),
            "PYTHONPATH": python_path,
        }
        | {name: value for name, value in os.environ.items() if name in _OWN_CHOICE}
    )


# settings of Prefect that a person may choose; the rest holds the parts together
_OWN_CHOICE = {
    "PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_WORKER_QUERY_SECONDS",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS", "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS",
    "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION", "PREFECT_LOGGING_LEVEL",
}  # fmt: skip
