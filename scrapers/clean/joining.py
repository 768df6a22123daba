"""Line ends that stand inside a sentence: hard-wrapped text and brackets broken over two lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_UNIT = "年月日条件次人份个项元万亿篇起封余多家位名期场宗%"
_PAIRS = {"(": ")", "《": "》", "〔": "〕", "“": "”"}
_OPENED = re.compile("[(《〔“]")
_HEADING = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.章]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?!\d)|附[表件]|——|[-•●])"
)
_SENTENCE_END = "。;:!?…"
_CLOSED = "”》)】]"  # the end of a paragraph as well as of a word inside it
_GOES_ON = re.compile("[,;。、)》”%](?!$)")  # no paragraph begins so
_NUMBER = re.compile(r"\d[\d,.]{0,12}")
_DIGITS_END = re.compile(r"[^\d.,:]\d{1,4},?$")
_DIGITS_GO_ON = re.compile(f"(?!(?:19|20)\\d\\d年)\\d{{1,6}}(?:\\.\\d{{1,4}})?[余多]?[{_UNIT}]")
_LONG_LINE = 20  # characters: a shorter one is no line of a hard-wrapped text
_AFTER_UNIT = re.compile(f"[{_UNIT}][次]?[,，。;、和及其占余多以]")
_REACH = 60  # characters in which an open bracket must close on the next line
_NARROWEST, _WIDEST = 15, 100  # characters in a line of a hard-wrapped text
_LEAST_WRAPPED = 3
_SAME_WORDS = 8  # characters that two lines of prose hardly share at their ends
_WRAPPED_SHARE = 0.6  # of the lines that end inside a sentence
_SLACK = 2  # characters by which a full line may be short: the indent of a paragraph, blanks that are gone
_PROSE = re.compile("[,。;:、]")
_CLAUSE = re.compile("[,。;:]")  # 、 stands in headings too
_TOKEN = re.compile(r"(?:[\dA-Za-z.%+\-/]{1,40}|.)[,。;:、!?)》”]{0,2}")  # what a line is not broken within
_NARROW = re.compile(r"[\dA-Za-z.%+\-/ ]")


class _Wrap(NamedTuple):
    """How a text is broken by hand: after so many characters, or so many columns."""

    width: int
    in_columns: bool

    def fills(self, line: str, following: str) -> bool:
        """The line is full: what the next one begins with had no room on it."""
        size, reach = _extent(line, following, self.in_columns)
        step = 2 if self.in_columns else 1
        if size > self.width + 2 * step:
            return False
        if _CLAUSE.search(line, 3) is None:  # a title or heading, unless nothing at all had room
            return size + step > self.width
        return reach > self.width - _SLACK * step


def line_joins(text: str) -> Iterator[int]:
    """The places of the line ends that stand inside a sentence, in order. Lines with tabs are rows of a table."""
    if "\n" not in text:
        return
    lines = text.split("\n")
    wrap = _wrap(lines)
    offset = 0
    for number in range(len(lines) - 1):
        line, following = lines[number], lines[number + 1]
        offset += len(line)
        after = lines[number + 2] if number + 2 < len(lines) else ""
        if (
            line
            and following
            and "\t" not in line
            and "\t" not in following
            and (
                _open_bracket(line, following)
                or _split_number(line, following)
                or _split_digits(line, following)
                or _number_between(line, following, after)
                or _runs_on(line, following, wrap)
            )
        ):
            yield offset
        offset += 1


def _open_bracket(line: str, following: str) -> bool:
    """A bracket opened at the end of the line closes on the next one."""
    if _OPENED.search(line, max(len(line) - _REACH, 0)) is None:
        return False
    for opened, closed in _PAIRS.items():
        place = line.rfind(opened, -_REACH)
        if place < 0 or line.find(closed, place) >= 0:
            continue
        close = following.find(closed, 0, _REACH)
        again = following.find(opened, 0, _REACH)
        if close >= 0 and (again < 0 or close < again) and not _HEADING.match(following):
            return True
    return False


def _split_number(line: str, following: str) -> bool:
    """A number inside a sentence whose unit stands on the next line, with the sentence going on."""
    return (
        line[-1].isdecimal()
        and _NUMBER.fullmatch(line) is None
        and following[0] in _UNIT
        and (len(following) > 8 or _AFTER_UNIT.match(following) is not None)
    )


def _split_digits(line: str, following: str) -> bool:
    """A number broken by hand between its digits: …公开信息4 / 600余条."""
    if len(line) < _LONG_LINE or _DIGITS_END.search(line) is None:
        return False
    return _DIGITS_GO_ON.match(following) is not None


def _number_between(line: str, following: str, after: str) -> bool:
    """A number on a line of its own between the two halves of its sentence."""
    if line[0].isdecimal() and _NUMBER.fullmatch(line):
        return _AFTER_UNIT.match(following) is not None
    return (
        following[0].isdecimal()
        and _NUMBER.fullmatch(following) is not None
        and len(line) > 8
        and line[-1] not in _SENTENCE_END
        and _AFTER_UNIT.match(after) is not None
    )


def _runs_on(line: str, following: str, wrap: _Wrap | None) -> bool:
    """A line that ends in a comma or is followed by one, or that is a full line of a hard-wrapped text."""
    if _HEADING.match(following) or line[-1] in _SENTENCE_END or len(line) <= 12:
        return False
    if line[-1] in ",、" or (_GOES_ON.match(following) and line[-1] not in _CLOSED):
        return True
    if wrap is None or "|" in line or "|" in following:  # a row drawn with bars
        return False
    if line[-1].isdecimal() and following[0].isdecimal():  # two numbers must not become one
        return False
    return _NUMBER.fullmatch(following) is None and wrap.fills(line, following)


def _wrap(lines: list[str]) -> _Wrap | None:
    """How the text is broken by hand; None where it is not.

    Breaking by hand fills each line, so the lines that end inside a sentence agree in a width for which each of them
    is full; in other texts they are few and end anywhere.
    """
    pairs = [pair for pair in pairwise(lines) if _open_end(*pair)]
    if len(pairs) < _LEAST_WRAPPED:
        return None
    best, most = None, 0
    for in_columns in (False, True):
        width, count = _agreed([_extent(*pair, in_columns) for pair in pairs], 2 if in_columns else 1)
        if count > most:
            best, most = _Wrap(width, in_columns), count
    if best is None or most < max(_LEAST_WRAPPED, len(pairs) * _WRAPPED_SHARE):
        return None
    longer = sum(1 for line in lines if "\t" not in line and _size(line, best.in_columns) > best.width + 4)
    return best if longer <= most else None


def _alike(line: str, following: str) -> bool:
    """Two entries of a list: they begin or end in the same words, dates and numbers aside (…2018年度报告)."""
    one, other = (re.sub(r"\d", "0", text) for text in (line, following))
    return one[:_SAME_WORDS] == other[:_SAME_WORDS] or one[-_SAME_WORDS:] == other[-_SAME_WORDS:]


def _open_end(line: str, following: str) -> bool:
    """A line of prose that ends inside a sentence, as far as it shows, with the next one going on."""
    return (
        _NARROWEST <= len(line) <= _WIDEST
        and line[-1] not in _SENTENCE_END
        and bool(following)
        and "\t" not in line
        and "\t" not in following
        and _PROSE.search(line, 3) is not None
        and _HEADING.match(following) is None
        and _NUMBER.fullmatch(following) is None
        and not _alike(line, following)
    )


def _agreed(extents: list[tuple[int, int]], step: int) -> tuple[int, int]:
    """The width at which most lines are full, and how many. An extent: a line's size, and that with the next word."""
    changes: Counter[int] = Counter()
    for size, reach in extents:
        changes[max(size - step, 1)] += 1  # one mark may hang over the edge
        changes[reach + _SLACK * step] -= 1
    full = most = width = 0
    for at in sorted(changes):
        full += changes[at]
        if full >= most:
            most, width = full, at
    return width, most


def _extent(line: str, following: str, in_columns: bool) -> tuple[int, int]:
    word = _TOKEN.match(following)
    size = _size(line, in_columns)
    return size, size + (_size(word.group(), in_columns) if word else 0)


def _size(line: str, in_columns: bool) -> int:
    """Characters, or columns: a Chinese character or mark has two, a letter or digit one."""
    line = line[: 4 * _WIDEST]
    return 2 * len(line) - len(_NARROW.findall(line)) if in_columns else len(line)
