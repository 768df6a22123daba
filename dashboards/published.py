"""The published build, read-only. Pages ask for rows of the views in its schema ``dashboards``, never with SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import streamlit as st

from flows.faults import Fault
from flows.published import ORIGINS, published_build
from flows.settings import Settings
from flows.warehouse.places import Places

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# The gate runs after dbt, so its results are a table of the build and no view.
_TABLES = {"gate_results": "ops.gate_results"}
_OPEN_BUILDS = 3
_CACHED_ANSWERS = 400

Value = str | int | bool | None
Filters = tuple[tuple[str, Value | tuple[Value, ...]], ...]


class NothingPublished(Fault):
    """There is no published build."""


class OlderBuild(Fault):
    """The published build has not the views that the pages read."""


@dataclass(frozen=True, slots=True)
class Published:
    """One whole build; a page that holds it sees no other, whatever is published meanwhile."""

    build_id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def is_sample(self) -> bool:
        """Whether the figures are invented."""
        return bool(self.manifest.get("data_origin") == ORIGINS["sample"])

    def frame(
        self,
        view: str,
        *,
        order: Sequence[str] = (),
        containing: tuple[str, str] | None = None,
        limit: int | None = None,
        **filters: Value | tuple[Value, ...],
    ) -> pl.DataFrame:
        """The rows of a view whose columns have these values (a tuple: one of them; None: no value).

        ``containing`` is a column and a text that it must contain. A column in ``order`` sorts downwards behind a "-".
        """
        return _select(str(self.folder), view, tuple(sorted(filters.items())), tuple(order), containing, limit)

    def rows(self, view: str, **how: Any) -> list[dict[str, Any]]:
        """The same as a list of rows."""
        return self.frame(view, **how).to_dicts()

    def row(self, view: str, **how: Any) -> dict[str, Any] | None:
        """The first of these rows; None where there is none."""
        rows = self.rows(view, **how, limit=1)
        return rows[0] if rows else None


def open_published(places: Places) -> Published:
    """The build that is published now. Raises NothingPublished, or OlderBuild where it lacks the views."""
    build = published_build(places)
    if build is None or not (build.folder / "gongkai.duckdb").is_file():
        raise NothingPublished(str(places.root))
    if not _has_views(str(build.folder)):
        raise OlderBuild(build.build_id)
    return Published(build.build_id, build.folder, build.manifest)


@st.cache_resource(max_entries=_OPEN_BUILDS, show_spinner=False)
def _connection(folder: str) -> duckdb.DuckDBPyConnection:
    settings = Settings()
    con = duckdb.connect(
        Path(folder) / "gongkai.duckdb",
        read_only=True,
        config={
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": settings.sql_memory,
            "threads": 2,
        },
    )
    con.execute("set timezone = 'UTC'")
    con.execute("set lock_configuration = true")
    return con


@st.cache_data(max_entries=_OPEN_BUILDS, show_spinner=False)
def _has_views(folder: str) -> bool:
    views = _connection(folder).cursor().execute("select 1 from duckdb_views() where schema_name = 'dashboards'")
    return views.fetchone() is not None


@st.cache_data(max_entries=_CACHED_ANSWERS, show_spinner=False)
def _select(
    folder: str,
    view: str,
    filters: Filters,
    order: tuple[str, ...],
    containing: tuple[str, str] | None,
    limit: int | None,
) -> pl.DataFrame:
    query, values = select_of(view, filters, order, containing, limit)
    return _connection(folder).cursor().execute(query, values).pl()


def select_of(
    view: str,
    filters: Filters,
    order: tuple[str, ...] = (),
    containing: tuple[str, str] | None = None,
    limit: int | None = None,
) -> tuple[str, list[Any]]:
    """The one query that pages ask, and its parameters. Raises ValueError for a name that is none."""
    conditions: list[str] = []
    values: list[Any] = []
    for column, value in filters:
        if isinstance(value, tuple):
            conditions.append(f"list_contains(?, {_name(column)})")
            values.append(list(value))
        else:
            conditions.append(f"{_name(column)} is not distinct from ?")
            values.append(value)
    if containing is not None:
        conditions.append(f"contains({_name(containing[0])}, ?)")
        values.append(containing[1])
    query = f"select * from {_TABLES.get(view, f'dashboards.{_name(view)}')}"
    if conditions:
        query += f" where {' and '.join(conditions)}"
    if order:
        query += f" order by {', '.join(map(_direction, order))}"
    if limit is not None:
        query += f" limit {int(limit)}"
    return query, values


def _direction(column: str) -> str:
    return f"{_name(column.removeprefix('-'))} {'desc' if column.startswith('-') else 'asc'} nulls last"


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a view or column")
    return f'"{name}"'
