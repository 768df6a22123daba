"""Measures and prints the ratios: python -m benchmarks [--pages N] [--repeats N]."""

from __future__ import annotations

import argparse
import gc
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from statistics import median
from time import process_time

from benchmarks import peers
from benchmarks.pages import SIZE, BenchPage, density, make_pages
from scrapers.clean import clean
from scrapers.document import Page
from scrapers.read import read_page

CLEAN, READ, ASSEMBLY = (
    "page → text + tables (clean)",
    "page → all metrics (read_page)",
    "trafilatura + OpenCC + patterns",
)
KINDS = {"words": "reports without a table", "tables": "with the three tables of the form of 2021",
         "traditional": "without a table, in Traditional characters"}  # fmt: skip
MOST_PARSES, LEAST_TIMES = 3, 15  # the ratios aimed at
READERS = ("selectolax", "resiliparse", "pyahocorasick", "zhconv-rs-opencc")
Timings = dict[str, list[float]]


def main() -> None:
    """Every contender reads every page once a round, in turn, so that what else the machine does meets all alike."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--pages", type=int, default=12, help="pages of each kind")
    parser.add_argument("--repeats", type=int, default=15, help="rounds over all pages")
    wanted = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    print(", ".join(f"{name} {version(name)}" for name in dict.fromkeys((*READERS, *peers.PACKAGES))))
    for kind, meaning in KINDS.items():
        pages = make_pages(kind, wanted.pages)
        _report(kind, meaning, pages, _measure(_contenders(), pages, wanted.repeats), wanted.repeats)


def _contenders() -> Mapping[str, Callable[[bytes], object]]:
    ours = {
        CLEAN: lambda page: clean(Page(page, url="http://www.example.gov.cn/a.html")),
        READ: lambda page: read_page(Page(page, url="http://www.example.gov.cn/a.html")),
    }
    return {**peers.PARSERS, **ours, ASSEMBLY: peers.assembly}


def _measure(contenders: Mapping[str, Callable[[bytes], object]], pages: Sequence[BenchPage], repeats: int) -> Timings:
    """Contender → seconds a page of the process's own time, one number a round.

    The first round only loads catalogues and is not counted.
    """
    times: Timings = {name: [] for name in contenders}
    for turn in range(repeats + 1):
        gc.collect()
        spent = dict.fromkeys(contenders, 0.0)
        for page in pages:
            for name, read in contenders.items():
                start = process_time()
                read(page.content)
                spent[name] += process_time() - start
        if turn:
            for name, seconds in spent.items():
                times[name].append(seconds / len(pages))
    return times


def _report(kind: str, meaning: str, pages: Sequence[BenchPage], times: Timings, repeats: int) -> None:
    facts, hits = density(pages), sum(peers.assembly(page.content) for page in pages)
    figures = sum(len(read_page(Page(page.content)).figures) for page in pages)
    print(f"\n{kind}: {len(pages)} pages of {SIZE:,} bytes, {meaning}; {repeats} rounds")
    print(
        f"  a page: {facts['characters']:.0f} characters of report, {facts['digit_runs']:.1f} runs of digits in 1,000; "
        f"{pages[0].cells} cells; "
        f"the peer matches {hits / len(pages):.1f} times, the reader finds {figures / len(pages):.1f} figures"
    )
    print(f"  {'milliseconds of CPU a page':34}{'minimum':>10}{'median':>10}")
    for name, seconds in times.items():
        print(f"  {name:34}{1000 * min(seconds):10.2f}{1000 * median(seconds):10.2f}")
    fastest = min(peers.PARSERS, key=lambda name: min(times[name]))
    for name in dict.fromkeys((fastest, "selectolax (lexbor)")):
        _ratio(f"clean ÷ bare parse by {name}", times[CLEAN], times[name], f"aim: at most {MOST_PARSES}")
    _ratio(f"({ASSEMBLY}) ÷ read_page", times[ASSEMBLY], times[READ], f"aim: at least {LEAST_TIMES}")


def _ratio(label: str, above: Sequence[float], below: Sequence[float], aim: str) -> None:
    """The ratio of the minima, and the median of the ratios of the single rounds."""
    rounds = median(one / other for one, other in zip(above, below, strict=True))
    print(f"  {label}: {min(above) / min(below):.1f} by the minima, {rounds:.1f} in the median round ({aim})")


if __name__ == "__main__":
    main()
