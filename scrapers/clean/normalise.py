"""The normalised twin of a text: one spelling for every reader behind it, with the way back to what was published."""

from __future__ import annotations

import difflib
import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from functools import cache

import zhconv_rs_opencc

from scrapers.clean import repairs
from scrapers.clean.joining import line_joins
from scrapers.document import NormalText

SIMPLIFIED = "simplified"
TRADITIONAL = "traditional"
Edit = tuple[int, int, str]  # replace [start, end) by the text

_MIN_TRADITIONAL = 3
_FEW_CHARACTERS = 40  # different ones up to which replacing one after the other is faster than a look at each character
_COUNTED = 1 << 17
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufe00-\ufe0f\ufff9-\ufffb"
)
_BLANK = "\u0009\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(" +")
_CJK = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A syllable of pinyin with or without tone marks, composed or not.
_VOWEL = "aeiouüvāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c\u0308ɡɑ"
_SYLLABLE = f"(?:[zcs]h?|[bpmfdtnlgɡkhjqxrywZCSBPMFDTNLGKHJQXRYW])?[{_VOWEL}]{{1,8}}(?:n[gɡ]?|r)?"
_PINYIN = re.compile(f"\\((?<=[{_CJK}\\)]\\(){_SYLLABLE}\\)")
_TONES = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c]")
_MAX_FOLDED = 8  # characters that one may become; some stand for a whole phrase, which would swell a text twentyfold
_MIN_PINYIN = 3  # syllables without tone marks in one text before they count as pinyin
_UNITS = "条件次人份个项元万亿篇起封余多家位名期场宗幅张册部套户批则例期"
_CUT = re.compile(r" (?<=\d )(?=\d)")
_CUT_NUMBER = re.compile(f"(?<=[{_CJK}),:;。])[1-9]\\d{{0,2}}(?: \\d{{3}}){{1,3}}(?=[{_UNITS}])")
_CUT_YEAR = re.compile("(?<![\\d.])(?=\\d{0,3} )(?:1 ?9|2 ?0) ?\\d ?\\d(?=年)")


def script_of(text: str) -> str:
    """Traditional where characters that only Traditional text has outnumber those of Simplified text."""
    simplified, traditional = repairs.scripts()
    if traditional.search(text) is None:
        return SIMPLIFIED
    count = len(traditional.findall(text))
    if count < _MIN_TRADITIONAL and not (count and len(text) < 60):
        return SIMPLIFIED
    return TRADITIONAL if count > len(simplified.findall(text)) else SIMPLIFIED


def normalise(text: str, script: str | None = None, breaks: Collection[int] = ()) -> NormalText:
    """``text`` in NFKC and Simplified, without pinyin in brackets and without spaces inside words and numbers.

    Tabs (between cells) and line ends (of paragraphs) stay, except a line end inside a sentence. ``breaks``: offsets
    of line ends that are none of a sentence. ``script``: that of the page, where ``text`` is too short to tell.
    """
    draft = _Draft(text)
    draft.translate(*_one_to_one())
    draft.edit(_many())
    traditional = (script or script_of(draft.text)) == TRADITIONAL
    if traditional:
        draft.convert()
    draft.edit(_without_spaces(draft.text))
    draft.edit(repairs.damaged_words(draft.text))
    if traditional:
        draft.repair_words()
    draft.edit(_whole_numbers(draft.text))
    draft.edit(_without_pinyin(draft.text))
    draft.edit(_without_breaks(draft, breaks))
    return NormalText(draft.text, draft.starts, draft.ends)


def fold(text: str, script: str) -> str:
    """``text`` in NFKC and Simplified without pinyin, its blanks kept: for titles and names in the meta data."""
    draft = _Draft(text)
    draft.translate(*_one_to_one())
    draft.edit(_many())
    if script == TRADITIONAL:
        draft.convert()
        draft.repair_words()
    draft.edit(_without_pinyin(draft.text))
    return draft.text


def runs(normal: NormalText) -> list[int]:
    """(normal_start, source_start, length) of every stretch that stands in one piece in the source, flattened."""
    starts, size = normal.starts, len(normal.text)
    flat: list[int] = []
    begin = 0
    for number in range(1, size + 1):
        if number == size or starts[number] != starts[number - 1] + 1:
            flat += (begin, starts[begin], number - begin)
            begin = number
    return flat


