"""DuckDB for Great Expectations: duckdb-engine with rows buffered when a statement has run.

DuckDB has one cursor a connection, so that a second statement ends the first one's result; Great Expectations reads
several at once. Other databases are attached read-only under their names when a connection opens.
"""

from __future__ import annotations

from typing import Any

from duckdb_engine import Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGExecutionContext_psycopg2
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

DRIVER = "duckdb+buffered"
_opened: list[Any] = []


class BufferedContext(PGExecutionContext_psycopg2):
    """Fetches all rows of a statement as soon as it has run."""

    def post_exec(self) -> None:
        super().post_exec()  # type: ignore[no-untyped-call]
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(self.cursor, self.cursor.description)


class BufferedDialect(Dialect):
    """duckdb-engine's dialect with buffered rows and ``attach={name: path}`` among its connect arguments."""

    execution_ctx_cls = BufferedContext
    supports_statement_cache = False

    def connect(self, *arguments: Any, **options: Any) -> Any:
        attached: dict[str, str] = options.pop("attach", {})
        connection = super().connect(*arguments, **options)
        cursor = connection.cursor()
        cursor.execute("set TimeZone = 'UTC'")
        for name, path in attached.items():
            quoted = path.replace("'", "''")
            cursor.execute(f"attach if not exists '{quoted}' as {name} (read_only)")
        _opened.append(connection)
        return connection


def close_connections() -> None:
    """Close every connection the dialect opened, so that the caller may open the files again for writing."""
    while _opened:
        _opened.pop().close()


def register_dialect() -> None:
    """Make DRIVER known to SQLAlchemy; calling it twice is harmless."""
    registry.register("duckdb.buffered", __name__, BufferedDialect.__name__)
