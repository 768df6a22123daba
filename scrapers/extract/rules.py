"""The rules of catalogue/sentences/, compiled once: anchors first, patterns second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import ahocorasick
from pydantic import BaseModel, ConfigDict

from scrapers.catalogue import CatalogueError, load_catalogue
from scrapers.catalogue.loading import load_yaml
from scrapers.extract.numbers import DATE, MASK, NUMBER, SHARE, lexicon

FAMILIES = ("disclosure", "engagement", "organisation", "requests", "fees", "disputes")
_MACRO = re.compile(r"\{([a-z_]+)\}")
_PLACEHOLDERS = {"#": NUMBER, "%": SHARE, "@": DATE, "~": MASK}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PatternEntry(_Strict):
    """One way of stating a number."""

    match: str
    weight: int
    chapters: list[str] | None = None
    other_year: bool = False  # the number is of another year than the report's, by its nature
    earlier_year: bool = False  # the first date of the match must be before the report's year: 从2023年结转4件
    later_year: bool = False  # the first date of the match must be after the report's year: 结转2025年1件
    part: bool = False  # holds after 其中 too, where the rule does not
    only_zero: bool = False  # holds for a printed 0 only, also a bare one: another number would be of one subject
    implied: bool = False  # the number is stated for a whole that the metric is said to be: 不予公开2件（均为行政查询）
    problems: bool = False  # holds in a chapter on problems too, where figures of the year are told in passing


class TopicEntry(_Strict):
    """Words whose number is the metric wherever it stands nearest to them."""

    words: list[str] = []
    after: list[str] = []
    units: list[str] | None = None
    chapters: list[str] | None = None
    needs: str = ""
    rejects: str = ""
    not_chapters: list[str] = []
    weight: int = 2


class RuleEntry(_Strict):
    """One metric as it stands in sentences/; the README there says what the keys mean."""

    metric: str
    anchors: list[str]
    units: list[str] = []
    share: bool = False
    part: bool = False
    stock: bool = False
    needs: str = ""
    forms: list[str] | None = None
    field: dict[str, str] = {}
    chapters: list[str] | None = None
    reject_before: str = ""
    reject_clause: str = ""
    reject_after: str = ""
    patterns: list[PatternEntry] = []
    topic: TopicEntry | None = None
    zero: list[str] = []
    zero_chapters: list[str] = []
    zero_other_year: bool = False  # a zero may name another year: 没有从2023年结转的申请
    empty_chapter: list[str] = []
    implied: list[str] = []
    implied_all: list[str] = []
    implied_single: list[str] = []
    implied_from: str = ""


class RuleFile(_Strict):
    """A file of sentences/."""

    rules: list[RuleEntry]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; group "v" is the value."""

    regex: re.Pattern[str]
    weight: int
    chapters: frozenset[str] | None
    only_zero: bool
    part: bool
    other_year: bool
    implied: bool = False
    earlier_year: bool = False
    later_year: bool = False
    problems: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A compiled topic: where its words' numbers count, by what is the rule's own where the entry says nothing else."""

    units: frozenset[str]
    chapters: frozenset[str] | None
    not_chapters: frozenset[str]
    needs: re.Pattern[str] | None
    rejects: re.Pattern[str] | None
    pattern: Pattern  # stands for the words where guards ask for the pattern of a match


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule."""

    entry: RuleEntry
    topic: Topic | None
    patterns: tuple[Pattern, ...]
    zero: tuple[re.Pattern[str], ...]
    implied: tuple[re.Pattern[str], ...]
    implied_single: tuple[re.Pattern[str], ...]
    reject_before: re.Pattern[str] | None
    reject_clause: re.Pattern[str] | None
    reject_after: re.Pattern[str] | None
    chapters: frozenset[str] | None
    zero_chapters: frozenset[str]

    @property
    def metric(self) -> str:
        """The metric that the rule reads."""
        return self.entry.metric


def expand(pattern: str) -> str:
    """A pattern of the catalogue as a regular expression: macros written out, placeholders as private characters."""
    macros = lexicon().macros
    for _ in range(3):
        pattern = _MACRO.sub(lambda match: macros[match.group(1)], pattern)
    return "".join(_PLACEHOLDERS.get(char, char) for char in pattern)


def _value_pattern(entry: PatternEntry, share: bool) -> Pattern:
    mark = SHARE if share else NUMBER
    head, found, tail = expand(entry.match).rpartition(mark) if share else _split_value(expand(entry.match))
    if not found:
        raise CatalogueError(f"sentences/: pattern without a value: {entry.match}")
    chapters = None if entry.chapters is None else frozenset(entry.chapters)
    return Pattern(
        re.compile(f"{head}(?P<v>{mark}){tail}"),
        entry.weight,
        chapters,
        entry.only_zero,
        entry.part,
        entry.other_year,
        entry.implied,
        entry.earlier_year,
        entry.later_year,
        entry.problems,
    )


