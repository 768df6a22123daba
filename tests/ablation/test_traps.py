"""For each trap of real reports: its rule reads the pages that show it, and without the rule they are read wrongly.

traps.yaml says what each page does and which rule reads it; covered.yaml (test_covered.py) does so for traps that
several rules read together; ``without_a_rule`` says which traps have no rule that can be switched off, and why.
"""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from scrapers.read import read_page
from tests.ablation.patterns import SwitchError, without_alternatives, without_group
from tests.ablation.reading import GOLDEN, HERE, answered, document, faults_as_it_is, faults_of, of_extract
from tests.ablation.seen import concerning
from tests.ablation.small import CoveredTraps
from tests.ablation.switches import Switch, switch_off


class Trap(BaseModel):
    """One trap; ``pages``: page → the differences (names of seen.faults, with *) that the trap is about there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    page_does: str
    disable: list[Switch] = Field(min_length=1)
    pages: dict[str, list[str]] = Field(min_length=2)


class Traps(BaseModel):
    """traps.yaml"""

    model_config = ConfigDict(extra="forbid", frozen=True)
    traps: list[Trap]
    without_a_rule: dict[str, str]


FILE = Traps.model_validate(YAML(typ="safe").load(HERE.joinpath("traps.yaml").read_text(encoding="utf-8")))
COVERED = CoveredTraps.model_validate(YAML(typ="safe").load(HERE.joinpath("covered.yaml").read_text(encoding="utf-8")))
each_trap = pytest.mark.parametrize("trap", FILE.traps, ids=lambda trap: trap.name)


@each_trap
def test_the_rule_reads_the_page(trap: Trap) -> None:
    wrong = {name: concerning(faults_as_it_is(name), about) for name, about in trap.pages.items()}
    assert {name: found for name, found in wrong.items() if found} == {}


@each_trap
def test_without_the_rule_it_fails(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = of_extract(trap.disable)
    documents = [document(name) for name in trap.pages if keep]  # made before the rule is switched off
    assert len(documents) in (0, len(trap.pages))
    switch_off(monkeypatch, trap.disable)
    unharmed = [name for name, about in trap.pages.items() if not concerning(faults_of(monkeypatch, name, keep), about)]
    assert unharmed == []


def test_every_trap_of_the_corpus_has_a_rule_or_a_reason() -> None:
    groups = YAML(typ="safe").load((GOLDEN / "corpus" / "traps.yaml").read_text(encoding="utf-8"))
    corpus = {name for group in groups.values() for name in group}
    named = [trap.name for trap in FILE.traps] + [trap.name for trap in COVERED.traps]
    assert len(named) == len(set(named)) >= 200
    assert corpus - {name.partition(".")[0] for name in named} == set(FILE.without_a_rule)
    assert all(FILE.without_a_rule.values())


def test_the_reader_is_as_it_was_when_the_switch_is_undone() -> None:
    trap = next(trap for trap in FILE.traps if trap.name == "z_not_received")
    name = next(iter(trap.pages))
    with pytest.MonkeyPatch.context() as patch:
        switch_off(patch, trap.disable)
        assert concerning(faults_of(patch, name, keep_document=True), trap.pages[name])
    with pytest.MonkeyPatch.context() as patch:
        assert faults_of(patch, name, keep_document=True) == faults_as_it_is(name)


@pytest.mark.parametrize(
    "switch",
    [
        {"catalogue": "lexicon.yaml", "path": "numbers.hot_lines"},
        {"catalogue": "lexicon.yaml", "path": "macros.neg", "forget": ["并不存在的词"]},
        {"catalogue": "sentences/fees.yaml", "path": "rules[metric=no_such_metric].zero"},
        {"code": "scrapers.extract.numbers.no_such_function", "becomes": "nothing"},
        {"code": "scrapers.extract.cells._NUMBER", "unmatch": ["no_such_group"]},
    ],
)
def test_a_switch_that_names_what_is_not_there_says_so(
    switch: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = answered("corpus/06_nanhui_pudong_town_2010").page()
    with pytest.raises(SwitchError):
        switch_off(monkeypatch, [Switch.model_validate(switch)])
        read_page(page)


def test_alternatives_and_groups_of_a_pattern_are_taken_out_whole() -> None:
    assert without_alternatives("(?:收到|接到)过|未收到|收到", ["收到"]) == "(?:(?!)|接到)过|未收到|(?!)"
    assert without_group(r"a(?P<x>[)]|\)(b|c))?d", "x") == "a(?P<x>(?!))?d"
