"""Line ends that stand inside a sentence: hard-wrapped text and brackets broken over two lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNIT = "年月日条件次人份个项元万亿篇起封余多家位名期场宗%"
_PAIRS = {"(": ")", "《": "》", "〔": "〕", "“": "”"}
_OPENED = re.compile("[(《〔“]")
_HEADING = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.章]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?!\d)|附[表件]|——|[-•●])"
)
_SENTENCE_END = "。;:!?…”》)】]"
_NUMBER = re.compile(r"\d[\d,.]{0,12}")
_DIGITS_END = re.compile(r"[^\d.,:]\d{1,4},?$")
_DIGITS_GO_ON = re.compile(f"(?!(?:19|20)\\d\\d年)\\d{{1,6}}(?:\\.\\d{{1,4}})?[余多]?[{_UNIT}]")
_LONG_LINE = 20  # characters: a shorter one is no line of a hard-wrapped text
_AFTER_UNIT = re.compile(f"[{_UNIT}][次]?[,，。;、和及其占余多以]")
_REACH = 60  # characters in which an open bracket must close on the next line
_NARROWEST = 30  # columns of a hard-wrapped text
_WRAP_SLACK = 6


def line_joins(text: str) -> Iterator[int]:
    """The places of the line ends that stand inside a sentence, in order. Lines with tabs are rows of a table."""
    if "\n" not in text:
        return
    lines = text.split("\n")
    wrapped = _wrap_width(text)
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
                or _runs_on(line, following, wrapped)
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


def _runs_on(line: str, following: str, wrapped: int) -> bool:
    """A line that ends in a comma, or that fills the width of a hard-wrapped text."""
    if _HEADING.match(following) or line[-1] in _SENTENCE_END:
        return False
    if line[-1] in ",、" and len(line) > 12:
        return True
    return bool(wrapped) and _width(line) >= wrapped - _WRAP_SLACK and len(line) > 12


def _wrap_width(text: str) -> int:
    """The width at which the text is broken by hand, 0 where it is not. A Chinese character is two columns wide."""
    lines = text.encode("gb18030", "replace").split(b"\n")  # Chinese characters have two bytes there
    widths = [len(line) for line in lines if line and b"\t" not in line]
    if len(widths) < 4:
        return 0
    widest = max(widths)
    full = sum(1 for width in widths if width >= widest - _WRAP_SLACK)
    return widest if _NARROWEST <= widest <= 200 and full >= 3 and full >= len(widths) * 0.3 else 0


def _width(line: str) -> int:
    return len(line[:300].encode("gb18030", "replace"))  # Chinese characters have two bytes there
