"""What a stranger's SQL cannot do on the published file, with and without tricks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sandbox_driver import ask

from flows.faults import Fault
from flows.query import sandbox

READS_ONLY = "SQL only reads here"
NO_FILES = "no files, no network, no extensions, no settings"


# {file} is a file beside the published one, {db} the published file itself, {folder} where they lie
FILES = [
    "select * from read_text('{file}.csv')",
    "select * from read_csv('{file}.csv')",
    "select * from read_csv_auto('{file}.csv')",
    "select * from sniff_csv('{file}.csv')",
    "select * from read_blob('{file}.csv')",
    "select * from read_json('{file}.json')",
    "select * from read_ndjson_objects('{file}.json')",
    "select * from read_parquet('{file}.parquet')",
    "select * from parquet_scan('{file}.parquet')",
    "select * from parquet_metadata('{file}.parquet')",
    "select * from parquet_schema('{file}.parquet')",
    "select * from read_duckdb('{db}', table_name = 'fct_reports')",
    "select * from glob('{folder}/*')",
    "from '{file}.csv'",
    "from '{file}.parquet'",
    "from \"{file}.csv\"",
    # the file that is open anyway, and what DuckDB allows beside it
    "select * from read_blob('{db}')",
    "select * from '{db}'",
    "select * from glob('{db}')",
    "select * from read_blob('{db}.wal')",
    # the network
    "from 'http://127.0.0.1:9/a.csv'",
    "from 'https://127.0.0.1:9/a.parquet'",
    "from 's3://bucket/a.parquet'",
    "select * from read_text('http://127.0.0.1:9/')",
    # tricks
    "/* a */ sElEcT * FrOm /* b */ ReAd_TeXt /* c */ ('{file}.csv') -- d",
    "select * from \"read_text\"('{file}.csv')",
    "select * from system.main.read_text('{file}.csv')",
    "select * from read_text(concat('{folder}', chr(47), 'secret.csv'))",
    "select * from read_text(['{file}.csv', '{file}.json'])",
    "with a as (with b as (with c as (from read_text('{file}.csv')) from c) from b) from a",
    "select (select content from read_text('{file}.csv'))",
    "select * from fct_reports where exists (from read_text('{file}.csv'))",
    "select * from fct_reports, lateral (from read_text('{file}.csv'))",
    "with recursive a as (select 1 as n union all select n + 1 from a, read_text('{file}.csv')) from a",
    "select * from query('from read_text(''{file}.csv'')')",
    "select * from query_table('{file}.csv')",
    "from read_text(U&'{file}\\002Ecsv')",
    "from json_execute_serialized_sql(json_serialize_sql('from read_text(''{file}.csv'')'))",
    "pragma json_execute_serialized_sql('x')",
    "pragma import_database('{folder}')",
    "explain analyze select * from read_text('{file}.csv')",
    "explain analyze copy (select 1) to '{folder}/out.csv'",
    "explain analyze copy (select 1) to '{db}.wal'",
    "explain analyze export database '{folder}/out'",
    "describe from '{file}.csv'",
    "summarize from '{file}.csv'",
    "pivot '{file}.csv' on a in ('secret')",
    "values ((select content from read_text('{file}.csv')))",
    # what the machine keeps for DuckDB
    "select * from duckdb_secrets()",
    "select * from duckdb_extensions()",
    "select getenv('HOME')",
    "select * from query('copy (select 1) to ''{folder}/out.csv''')",
    "from enable_logging(storage := 'file', storage_config := {{'path': '{folder}/log'}})",
    # what Python holds
    "from sql",
    "from con",
    "from database",
    "from os",
]  # fmt: skip

STATEMENTS = [
    "copy (select 1) to '{folder}/out.csv'",
    "copy fct_reports to '{folder}/out.parquet' (format parquet)",
    "copy (select 1) to '/dev/stdout'",
    "copy (select 1) to '{db}'",
    "copy (select 1) to '{db}.wal'",
    "copy (select 1) to '{db}.wal.recovery'",
    "copy (select 1) to '{db}.tmp/x.csv'",
    "copy fct_reports from '{file}.csv'",
    "copy from database gongkai to memory",
    "export database '{folder}/out'",
    "export database '{db}.tmp'",
    "import database '{folder}'",
    "attach '{db}' as again",
    "attach '{folder}/new.duckdb'",
    "attach '{file}.csv' as f",
    "attach ':memory:' as m",
    "attach 'http://127.0.0.1:9/x.duckdb'",
    "detach gongkai",
    "use memory",
    "install httpfs",
    "force install httpfs from community",
    "update extensions",
    "load httpfs",
    "load '{file}.csv'",
    "set enable_external_access = true",
    "set disabled_filesystems = ''",
    "set lock_configuration = false",
    "set memory_limit = '1TB'",
    "set global threads = 99",
    "set session search_path = 'main'",
    "set schema = 'ops'",
    "set variable a = 1",
    "set temp_directory = '{folder}/tmp'",
    "set profiling_output = '{folder}/profile.json'",
    "set allowed_directories = ['/']",
    "reset lock_configuration",
    "reset memory_limit",
    "reset all",
    "pragma threads = 8",
    "pragma memory_limit = '1TB'",
    "pragma enable_profiling",
    "pragma profiling_output = '{folder}/profile.json'",
    "pragma enable_object_cache",
    "checkpoint",
    "force checkpoint",
    "vacuum",
    "analyze",
    "begin transaction",
    "commit",
    "create table marts.x as select 1",
    "create temp table x as select 1",
    "create or replace view marts.views as select 1",
    "create macro marts.m(a) as a",
    "create schema x",
    "create sequence s",
    "create type t as enum ('a')",
    "create secret (type s3)",
    "create persistent secret s (type s3)",
    "drop secret s",
    "drop table marts.fct_reports",
    "alter table marts.fct_reports add column b integer",
    "comment on table marts.fct_reports is 'x'",
    "insert into marts.fct_reports values (1, 'x')",
    "update marts.fct_reports set text = 'x'",
    "delete from marts.fct_reports",
    "truncate marts.fct_reports",
    "merge into fct_reports using (select 1 as report_id) s using (report_id) when matched then delete",
    "with a as (select 1) insert into marts.fct_reports select 1, 'x' from a",
    "prepare p as select * from read_text('{file}.csv')",
    "prepare p as copy (select 1) to '{folder}/out.csv'",
    "execute p",
    "execute p('x')",
    "deallocate p",
    "call enable_logging()",
    "call enable_logging(storage = 'file', storage_config = {{'path': '{folder}/log'}})",
    "call pragma_version()",
    "/* select 1 */ CoPy /**/ (select 1) to '{folder}/out.csv' -- select 1",
    "\n\t-- select\n  aTTaCh '{db}' as again",
    "explain analyze select 1; copy (select 1) to '{folder}/out.csv'",
    "select 1; copy (select 1) to '{folder}/out.csv'",
    "select 1; select 2",
    "select 1 /* ; */ ; -- ;\n attach '{db}' as again",
    "create temp table x as select 1; select * from x",
    ";;",
    "",
    "-- nothing",
    "selec 1",
    "select * from nothing_like_it",
]  # fmt: skip


def _filled(sql: str, database: Path) -> str:
    return sql.format(file=database.with_name("secret"), db=database, folder=database.parent)


@pytest.mark.parametrize("sql", FILES + STATEMENTS)
def test_a_query_is_refused_in_one_line(database: Path, sql: str) -> None:
    with pytest.raises(Fault) as refused:
        ask(database, _filled(sql, database))
    said = str(refused.value)
    assert said and "\n" not in said
    assert str(database.parent) not in said or "does not exist" in said
    assert ask(database, "select count(*) from fct_reports") == [(10,)]


@pytest.mark.parametrize("sql", FILES + STATEMENTS)
def test_a_statement_that_got_past_the_first_door_harms_nothing(database: Path, sql: str) -> None:
    """The connection itself holds, whatever kind of statement is executed: the fixture compares the files."""
    with pytest.raises((Fault, RuntimeError), match=r"."), sandbox(database, 20, "200MB") as con:
        try:
            done = con.execute(_filled(sql, database))
            rows = done.fetchall() if done else []
        finally:
            assert con.execute("select current_setting('lock_configuration')").fetchone() == (True,)
        assert "secret" not in str(rows)
        raise RuntimeError("harmless")


def test_the_words_say_what_is_wrong(database: Path) -> None:
    for sql, words in (
        ("from read_text('/etc/hostname')", NO_FILES),
        (f"copy (select 1) to '{database}.wal'", f"{READS_ONLY}.*COPY is refused"),
        ("attach ':memory:'", "ATTACH is refused"),
        ("set threads = 9", "SET is refused"),
        ("select 1; select 2", "one SQL statement at a time, please: there are 2"),
        ("", "there is no SQL statement"),
        ("select 1 +", "syntax error"),
    ):
        with pytest.raises(Fault, match=words):
            ask(database, sql)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select 1;", 1),
        ("select ';' ; -- ;", 1),
        ("from fct_reports", 10),
        ("with a as (select 1) select * from a", 1),
        ("values (1), (2)", 2),
        ("table fct_reports", 10),
        ("describe fct_reports", 2),
        ("summarize fct_reports", 2),
        ("show tables", 2),
        ("explain select 1", 1),
        ("explain analyze select count(*) from fct_reports", 1),
        ("pivot fct_reports on text using count(*) group by report_id", 10),
        ("pivot (select text from fct_reports) on text in ('secret') using count(*)", 1),
        ("unpivot fct_reports on report_id", 10),
        ("select * from query('select 1')", 1),
        ("select * from query_table('fct_reports')", 10),
        ("pragma table_info('fct_reports')", 2),
    ],
)
def test_what_reads_the_tables_works(database: Path, sql: str, rows: int) -> None:
    assert len(ask(database, sql)) == rows


def test_nothing_but_the_path_of_the_file_is_told(database: Path) -> None:
    """Paths and names of the machine that SQL can see: decided in the head of flows/query.py."""
    settings = ask(database, "select name, value from duckdb_settings() where contains(value, '/')")
    shown = {name: value for name, value in settings if name not in {"duckdb_api", "allowed_paths"}}
    assert shown == {}
    assert all(str(database) in path for path in re.findall(r"/[^,\]]+", dict(settings).get("allowed_paths", "")))
    for name in ("home_directory", "secret_directory", "extension_directory", "temp_directory"):
        [(value,)] = ask(database, f"select current_setting('{name}')")
        assert not value or "/" not in value or value.startswith("~")
    assert [path for (path,) in ask(database, "select path from duckdb_databases()") if path] == [str(database)]


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_text("no database" * 1000, encoding="utf-8")
    for name in ("x.duckdb", "nowhere.duckdb"):
        with pytest.raises(Fault, match="cannot be opened"):
            ask(tmp_path / name, "select 1")
