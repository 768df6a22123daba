"""Numbers that no exact wording claims go to the nearest topic word: 网站6320条, 推文412条, 其中当面2件.

The words of all metrics, and words whose numbers are no metric (lexicon.yaml: own_numbers), compete for each number.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick

from scrapers.extract.numbers import NUMBER, Number, Template, lexicon
from scrapers.extract.rules import Rule, Topic, expand, rules
from scrapers.extract.statements import Candidate, Span, clause_start, holds, kinds_at, rejected

_FAR, _FAR_AFTER = 18, 6  # characters between a topic word and its number
_MOST = 200  # numbers of a sentence; more are a table without its cells, and the work must stay bounded
_REACH = 44  # a topic of an earlier clause: 主动公开总量居全市第五位，共4,408条
_ABOUT = 80  # characters before a sentence that may name what it is about: the sentence before it, or its heading
_BRACKETED = re.compile(r"\([^()]{0,40}\)")
_PARTS = re.compile(r"\((?:含|其中|包括|内含|不含|上年|去年)[^()]*$")  # of what stands before the bracket
_JOINT = re.compile(r"(?:、|/|和|及|与|以及)(?:政务|官方|新浪|腾讯)?")
_COUNTED = "渠道|平台|方式|途径|账号|媒体|方面"  # 三个渠道: a number of channels, not of what they carry
_TO_EACH = re.compile(
    r"分别|依次|各(?!类|种|项|级|部门|单位|地|乡|镇|县|市|区|街道|有关|科|处|室|村|社区|个|界|方|局|股|家|自)"
)
_ITEM = re.compile(r"[、,;:(\ue000]")
_CUT = re.compile(r"[,;:、()\ue000]|分别")
_WHOLE = re.compile(r"(?:中|里)[,:]?$")  # 20件新收中网络14件: the number is the whole, not the part named next
_IN_ALL = re.compile(r"(?:共|合计|总计)(?:有|约|达)?$")
_ALL_OF_IT = re.compile(r"(?:均|都|全部|皆)(?:为|是|系|以|通过|属)?$")
_LISTED = re.compile(r"[、,]|和|及|以及|与")


@dataclass(frozen=True, slots=True)
class Word:
    """A topic word in a template; no owners: its number is no metric."""

    start: int
    end: int
    before: tuple[int, ...]  # rules that the number after the word belongs to
    after: tuple[int, ...]  # rules that the number before the word belongs to


@cache
def _words() -> ahocorasick.Automaton:
    owners: dict[str, tuple[list[int], list[int]]] = {word: ([], []) for word in lexicon().own_numbers}
    for number, rule in enumerate(rules()):
        if rule.entry.topic:
            for word in rule.entry.topic.words:
                owners.setdefault(word, ([], []))[0].append(number)
            for word in rule.entry.topic.after:
                owners.setdefault(word, ([], []))[1].append(number)
    automaton = ahocorasick.Automaton()
    for word, (before, after) in owners.items():
        automaton.add_word(word, (len(word), tuple(before), tuple(after)))
    automaton.make_automaton()
    return automaton


@cache
def _light() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand between a topic of an earlier clause and its number, and what may not between any topic and it."""
    return re.compile(expand(lexicon().topic_light)), re.compile(expand(lexicon().topic_break))


@cache
def _of_all() -> re.Pattern[str]:
    return re.compile(expand("{all}"))


def _carried_over(text: str, word: Word, at: int) -> bool:
    """5件都是在网上提交的; 均以信函提出，4件: the number is the total, and the words carry it over to the topic."""
    if word.start > at:
        return _of_all().search(text, at + 1, word.start) is not None
    clause = text.rfind(",", 0, word.start) + 1
    return "," in text[word.end : at] and _of_all().search(text, clause, word.start) is not None


@cache
def _opening() -> re.Pattern[str]:
    """What may stand before a number that opens its item."""
    return re.compile(expand(lexicon().topic_opening))


def read_topics(
    template: Template, span: Span, claimed: Container[int], form: str | None, report_year: int | None, source: str
) -> Iterator[Candidate]:
    """Candidates for the numbers of a sentence that no pattern has claimed.

    ``claimed`` holds the offsets of the numbers that are taken; ``source`` is the whole normalised text.
    """
    free = [at for at, number in template.numbers.items() if number.start not in claimed and not number.is_share]
    if not free or len(template.numbers) > _MOST:
        return
    words = [
        Word(end - length + 1, end + 1, before, after)
        for end, (length, before, after) in _words().iter_long(template.text)
    ]
    if not any(word.before or word.after for word in words):
        return
    shared: dict[int, list[tuple[Word, tuple[int, ...]]]] = {}
    for at, owner in _to_each(template, words):
        shared.setdefault(at, []).append(owner)
    before = source[max(span.start - _ABOUT, 0) : span.start]
    for at in free:
        number = template.numbers[at]
        owners = shared.get(at) or _nearest(template, words, at)
        kinds = kinds_at(span, source, number.end) if owners else frozenset()
        for word, index in ((word, index) for word, its in owners for index in its):
            rule = rules()[index]
            topic, here = rule.topic, template.text[: max(at, word.end)]
            if topic is None or not _fits(rule, topic, number, kinds, form, before, here):
                continue
            first = min(word.start, at)
            if rejected(rule, topic.pattern, template, first, at, report_year):
                continue
            state = "implied" if _carried_over(template.text, word, at) else "reported"
            yield Candidate(
                rule, number.value, number.unit, state, number.qualifier, number.printed,
                clause_start(template, first), max(number.end, template.places[word.end]), topic.pattern.weight, span,
            )  # fmt: skip


