"""How long a stranger's SQL may take and how large it may be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox_driver import ask

from flows.faults import Fault, UsageFault
from flows.query import run_query, sandbox
from flows.query_guard import memory_bytes

ENDLESS = [
    "with recursive a as (select 1 as n union all select n + 1 from a) select count(*) from a",
    "with recursive a as (select 1 as n union all select n + 1 from a) select n from a",
    "select count(*) from range(1000000) a, range(1000000) b, range(1000000) c where a.range + b.range = c.range + 3",
    "select * from range(100000000000)",
    "select range % 7, count(*) from range(100000000000) group by 1",
    "select max(md5(range::varchar)) from range(100000000000)",
]


@pytest.mark.parametrize("sql", ENDLESS)
def test_an_endless_query_is_stopped_in_time(database: Path, sql: str) -> None:
    start = time.monotonic()
    with pytest.raises(Fault, match=r"stopped after 0\.4 s \(GONGKAI_SQL_SECONDS"):
        ask(database, sql, seconds=0.4)
    assert time.monotonic() - start < 8


LARGE = [
    "select list(range) from range(100000000)",
    "select string_agg(range::varchar, ',') from range(100000000)",
    "select range from range(100000000) order by hash(range)",
    "select distinct range from range(100000000)",
    "select range, count(*) from range(100000000) group by 1",
    "select a.range from range(30000000) a join range(30000000) b on a.range = b.range order by 1 limit 1",
    "select range, row_number() over (order by hash(range)) from range(50000000)",
]


@pytest.mark.parametrize("sql", LARGE)
def test_a_large_query_is_kept_within_its_memory_and_off_the_disk(database: Path, sql: str) -> None:
    with pytest.raises(Fault, match=r"more memory than 50MB \(GONGKAI_SQL_MEMORY"):
        ask(database, sql, seconds=60, memory="50MB")


def test_a_limit_that_is_none_is_a_sentence(database: Path) -> None:
    with pytest.raises(Fault, match="cannot be opened"):
        ask(database, "select 1", memory="much")
    assert (memory_bytes("1GB"), memory_bytes("512 MiB"), memory_bytes("1.5k")) == (10**9, 512 * 1024**2, 1500)
    for text in ("much", "", "-1GB", "1XB"):
        with pytest.raises(UsageFault, match="GONGKAI_SQL_MEMORY"):
            memory_bytes(text)


def test_the_timer_meets_a_query_that_just_ended(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a late interruption nor a closed connection is an error of anything but this one query."""
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda error: raised.append(error.exc_value))
    for step in range(12):
        try:
            assert ask(database, "select count(*) from fct_reports", seconds=0.002 * step + 0.0001) == [(10,)]
        except Fault as fault:
            assert "stopped after" in str(fault)
    time.sleep(0.05)
    assert raised == []


def test_rows_that_were_cut_off_never_look_like_all(database: Path) -> None:
    with pytest.raises(Fault, match="stopped after"), sandbox(database, 0.2, "200MB") as con:
        _, rows = run_query(con, "select * from range(5)")
        time.sleep(0.5)
        list(rows)


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """A job in the background ignores Ctrl-C, and so do its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_in_a_query_is_a_keyboard_interrupt(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        ask(database, ENDLESS[2])


# --- the command: limits of the process, for what DuckDB itself does not stop ---


@pytest.fixture
def warehouse(database: Path, tmp_path: Path) -> Path:
    return tmp_path


def _started(warehouse: Path, sql: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "sql", sql, "--warehouse", str(warehouse), "--format", "csv"],
        env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_one_huge_value_does_not_take_the_machine(warehouse: Path) -> None:
    command = _started(warehouse, "select repeat('x', 4000000000)", GONGKAI_SQL_MEMORY="100MB")
    out, err = command.communicate(timeout=60)
    assert (command.returncode, out) == (1, "")
    assert err.strip() == "the query needs more memory than 100MB (GONGKAI_SQL_MEMORY sets the limit)"


def test_a_function_that_does_not_listen_ends_with_the_process(warehouse: Path) -> None:
    code = (
        "import sys; from flows import cli, query_guard; query_guard.GRACE_SECONDS = 0.5; "
        "sys.argv = ['gongkai', 'sql', sys.argv[1], '--warehouse', sys.argv[2]]; cli.app()"
    )
    sql = "select levenshtein(repeat('a', 1000000), repeat('b', 1000000))"
    ended = subprocess.run(
        [sys.executable, "-c", code, sql, str(warehouse)],
        env={**os.environ, "GONGKAI_SQL_SECONDS": "0.5"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.strip() == (
        "the query was stopped after 0.5 s and did not listen (GONGKAI_SQL_SECONDS sets the limit)"
    )


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_during_a_query_says_stopped(warehouse: Path) -> None:
    command = _started(warehouse, ENDLESS[3], PYTHONUNBUFFERED="1")
    assert command.stdout is not None and command.stdout.readline() == "range\n"
    command.send_signal(signal.SIGINT)
    _, err = command.communicate(timeout=60)
    assert (command.returncode, err.strip()) == (1, "Stopped.")
