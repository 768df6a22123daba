"""One trial: a mutator, a golden page, and what changed in its reading."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from scrapers.document import Reading
from scrapers.read import read_page
from tests.mutation.outcome import changes
from tests.mutation.pages import Golden, golden_pages
from tests.mutation.registry import mutant

SAMPLE = 6
KNOWN = Path(__file__).with_name("known.yaml")


@dataclass(frozen=True)
class Trial:
    """A mutator on a page, by name."""

    mutator: str
    page: str

    @property
    def golden(self) -> Golden:
        """The page as written."""
        return _by_name()[self.page]


@cache
def _by_name() -> dict[str, Golden]:
    return {golden.name: golden for golden in golden_pages()}


@lru_cache(maxsize=200)
def _before(name: str) -> Reading:
    golden = _by_name()[name]
    return read_page(golden.page(golden.source.encode("utf-8")))


@cache
def known() -> dict[Trial, str]:
    """Trials whose reading is known to lose something, with the reason."""
    entries = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    return {Trial(name, entry["page"]): entry["reason"] for entry in entries for name in entry["mutators"]}


def trials(mutator: str) -> list[Trial]:
    """The mutator on every golden page."""
    return [Trial(mutator, golden.name) for golden in golden_pages()]


def sample(mutator: str) -> list[Trial]:
    """The mutator on SAMPLE of the pages that it rewrites, the same ones each time and others for each mutator.

    Trials that are known to change are left to the whole run.
    """
    pages = [golden for golden in golden_pages() if Trial(mutator, golden.name) not in known()]
    order = sorted(pages, key=lambda golden: zlib.crc32(f"{mutator} {golden.name}".encode()))
    chosen: list[Trial] = []
    for golden in order:
        if len(chosen) == SAMPLE:
            break
        if mutant(mutator, golden) is not None:
            chosen.append(Trial(mutator, golden.name))
    return chosen


def try_one(trial: Trial) -> list[str] | None:
    """What changed; None where the mutator finds nothing to rewrite on the page."""
    made = mutant(trial.mutator, trial.golden)
    return None if made is None else changes(_before(trial.page), read_page(made.page), made.lossy)