def _fits(
    rule: Rule, topic: Topic, number: Number, kinds: frozenset[str], form: str | None, before: str, here: str
) -> bool:
    """``here``: the sentence up to the number; ``before``: what stands before it in the chapter."""
    if rule.entry.forms is not None and form not in rule.entry.forms:
        return False
    if (number.unit or "") not in topic.units:
        return False
    if not holds(topic.chapters, kinds) or kinds & topic.not_chapters:
        return False
    if topic.needs and not topic.needs.search(before + here):
        return False
    return not (topic.rejects and topic.rejects.search(here))


def _nearest(template: Template, words: list[Word], at: int) -> list[tuple[Word, tuple[int, ...]]]:
    """The topic word that the number at ``at`` belongs to, and its rules; empty where there is none."""
    text = template.text
    open_text = _BRACKETED.sub(lambda match: "\0" * len(match.group()), text[:at])  # a closed bracket is no neighbour
    part = _PARTS.search(open_text)
    since = max(open_text.rfind(NUMBER), part.start() if part else -1) + 1
    light, breaks = _light()
    right = _right(template, words, at)
    if right and right.after:
        return [(right, right.after)]
    left = [word for word in words if since <= word.start and word.end <= at and open_text[word.start] != "\0"]
    if left:
        word = left[-1]
        if _is_joint(text, left):
            return []
        between = open_text[word.end :].replace("\0", "")
        clause = between.rpartition(",")[2]
        near = len(between) <= _FAR if "," not in between else light.fullmatch(clause) and len(between) <= _REACH
        if near and not word.before and _IN_ALL.search(between) and (right := _beside(text, words, at, _FAR_AFTER)):
            return [(right, right.after)]  # 43个部门共172人参加培训
        if "," in between and _ALL_OF_IT.search(open_text[: word.start]):
            return []  # 均为当面申请,其中2件…: a part of them, told by something else
        if near and not breaks.search(between) and ")" not in between:
            return [(word, word.before)] if word.before else []
        if "," not in between:
            return []
    right = _beside(text, words, at, _FAR_AFTER)
    return [(right, right.after)] if right else []


def _is_joint(text: str, words: list[Word]) -> bool:
    """微博、微信共推送900条: the number is neither's."""
    if len(words) < 2 or not (words[-1].before and words[-2].before) or words[-1].before == words[-2].before:
        return False
    return _JOINT.fullmatch(text[words[-2].end : words[-1].start]) is not None


def _right(template: Template, words: list[Word], at: int) -> Word | None:
    """The topic word after a number that opens its item: 2件区分处理后部分公开、20件不掌握."""
    head = _ITEM.split(template.text[max(at - _FAR, 0) : at])[-1]
    opens = len(head) < _FAR or at < _FAR
    return _beside(template.text, words, at, _FAR) if opens and _opening().fullmatch(head) else None


def _beside(text: str, words: list[Word], at: int, far: int) -> Word | None:
    """The first topic word within ``far`` characters after the number, in its own item."""
    for word in words:
        if word.start > at:
            near = word.start <= at + 1 + far and not _CUT.search(text[at + 1 : word.start])
            whole = _WHOLE.search(text[at + 1 : word.start])
            return word if near and not whole else None
    return None


def _to_each(template: Template, words: list[Word]) -> Iterator[tuple[int, tuple[Word, tuple[int, ...]]]]:
    """微博、微信分别推送287条、1533条: the numbers after 分别 or 各 go to the topics before it, in order."""
    text = template.text
    for mark in _TO_EACH.finditer(text):
        clause = text.rfind(",", 0, mark.start())
        if 0 <= clause == mark.start() - 1:  # 网上、信函较多，分别为58件、41件
            clause = text.rfind(",", 0, clause)
        since = max(_last_number(text, mark.start()), clause) + 1
        named = [word for word in words if since <= word.start and word.end <= mark.start()]
        numbers = _run_of_numbers(template, mark.end())
        shared = len(numbers) == 1 and mark.group() == "各"
        topics = [word for word in named if word.before]
        if len(topics) != len(numbers) and not shared:
            topics = named  # one of them has a number that is no metric
        if len(topics) > 1 and (len(numbers) == len(topics) or shared):
            for position, word in enumerate(topics):
                yield numbers[min(position, len(numbers) - 1)], (word, word.before)


def _last_number(text: str, end: int) -> int:
    """Where the last number before ``end`` stands that does not count the channels named."""
    at = text.rfind(NUMBER, 0, end)
    while at >= 0 and re.match(_COUNTED, text[at + 1 :]):
        at = text.rfind(NUMBER, 0, at)
    return at


def _run_of_numbers(template: Template, start: int) -> list[int]:
    """Positions of the numbers that stand one after the other, parted by 、 or 和 only."""
    found: list[int] = []
    for at in sorted(template.numbers):
        if at < start:
            continue
        between = template.text[(found[-1] + 1 if found else start) : at]
        if (found and not _LISTED.fullmatch(between)) or len(between) > 12:
            break
        found.append(at)
    return found
