"""What a page is: an annual report, an annex of one, or something else, with a reason a person can read."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.document import Document, Issue, Section
from scrapers.extract.dates import years_in
from scrapers.extract.titles import (
    agency_of_title,
    is_report_title,
    meta_title,
    names_place,
    report_title_lines,
    title_words,
)

_HEAD_CHARACTERS = 2500
_BODY_CHARACTERS = 20_000
_VALUE = re.compile(r"[+-]?\d[\d,.]*\s?(?:条|件|元|万元|次|人|个|%)?")
_MIN_REPORT = 120  # characters from one title to the next where each has its own text
_LEAST_FORM_ROWS = 5
_MIN_BODY = 15  # characters of text beside the title, below which there is no report


class KindRule(BaseModel):
    """One look-alike of kinds.yaml."""

    model_config = ConfigDict(extra="forbid")
    code: str
    reason: str
    titles: list[str]
    bodies: list[str]
    least_bodies: int
    short_only: int | None = None
    strong: bool = False


class KindVocabulary(BaseModel):
    """The file kinds.yaml."""

    model_config = ConfigDict(extra="forbid")
    rules: list[KindRule]
    annex_titles: list[str]
    report_cues: list[str]
    year_cues: list[str]
    template_marks: list[str]
    core_chapters: list[str]
    least_list_titles: int
    least_template_marks: int


@dataclass(frozen=True, slots=True)
class KindFinding:
    """annual_report, annex or not_a_report; reason_code and reason say why a page is no report."""

    kind: str
    reason_code: str | None = None
    reason: str | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    rule: KindRule
    title: re.Pattern[str]
    bodies: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    file: KindVocabulary
    rules: tuple[_Rule, ...]
    annex_title: re.Pattern[str]
    report_cues: tuple[re.Pattern[str], ...]
    year_cues: tuple[re.Pattern[str], ...]
    template: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for a report."""

    titled: bool
    chapters: int  # different kinds of core chapters
    cues: int
    narrative: int  # characters outside tables


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    """The compiled kinds.yaml. Raises CatalogueError where the file is faulty."""
    file = load_yaml("kinds.yaml", KindVocabulary)
    rules = tuple(
        _Rule(rule, re.compile("|".join(rule.titles)), tuple(re.compile(pattern, re.I) for pattern in rule.bodies))
        for rule in file.rules
    )
    return _Vocabulary(
        file=file,
        rules=rules,
        annex_title=re.compile("|".join(file.annex_titles)),
        report_cues=tuple(re.compile(pattern) for pattern in file.report_cues),
        year_cues=tuple(re.compile(pattern) for pattern in file.year_cues),
        template=re.compile("|".join(file.template_marks)),
    )


def classify(document: Document, sections: tuple[Section, ...], title: str | None, has_form_table: bool) -> KindFinding:
    """What the page is. ``title`` is the report title found on it, ``has_form_table`` whether a form was recognised."""
    headlines = _headlines(document)
    evidence = _evidence(document, sections, title, headlines)
    body = _narrative(document)
    for check in (_as_short_page, _as_list, _as_template, _as_annex, _as_look_alike):
        finding = check(document, headlines, evidence, body, has_form_table)
        if finding is not None:
            return finding
    return _as_report(evidence, body, has_form_table)


# --- checks, in the order they are asked ---------------------------------------------------------------------------


def _as_short_page(
    document: Document, headlines: list[str], evidence: _Evidence, body: str, has_form_table: bool
) -> KindFinding | None:
    if evidence.chapters >= 2 or has_form_table:
        return None
    if not body.strip() and not document.grids:
        return _no("empty_page", "the page holds no text")
    for item in _vocabulary().rules:
        limit = item.rule.short_only
        if limit is None or len(body) > limit:
            continue
        hits = sum(1 for pattern in item.bodies if pattern.search(body))
        if hits >= item.rule.least_bodies or any(item.title.search(line) for line in headlines[:3]):
            return _no(item.rule.code, item.rule.reason)
    return None


