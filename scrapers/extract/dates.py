"""Dates of a report: the year it is about, its period, the day it was published. URLs and footers never count."""

from __future__ import annotations

import calendar
import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.document import Issue

_LATEST_YEAR = 2099
_ZERO = "〇○零OoＯ0◯О"
_DIGIT = {**dict.fromkeys(_ZERO, "0"), **{char: str(n) for n, char in enumerate("一二三四五六七八九", start=1)}}
_CN = f"[一二三四五六七八九{_ZERO}]"
_CN_YEAR = rf"二{_CN}{{3}}"
_CN_SMALL = "[一二三四五六七八九十廿]{1,3}"
_ISO = re.compile(r"(?<!\d)(20\d\d)\s?[-/.]\s?(0?[1-9]|1[0-2])\s?[-/.]\s?(3[01]|[12]\d|0?[1-9])(?=\D|\d{2}:\d{2}|$)")
_HAN = re.compile(r"(?<!\d)(20\d\d)\s?年\s?(1[0-2]|0?[1-9])\s?月\s?(3[01]|[12]\d|0?[1-9])\s?(?:日|号)")
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(3[01]|[12]\d|0[1-9])(?!\d)")
_CHINESE = re.compile(rf"({_CN_YEAR})\s?年\s?({_CN_SMALL})\s?月\s?({_CN_SMALL})\s?(?:日|号)")

_YEAR = r"(?P<{0}year>20\d\d)\s?年?\s?"
_START = _YEAR.format("a") + r"(?P<amonth>1[0-2]|0?[1-9])\s?(?:月|[-./])?\s?(?:(?P<aday>3[01]|[12]\d|0?[1-9])\s?日?)?"
_END = (
    r"(?:(?P<byear>20\d\d)\s?(?:年|[-./])?\s?|(?:当年|同年)?)(?P<bmonth>1[0-2]|0?[1-9])\s?(?:月|[-./])?\s?"
    r"(?:(?P<bday>3[01]|[12]\d|0?[1-9])\s?日?)?"
)
_START_DASHED = r"(?P<ayear>20\d\d)[-./](?P<amonth>1[0-2]|0?[1-9])[-./](?P<aday>3[01]|[12]\d|0?[1-9])"
_TO = r"(?:\d{1,2}[时点])?\s?(?:起|开始|始|算起)?\s?,?(?:截?[至止]到?|到|[-—–~―－]{1,2}|起至)\s?"
_RANGE = re.compile(rf"(?<!\d)(?:{_START_DASHED}|{_START.replace('?P<a', '?P<x')}){_TO}{_END}(?!\d)")
# 起于2011年1月1日,止于2011年12月31日; 从2019年1月1日算到12月31日; 始于…,终于…: any words may link first and last day
_PAIR = re.compile(
    r"(?<!\d)(?P<ayear>20\d\d)年(?P<amonth>1[0-2]|0?[1-9])月0?1日(?:(?!施行|实施|印发|出台)[^\d。;\n]){1,12}"
    r"(?:(?P<byear>20\d\d)年|(?:当年|同年))?(?P<bmonth>1[0-2]|0?[1-9])月(?P<bday>3[01]|30)日"
)
# 截止日为2018年12月31日,起始日为2018年1月1日: the last day first
_REVERSED = re.compile(
    r"截[至止][^\d。;\n]{0,6}(?P<byear>20\d\d)年(?P<bmonth>1[0-2]|0?[1-9])月(?P<bday>3[01]|30)日[^\d。;\n]{0,4}"
    r"(?:起始|起算|开始|始于|起于|自)[^\d。;\n]{0,4}(?P<ayear>20\d\d)年(?P<amonth>1[0-2]|0?[1-9])月0?1日"
)
# 时段为1月1日-12月31日: the year stands before it
_YEARLESS = re.compile(r"(?<![\d年])0?1月0?1日(?:起|开始|始)?,?(?:截?[至止]|到|[-—–~―－]{1,2})\s?12月31日")
_UNTIL = re.compile(r"截[至止]到?\s?(20\d\d)\s?年?\s?(12)\s?月?\s?(31)\s?日?|截[至止]到?\s?(20\d\d)\s?年(?:年?底|末)")
_RUN_TOGETHER = re.compile(r"(?<!\d)(20\d\d)年?0?1月?0?1日?[起,至到-]{0,2}(?:\1)?年?12月?31日?(?!\d)")  # 2015111231


