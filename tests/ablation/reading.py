"""The golden pages that ablations read, each cleaned once by the reader as it is, and what is wrong in a reading."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import scrapers.read
from scrapers.accuracy.answers import AnsweredPage, read_answer, read_answers
from scrapers.clean import clean
from scrapers.document import Document, Page
from scrapers.read import read_page
from tests.ablation.seen import faults
from tests.ablation.switches import Switch

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
_SAMPLE_SITE = HERE.parents[1] / "scrapers" / "sources" / "sample_site"
_OF_THE_CLEAN_ROOM = ("repairs.yaml", "debris.yaml")


@cache
def answered(name: str) -> AnsweredPage:
    """The page with its answer; ``name``: folder of tests/golden / name of the answer."""
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
    return read_answers(GOLDEN / "sample", _SAMPLE_SITE)


@cache
def document(name: str) -> Document:
    """The document of a page as the reader as it is makes it; to be asked for before a rule is switched off."""
    return clean(answered(name).page())


@cache
def faults_as_it_is(name: str) -> dict[str, str]:
    """The differences of a page with all rules; to be asked for before a rule is switched off."""
    with pytest.MonkeyPatch.context() as patch:
        return faults_of(patch, name, keep_document=True)


def faults_of(patch: pytest.MonkeyPatch, name: str, keep_document: bool) -> dict[str, str]:
    """The differences of a page. ``keep_document``: it is the one that the reader as it is makes."""
    one = answered(name)
    if keep_document:
        kept = document(name)

        def clean_already(page: Page) -> Document:
            return kept

        patch.setattr(scrapers.read, "clean", clean_already)
    return faults(one.answer, read_page(one.page()))


def of_extract(switches: list[Switch]) -> bool:
    """Whether the documents are the same with and without the rules."""
    return not any(
        (one.code or "").startswith("scrapers.clean") or one.catalogue in _OF_THE_CLEAN_ROOM for one in switches
    )