def _split_value(pattern: str) -> tuple[str, str, str]:
    """Splits at the value: the last number mark outside a character class and not optional."""
    for position in range(len(pattern) - 1, -1, -1):
        inside_class = pattern.count("[", 0, position) > pattern.count("]", 0, position)
        if pattern[position] == NUMBER and not inside_class and pattern[position + 1 : position + 2] != "?":
            return pattern[:position], NUMBER, pattern[position + 1 :]
    return pattern, "", ""


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, compiled. Raises CatalogueError where a file of sentences/ names what the catalogue does not know."""
    known = load_catalogue().metrics
    files = [load_yaml(f"sentences/{family}.yaml", RuleFile) for family in FAMILIES]
    return tuple(_compile(entry, known) for file in files for entry in file.rules)


def _compile(entry: RuleEntry, known: object) -> Rule:
    if entry.metric not in known:  # type: ignore[operator]
        raise CatalogueError(f"sentences/: metrics.yaml has no {entry.metric}")
    return Rule(
        entry=entry,
        topic=_topic(entry, entry.topic) if entry.topic else None,
        patterns=tuple(
            _value_pattern(pattern, entry.share) for pattern in sorted(entry.patterns, key=lambda one: -one.weight)
        ),
        zero=tuple(re.compile(expand(pattern)) for pattern in entry.zero),
        implied=tuple(re.compile(expand(pattern)) for pattern in entry.implied + entry.implied_all),
        implied_single=tuple(re.compile(expand(pattern)) for pattern in entry.implied_single),
        reject_before=_optional(entry.reject_before),
        reject_clause=_optional(entry.reject_clause),
        reject_after=_optional(entry.reject_after),
        chapters=None if entry.chapters is None else frozenset(entry.chapters),
        zero_chapters=frozenset(entry.zero_chapters),
    )


def _topic(rule: RuleEntry, topic: TopicEntry) -> Topic:
    chapters = rule.chapters if topic.chapters is None else topic.chapters
    return Topic(
        units=frozenset(topic.units or rule.units),
        chapters=None if chapters is None else frozenset(chapters),
        not_chapters=frozenset(topic.not_chapters),
        needs=_optional(topic.needs),
        rejects=_optional(topic.rejects),
        pattern=Pattern(re.compile(""), topic.weight, None, only_zero=False, part=False, other_year=False),
    )


def _optional(pattern: str) -> re.Pattern[str] | None:
    return re.compile(expand(pattern)) if pattern else None


@cache
def _anchors() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    holders: dict[str, list[int]] = {}
    for number, rule in enumerate(rules()):
        topic = rule.entry.topic
        for anchor in {*rule.entry.anchors, *((*topic.words, *topic.after) if topic else ())}:
            holders.setdefault(anchor, []).append(number)
    for anchor, numbers in holders.items():
        automaton.add_word(anchor, (len(anchor), tuple(numbers)))
    automaton.make_automaton()
    return automaton


def anchored(text: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(offset, numbers of the rules) for every anchor in ``text``, in order."""
    for end, (_length, numbers) in _anchors().iter(text):
        yield end, numbers


@cache
def guards() -> dict[str, re.Pattern[str]]:
    """The guards of lexicon.yaml, compiled."""
    return {name: re.compile(expand(pattern)) for name, pattern in lexicon().guards.items()}


@cache
def not_zero() -> re.Pattern[str]:
    """Phrases with a negation that mean no zero."""
    return re.compile("|".join(expand(phrase) for phrase in lexicon().not_zero))


@lru_cache(maxsize=2000)  # headings come from the pages, without end
def joint_kinds(heading: str) -> frozenset[str]:
    """The kinds that a heading names beside its own: 依申请公开和复议诉讼情况 is a chapter of requests too."""
    return frozenset(kind for kind, pattern in _joint().items() if pattern.search(heading))


@cache
def spoken_of() -> dict[str, re.Pattern[str]]:
    """Kinds of chapters → what a paragraph outside them has just said where it speaks of their matter."""
    return {kind: re.compile(expand(pattern)) for kind, pattern in lexicon().spoken_of.items()}


@cache
def other_date() -> re.Pattern[str]:
    """The words before a date that is not when the number was counted: 较2021年, 要求提供2003年的协议."""
    return re.compile(expand(lexicon().other_date) or "(?!)")


@cache
def _joint() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(expand(pattern)) for kind, pattern in lexicon().joint_chapters.items()}