def _as_list(
    document: Document, headlines: list[str], evidence: _Evidence, body: str, has_form_table: bool
) -> KindFinding | None:
    titles = dict.fromkeys(_without_date(line) for line in document.normal.text.split("\n"))
    reports = [line for line in titles if is_report_title(line)]
    least = _vocabulary().file.least_list_titles
    sentences = body.count("。")
    if len(reports) >= least and sentences <= len(reports) and evidence.chapters < 2:
        return _no("list_page", f"a list of {len(reports)} reports without a text of its own")
    owners = {agency_of_title(line) for line in report_title_lines(body)} - {None}
    if len(owners) >= 3 and sentences > len(reports) and _spread(body, reports):
        return _no("several_reports", f"the reports of {len(owners)} agencies on one page")
    lines = [line for line in body.split("\n") if line.strip()]
    short = [line for line in lines if len(line) <= 60 and "。" not in line]
    if len(lines) >= 15 and len(short) >= 0.9 * len(lines) and evidence.chapters < 2 and not has_form_table:
        return _no("list_page", f"{len(short)} of {len(lines)} lines are short entries of a list")
    return None


def _as_template(
    document: Document, headlines: list[str], evidence: _Evidence, body: str, has_form_table: bool
) -> KindFinding | None:
    rule = next(item.rule for item in _vocabulary().rules if item.rule.code == "blank_form")
    marks = len(_vocabulary().template.findall(document.normal.text[:_BODY_CHARACTERS]))
    if marks >= _vocabulary().file.least_template_marks:
        return _no(rule.code, rule.reason)
    bare = evidence.chapters < 2 and evidence.narrative < 300
    form = has_form_table or (not evidence.titled and _names_form(document, headlines))
    if document.grids and form and bare and not _filled(document):
        return _no(rule.code, rule.reason)
    return None


def _as_annex(
    document: Document, headlines: list[str], evidence: _Evidence, body: str, has_form_table: bool
) -> KindFinding | None:
    named = any(_vocabulary().annex_title.search(line) and not is_report_title(line) for line in headlines[:3])
    if evidence.chapters >= 3 or (evidence.chapters >= 2 and evidence.cues >= 2):
        return None
    if has_form_table and (named or (not evidence.titled and evidence.narrative < 300)):
        return KindFinding("annex", "annex", "only the table of a report; it belongs to a report")
    return None


def _as_look_alike(
    document: Document, headlines: list[str], evidence: _Evidence, body: str, has_form_table: bool
) -> KindFinding | None:
    """A look-alike by headline or by several phrases; a whole report under such a headline stays a report."""
    text = body[:_BODY_CHARACTERS]
    for item in _vocabulary().rules:
        if item.rule.short_only is not None or (item.rule.code == "blank_form" and has_form_table):
            continue
        by_title = any(item.title.search(line) for line in headlines[:2])
        if not by_title and (evidence.titled or evidence.chapters >= 4 or not item.bodies):
            continue
        hits = sum(1 for pattern in item.bodies if pattern.search(text))
        whole = evidence.chapters >= 4 and evidence.cues >= 2 and hits < max(3, item.rule.least_bodies)
        plain_report = any(map(_is_own_title, headlines[:3])) and hits < max(2, item.rule.least_bodies)
        plain_report = plain_report and not item.rule.strong
        if (not whole and not plain_report) if by_title else hits >= item.rule.least_bodies:
            return _no(item.rule.code, item.rule.reason)
    return None


def _is_own_title(line: str) -> bool:
    """The title of one report: 政府信息公开年报 alone is the name of a column."""
    return is_report_title(line) and (bool(years_in(line)) or names_place(line))


