"""Runs the flow with the tiny parts and kills its own process (SIGKILL) in the middle of a stage.

python flow_driver.py WAREHOUSE PAGES POINT
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flow_fakes as fakes

from flows import extract, land, publish, stages
from scrapers.archive.writer import ArchiveWriter


def die(*_: Any, **__: Any) -> Any:
    """The end, as a power cut would bring it."""
    os.kill(os.getpid(), signal.SIGKILL)


def dies_at(function: Callable[..., Any], call: int, table: str) -> Callable[..., Any]:
    """``function`` until its ``call``-th time for ``table``, in the middle of a transaction."""
    calls = 0

    def wrapped(con: Any, name: str, *rest: Any) -> Any:
        nonlocal calls
        calls += name == table
        if name == table and calls == call:
            die()
        return function(con, name, *rest)

    return wrapped


def dies_after(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, and the end right after it."""

    def wrapped(*arguments: Any) -> Any:
        function(*arguments)
        die()

    return wrapped


def torn(function: Callable[..., Any], call: int) -> Callable[..., Any]:
    """``function`` until its ``call``-th time, whose record is only half on the disk when the end comes."""
    calls = 0

    def wrapped(writer: Any, *arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        entries = function(writer, *arguments)
        if calls == call:
            last = entries[-1].location
            os.truncate(writer.folder / last.file, last.offset + last.length // 2)
            die()
        return entries

    return wrapped


def dies_around(function: Callable[..., Any], call: int, after: bool) -> Callable[..., Any]:
    """``function`` until its ``call``-th time; the end comes before or after that."""
    calls = 0

    def wrapped(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            die()
        done = function(*arguments)
        if calls == call:
            die()
        return done

    return wrapped


POINTS: dict[str, Callable[[], None]] = {
    "land": lambda: setattr(land, "insert_rows", dies_at(land.insert_rows, 2, "raw.attempts")),
    "archive_first_record": lambda: setattr(ArchiveWriter, "add_page", torn(ArchiveWriter.add_page, 1)),
    "archive_record": lambda: setattr(ArchiveWriter, "add_page", torn(ArchiveWriter.add_page, 2)),
    "archive_unsynced": lambda: setattr(ArchiveWriter, "sync", dies_around(ArchiveWriter.sync, 4, after=False)),
    "archive_synced": lambda: setattr(ArchiveWriter, "sync", dies_around(ArchiveWriter.sync, 4, after=True)),
    "extract": lambda: setattr(extract, "insert_rows", dies_at(extract.insert_rows, 2, "raw.figures")),
    "build": lambda: setattr(fakes, "build_fake", dies_after(fakes.build_fake)),
    "validate": lambda: setattr(fakes, "gate_that_passes", die),
    "publish_copying": lambda: setattr(publish, "_write_parquet", die),
    "publish_before_rename": lambda: setattr(publish, "write_json_whole", dies_after(publish.write_json_whole)),
    "publish_before_swap": lambda: setattr(stages, "point_to", die),
    "publish_after_swap": lambda: setattr(stages, "drop_old", die),
}


if __name__ == "__main__":
    warehouse, pages, point = sys.argv[1:]
    POINTS[point]()
    fakes.run_fake(Path(warehouse), Path(pages), fakes.gate_that_passes)