def normal_span(normal: NormalText, start: int, end: int) -> tuple[int, int]:
    """The span of the twin that stands for text[start:end]; an empty one where nothing of it is left."""
    first = bisect_left(normal.starts, start)
    return first, max(first, bisect_right(normal.ends, end))


class _Draft:
    """A text under change that knows, for each character, the span of the source it stands for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = _counting(0, len(text))
        self.ends = _counting(1, len(text))

    def translate(self, table: dict[int, str], screen: re.Pattern[str]) -> None:
        """Replace characters one by one; offsets stay. ``screen`` finds the characters of the table, and few others."""
        found = set(screen.findall(self.text))
        new = {char: table.get(ord(char), char) for char in found}
        if len(found) > _FEW_CHARACTERS or not found.isdisjoint(new.values()):
            self.text = self.text.translate(table)
            return
        for char in found:
            self.text = self.text.replace(char, new[char])

    def edit(self, edits: Iterable[Edit] | _Replacements) -> None:
        """Apply replacements that are in order and do not overlap."""
        if isinstance(edits, _Replacements):
            edits = edits.found_in(self.text)
        pieces: list[str] = []
        starts, ends = array("I"), array("I")
        done = 0
        for start, end, new in edits:
            pieces += (self.text[done:start], new)
            starts += self.starts[done:start]
            ends += self.ends[done:start]
            if new:
                source = self._source(start, end, len(new))
                starts.extend(begin for begin, _ in source)
                ends.extend(stop for _, stop in source)
            done = end
        if not pieces:
            return
        self.text = "".join([*pieces, self.text[done:]])
        self.starts = starts + self.starts[done:]
        self.ends = ends + self.ends[done:]

    def _source(self, start: int, end: int, size: int) -> list[tuple[int, int]]:
        """The spans of ``size`` new characters: one by one where lengths agree, else each stands for the whole."""
        if end - start == size:
            return [(self.starts[place], self.ends[place]) for place in range(start, end)]
        return [(self.starts[start], self.ends[end - 1])] * size

    def convert(self) -> None:
        """Traditional → Simplified, letter by letter and by the converter's own words."""
        converted = zhconv_rs_opencc.zhconv(self.text, "zh-hans")
        if len(converted) == len(self.text) and converted.count("\n") == self.text.count("\n"):
            self.text = converted
        else:
            self.edit(_convert_lines(self.text))

    def repair_words(self) -> None:
        """The words that converters get wrong; after the spaces inside words are gone."""
        pattern, words = repairs.converter_words()
        self.edit([(found.start(), found.end(), words[found.group()]) for found in pattern.finditer(self.text)])


@cache
def _count() -> array[int]:
    return array("I", range(_COUNTED))


def _counting(first: int, size: int) -> array[int]:
    """``size`` offsets from ``first`` on."""
    return _count()[first : first + size] if first + size <= _COUNTED else array("I", range(first, first + size))


def _convert_lines(text: str) -> list[Edit]:
    """The conversion as edits, line by line; a line whose length changes is aligned by its equal parts."""
    edits: list[Edit] = []
    offset = 0
    for line in text.split("\n"):
        new = zhconv_rs_opencc.zhconv(line, "zh-hans")
        if new != line:
            if len(new) == len(line):
                edits.append((offset, offset + len(line), new))
            else:
                edits += _aligned(line, new, offset)
        offset += len(line) + 1
    return edits


def _aligned(line: str, new: str, offset: int) -> list[Edit]:
    if len(line) > 2000:  # the matcher's time grows with the square
        return [(offset, offset + len(line), new)]
    matcher = difflib.SequenceMatcher(None, line, new, autojunk=False)
    return [
        (offset + start, offset + end, new[new_start:new_end])
        for operation, start, end, new_start, new_end in matcher.get_opcodes()
        if operation != "equal" and end > start
    ]


