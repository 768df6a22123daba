"""All mutators under their names, and how each is applied to a golden page."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from scrapers.document import Page
from tests.mutation import encodings, frames, layouts, paragraphs, tables, words
from tests.mutation.pages import Golden
from tests.mutation.tree import parse, show

SEED = 20240


@dataclass(frozen=True)
class Mutant:
    """A rewritten page; None where the mutator finds nothing to rewrite. ``lossy``: the basis of figures that may be lost."""

    page: Page
    lossy: str | None = None


Mutator = Callable[[Golden, Random], Mutant | None]


def _tree(
    change: Callable[..., None], flat: bool = False, needs_table: bool = False, lossy: str | None = None
) -> Mutator:
    def mutate(golden: Golden, random: Random) -> Mutant | None:
        soup = parse(golden.source)
        if needs_table and not tables.data_tables(soup):
            return None
        loses = "table" if flat and tables.loses_blanks(soup) else lossy
        before = show(soup)
        change(soup, random)
        source = show(soup)
        if source == before and change is not layouts.TREES["parsed and shown"]:
            return None
        return Mutant(golden.page(encodings.declared(source, "utf-8").encode()), loses)

    return mutate


def _source(change: Callable[[str, Random], str]) -> Mutator:
    def mutate(golden: Golden, random: Random) -> Mutant | None:
        source = change(golden.source, random)
        return None if source == golden.source else Mutant(golden.page(encodings.declared(source, "utf-8").encode()))

    return mutate


def _bytes(encode: Callable[[str], encodings.Encoded], prepare: Callable[[str], str] = str) -> Mutator:
    return lambda golden, random: Mutant(golden.page(*encode(prepare(golden.source))))


def _traditional(source: str) -> str:
    return words.SCRIPTS["traditional"](source, Random(0))


MUTATORS: dict[str, Mutator] = {
    **{name: _bytes(encode) for name, encode in encodings.ENCODINGS.items()},
    **{name: _bytes(encode, _traditional) for name, encode in encodings.BIG5.items()},
    **{name: _source(change) for name, change in words.SCRIPTS.items()},
    **{name: _tree(change) for name, change in layouts.TREES.items()},
    **{name: _source(change) for name, change in layouts.SOURCES.items()},
    **{name: _tree(change, flat=True, needs_table=True) for name, change in tables.FLAT.items()},
    **{name: _tree(change, needs_table=True) for name, change in tables.GRIDS.items()},
    **{name: _tree(change) for name, change in words.WORDS.items()},
    **{name: _tree(change) for name, change in paragraphs.PARAGRAPHS.items()},
    # the reader joins broken lines only where the page shows a width: it may lose figures of broken lines, never change one
    "lines wrapped by hand": _tree(paragraphs.wrapped, lossy="narrative"),
    **{name: _tree(change) for name, change in frames.FRAMES.items()},
}


def mutant(name: str, golden: Golden) -> Mutant | None:
    """The page rewritten by a mutator: the same one each time."""
    return MUTATORS[name](golden, Random(zlib.crc32(f"{SEED} {name} {golden.name}".encode())))