_YEAR_OF_REPORT = re.compile(
    rf"(20\d\d|{_CN_YEAR})\s?(?:年度|年|度)?(?:政府|政务)?(?:信息)?(?:公开)?(?:工作)?(?:年度)?(?:报告|年报)"
)
_CITED = re.compile(r"《[^》]{0,80}》(?!$)|[〔\[【]20\d\d[〕\]】]|\(20\d\d\)\d{1,5}号")


class DateWords(BaseModel):
    """The file dates.yaml."""

    model_config = ConfigDict(extra="forbid")
    period_cues: list[str]
    period_stops: list[str]
    published_labels: list[str]
    published_meta: list[str]
    year_words: str
    earliest_year: int
    in_force: date


@dataclass(frozen=True, slots=True)
class _Words:
    cue: re.Pattern[str]
    stop: re.Pattern[str]
    label: re.Pattern[str]
    year: re.Pattern[str]
    file: DateWords


@dataclass(frozen=True, slots=True)
class Period:
    """The period a report states, [start, end]; ``basis``: stated, or end_only where the start is inferred."""

    start: date
    end: date
    basis: str
    position: int


@dataclass(frozen=True, slots=True)
class YearFinding:
    """The report year with its source (title, period, first_sentence, meta_title, body) and conflicts."""

    year: int | None
    basis: str | None
    issues: tuple[Issue, ...] = ()


@lru_cache(maxsize=1)
def date_words() -> _Words:
    """The compiled dates.yaml. Raises CatalogueError where the file is faulty."""
    file = load_yaml("dates.yaml", DateWords)
    labels = "|".join(file.published_labels)
    return _Words(
        cue=re.compile("|".join(file.period_cues)),
        stop=re.compile("|".join(file.period_stops)),
        label=re.compile(rf"(?P<label>{labels})\s?[:|\]】]?\s?"),
        year=re.compile(rf"(?:(?<![\d-])(20\d\d)(?!\d)|({_CN_YEAR}))\s?(?:{file.year_words})?"),
        file=file,
    )


# --- single dates --------------------------------------------------------------------------------------------------


def find_dates(text: str) -> Iterator[tuple[int, int, date]]:
    """(start, end, date) of every whole date in a normalised text, in no order; days that do not exist are left out."""
    for pattern in (_HAN, _ISO, _CHINESE):
        for match in pattern.finditer(text):
            found = _date(*match.groups())
            if found:
                yield match.start(), match.end(), found


def parse_date(text: str) -> date | None:
    """The first whole date in a short normalised text: 2019年1月17日, 2021-03-29, 二O一五年三月十三日, 20190117."""
    found = min(find_dates(text), default=None)
    if found:
        return found[2]
    match = _COMPACT.search(text)
    return _date(*match.groups()) if match else None


def parse_chinese_year(text: str) -> int | None:
    """The year written in digits or Chinese numerals: 2018, 二〇一八, 二00八."""
    digits = "".join(_DIGIT.get(char, char) for char in text)
    return int(digits) if len(digits) == 4 and digits.isdigit() else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(parse_chinese_year(year) or 0, _small(month), _small(day))
    except ValueError:
        return None


def _small(text: str) -> int:
    """1 to 31 written 3, 三, 十三, 廿一 or 三十一; 0 where it is none."""
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(_DIGIT.get(text, "0")) if len(text) == 1 else 0
    return 10 * int(_DIGIT.get(tens, "1")) + int(_DIGIT.get(ones, "0"))


# --- period --------------------------------------------------------------------------------------------------------


