"""Plans: no join compares every row of a table that grows with every row of another.

DuckDB does so where a join has no equality of both sides, and where an outer or anti join has a condition on its left
side alone: on a few pages nobody notices, on 4,000 reports one such model took half of the build.
"""

from __future__ import annotations

import json

import duckdb
from world import Built

from expectations.gate import needed, published_tables, surroundings
from expectations.rules import failing_rows_query, load_suites

EVERY_ROW_WITH_EVERY_OTHER = "BLOCKWISE_NL_JOIN"
# Where one side stays small however many pages land.
SMALL = {
    "dim_jurisdictions": "spans of a place by the few successors of a unit",
    "fct_page_changes": "entries of takedowns, which people write",
    "fct_withheld": "entries of takedowns, which people write",
    "int_part_totals": "fields of the forms",
    "int_report_gaps": "fields of the forms by types of applicants",
    "int_share_unread": "names of units",
    "int_withheld": "entries of takedowns, which people write",
}
SMALL_RULES = {
    "checks_of_two_years_are_all_there": "checks of the catalogue",
    "values_and_missing_make_up_the_form": "fields of the forms by types of applicants",
}


def _plan(con: duckdb.DuckDBPyConnection, query: str) -> str:
    return "".join(text for _, text in con.execute(f"explain {query}").fetchall())


def test_no_model_compares_every_row_with_every_other(world: Built) -> None:
    manifest = json.loads((world.state / "manifest.json").read_text(encoding="utf-8"))
    models = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    with duckdb.connect(str(world.build), read_only=True) as con:
        con.execute(f"attach '{world.landing}' as landing (read_only)")
        found = {
            name for name, node in models.items() if EVERY_ROW_WITH_EVERY_OTHER in _plan(con, node["compiled_code"])
        }
    assert len(models) > 100
    assert found == set(SMALL)


def test_no_rule_of_the_gate_compares_every_row_with_every_other(world: Built) -> None:
    with duckdb.connect(str(world.build), read_only=True) as con:
        con.execute(f"attach '{world.landing}' as landing (read_only)")
        suites = load_suites()
        around = surroundings(con, False, suites)
        rules = [rule for suite in suites for rule in needed(suite, around, published_tables(con)).rules]
        found = {
            rule.id for rule in rules if EVERY_ROW_WITH_EVERY_OTHER in _plan(con, failing_rows_query(rule, around))
        }
    assert len(rules) > 200
    assert found == set(SMALL_RULES)
