"""For each trap of real reports: its rule reads the pages that show it, and without the rule they are read wrongly.

traps.yaml says what each page does and which rule reads it; ``without_a_rule`` there says which traps have no rule of
their own that can be switched off, and why.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

import scrapers.read
from scrapers.accuracy.answers import AnsweredPage, read_answer, read_answers
from scrapers.clean import clean
from scrapers.document import Document, Page
from scrapers.read import read_page
from tests.ablation.seen import concerning, faults
from tests.ablation.switches import Switch, SwitchError, switch_off, without_alternatives, without_group

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
SAMPLE_SITE = HERE.parents[1] / "scrapers" / "sources" / "sample_site"
_OF_THE_CLEAN_ROOM = ("repairs.yaml", "debris.yaml")


class Trap(BaseModel):
    """One trap; ``pages``: page → the differences (names of seen.faults, with *) that the trap is about there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    page_does: str
    disable: list[Switch] = Field(min_length=1)
    pages: dict[str, list[str]] = Field(min_length=2)

    @property
    def is_of_extract(self) -> bool:
        """Whether the documents are the same with and without the rule."""
        return not any(
            (one.code or "").startswith("scrapers.clean") or one.catalogue in _OF_THE_CLEAN_ROOM for one in self.disable
        )


class Traps(BaseModel):
    """traps.yaml"""

    model_config = ConfigDict(extra="forbid", frozen=True)
    traps: list[Trap]
    without_a_rule: dict[str, str]


FILE = Traps.model_validate(YAML(typ="safe").load(HERE.joinpath("traps.yaml").read_text(encoding="utf-8")))
each_trap = pytest.mark.parametrize("trap", FILE.traps, ids=lambda trap: trap.name)


@cache
def _answered(name: str) -> AnsweredPage:
    folder, _, stem = name.partition("/")
    answer_file = GOLDEN / folder / f"{stem}.yaml"
    answer = read_answer(answer_file)
    assert answer is not None, f"{answer_file} is no answer"
    if folder == "sample":
        return next(one for one in _sample() if one.name == stem)
    places = (GOLDEN / folder / answer.file, GOLDEN / folder / "pages" / answer.file)
    return AnsweredPage(stem, answer, next(place for place in places if place.is_file()), f"{folder}.invalid")


@cache
def _sample() -> list[AnsweredPage]:
    return read_answers(GOLDEN / "sample", SAMPLE_SITE)


@cache
def _document(name: str) -> Document:
    return clean(_answered(name).page())


@cache
def _faults_as_it_is(name: str) -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        return _faults_with_document(patch, name)


def _faults_with_document(patch: pytest.MonkeyPatch, name: str) -> dict[str, str]:
    """The differences of a page whose document is the one that the reader makes as it is."""
    one, document = _answered(name), _document(name)

    def kept(page: Page) -> Document:
        return document

    patch.setattr(scrapers.read, "clean", kept)
    return faults(one.answer, read_page(one.page()))


@each_trap
def test_the_rule_reads_the_page(trap: Trap) -> None:
    wrong = {name: concerning(_faults_as_it_is(name), about) for name, about in trap.pages.items()}
    assert {name: found for name, found in wrong.items() if found} == {}


@each_trap
def test_without_the_rule_it_fails(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = {name: _document(name) for name in trap.pages} if trap.is_of_extract else {}
    switch_off(monkeypatch, trap.disable)
    unharmed = []
    for name, about in trap.pages.items():
        one = _answered(name)
        found = _faults_with_document(monkeypatch, name) if documents else faults(one.answer, read_page(one.page()))
        if not concerning(found, about):
            unharmed.append(name)
    assert unharmed == []


def test_every_trap_of_the_corpus_has_a_rule_or_a_reason() -> None:
    groups = YAML(typ="safe").load((GOLDEN / "corpus" / "traps.yaml").read_text(encoding="utf-8"))
    corpus = {name for group in groups.values() for name in group}
    named = [trap.name for trap in FILE.traps]
    assert len(named) == len(set(named)) >= 60
    assert corpus - {name.partition(".")[0] for name in named} == set(FILE.without_a_rule)
    assert all(FILE.without_a_rule.values())


def test_the_reader_is_as_it_was_when_the_switch_is_undone() -> None:
    trap = next(trap for trap in FILE.traps if trap.name == "z_not_received")
    name = next(iter(trap.pages))
    with pytest.MonkeyPatch.context() as patch:
        switch_off(patch, trap.disable)
        assert concerning(_faults_with_document(patch, name), trap.pages[name])
    with pytest.MonkeyPatch.context() as patch:
        assert _faults_with_document(patch, name) == _faults_as_it_is(name)


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
    page = _answered("corpus/06_nanhui_pudong_town_2010").page()
    with pytest.raises(SwitchError):
        switch_off(monkeypatch, [Switch.model_validate(switch)])
        read_page(page)


def test_alternatives_and_groups_of_a_pattern_are_taken_out_whole() -> None:
    assert without_alternatives("(?:收到|接到)过|未收到|收到", ["收到"]) == "(?:(?!)|接到)过|未收到|(?!)"
    assert without_group(r"a(?P<x>[)]|\)(b|c))?d", "x") == "a(?P<x>(?!))?d"
