"""What changed between two builds: every change with its cause, whatever the versions of the builds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from flows.faults import Fault
from flows.products.difference import CAUSES, add_difference, compare

SCHEMA = """
create schema marts; create schema ops;
create table marts.fct_reports (report_id varchar, source_url varchar, source_file varchar, document_kind varchar,
    is_current boolean, duplicate_of varchar, jurisdiction_id varchar, jurisdiction_name varchar, agency_name varchar,
    report_year integer, scope varchar, report_format varchar, trust varchar);
create table marts.fct_report_documents (document_id varchar, report_id varchar, source_url varchar, source_file varchar);
create table marts.fct_metric_values (report_id varchar, document_id varchar, figure_no integer, field_id varchar,
    metric_id varchar, definition_group varchar, applicant_type varchar, value double, unit varchar, value_std double,
    unit_std varchar, qualifier varchar, value_state varchar, is_preferred boolean, evidence_start integer,
    evidence_end integer);
create table marts.fct_page_vintages (source_url varchar, is_newest boolean, gone_since timestamptz);
create table marts.fct_withheld (document_id varchar);
"""


class Value(NamedTuple):
    """One value of a page; the document is what the page showed."""

    page: str
    document: str
    field: str
    value: float
    metric: str = ""
    start: int = 0
    place: str = "131127"
    current: bool = True
    value_used: float | None = None


def build(
    path: Path, *values: Value, gone: tuple[str, ...] = (), withheld: tuple[str, ...] = (), more: str = ""
) -> Path:
    """A build with these values; documents that are withheld stay listed, without values."""
    with duckdb.connect(str(path)) as con:
        con.execute(SCHEMA + more)
        reports = {(value.page, value.document, value.place, value.current) for value in values}
        for page, document, place, current in sorted(reports):
            row = [document, page, "annual_report", current, place, "景县", 2022, "whole_area", "F2021", "official"]
            con.execute("insert into marts.fct_reports values (?, ?, null, ?, ?, null, ?, ?, null, ?, ?, ?, ?)", row)
            con.execute("insert into marts.fct_report_documents values (?, ?, ?, null)", [document, document, page])
            con.execute(
                "insert into marts.fct_page_vintages values (?, ?, ?)",
                [page, current, "2026-01-01" if page in gone else None],
            )
        for number, one in enumerate(values, 1):
            con.execute(
                "insert into marts.fct_metric_values by name select ? as report_id, ? as document_id, ? as figure_no, "
                "? as field_id, ? as metric_id, 'all' as definition_group, ?::double as value, '件' as unit, "
                "?::double as value_std, '件' as unit_std, 'exact' as qualifier, 'reported' as value_state, "
                "true as is_preferred, ? as evidence_start, ? as evidence_end",
                [one.document, one.document, number, one.field, one.metric or one.field, one.value, one.value, one.start, one.start + 2],
            )  # fmt: skip
            if one.value_used is not None:
                con.execute(
                    "update marts.fct_metric_values set correction_id = 'c1', value_used = ? where figure_no = ?",
                    [one.value_used, number],
                )
        for document in withheld:
            con.execute("insert into marts.fct_withheld values (?)", [document])
            con.execute(
                "insert into marts.fct_report_documents values (?, ?, ?, null)", [document, document, f"u-{document}"]
            )
    return path


def told(before: Path, now: Path, same_reader: bool = False) -> dict[tuple[Any, ...], tuple[str, str]]:
    """Change and cause by subject, page and field."""
    found = compare(before, now, same_reader)
    place = {name: number for number, name in enumerate(found.names)}
    keys = [tuple(row[place[name]] for name in ("subject", "page", "field_id")) for row in found.rows]
    assert len(keys) == len(set(keys)), "a row a thing"
    return {key: (row[1], row[2]) for key, row in zip(keys, found.rows, strict=True)}


def test_new_and_revised_pages_and_better_reading(tmp_path: Path) -> None:
    before = build(
        tmp_path / "a.duckdb",
        Value("u1", "d1", "same", 1),
        Value("u1", "d1", "read", 2),
        Value("u2", "d2", "edited", 3),
        Value("u2", "d2", "cut", 4, start=8),
        Value("u2", "d2", "kept", 5),
    )
    now = build(
        tmp_path / "b.duckdb",
        Value("u1", "d1", "same", 1),
        Value("u1", "d1", "read", 7),
        Value("u2", "d2", "edited", 3, current=False),
        Value("u2", "d2b", "edited", 8),
        Value("u2", "d2b", "kept", 5),
        Value("u4", "d4", "new", 9),
    )
    assert told(before, now) == {
        ("value", "u1", "read"): ("changed", "better_reader"),
        ("report", "u2", None): ("changed", "revised_page"),
        ("value", "u2", "edited"): ("changed", "revised_page"),
        ("value", "u2", "cut"): ("gone", "revised_page"),
        ("report", "u4", None): ("added", "new_page"),
        ("value", "u4", "new"): ("added", "new_page"),
    }
    assert told(before, now, same_reader=True)["value", "u1", "read"] == ("changed", "other_rules")
    assert told(before, before) == {}


def test_pages_that_leave_and_come_back(tmp_path: Path) -> None:
    both = (Value("u1", "d1", "x", 1), Value("u2", "d2", "x", 2))
    before = build(tmp_path / "a.duckdb", *both)
    left = build(tmp_path / "b.duckdb", both[0], both[1]._replace(current=False), gone=("u1",))
    assert told(before, left, same_reader=True) == {
        ("report", "u1", None): ("gone", "page_gone"),
        ("report", "u2", None): ("gone", "page_left"),
        ("value", "u2", "x"): ("gone", "page_left"),
    }
    assert told(left, before, same_reader=True) == {
        ("report", "u1", None): ("added", "page_back"),
        ("report", "u2", None): ("added", "page_back"),
        ("value", "u2", "x"): ("added", "page_back"),
    }


def test_what_is_withheld_is_no_loss_of_the_reader(tmp_path: Path) -> None:
    one, two = Value("u1", "d1", "x", 1), Value("u-d2", "d2", "x", 2)
    shown, hidden = build(tmp_path / "a.duckdb", one, two), build(tmp_path / "b.duckdb", one, withheld=("d2",))
    assert told(shown, hidden) == {
        ("report", "u-d2", None): ("gone", "withheld"),
        ("value", "u-d2", "x"): ("gone", "withheld"),
    }
    assert set(told(hidden, shown).values()) == {("added", "withheld")}


def test_definitions_corrections_and_whose_a_report_is(tmp_path: Path) -> None:
    columns = "alter table marts.fct_metric_values add column correction_id varchar;" \
              "alter table marts.fct_metric_values add column value_used double;"  # fmt: skip
    before = build(
        tmp_path / "a.duckdb",
        Value("u1", "d1", "a", 1, metric="old_metric"),
        Value("u1", "d1", "moved", 2, start=50),
        Value("u1", "d1", "c", 30),
    )
    now = build(
        tmp_path / "b.duckdb",
        Value("u1", "d1", "a", 1, metric="new_metric", place="131128"),
        Value("u1", "d1", "elsewhere", 2, start=50, place="131128"),
        Value("u1", "d1", "c", 30, value_used=3, place="131128"),
        more=columns,
    )
    assert told(before, now) == {
        ("report", "u1", None): ("changed", "better_reader"),
        ("value", "u1", "a"): ("changed", "definition"),
        ("value", "u1", "moved"): ("gone", "definition"),
        ("value", "u1", "elsewhere"): ("added", "definition"),
        ("value", "u1", "c"): ("changed", "correction"),
    }


def test_every_cause_is_explained_and_counts_go_into_the_manifest(tmp_path: Path) -> None:
    before = build(tmp_path / "a.duckdb", Value("u1", "d1", "x", 1))
    now = build(tmp_path / "b.duckdb", Value("u1", "d1", "x", 2), Value("u2", "d2", "x", 2))
    found = compare(before, now, True)
    assert {cause for _, _, cause in found.counts()} <= set(CAUSES)
    with duckdb.connect(str(now)) as con:
        assert add_difference(con, before, True) == {
            "reports": [{"change": "added", "cause": "new_page", "count": 1}],
            "values": [
                {"change": "added", "cause": "new_page", "count": 1},
                {"change": "changed", "cause": "other_rules", "count": 1},
            ],
        }
        bare = con.execute(
            "select column_name from duckdb_columns() where table_name = 'build_changes' and comment is null"
        ).fetchall()
        assert bare == []
        assert add_difference(con, None, True) is None


def test_builds_of_other_shape_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as con:
        con.execute("create table t as select 1 as a")
    with pytest.raises(Fault, match="other tables"):
        compare(other, build(tmp_path / "a.duckdb", Value("u", "d", "f", 1)), True)
