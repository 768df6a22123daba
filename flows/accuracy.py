"""Measures a folder of answered pages: the pages are read in parallel, the counting is scrapers/accuracy's."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path

from flows.faults import Fault, UsageFault
from scrapers.accuracy.answers import AnsweredPage, AnswerError, read_answers
from scrapers.accuracy.floors import SetFloors, breaches, load_floors
from scrapers.accuracy.gold import read_gold
from scrapers.accuracy.measure import Measure, PageResult, measure_page, summarise
from scrapers.accuracy.published import published_rows, write_published
from scrapers.version import READER_VERSION


class BelowFloor(Fault):
    """A figure is below its floor."""

    exit_code = 4


def answered_pages(folder: Path, pages: Path | None = None) -> list[AnsweredPage]:
    """The answers of a folder (or of a file of gold answers) with their pages. Raises UsageFault."""
    if not folder.exists():
        raise UsageFault(f"There is no {folder}.")
    try:
        return read_answers(folder, pages) if folder.is_dir() else read_gold(folder, pages)
    except AnswerError as error:
        raise UsageFault(str(error)) from None


def floors_of(file: Path, folder: Path) -> SetFloors:
    """The floors of the set that lies in ``folder``. Raises UsageFault where the file has none for it."""
    if not file.is_file():
        raise UsageFault(f"--floor: there is no file {file}.")
    try:
        floors = load_floors(file)
    except AnswerError as error:
        raise UsageFault(str(error)) from None
    name = set_name(folder)
    if name not in floors:
        raise UsageFault(f"--floor: {file} has no floors for {name}; it has {', '.join(sorted(floors))}.")
    return floors[name]


def set_name(folder: Path) -> str:
    """The name of a set: that of its folder, or of its file without the ending."""
    whole = folder.resolve()
    return whole.name if whole.is_dir() else whole.stem


def measure(pages: list[AnsweredPage], workers: int, done: Callable[[], None] = lambda: None) -> Measure:
    """Reads all pages in ``workers`` processes; ``done`` is called after each. Raises Fault where a process dies."""
    if workers <= 1 or len(pages) == 1:
        return summarise([_with(done, measure_page(page)) for page in pages])
    context = multiprocessing.get_context("spawn")
    results: list[PageResult] = []
    with ProcessPoolExecutor(min(workers, len(pages)), mp_context=context) as pool:
        waiting = {pool.submit(measure_page, page): page for page in pages}
        try:
            for future in as_completed(waiting):
                results.append(_with(done, future.result()))
        except BrokenProcessPool:
            left = sorted(page.name for future, page in waiting.items() if not future.done() or future.exception())
            raise Fault(f"A reading process died; one of these pages may be why: {', '.join(left[:20])}") from None
    return summarise(results)


def _with(done: Callable[[], None], result: PageResult) -> PageResult:
    done()
    return result


def check_floors(found: Measure, floors: SetFloors) -> None:
    """Raises BelowFloor with a sentence for each figure below its floor."""
    if below := list(breaches(found, floors)):
        raise BelowFloor("Below the floor: " + "; ".join(below))


def publish(found: Measure, folder: Path) -> Path:
    """Replaces the measure that is published with the metrics; gives the file's path."""
    return write_published(published_rows(found, set_name(folder), datetime.now(UTC).date(), READER_VERSION))
