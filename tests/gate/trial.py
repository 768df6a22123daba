"""The rules as plain SQL on the small world: each damage is tried in a transaction of its own and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from expectations.gate import failing_rows, needed, published_tables, surroundings
from expectations.rules import Rule, load_suites


class Trial:
    """The build with its landing database, open for damage, beside a published copy where one is given."""

    def __init__(self, build: Path, landing: Path, ids: dict[str, str], published: Path | None = None) -> None:
        self.ids = ids
        self.db = duckdb.connect(str(build))
        self.db.execute("set TimeZone = 'UTC'")
        self.db.execute(f"attach '{landing}' as landing")
        if published:
            self.db.execute(f"attach '{published}' as published (read_only)")
        suites = load_suites()
        self.around = surroundings(self.db, published is not None, suites)
        there = published_tables(self.db)
        self.rules: dict[str, Rule] = {
            f"{suite.suite}.{rule.id}": rule for suite in suites for rule in needed(suite, self.around, there).rules
        }

    @contextmanager
    def damaged(self, *statements: str) -> Iterator[None]:
        """The damage for the length of the block; ``$name$`` stands for the report id of a document of the world."""
        self.db.begin()
        try:
            for statement in statements:
                for name, ident in self.ids.items():
                    statement = statement.replace(f"${name}$", f"'{ident}'")
                self.db.execute(statement)
            yield
        finally:
            self.db.rollback()

    def failing(self, rule: str) -> list[dict[str, Any]]:
        """The rows that break a rule, named suite.rule."""
        return [json.loads(row) for row in failing_rows(self.db, self.rules[rule], self.around)]

    def all_failing(self, *suites: str) -> dict[str, list[dict[str, Any]]]:
        """The rows of every broken rule of the suites."""
        found = {name: self.failing(name) for name in self.rules if name.split(".")[0] in suites}
        return {name: rows for name, rows in found.items() if rows}
