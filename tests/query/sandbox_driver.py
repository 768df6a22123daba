"""Asks a question as a stranger does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.query import run_query, sandbox


def ask(database: Path, sql: str, seconds: float = 20, memory: str = "200MB") -> list[Any]:
    with sandbox(database, seconds, memory) as con:
        return list(run_query(con, sql)[1])
