"""The words and shapes of list pages, error pages and files, from catalogue/listing.yaml."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from scrapers.catalogue.loading import load_yaml


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


def _is_lower(word: str) -> str:
    if word != word.lower():
        raise ValueError(f"{word!r} must be in lower case: it is looked for in lower case")
    return word


Pattern = Annotated[str, AfterValidator(_compiles)]
Words = tuple[Annotated[str, Field(min_length=1)], ...]


class UnreadableEndings(BaseModel):
    """Kinds of files that are not read, and what a person can do about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endings: Words
    code: str
    advice: str


LowerCase = Annotated[str, Field(min_length=1), AfterValidator(_is_lower)]
LowerWords = tuple[LowerCase, ...]


class FirewallSign(BaseModel):
    """How the challenges and refusals of one firewall are known: everything that is given must hold, and of a list of
    words, headers or statuses any one does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    statuses: tuple[int, ...] = ()
    words: LowerWords = ()  # in the source of the page
    further_words: LowerWords = ()
    headers: LowerWords = ()  # how a line "name: value" starts
    without: LowerWords = ()  # none of them in the source of the page
    text_limit: int | None = None  # of answers with 200, in place of the usual one

    @model_validator(mode="after")
    def _says_something(self) -> FirewallSign:
        if not self.words and not self.headers:
            raise ValueError(f"{self.name}: give words or headers; a status alone says nothing")
        return self


class Vocabulary(BaseModel):
    """The schema of listing.yaml; the file says what each part is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    report_words: Words
    other_reports: Words
    year_only: Pattern
    annex_words: Words
    list_addresses: tuple[Pattern, ...]
    next_words: Words
    page_number: Pattern
    attachment_endings: Words
    viewer_parameters: Words
    skipped_endings: Words
    not_found_titles: Words
    not_found_texts: Words
    not_found_text_limit: int
    not_found_addresses: tuple[Pattern, ...]
    front_pages: tuple[Pattern, ...]
    document_marks: LowerWords
    login_addresses: tuple[Pattern, ...]
    login_titles: LowerWords
    login_fields: LowerWords
    login_texts: LowerWords
    login_text_limit: int
    firewall_text_limit: int
    firewalls: tuple[FirewallSign, ...]
    readable_endings: dict[str, Literal["html", "pdf"]]
    unreadable_endings: tuple[UnreadableEndings, ...]

    def unreadable(self, ending: str) -> UnreadableEndings | None:
        """What is known about files that end in ``ending`` (lower case, without the dot)."""
        return next((kind for kind in self.unreadable_endings if ending in kind.endings), None)


@cache
def load_vocabulary() -> Vocabulary:
    """The words, validated. Raises CatalogueError naming file and line."""
    return load_yaml("listing.yaml", Vocabulary)


def matches_any(patterns: tuple[str, ...], text: str) -> bool:
    """Whether one of ``patterns`` is found in ``text``."""
    return any(re.search(pattern, text) for pattern in patterns)


def ending_of(path: str) -> str:
    """The ending of a path or file name in lower case without the dot, "" where it has none."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and len(ending) <= 8 else ""
