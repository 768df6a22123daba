"""The tables of a published database with their columns, comments and keys, for everything that describes them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from flows.products.keys import primary_keys
from flows.published import SAMPLE_MARK


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its DuckDB type and its comment."""

    name: str
    type: str
    comment: str
    required: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table or view. ``key`` is its primary key by constraint or by a rule of the gate; empty where it has none."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    is_view: bool = False

    @property
    def sql_name(self) -> str:
        """The quoted name for SQL."""
        return f'"{self.schema}"."{self.name}"'


def tables_of(con: duckdb.DuckDBPyConnection) -> list[Table]:
    """All tables and views of the open published database, by schema and name."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, name, kind, comment, nullable in con.execute(
        """
        select schema_name, table_name, column_name, data_type, coalesce(comment, ''), is_nullable
        from duckdb_columns() where not internal and database_name = current_database() order by column_index
        """
    ).fetchall():
        columns.setdefault((schema, table), []).append(Column(name, kind, comment, not nullable))
    keys = {
        (schema, table): tuple(names)
        for schema, table, names in con.execute(
            """
            select schema_name, table_name, constraint_column_names from duckdb_constraints()
            where constraint_type = 'PRIMARY KEY' and database_name = current_database()
            """
        ).fetchall()
    }
    found = con.execute(
        """
        select schema_name, table_name, comment, false from duckdb_tables() where database_name = current_database()
        union all
        select schema_name, view_name, comment, true from duckdb_views()
        where not internal and database_name = current_database()
        order by all
        """
    ).fetchall()
    # a key of which a part may be missing is unique and still no primary key; of views DuckDB knows no such thing
    optional = {
        (schema, table, column.name)
        for (schema, table), own in columns.items()
        for column in own
        if not column.required
    }
    views = {(schema, name) for schema, name, _, is_view in found if is_view}
    proven = {
        ("marts", name): key
        for name, key in primary_keys().items()
        if ("marts", name) in views or optional.isdisjoint(("marts", name, column) for column in key)
    }
    return [
        Table(
            schema, name, plain_comment(comment), tuple(columns[schema, name]),
            (keys | proven).get((schema, name), ()), is_view,
        )
        for schema, name, comment, is_view in found
    ]  # fmt: skip


def plain_comment(comment: str | None) -> str:
    """A table's comment without the mark of the sample, which a page says once for all."""
    return (comment or "").removeprefix(SAMPLE_MARK)
