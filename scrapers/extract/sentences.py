"""Figures from sentences: numbers, zeros in words, and totals carried over by a word such as 全部.

Rules and guards: catalogue/sentences/ and lexicon.yaml; their source is narrative_metrics.yaml and the wild variation.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from scrapers.catalogue import load_catalogue
from scrapers.document import Document, Figure, Grid, Issue, Section, Share
from scrapers.extract.numbers import Template, make_template
from scrapers.extract.rules import Rule, anchored, guards, joint_kinds, not_zero, rules
from scrapers.extract.shares import Found, shares_of, with_metrics
from scrapers.extract.statements import (
    PLANS,
    Candidate,
    Span,
    clause_end,
    clause_start,
    holds,
    kinds_at,
    rejected,
    unit_fits,
    years_before,
)
from scrapers.extract.topics import read_topics

_SENTENCE_END = re.compile(r"[。！？!?;；\n]")
_EMPTY_BODY = re.compile(
    r"(?:\(?本?(?:年度?|单位|机关|镇|乡|街道|局|县|市|区)*,?)?(?:无|没有|暂无|未发生|没有发生|无此类?情况|无相关情况|无此项内容|不存在|无发生)"
    r"(?:此类|该类|相关|上述|此)?(?:情况|事项|情形)?\)?"
)
_LONG = 120


class Words(NamedTuple):
    """What the words of a report state."""

    figures: tuple[Figure, ...]
    issues: tuple[Issue, ...]
    shares: tuple[Share, ...]


def read_sentences(
    document: Document,
    sections: Sequence[Section],
    report_year: int | None,
    form: str | None,
    grids: Sequence[Grid] = (),
    lost: Sequence[tuple[int, int]] = (),
) -> Words:
    """The figures that the words state, the preferred one of a metric first, and their shares and growth.

    ``grids``: tables found in the paragraphs, whose cells are no words; those of the document are known.
    ``lost``: where rows of such tables that could not be rebuilt stand in the published text.
    """
    text = document.normal.text
    spans = split_sentences(document, sections, grids, lost)
    starts = [span.start for span in spans]
    wanted: dict[int, set[int]] = defaultdict(set)
    for offset, numbers in anchored(text):
        index = bisect_right(starts, offset) - 1
        if index >= 0 and offset < spans[index].end:
            wanted[index].update(numbers)
    found: list[Candidate] = []
    shares: list[Found] = []
    for index in sorted(wanted):
        template = make_template(text, spans[index].start, spans[index].end)
        stated: list[Candidate] = []
        for number in sorted(wanted[index]):
            rule = rules()[number]
            if rule.entry.forms is None or form in rule.entry.forms:
                stated += _match(rule, template, spans[index], text, report_year)
        claimed = {one.value_at for one in stated}
        found += stated
        found += read_topics(template, spans[index], claimed, form, report_year, text)
        shares += shares_of(template, spans[index], document)
    found += _empty_chapters(document, sections)
    found += _implied(found, spans, wanted, text)
    figures, issues = _select(found, document, form)
    return Words(figures, issues, with_metrics(shares, figures))


def split_sentences(
    document: Document,
    sections: Sequence[Section],
    grids: Sequence[Grid] = (),
    lost: Sequence[tuple[int, int]] = (),
) -> list[Span]:
    """The sentences outside the grids, in order."""
    text = document.normal.text
    in_table = _inside([*((grid.start, grid.end) for grid in document.grids), *lost], grids)
    chapters = _Chapters(document, sections)
    spans: list[Span] = []
    start = 0
    ends = [(match.start(), match.end()) for match in _SENTENCE_END.finditer(text)]
    bodies = [section.body_start for section in sections]
    own_line = [body for body in bodies if "\n" in document.text[max(body - 1, 0) : body + 1]]
    heads = {bisect_left(document.normal.starts, body) for body in own_line}  # a heading is no part of a sentence
    for end, following in sorted([*ends, *((head, head) for head in heads), (len(text), len(text))]):
        if end > start:
            source = document.normal.starts[start]
            if not in_table(source):
                kinds, chapter = chapters.at(source)
                spans.append(Span(start, end, kinds, chapter))
        start = max(start, following)
    return spans


def _inside(spans: list[tuple[int, int]], grids: Sequence[Grid]) -> Callable[[int], bool]:
    """Tells whether an offset of the published text stands in one of the spans or in a cell of the grids."""
    cells = (cell for grid in grids for row in grid.rows for cell in row)
    spans = sorted([*spans, *((cell.start, cell.end) for cell in cells if cell.end > cell.start)])
    starts = [start for start, _ in spans]

    def holds_offset(offset: int) -> bool:
        index = bisect_right(starts, offset) - 1
        return index >= 0 and offset < spans[index][1]

    return holds_offset


class _Chapters:
    """Which chapters an offset of the published text stands in."""

    def __init__(self, document: Document, sections: Sequence[Section]) -> None:
        self._sections = sorted(sections, key=lambda section: section.start)
        self._starts = [section.start for section in self._sections]

    def at(self, offset: int) -> tuple[frozenset[str], str | None]:
        index = bisect_right(self._starts, offset) - 1
        kinds: set[str] = set()
        chapter: str | None = None
        level = 99
        while index >= 0 and level > 1:
            section = self._sections[index]
            if section.level < level and section.start <= offset < section.end:
                level = section.level
                if section.kind != "other":
                    kinds |= {section.kind, *joint_kinds(section.heading)}
                chapter = section.kind if section.level == 1 or chapter is None else chapter
            index -= 1
        if not kinds:
            kinds.add("none")
        return frozenset(kinds), chapter


def _match(rule: Rule, template: Template, span: Span, text: str, report_year: int | None) -> Iterable[Candidate]:
    if rule.entry.needs and not re.search(rule.entry.needs, text[span.start : span.end]):
        return
    positive = False
    if template.numbers and "plan_next_year" not in span.kinds:
        for candidate in _numbers(rule, template, span, text, report_year):
            positive = True
            yield candidate
    if not positive and rule.zero:
        yield from _zeros(rule, template, span, text, report_year)


def _numbers(rule: Rule, template: Template, span: Span, text: str, report_year: int | None) -> Iterable[Candidate]:
    taken: set[int] = set()
    widest = kinds_at(span, text, span.end)
    problems = bool(span.kinds & PLANS)
    if not problems and not holds(rule.chapters, widest):
        return
    for pattern in rule.patterns:
        if problems > pattern.problems or (pattern.chapters is not None and not pattern.chapters & widest):
            continue
        for match in pattern.regex.finditer(template.text):
            position = match.start("v")
            number = template.numbers.get(position)
            if (
                number is None
                or position in taken
                or not (unit_fits(rule, number) or (pattern.only_zero and number.unit is None and not number.is_share))
                or (pattern.only_zero and number.value)
            ):
                continue
            if widest != span.kinds:
                kinds = kinds_at(span, text, number.end)
                if not holds(rule.chapters, kinds) or (pattern.chapters is not None and not pattern.chapters & kinds):
                    continue
            if rejected(rule, pattern, template, match.start(), position, report_year):
                continue
            taken.add(position)
            yield Candidate(
                rule, number.value, number.unit or (rule.entry.units[0] if pattern.only_zero else None),
                "implied" if pattern.implied else "reported", number.qualifier, number.printed,
                clause_start(template, match.start()), max(number.end, template.places[match.end()]), pattern.weight,
                span, number.start,
            )  # fmt: skip


def _zeros(rule: Rule, template: Template, span: Span, source: str, report_year: int | None) -> Iterable[Candidate]:
    if span.kinds & PLANS:
        return
    anywhere = "any" in rule.zero_chapters
    if not anywhere and not kinds_at(span, source, span.start) & rule.zero_chapters:
        return
    text = _without_not_zero(template.text)
    for pattern in rule.zero:
        match = pattern.search(text)
        if match is None or guards()["future"].search(text[: match.start()][-12:]):
            continue
        years = years_before(template, match.end())
        of_another = report_year is not None and bool(years) and report_year not in years
        if of_another and not rule.entry.zero_other_year and not guards()["stock"].search(text):
            continue
        start = 0 if match.end() <= _LONG else max(text.rfind(",", 0, match.start()) + 1, 0)
        begin, end = template.places[start], template.places[clause_end(template.text, match.end())]
        unit = rule.entry.units[0] if rule.entry.units else None
        yield Candidate(rule, 0.0, unit, "stated_zero", "exact", match.group(), begin, end, 5, span)
        return


@lru_cache(maxsize=16)
def _without_not_zero(text: str) -> str:
    """The sentence with blanks in the place of phrases that mean no zero; asked for again by every rule."""
    return not_zero().sub(lambda match: " " * len(match.group()), text)


@lru_cache(maxsize=2000)
def _field_of(metric: str, form: str) -> str:
    return load_catalogue().field_for(metric, form)


def _empty_chapters(document: Document, sections: Sequence[Section]) -> list[Candidate]:
    """A chapter whose whole body is 无 states zero for its metrics."""
    found: list[Candidate] = []
    normal = document.normal
    for section in sections:
        owners = [rule for rule in rules() if section.kind in rule.entry.empty_chapter]
        if section.level > 2 or not owners or section.end - section.body_start > 40:
            continue
        first = bisect_right(normal.starts, section.body_start - 1)
        last = bisect_right(normal.starts, section.end - 1)
        body = normal.text[first:last]
        bare = body.strip(" 。.\n;,")
        if bare and _EMPTY_BODY.fullmatch(bare):
            start = first + body.index(bare)
            span = Span(start, start + len(bare), frozenset({section.kind}), section.kind)
            for rule in owners:
                unit = rule.entry.units[0]
                found.append(
                    Candidate(rule, 0.0, unit, "stated_zero", "exact", bare, start, start + len(bare), 4, span)
                )
    return found


def _implied(found: list[Candidate], spans: list[Span], wanted: dict[int, set[int]], text: str) -> list[Candidate]:
    """A word such as 全部 carries the total over (value_state implied)."""
    more: list[Candidate] = []
    for number, rule in enumerate(rules()):
        entry = rule.entry
        if not entry.implied_from or any(one.rule.metric == rule.metric for one in found):
            continue
        totals = [
            one for one in found if one.rule.metric == entry.implied_from and one.state == "reported" and one.value > 0
        ]
        if len({total.value for total in totals}) != 1:
            continue
        total = max(totals, key=lambda one: one.weight)
        patterns = rule.implied + (rule.implied_single if total.value == 1 else ())
        for index in sorted(wanted):
            span = spans[index]
            if number in wanted[index] and total.span.start <= span.start < total.end + 160:
                match = _first(patterns, text, max(total.end, span.start), span.end)
                if match:
                    more.append(replace(total, rule=rule, state="implied", printed=match.group(), start=match.start(),
                                        end=match.end(), span=span))  # fmt: skip
                    break
    return more


def _first(patterns: Iterable[re.Pattern[str]], text: str, start: int, end: int) -> re.Match[str] | None:
    for pattern in patterns:
        match = pattern.search(text, start, end)
        if match:
            return match
    return None


def _select(
    found: list[Candidate], document: Document, form: str | None
) -> tuple[tuple[Figure, ...], tuple[Issue, ...]]:
    """Of several candidates for a field the heaviest; an equal one with the same value is a second statement."""
    figures: list[Figure] = []
    issues: list[Issue] = []
    by_field: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in found:
        by_field[candidate.rule.metric, candidate.rule.entry.field.get(form or "", "")].append(candidate)
    for (metric, _), candidates in by_field.items():
        positive = [one for one in candidates if one.state != "stated_zero"]
        pool = positive or candidates
        pool.sort(key=lambda one: (-one.weight, one.qualifier != "exact", one.start))
        best = pool[0]
        rivals = [one for one in pool[1:] if one.weight == best.weight and one.span.start != best.span.start]
        for rival in rivals:
            if rival.value != best.value:
                detail = f"{metric}: the words state {best.value:g} and {rival.value:g}; the first is kept"
                issues.append(Issue("narrative_contradicts_itself", "info", detail, best.value, rival.value))
        figures.append(_figure(best, document, form))
        figures += [_figure(one, document, form) for one in rivals if one.value == best.value]
    figures.sort(key=lambda figure: figure.evidence_start)
    return tuple(figures), tuple(issues)


def _figure(candidate: Candidate, document: Document, form: str | None) -> Figure:
    entry = candidate.rule.entry
    start, end = document.normal.source_span(candidate.start, candidate.end)
    evidence = document.text[start:end]
    trimmed = evidence.strip()
    start += evidence.index(trimmed) if trimmed else 0
    field_id = entry.field.get(form or "") or _field_of(candidate.rule.metric, form or "")
    return Figure(
        field_id=field_id,
        metric_id=candidate.rule.metric,
        applicant_type=None,
        value=candidate.value,
        unit=candidate.unit,
        value_state=candidate.state,
        qualifier=candidate.qualifier,
        basis="narrative",
        printed=candidate.printed,
        evidence=trimmed,
        evidence_start=start,
        evidence_end=start + len(trimmed),
        section=candidate.span.chapter,
    )
