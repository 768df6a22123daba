"""Golden pages rewritten without changing their meaning: values, units, qualifiers, states and identity stay.

A sample; `python -m tests.mutation --all` runs every mutator on every golden page.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import pytest

from scrapers.read import read_page
from tests.mutation.outcome import changes
from tests.mutation.pages import Golden, golden_pages
from tests.mutation.registry import MUTATORS, mutant
from tests.mutation.trial import SAMPLE, Trial, known, sample, try_one


@cache
def _outcomes() -> dict[Trial, list[str] | None]:
    """The sample of every mutator, read by two processes."""
    wanted = [trial for name in MUTATORS for trial in sample(name)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return dict(zip(wanted, pool.map(try_one, wanted, chunksize=16), strict=True))


@pytest.mark.parametrize("name", MUTATORS)
def test_no_value_changes(name: str) -> None:
    found = {trial.page: outcome for trial, outcome in _outcomes().items() if trial.mutator == name}
    assert len(found) >= min(SAMPLE, 4), "the mutator finds nothing to rewrite"
    assert {page: outcome for page, outcome in found.items() if outcome} == {}


def _golden(name: str) -> Golden:
    return next(one for one in golden_pages() if one.name.startswith(name))


def test_every_golden_html_page_is_taken() -> None:
    assert len(golden_pages()) >= 120
    assert all("\ufffd" not in one.source for one in golden_pages())


@pytest.mark.parametrize("name", MUTATORS)
def test_a_mutator_does_the_same_each_time(name: str) -> None:
    first, again = (mutant(name, _golden("17_laiwu")) for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [("13740", "13741", "info_disclosed_total narrative: (13740.0"), ("13740条", "约13740条", "'about'"), ("13740条", "13740件", "'件'"),
     ("<td>9</td>", "<td>8</td>", "table"), ("龙港市2021年政府", "龙湾区2021年政府", "jurisdiction_code"), ("0577-59910017", "0577-59910018", "phone")],
)  # fmt: skip
def test_a_changed_meaning_is_noticed(old: str, new: str, what: str) -> None:
    golden = _golden("49_longgang")
    source = golden.source.replace("<td>0</td>", "<td>9</td>", 1) if old == "<td>9</td>" else golden.source
    before = read_page(golden.page(source.encode()))
    after = read_page(golden.page(source.replace(old, new).encode()))
    assert any(what in change for change in changes(before, after))


def test_a_lossy_layout_may_lose_cells_and_nothing_else() -> None:
    golden = _golden("49_longgang")
    before = read_page(golden.page())
    words = tuple(one for one in before.figures if one.basis == "narrative")
    cells = tuple(one for one in before.figures if one.basis == "table")
    without_cells, without_words = (dataclasses.replace(before, figures=figures) for figures in (words, cells))
    assert changes(before, without_cells, lossy="table") == []
    assert changes(before, without_cells) and changes(before, without_words, lossy="table")
    assert changes(without_cells, before, lossy="table"), "a cell that comes from nowhere is a fault"


def test_known_changes_name_trials_that_exist() -> None:
    pages = {golden.name for golden in golden_pages()}
    assert all(trial.mutator in MUTATORS and trial.page in pages and reason for trial, reason in known().items())
    assert len(known()) <= 80, "mend the reader instead"