class _Replacements:
    """Characters that become another number of characters, or none."""

    def __init__(self, table: dict[str, str], dropped: str) -> None:
        self.table = table
        self.screen = _screen("".join(re.findall(f"[{dropped}]", "".join(map(chr, range(0x10000))))) + "".join(table))
        self.pattern = re.compile(f"[{dropped}{re.escape(''.join(table))}]")

    def found_in(self, text: str) -> list[Edit]:
        if self.screen.search(text) is None:
            return []
        table = self.table
        return [(found.start(), found.end(), table.get(found.group(), "")) for found in self.pattern.finditer(text)]


@cache
def _compatibility() -> dict[str, str]:
    """What NFKC makes of every character it changes, combining marks and superscripts apart."""
    kept = repairs.repairs().keep_as_published
    changed: dict[str, str] = {}
    for code in range(0x80, 0x30000):
        char = chr(code)
        new = unicodedata.normalize("NFKC", char)
        if new == char or char in kept or 0xAC00 <= code < 0xD7B0:
            continue
        if "CIRCLED" in unicodedata.name(char, "") and new.isdecimal():
            new = f"({new})"  # ① beside a number must not become part of it
        elif new[:-1].isdecimal() and new.endswith("."):
            new = new[:-1] + "、"  # ⒈ likewise
        if len(new) <= _MAX_FOLDED and not any(unicodedata.combining(part) for part in new):
            changed[char] = new
    return changed


def _screen(characters: str) -> re.Pattern[str]:
    """A fast pattern that finds the characters, and all beyond the basic plane: exact classes of those are slow."""
    basic = "".join(re.escape(char) for char in characters if char < "\U00010000")
    return re.compile(f"[{basic}\U00010000-\U0010ffff]")


@cache
def _one_to_one() -> tuple[dict[int, str], re.Pattern[str]]:
    """Characters that become another one, and the pattern that screens a text for them."""
    table = {ord(char): new for char, new in _compatibility().items() if len(new) == 1}
    table |= {ord(char): new for char, new in repairs.repairs().characters.items()}
    for char in re.findall(f"[{_BLANK}]", "".join(map(chr, range(0x3001)))):
        table[ord(char)] = "\t" if char == "\t" else " "
    table = {code: new for code, new in table.items() if new != chr(code)}
    return table, _screen("".join(map(chr, table)))


@cache
def _many() -> _Replacements:
    return _Replacements({char: new for char, new in _compatibility().items() if len(new) > 1}, INVISIBLE)


def _without_spaces(text: str) -> list[Edit]:
    """Spaces go, but one where it keeps two words or two numbers apart."""
    return [
        (start + kept, end, "")
        for start, end in (found.span() for found in _SPACES.finditer(text))
        if start + (kept := int(_separates(text, start, end))) < end
    ]


def _whole_numbers(text: str) -> list[Edit]:
    """Numbers that spaces cut: 1 234件, 2 0 2 3年."""
    if _CUT.search(text) is None:
        return []
    found = [match.span() for pattern in (_CUT_NUMBER, _CUT_YEAR) for match in pattern.finditer(text)]
    places = {place for start, end in found for place in range(start, end) if text[place] == " "}
    return [(place, place + 1, "") for place in sorted(places)]


def _separates(text: str, start: int, end: int) -> bool:
    """Whether the blanks in text[start:end] keep two words or two numbers apart."""
    left, right = text[start - 1 : start], text[end : end + 1]
    if not left or not right or not left.isascii() or not right.isascii():
        return False
    if left.isalnum() and right.isalnum():
        return True
    if left.isalnum():  # "3 -2" are two numbers, "0578 - 65" is one
        return right in "+-/|" and text[end + 1 : end + 2].isdigit()
    if right.isalnum():  # "1. 5" is a numbering, "13, 25" a list
        return left in ".,/+|" and start >= 2 and text[start - 2].isascii() and text[start - 2].isalnum()
    return False


def _without_pinyin(text: str) -> list[Edit]:
    found = list(_PINYIN.finditer(text)) if "(" in text else []
    if not found or (len(found) < _MIN_PINYIN and not _TONES.search("".join(match.group() for match in found))):
        return []
    return [(match.start(), match.end(), "") for match in found]


def _without_breaks(draft: _Draft, breaks: Collection[int]) -> list[Edit]:
    return [(place, place + 1, "") for place in line_joins(draft.text) if draft.starts[place] not in breaks]
