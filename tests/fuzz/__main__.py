"""Reads damaged pages and says what became of them: python -m tests.fuzz --pages 10000

Ends with 1 where one crashed, took more than 5 s of processor time, or gave a reading that does not hold together.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.pool import LIMIT, run
from tests.fuzz.trial import SEED, Verdict, make


def main() -> int:
    """Runs the pages and prints a summary."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="number of the first page")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--slowest", type=int, default=10, help="how many of the slowest pages to name")
    parser.add_argument("--keep", type=Path, help="write faulty and slow pages into this folder")
    options = parser.parse_args()
    start, kinds, slow, faulty = time.monotonic(), Counter[str](), [], 0
    for done, verdict in enumerate(
        run(range(options.first, options.first + options.pages), options.processes, options.seed), 1
    ):
        kinds[verdict.kind] += 1
        slow = sorted([*slow, verdict], key=lambda one: -one.seconds)[: options.slowest]
        if verdict.faults or verdict.seconds > LIMIT:
            faulty += 1
            _report(verdict, options.seed, options.keep)
        if done % 1000 == 0:
            print(f"{done} pages, {faulty} faulty, {time.monotonic() - start:.0f} s", flush=True)
    print(
        f"\n{sum(kinds.values())} pages in {time.monotonic() - start:.0f} s: "
        + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
    )
    print(f"{faulty} faulty or above {LIMIT:g} s; the slowest:")
    for verdict in slow:
        print(f"  {verdict.seconds:6.2f} s  no. {verdict.number}  {verdict.size} bytes  {verdict.name[:120]}")
    return 1 if faulty else 0


def _report(verdict: Verdict, seed: int, keep: Path | None) -> None:
    print(
        f"no. {verdict.number} ({verdict.name[:120]}), {verdict.size} bytes, {verdict.seconds:.2f} s: {'; '.join(verdict.faults) or 'slow'}",
        flush=True,
    )
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{verdict.number}.html").write_bytes(make(verdict.number, seed).page.content)


if __name__ == "__main__":
    sys.exit(main())