def _as_report(evidence: _Evidence, body: str, has_form_table: bool) -> KindFinding:
    if evidence.titled and evidence.narrative < _MIN_BODY and not has_form_table:
        return _no("no_body", "the title of a report without its text (an attachment, an image or a lost body)")
    year_cues = sum(1 for pattern in _vocabulary().year_cues if pattern.search(body[:_BODY_CHARACTERS]))
    if evidence.titled and (evidence.chapters >= 1 or has_form_table or year_cues >= 2 or evidence.cues >= 2):
        return KindFinding("annual_report")
    if evidence.chapters >= 3 or (evidence.chapters >= 2 and evidence.cues >= 1):
        return KindFinding("annual_report")
    if evidence.cues >= 3 and year_cues >= 2:
        return KindFinding("annual_report")
    return _no("no_report_found", "nothing on the page reads as an annual report on government information disclosure")


# --- evidence ------------------------------------------------------------------------------------------------------


def _evidence(document: Document, sections: tuple[Section, ...], title: str | None, headlines: list[str]) -> _Evidence:
    vocabulary = _vocabulary()
    body = _narrative(document)
    head = body[:_HEAD_CHARACTERS]
    core = {section.kind for section in sections if section.level == 1} & set(vocabulary.file.core_chapters)
    own = title is not None and is_report_title(title)
    return _Evidence(
        titled=own or any(is_report_title(line) for line in headlines[:3]),
        chapters=len(core),
        cues=sum(1 for pattern in vocabulary.report_cues if pattern.search(head)),
        narrative=len(body.replace("\n", "")) - (len(title) if title else 0),
    )


def _headlines(document: Document) -> list[str]:
    """What may be the page's headline: the title of its meta data, then its first short lines."""
    found = []
    named = meta_title(document.meta)
    if named:
        found.append("".join(named.split()))
    for line in document.normal.text[:_HEAD_CHARACTERS].split("\n"):
        bare = line.strip(" |\t")
        if 4 <= len(bare) <= 90 and not re.search("[。>]", bare) and not title_words().debris.search(bare):
            found.append(bare)
        if len(found) >= 6:
            break
    return found or [document.normal.text[:60]]


def _narrative(document: Document) -> str:
    """The normalised text outside tables."""
    if not document.grids:
        return document.normal.text
    starts = document.normal.starts
    parts: list[str] = []
    position = 0
    for grid in sorted(document.grids, key=lambda grid: grid.start):
        first = bisect_left(starts, grid.start)
        parts.append(document.normal.text[position:first])
        position = max(position, bisect_left(starts, grid.end))
    parts.append(document.normal.text[position:])
    return "\n".join(parts)


def _names_form(document: Document, headlines: list[str]) -> bool:
    """Whether a headline names the table of a report (…统计表) and the page holds one of some length."""
    subject, annex = title_words().subject, _vocabulary().annex_title
    named = any(subject.search(line) and annex.search(line) for line in headlines[:3])
    return named and any(len(grid.rows) >= _LEAST_FORM_ROWS for grid in document.grids)


def _filled(document: Document) -> bool:
    """Whether any cell of the tables holds a value."""
    return any(
        _VALUE.fullmatch(cell.text.strip())
        for grid in document.grids
        for row in grid.rows
        for cell in row[1:]
        if cell.text.strip()
    )


def _without_date(line: str) -> str:
    """A line of a list without its bullet and date."""
    bare = re.sub(r"[\[(]?20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?[\])]?\s*$", "", line.strip(" |\t·•■*"))
    return re.sub(r"^\d{1,3}[.、]\s*", "", bare).strip()


def _spread(body: str, titles: list[str]) -> bool:
    """Whether at least three of the titles stand before a text of their own (links at the foot do not)."""
    places = sorted(place for place in (body.find(title) for title in titles) if place >= 0)
    return sum(after - before >= _MIN_REPORT for before, after in pairwise([*places, len(body)])) >= 3


def _no(code: str, reason: str) -> KindFinding:
    return KindFinding("not_a_report", code, reason)