def read_period(text: str, preface_end: int) -> Period | None:
    """The period stated in a normalised text: beside a cue word, or a range of dates in the preface.

    Years and months lost between digits are understood (201711日至20171231日). A range of several years, and one
    that follows 施行以来 and the like, is a running total, not the period. Where only the end is stated the start is
    1 January of that year, in 2008 the day the Regulation took force.
    """
    words = date_words()
    text = join_wrapped(text.replace("元月", "1月"))
    cues = [match.end() for match in words.cue.finditer(text)]
    if cues and _CHINESE.search(text):
        text = _in_digits(text)
        cues = [match.end() for match in words.cue.finditer(text)]
    found: list[tuple[int, Period]] = []
    for match in _RANGE.finditer(text):
        period = _range_period(match)
        if period is None:
            continue
        cued = any(0 <= match.start() - cue <= 40 for cue in cues)
        whole_year = (period.start.month, period.start.day, period.end.month, period.end.day) == (1, 1, 12, 31)
        if not cued and (match.start() >= preface_end or _stopped(text, match.start())):
            continue
        if cued or whole_year or match.start() < preface_end:
            found.append((0 if cued and match.start() < preface_end else 1 if cued else 2, period))
    if found:
        return min(found, key=lambda item: (item[0], item[1].position))[1]
    linked = _linked(text, preface_end, cues)
    if linked:
        return linked
    for match in _RUN_TOGETHER.finditer(text):
        if any(0 <= match.start() - cue <= 40 for cue in cues):
            year = int(match[1])
            return Period(date(year, 1, 1), date(year, 12, 31), "stated", match.start())
    return _end_only(text, preface_end, cues)


def _linked(text: str, preface_end: int, cues: list[int]) -> Period | None:
    """A first and a last day linked by other words than the usual, or without a year of their own."""
    for match in (*_PAIR.finditer(text), *_REVERSED.finditer(text)):
        cued = any(0 <= match.start() - cue <= 40 for cue in cues)
        if cued or match.end() <= preface_end:
            years = int(match["ayear"]), int(match["byear"] or match["ayear"])
            with contextlib.suppress(ValueError):
                start, end = (
                    date(years[0], int(match["amonth"]), 1),
                    date(years[1], int(match["bmonth"]), int(match["bday"])),
                )
                stopped = not cued and start != date_words().file.in_force and _stopped(text, match.start())
                if 27 <= (end - start).days <= 460 and start.year >= date_words().file.earliest_year and not stopped:
                    return Period(start, end, "stated", match.start())
    for match in _YEARLESS.finditer(text):
        years_before = years_in(text[max(0, match.start() - 60) : match.start()])
        if years_before and match.end() <= preface_end and not _stopped(text, match.start()):
            return Period(date(years_before[-1], 1, 1), date(years_before[-1], 12, 31), "stated", match.start())
    return None


def _stopped(text: str, position: int) -> bool:
    """Whether the sentence says before ``position`` that its dates are those of something else (专栏开通于…)."""
    lead = re.split(r"[。;]", text[max(0, position - 20) : position])[-1]
    return date_words().stop.search(lead) is not None


_WRAP = re.compile(r"(?<=[^\n]{30})(?<![。;:!?])\n(?=[^\n])")


def join_wrapped(text: str) -> str:
    """The text with its long lines that break inside a sentence joined (text of PDF files)."""
    return _WRAP.sub("", text)


def _in_digits(text: str) -> str:
    """The text with its dates in Chinese numerals written in digits."""
    text = re.sub(rf"{_CN_YEAR}(?=年)", lambda match: str(parse_chinese_year(match[0])), text)
    return re.sub(rf"(?<=[年月至到])({_CN_SMALL})(?=[月日])", lambda match: str(_small(match[1])), text)


