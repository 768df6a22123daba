"""A statement of a value where it stands, and what makes it another thing than the metric of its year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scrapers.extract.numbers import NUMBER, Number, Template
from scrapers.extract.rules import Pattern, Rule, guards, other_date, spoken_of

PLANS = frozenset({"problems_improvements", "plan_next_year"})
_CONTEXT = 400  # characters of a sentence before a number that may say what it is; bounds the work
_LOOSE = frozenset({"overview", "none", "other_matters"})  # chapters whose paragraphs may speak of anything
_SPOKEN = 120
_AFTER = 40
_DATE_WORDS = 12
_CLOSED = re.compile(r"\([^()]*\)")  # 复议2件(其中维持1件),诉讼1件: the part ends with its bracket


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence of the normalised text, with the kinds of the chapters it stands in."""

    start: int
    end: int
    kinds: frozenset[str]
    chapter: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a rule found, before selection."""

    rule: Rule
    value: float
    unit: str | None
    state: str
    qualifier: str
    printed: str
    start: int
    end: int
    weight: int
    span: Span
    value_at: int = -1  # offset of the number, where there is one


def holds(chapters: frozenset[str] | None, kinds: frozenset[str]) -> bool:
    if chapters is None:
        return not kinds & PLANS
    return bool(chapters & kinds) and not kinds & PLANS


def kinds_at(span: Span, text: str, offset: int) -> frozenset[str]:
    """The kinds of a place: those of its chapter, and in an overview also of what its paragraph has just spoken of."""
    if span.kinds & PLANS or not span.kinds & _LOOSE:
        return span.kinds
    said = text[max(offset - _SPOKEN, 0) : offset].rpartition("\n")[2]
    return span.kinds.union(kind for kind, pattern in spoken_of().items() if pattern.search(said))


def unit_fits(rule: Rule, number: Number) -> bool:
    if rule.entry.share or number.is_share:
        return rule.entry.share and number.is_share
    return (number.unit or "") in rule.entry.units


def rejected(
    rule: Rule, pattern: Pattern, template: Template, start: int, position: int, report_year: int | None
) -> bool:
    """True where the words before the number make it another thing than this metric of this year."""
    before, entry, guard = template.text[max(position - _CONTEXT, 0) : position], rule.entry, guards()
    clause = re.split(r"[,(]", before[-80:])[-1]
    if rule.reject_before and rule.reject_before.search(template.text[max(start - 40, 0) : start]):
        return True
    if rule.reject_after and rule.reject_after.match(template.text[position + 1 : position + 1 + _AFTER]):
        return True
    if rule.reject_clause and rule.reject_clause.search(re.split(r"[,。;]", before)[-1]):
        return True
    if not entry.part and not pattern.part and guard["part"].search(_CLOSED.sub("", before)):
        return True
    if guard["compare"].search(clause) and not guard["compare_to"].search(clause):
        return True
    if guard["future"].search(clause) or guard["each"].search(clause):
        return True
    if not (entry.stock or pattern.other_year or pattern.earlier_year) and guard["last_year"].search(clause):
        return True
    if position in _of_others(template.text) or guard["unrelated"].match(template.text, position + 1):
        return True
    if not entry.stock and guard["then_new"].match(template.text, position + 1):
        return True
    total = _stock(template, position, report_year)
    stock = None if entry.share else total
    since = stock.end() if stock else max(position - _CONTEXT, 0)
    if entry.stock != bool(stock) and (entry.stock or not _annual(template, position, since)):
        return True
    if pattern.earlier_year or pattern.later_year:
        return not _years_apart(pattern, template, start, position, report_year)
    since = total.end() if total else 0  # the date before a running total is not that of the share or count after it
    return not entry.stock and not pattern.other_year and _other_year(template, position, report_year, since)


@lru_cache(maxsize=16)
def _of_others(text: str) -> frozenset[int]:
    """Where the figures of several authorities stand that are told one by one."""
    matches = guards()["listed"].finditer(text)
    return frozenset(at for match in matches for at in (match.end() - 1, match.start(2)))


def _stock(template: Template, position: int, report_year: int | None) -> re.Match[str] | None:
    """Words of a running total before the number, or its year behind it; 2019年以来 in the report of 2019 is none."""
    for match in guards()["stock"].finditer(template.text, max(position - _CONTEXT, 0), position):
        if report_year is None or report_year not in template.years.get(match.start() - 1, ()):
            return match
    return next((one for one in guards()["stock_of_year"].finditer(template.text) if one.end() - 1 == position), None)


def _annual(template: Template, position: int, since: int) -> bool:
    """Words after ``since`` that make the number one of the year: 全年, or a date behind the total itself."""
    if guards()["annual"].search(template.text, since, position):
        return True
    total = template.text.find(NUMBER, since, position)
    return total >= 0 and any(total < at < position and years for at, years in template.years.items())


def _other_year(template: Template, position: int, report_year: int | None, since: int = 0) -> bool:
    """The nearest date before the number names other years than the report's."""
    if report_year is None:
        return False
    text = template.text
    dated = [
        at
        for at, years in template.years.items()
        if since <= at < position
        and years
        and not other_date().search(text, max(at - _DATE_WORDS, 0), at)
        and not _aside(text[at:position])
        and not guards()["own_date"].match(text, at + 1, position)
    ]
    return bool(dated) and report_year not in template.years[max(dated)]


def _years_apart(pattern: Pattern, template: Template, start: int, position: int, report_year: int | None) -> bool:
    """The first date of the match names years before (after) the report's, as the pattern asks."""
    if report_year is None:
        return pattern.later_year
    dated = [years for at, years in sorted(template.years.items()) if start <= at < position and years]
    if not dated:
        return False
    return min(dated[0]) > report_year if pattern.later_year else max(dated[0]) < report_year


def years_before(template: Template, end: int) -> set[int]:
    """The years that the dates before ``end`` name, without those of what was asked for: 内容为2016年的台账."""
    text = template.text
    dated = (at for at in template.years if at < end and not other_date().search(text, max(at - _DATE_WORDS, 0), at))
    return {year for at in dated for year in template.years[at]}


def _aside(text: str) -> bool:
    """True where the text begins in a bracket that holds a number of its own and is closed: (2022年51件),…"""
    inside, closed, _ = text.partition(")")
    return bool(closed) and "(" not in inside and NUMBER in inside


def clause_start(template: Template, position: int) -> int:
    """Where the clause begins, so that the evidence reads as words; never before the sentence."""
    start = max(template.text.rfind(mark, 0, position) for mark in ",:、(") + 1
    return template.places[start]


def clause_end(text: str, position: int) -> int:
    """The end of the clause that a match ends in, where it is near; else the end of the match."""
    stops = [stop for stop in (text.find(mark, position) for mark in ",、)") if stop >= 0]
    end = min([*stops, len(text)])
    return end if end - position <= 24 else position
