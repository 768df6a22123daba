"""Rewrites golden pages and says what changed in their readings: python -m tests.mutation --all

Without --all each mutator rewrites the sample that the test suite takes. Ends with 1 where a reading changed that known.yaml
does not name, or one did not change that it names.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.mutation.registry import MUTATORS, mutant
from tests.mutation.trial import Trial, known, sample, trials, try_one


def main() -> int:
    """Runs the trials and prints their changes."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.split("\n")[0])
    parser.add_argument("--all", action="store_true", help="every mutator on every golden page")
    parser.add_argument("--mutator", action="append", help="only this one; may be given again")
    parser.add_argument("--page", help="only pages whose name holds this")
    parser.add_argument("--keep", type=Path, help="write the rewritten pages whose reading changed into this folder")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    names = options.mutator or list(MUTATORS)
    wanted = [one for name in names for one in (trials(name) if options.all or options.page else sample(name))]
    wanted = [one for one in wanted if options.page is None or options.page in one.page]
    start, tried, changed, found, expected = time.monotonic(), Counter[str](), Counter[str](), 0, 0
    with ProcessPoolExecutor(options.processes) as pool:
        for trial, changes in pool.map(_run, wanted, chunksize=8):
            if changes is None:
                continue
            tried[trial.mutator] += 1
            if trial in known():
                expected += bool(changes)
                if not changes:
                    found += 1
                    print(
                        f"{trial.mutator} · {trial.page}: does not change any more; take it out of known.yaml",
                        flush=True,
                    )
            elif changes:
                changed[trial.mutator] += 1
                found += 1
                _report(trial, changes, options.keep)
    print(
        f"\n{sum(tried.values())} rewritten pages, {found} faults, {expected} changes known, {time.monotonic() - start:.0f} s"
    )
    for name in names:
        print(f"  {name:<36}{tried[name]:>5} pages{changed[name]:>5} changed")
    return 1 if found else 0


def _run(trial: Trial) -> tuple[Trial, list[str] | None]:
    return trial, try_one(trial)


def _report(trial: Trial, changes: list[str], keep: Path | None) -> None:
    print(f"{trial.mutator} · {trial.page}: {len(changes)} changes", flush=True)
    for change in changes[:6]:
        print(f"    {change}")
    if keep is not None and (made := mutant(trial.mutator, trial.golden)):
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{trial.mutator.replace(' ', '_')}__{trial.page}.html").write_bytes(made.page.content)


if __name__ == "__main__":
    sys.exit(main())