def _range_period(match: re.Match[str]) -> Period | None:
    groups = match.groupdict()
    year = groups["ayear"] or groups["xyear"]
    month, day = groups["amonth"] or groups["xmonth"], groups["aday"] or groups["xday"]
    end_year = groups["byear"] or year
    if not day and not _months_only(match[0]):
        return None
    try:
        start = date(int(year), int(month), int(day or 1))
        last = calendar.monthrange(int(end_year), int(groups["bmonth"]))[1]
        end = date(int(end_year), int(groups["bmonth"]), int(groups["bday"] or last))
    except ValueError:
        return None
    if not 27 <= (end - start).days <= 460 or start.year < date_words().file.earliest_year:
        return None
    return Period(start, end, "stated", match.start())


def _months_only(text: str) -> bool:
    """Whether a range names months without days (2014年1月至12月, 2014年1-12月)."""
    return "月" in text and "日" not in text


_AS_FOLLOWS = re.compile(r"[^。;\n]{0,60}(?:情况|报告|汇报|公布|公告)如下")  # 截至2017年12月31日,…公开工作情况如下


def _end_only(text: str, preface_end: int, cues: list[int]) -> Period | None:
    words = date_words()
    for match in _UNTIL.finditer(text):
        cued = any(-3 <= match.start() - cue <= 25 for cue in cues)  # 数据截至 is a cue that ends in the match
        if not cued:
            cued = match.end() <= preface_end and _AS_FOLLOWS.match(text, match.end()) is not None
        if not cued or (match.start() >= preface_end and not _speaks_of_report(text, match.start())):
            continue
        end = date(int(match[1] or match[4]), 12, 31)
        start = words.file.in_force if end.year == words.file.in_force.year else date(end.year, 1, 1)
        return Period(start, end, "end_only", match.start())
    return None


def _speaks_of_report(text: str, position: int) -> bool:
    return "报告" in text[max(0, position - 40) : position]


# --- year ----------------------------------------------------------------------------------------------------------


def years_in(text: str) -> list[int]:
    """The years a normalised text names (2018年, 2018度, 二〇一八年), in order; no parts of longer numbers."""
    earliest = date_words().file.earliest_year
    found = []
    for match in date_words().year.finditer(text):
        year = parse_chinese_year(match[1] or match[2])
        if year and earliest <= year <= _LATEST_YEAR:
            found.append(year)
    return found


def read_year(
    title: str | None, period: Period | None, first_sentence: str | None, meta_title: str | None, body: str
) -> YearFinding:
    """The report year from title, period, first sentence, title of the page, majority of the body, in this order.

    Sources that disagree give the issue year_conflict; the first in the order still decides.
    """
    named: list[tuple[str, int]] = []
    for basis, text in (("title", title), ("first_sentence", first_sentence), ("meta_title", meta_title)):
        year = _title_year(text) if text else None
        if year:
            named.append((basis, year))
    if period:
        named.insert(1 if named and named[0][0] == "title" else 0, ("period", period.end.year))
    if not named:
        year = _majority_year(body)
        return YearFinding(year, "body" if year else None)
    basis, year = named[0]
    others = sorted({f"{other_basis} {other}" for other_basis, other in named[1:] if other != year})
    detail = f"{basis} says {year}, but {', '.join(others)}"
    issues = (Issue("year_conflict", "warning", detail, float(year)),) if others else ()
    return YearFinding(year, basis, issues)


def _title_year(text: str) -> int | None:
    """The year a title or first sentence is about: that before 年度报告, else the one named most, else the first."""
    text = _CITED.sub("", text)
    near = _YEAR_OF_REPORT.search(text)
    if near:
        return parse_chinese_year(near[1])
    years = years_in(text)
    if not years:
        return None
    counts = Counter(years)
    return max(counts, key=lambda year: (counts[year], -years.index(year)))


def _majority_year(body: str) -> int | None:
    """The year the body names most; of equals the earlier one (plans name the year after)."""
    bare = re.sub(r"20\d\d[-—~至]20\d\d", "", _CITED.sub("", body))
    counts = Counter(years_in(bare))
    return max(counts, key=lambda year: (counts[year], -year)) if counts else None
