"""Chapters of a report and their parts, found by numbering, place and vocabulary.

Level 1 is 一、 level 2 (一) level 3 1. — where a report numbers its chapters otherwise, its topmost
numbering is level 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from scrapers.document import Document, Section
from scrapers.extract.headings import (
    Heading,
    chapter_kind,
    chapter_vocabulary,
    is_annex_line,
    is_form_row,
    nearest_label,
    read_heading,
)

_NUMERALS = "一二三四五六七八九十"
_NUMERAL = f"[{_NUMERALS}]{{1,3}}"
# What may stand before a numbering inside a line; "第一、" and "十一、" are not split. The last words of a heading
# without a text of its own may be followed by the next heading at once.
_LEAD = r"(?:^|(?<=[\n。;!?:”》)|])|(?<=情况)|(?<=事项)|(?<=措施)|(?<=概述))[ \t|]{0,40}"
# Each pattern first asks for the characters it can begin with, which most places of a text have not.
_STYLES: dict[str, re.Pattern[str]] = {
    "chapter": re.compile(rf"(?=[ \t|{_NUMERALS}]){_LEAD}(?P<label>(?P<number>{_NUMERAL})\s?[、.,:](?!\d))", re.M),
    "part": re.compile(rf"(?=[ \t|第]){_LEAD}(?P<label>第\s?(?P<number>{_NUMERAL})\s?(?:部分|章)[、.:\s]?)", re.M),
    "bracket": re.compile(rf"(?=[ \t|(]){_LEAD}(?P<label>\(\s?(?P<number>{_NUMERAL})\s?\)[、.]?)", re.M),
    "digit": re.compile(rf"(?=[ \t|\d]){_LEAD}(?P<label>(?P<number>\d{{1,2}})(?:、|\.(?!\d)|\)、?))", re.M),
}
_GAPPED: dict[str, re.Pattern[str]] = {
    "chapter": re.compile(rf"(?P<label>(?P<number>{_NUMERAL})、)"),
    "part": re.compile(r"(?!)(?P<label>)(?P<number>)"),
    "bracket": re.compile(rf"(?P<label>\((?P<number>{_NUMERAL})\))"),
    "digit": re.compile(r"(?P<label>(?P<number>\d{1,2})(?:、|\.(?!\d)))"),
}
# 本报告由六个部分组成:一、概述,二、主动公开情况,…: a table of contents inside a sentence. Its items hold no figures.
_LISTING = re.compile(
    r"(?:组成|部分|内容|包括|包含|分为|目录|章节)(?:如下|依次|分别)?[是为]?[:,]?[ \t]{0,4}"
    r"(?=一\s?[、.]|\(一\)|1[、.](?!\d)|第一(?:部分|章))"
)
_LISTED = re.compile(
    rf"(?:{_NUMERAL}\s?[、.]|\({_NUMERAL}\)|\d{{1,2}}[、.](?!\d)|第{_NUMERAL}(?:部分|章))(?:[^。\d]|20\d\d){{2,45}}?"
    rf"(?=[,;、\s]?(?:{_NUMERAL}[、.]|\({_NUMERAL}\)|\d{{1,2}}[、.](?!\d)|第{_NUMERAL}(?:部分|章))|。|$)[,;、\s]?"
)
_LISTING_REACH = 6000  # characters; the preface
_LEAST_LISTED = 3
_MAX_CANDIDATES = 400
_MAX_NUMBERINGS = 20_000  # looked at in one stretch; a report has some hundred
_MAX_INDENT = 60
_MIN_BODY = 2
_DIGITS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    start: int  # offsets in the normalised text
    label_end: int
    at_line_start: bool
    heading: Heading
    kind: str
    score: float
    level: int = 1


@dataclass(frozen=True, slots=True)
class _Found:
    """A heading in the normalised text, before it is given its end."""

    level: int
    start: int
    label_end: int
    heading: Heading
    kind: str


def read_sections(document: Document) -> tuple[Section, ...]:
    """The chapters (level 1) and their parts (levels 2, 3) in the order of the document; offsets in Document.text."""
    text = document.normal.text
    closed = _annex_start(document)
    style, chapters = _chapters(document, closed)
    found = _with_parts(document, style, chapters, closed)
    if closed < len(text):
        line_end = _line_end(text, closed)
        line = text[closed:line_end].rstrip("。:")
        heading = Heading(line, line_end, raw=line)
        found.append(_Found(1, closed, closed, heading, "annex"))
    return _to_sections(document, found)


# --- level 1 -------------------------------------------------------------------------------------------------------


def _chapters(document: Document, closed: int) -> tuple[str, list[_Found]]:
    """The numbering style of the chapters and the chapters; unnumbered lines fill what the numbering leaves out."""
    for style in _STYLES:
        candidates = _candidates(document, style, 0, closed)
        if style != "chapter":
            candidates = [candidate for candidate in candidates if candidate.kind != "other"]
        chain = _best_chain(candidates)
        known = {candidate.kind for candidate in chain} - {"other"}
        if len(known) >= (2 if style == "chapter" else 3):
            return style, _fill_gaps(document, chain, closed)
    return "none", _unnumbered(document, 0, closed, least=2)


def _best_chain(candidates: list[_Candidate]) -> list[_Candidate]:
    """The run of headings that best continues its numbering; of equals, the later (a table of contents comes first)."""
    best: list[tuple[float, int | None]] = []
    for index, candidate in enumerate(candidates):
        top: tuple[float, int | None] = (candidate.score - _entry_cost(candidate.number), None)
        for earlier in range(index):
            step = _step_score(candidates[earlier], candidate)
            if step is None:
                continue
            total = best[earlier][0] + candidate.score + step
            if total >= top[0]:
                top = (total, earlier)
        best.append(top)
    if not best:
        return []
    cursor: int | None = max(range(len(best)), key=lambda index: (best[index][0], index))
    chain: list[_Candidate] = []
    while cursor is not None:
        chain.append(candidates[cursor])
        cursor = best[cursor][1]
    return chain[::-1]


def _entry_cost(number: int) -> float:
    return 0.0 if number == 1 else 1.0 + number / 4


def _step_score(earlier: _Candidate, later: _Candidate) -> float | None:
    """How well ``later`` follows: numbers go up by one; gaps and repeats only for headings at a line start."""
    if later.start < earlier.heading.end:
        return None
    body = 0.5 if later.start - earlier.heading.end >= _MIN_BODY else 0.0
    rise = later.number - earlier.number
    if rise == 1:
        return 2.0 + body
    if not later.at_line_start or later.kind in ("other", earlier.kind):
        return None
    if rise == 0:
        return body - 2.0
    if 1 < rise <= 4:
        return body - 1.0 * rise
    return None


def _candidates(document: Document, style: str, start: int, end: int) -> list[_Candidate]:
    """All numberings of a style in the normalised text[start:end] that may open a chapter."""
    text = document.normal.text
    found = []
    for match in _numberings(document, style, start, end):
        label_start, label_end = match.span("label")
        if _in_grid(document, label_start) or is_form_row(text[label_end : label_end + 40]):
            continue
        at_line_start = _opens_line(text, label_start)
        heading = read_heading(document, label_end, end, at_line_start)
        kind = chapter_kind(heading.text)
        if kind == "other" and at_line_start and heading.alone:
            kind = nearest_label(heading.text)
        if not at_line_start and (kind == "other" or heading.listed or not heading.complete):
            continue
        score = (2.0 if at_line_start else 0.0) + (3.0 if kind != "other" else 0.0) + (1.0 if heading.complete else 0.0)
        if "。" in text[heading.end : heading.end + 200]:
            score += 1.0
        number = _value(match["number"])
        found.append(_Candidate(number, label_start, label_end, at_line_start, heading, kind, score))
        if len(found) >= _MAX_CANDIDATES:
            break
    return found


def _numberings(document: Document, style: str, start: int, end: int) -> list[re.Match[str]]:
    """Numberings at a line start, after the end of a sentence, or after a blank of the published text."""
    text = document.normal.text
    matches = {match.start("label"): match for match in _STYLES[style].finditer(text, start, end)}
    for match in _GAPPED[style].finditer(text, start, end):
        if match.start() not in matches and follows_gap(document, match.start()):
            matches[match.start()] = match
    listed = _listings(text) if start < _LISTING_REACH else []
    places = [place for place in sorted(matches) if not any(first <= place < last for first, last in listed)]
    return [matches[place] for place in places[:_MAX_NUMBERINGS]]


@lru_cache(maxsize=4)
def _listings(text: str) -> list[tuple[int, int]]:
    """The spans of the preface that list the chapters inside a sentence, each without a text of its own."""
    found = []
    for lead in _LISTING.finditer(text, 0, _LISTING_REACH):
        position, count = lead.end(), 0
        while item := _LISTED.match(text, position):
            position, count = item.end(), count + 1
        if count >= _LEAST_LISTED:
            found.append((lead.end(), position))
    return found


def follows_gap(document: Document, position: int) -> bool:
    """Whether blanks stood before the normal character ``position`` in the published text."""
    if position == 0 or position >= len(document.normal.text):
        return True
    if document.normal.text[position - 1].isspace():
        return True
    gap = document.text[document.normal.ends[position - 1] : document.normal.starts[position]]
    return bool(gap) and gap.isspace()


def _fill_gaps(document: Document, chain: list[_Candidate], closed: int) -> list[_Found]:
    """The chapters of the chain, and unnumbered ones where the numbering leaves room for them."""
    found = [_Found(1, c.start, c.label_end, c.heading, c.kind) for c in chain]
    kinds = {c.kind for c in chain}
    spans = []
    if chain[0].number > 1:
        spans.append((0, chain[0].start))
    spans += [(a.heading.end, b.start) for a, b in pairwise(chain) if b.number - a.number > 1]
    spans.append((chain[-1].heading.end, closed))
    for start, end in spans:
        found += [extra for extra in _unnumbered(document, start, end, least=1) if extra.kind not in kinds]
    return sorted(found, key=lambda item: item.start)


def _unnumbered(document: Document, start: int, end: int, least: int) -> list[_Found]:
    """Lines that are a usual chapter heading and nothing else; none where fewer than ``least`` kinds are found."""
    text = document.normal.text
    labels = chapter_vocabulary().labels
    found: list[_Found] = []
    for match in re.compile(r"^[^\n]{2,40}$", re.M).finditer(text, start, end):
        line = match[0].strip(" |\t")
        kind = labels.get(line.rstrip("。:"))
        if kind is None or kind in {item.kind for item in found} or _in_grid(document, match.start()):
            continue
        begin = match.start() + match[0].index(line)
        bare = line.rstrip("。:")
        found.append(_Found(1, begin, begin, Heading(bare, begin + len(line), True, True, raw=bare), kind))
    return found if len(found) >= least else []


# --- levels 2 and 3 ------------------------------------------------------------------------------------------------


def _with_parts(document: Document, style: str, chapters: list[_Found], closed: int) -> list[_Found]:
    below = {"chapter": ["bracket", "digit"], "part": ["chapter", "bracket"], "none": ["bracket", "digit"]}
    styles = below.get(style, ["digit"] if style == "bracket" else ["bracket"])
    found: list[_Found] = []
    for index, chapter in enumerate(chapters):
        end = chapters[index + 1].start if index + 1 < len(chapters) else closed
        found.append(chapter)
        parts = _parts(document, styles[0], 2, chapter.heading.end, end)
        if not parts:
            found += _parts(document, styles[-1], 3, chapter.heading.end, end) if len(styles) > 1 else []
            continue
        for number, part in enumerate(parts):
            part_end = parts[number + 1].start if number + 1 < len(parts) else end
            found.append(part)
            if len(styles) > 1:
                found += _parts(document, styles[1], 3, part.heading.end, part_end)
    return found


def _parts(document: Document, style: str, level: int, start: int, end: int) -> list[_Found]:
    """The numbered parts of one stretch: inside a line the number must continue; at a line start it may skip."""
    text = document.normal.text
    found: list[_Found] = []
    last = 0
    for match in _numberings(document, style, start, end):
        label_start, label_end = match.span("label")
        number = _value(match["number"])
        at_line_start = _opens_line(text, label_start)
        follows = number == last + 1
        skips = at_line_start and (last <= number <= last + 5 or number == 1) and number > 0
        opens = follows or (skips and (last > 0 or style == "bracket"))
        if not opens or _in_grid(document, label_start) or is_form_row(text[label_end : label_end + 40]):
            continue
        heading = read_heading(document, label_end, end, at_line_start)
        if not heading.text or (heading.listed and not at_line_start):
            continue
        found.append(_Found(level, label_start, label_end, heading, chapter_kind(heading.text)))
        last = number
        if len(found) >= _MAX_CANDIDATES:
            break
    return found if len(found) > 1 or style == "bracket" else []


# --- helpers -------------------------------------------------------------------------------------------------------


def _annex_start(document: Document) -> int:
    """Where the annex of tables begins in the normalised text (a line such as 附件:), else its length."""
    text = document.normal.text
    for match in re.compile(r"^[^\n]{2,60}$", re.M).finditer(text, len(text) // 3):
        if is_annex_line(match[0].strip(" |\t")) and not _in_grid(document, match.start()):
            return match.start()
    return len(text)


def _in_grid(document: Document, position: int) -> bool:
    if not document.grids or position >= len(document.normal.starts):
        return False
    source = document.normal.starts[position]
    return any(grid.start <= source < grid.end for grid in document.grids)


def _opens_line(text: str, position: int) -> bool:
    """Whether only blanks and bars stand before ``position`` on its line."""
    before = text[max(position - _MAX_INDENT, 0) : position].rstrip(" |\t")
    return before.endswith("\n") if before else position < _MAX_INDENT


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


@lru_cache(maxsize=256)
def _value(numeral: str) -> int:
    """The value of 1 to 99 written 三, 十二, 二十 or 12; 0 where it is none."""
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _DIGITS.get(numeral, 0)
    return 10 * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)


def _to_sections(document: Document, found: list[_Found]) -> tuple[Section, ...]:
    found = sorted(found, key=lambda item: item.start)
    sections = []
    for index, item in enumerate(found):
        after = next((later.start for later in found[index + 1 :] if later.level <= item.level), None)
        end = len(document.text) if after is None else document.normal.starts[after]
        start, heading_end = document.normal.source_span(item.start, max(item.heading.end, item.start + 1))
        sections.append(
            Section(
                number=index + 1,
                level=item.level,
                label=_printed(document, item.start, item.label_end),
                heading=_published(document, item.label_end, item.label_end + len(item.heading.raw)).rstrip("。:;."),
                kind=item.kind,
                start=start,
                end=max(end, heading_end),
                body_start=heading_end,
            )
        )
    return tuple(sections)


def _printed(document: Document, start: int, end: int) -> str:
    """The published text behind normal[start:end] without blanks."""
    if end <= start:
        return ""
    first, last = document.normal.source_span(start, end)
    return "".join(document.text[first:last].split())


def _published(document: Document, start: int, end: int) -> str:
    """The published text behind normal[start:end]; the normal text where something (pinyin) stands in between."""
    normal = "".join(document.normal.text[start:end].split())
    printed = _printed(document, start, end)
    return printed if len(printed) == len(normal) else normal
