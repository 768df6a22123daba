"""Numbers in sentences: what is a value, with its unit and qualifier, and what only looks like one.

Source of the rules: numbers, units and qualifiers as seen on real pages (wild variation §3). Every pattern is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue import load_catalogue
from scrapers.catalogue.loading import load_yaml

NUMBER, SHARE, DATE, MASK = "\ue000", "\ue001", "\ue002", "\ue003"
_MONEY_WORDS = ("万元", "亿元", "元")


class Lexicon(BaseModel):
    """lexicon.yaml"""

    model_config = ConfigDict(extra="forbid", frozen=True)
    numbers: dict[str, Any]
    qualifiers: dict[str, list[str]]
    not_zero: list[str]
    macros: dict[str, str]
    guards: dict[str, str]
    own_numbers: list[str] = []
    earlier: str = ""
    topic_light: str = ""
    topic_opening: str = ""
    joint_chapters: dict[str, str] = {}
    spoken_of: dict[str, str] = {}
    other_date: str = ""
    topic_break: str = ""


_DENIED = re.compile(r"(?:未(?!予公开)|没有(?!公开|同意|找到)|没(?!有|找到)|无|不存在)[^,。;\n]{0,20}$")

_NOT_EVEN = re.compile(
    r"(?:也|都|亦)(?:没有?|未|无)|没有?(?=[,。;、)\n]|$|发生|产生|出现|收到|接到|受理)|未(?:曾|有)?(?:发生|产生|出现|收到|接到|受理)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity: [start, end) covers qualifier words, number and unit in the normalised text."""

    value: float
    unit: str | None
    qualifier: str  # exact, at_least, about
    start: int
    end: int
    digits_start: int
    printed: str
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence in which every number, share, date and masked name is one private character.

    ``places[i]`` is the offset in the normalised text of template character i (one more entry marks the end).
    """

    text: str
    places: tuple[int, ...]
    numbers: dict[int, Number]  # template position → number or share
    years: dict[int, tuple[int, ...]]  # template position of a date → the years it names
    start: int
    end: int


@cache
def lexicon() -> Lexicon:
    """The lexicon of sentences."""
    return load_yaml("lexicon.yaml", Lexicon)


@cache
def unit_names() -> tuple[str, ...]:
    """All unit names, longest first."""
    names = {name for unit in load_catalogue().units for name in unit.names if name != "%"}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def numeral_value(text: str) -> float | None:
    """The value of a Chinese numeral (一百二十, 两, 十五, 三千零五); None where it is none.

    A run of bare digits (二〇一五) is read place by place.
    """
    facts = lexicon().numbers
    text = "".join(facts["same"].get(char, char) for char in text)
    digits = {char: value for value, char in enumerate(facts["digits"])}
    scales: dict[str, int] = facts["multipliers"]
    if not text or any(char not in digits and char not in scales for char in text):
        return None
    if all(char in digits for char in text):
        return float("".join(str(digits[char]) for char in text))
    total = section = 0
    digit: int | None = None
    for char in text:
        if char in digits:
            digit = digits[char]
            continue
        scale = scales[char]
        if scale >= 10_000:
            section += digit or 0
            total = (total + section) * scale if scale > 10_000 else total + section * scale
            section = 0
        else:
            section += (1 if digit is None or (digit == 0 and char == "十") else digit) * scale
        digit = None
    return float(total + section + (digit or 0))


@cache
def _token_pattern(mail: bool) -> re.Pattern[str]:
    """The pattern of all tokens. ``mail``: addresses too, which may begin with any word, so that every one is tried."""
    facts, quals = lexicon().numbers, lexicon().qualifiers
    digits = "[" + facts["digits"] + "".join(facts["same"]) + "十百千万]"
    units = "|".join(re.escape(name) for name in unit_names())
    numeral_units = "|".join(sorted(facts["numeral_units"], key=len, reverse=True))
    before = "|".join(sorted(quals["at_least_before"] + quals["about_before"], key=len, reverse=True))
    after = "|".join(sorted(quals["at_least_after"] + quals["about_after"], key=len, reverse=True))
    after = after.replace("来", "来(?![信访电人函自件])")  # 1,980封来信
    hotlines = "|".join(facts["hotlines"])
    year = r"(?:19|20)\d\d"
    at = r"|[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,4}" if mail else ""
    words = "".join(word[0] for word in before.split("|"))
    # the characters that a token can begin with: most places of a text are sorted out at once
    begins = "" if mail else rf"(?=[《〔\[【﹝(第hw+\-\d{digits[1:-1]}{words}])"
    return re.compile(
        rf"{begins}(?:(?P<title>《[^》\n\d]{{0,100}}\d[^》\n]{{0,100}}》)"
        rf"|(?P<docno>[〔\[【﹝]{year}[〕\]】﹞]?\s?\d{{0,4}}号?|\({year}\)\s?\d{{1,4}}号|{year}年第?\d{{1,3}}号)"
        rf"|(?P<ordinal>第(?!三方)[\d一二三四五六七八九十百零两]{{1,6}}(?:条|款|项|次|届|季度|号|名|位|批|期|个|轮|周|部|章|节)?)"
        rf"|(?P<web>(?:https?://|www\.)[\w./?=&%#:-]{{1,120}}{at})"
        rf"|(?P<phone>\(?0\d{{2,3}}\)?[-—–－]\d{{6,8}}(?:[-—]\d{{1,5}})?|(?<!\d)1[3-9]\d{{9}}(?!\d))"
        rf"|(?P<whole>百分之(?P<hundredths>百|[{facts['digits']}十]{{1,3}}))"
        rf"|(?P<range>{year}(?:年度?)?[-—–~至到]+{year}\n?年度?)"
        rf"|(?P<date>(?:{year}|[一二]\s?[〇○零OoО0九][〇○零OoО0一二三四五六七八九]{{2}})年(?:度|底|末|初|内|上半年|下半年)?(?:\d{{1,2}}月份?(?:\d{{1,2}}日)?)?"
        rf"|{year}[-/.]\d{{1,2}}[-/.]\d{{1,2}}日?|(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]|份|底|初|末)?"
        rf"|(?<!\d){year}县(?=,))"
        rf"|(?P<hotline>(?<!\d)(?:{hotlines})(?!\d|{units}))"
        rf"|(?P<listno>(?<![\d.,])\d{{1,2}}[.、](?=[^\d\s]))"
        rf"|(?P<qb>{before})?(?:(?P<num>(?:(?<![\w.])[+-])?(?<![\d.])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,12}})(?:\.\d{{1,6}})?)"
        rf"(?:(?P<share>%|个百分点)|(?P<qm>余|多)?(?P<mult>[百千万亿]{{1,2}}(?!元))?(?P<qa>余|多)?(?P<unit>{units})?(?P<qe>{after})?)"
        rf"|(?<!无)(?<!没有)(?<!每)(?<!唯)(?P<cnum>{digits}{{1,8}})(?P<cqa>余|多)?(?P<cunit>{numeral_units})(?!一|微|位一体|个重点|次性|个关键|条线|项清单|个一|类)(?P<cqe>{after})?))"
    )


def make_template(text: str, start: int, end: int) -> Template:
    """The template of the sentence text[start:end] of a normalised text."""
    out: list[str] = []
    places: list[int] = []
    numbers: dict[int, Number] = {}
    years: dict[int, tuple[int, ...]] = {}
    position = start
    for match in _token_pattern("@" in text[start:end]).finditer(text, start, end):
        kind = match.lastgroup
        token, number = _token(match, kind)
        if token is None:
            continue
        out.append(text[position : match.start()])
        places.extend(range(position, match.start()))
        at = len(places)
        if number is not None:
            numbers[at] = number
        if token == DATE:
            years[at] = _years(match.group())
        out.append(token)
        places.append(match.start())
        position = match.start() if kind == "hotline" else match.end()  # 12345 stays readable behind its mask
    out.append(text[position:end])
    places.extend(range(position, end))
    places.append(end)
    return _without_earlier(Template("".join(out), tuple(places), numbers, years, start, end))


def _without_earlier(template: Template) -> Template:
    """Drops the figure that another replaces in the same breath: 由2019年的5场增至, 突破2万条大关."""
    cuts = [match.span() for match in _earlier().finditer(template.text)]
    if not cuts:
        return template
    kept = [at for at in range(len(template.text)) if not any(first <= at < last for first, last in cuts)]
    moved = {old: new for new, old in enumerate(kept)}
    return Template(
        text="".join(template.text[at] for at in kept),
        places=(*(template.places[at] for at in kept), template.places[-1]),
        numbers={moved[at]: number for at, number in template.numbers.items() if at in moved},
        years={moved[at]: years for at, years in template.years.items() if at in moved},
        start=template.start,
        end=template.end,
    )


@cache
def _earlier() -> re.Pattern[str]:
    pattern = lexicon().earlier.replace("#", f"[{NUMBER}{SHARE}]").replace("@", DATE)
    return re.compile(pattern or "(?!)")


def _token(match: re.Match[str], kind: str | None) -> tuple[str | None, Number | None]:
    if match.group("range") or match.group("date"):
        return DATE, None
    if match.group("cnum") == "一" and _DENIED.search(match.string, max(match.start() - 24, 0), match.start()):
        return None, None  # 未发生一起…: one of which there was none
    if (match.group("cnum") == "一" or match.group("num") == "1") and _NOT_EVEN.match(match.string, match.end()):
        return None, None  # 一件也没有
    if match.group("num") is None and match.group("cnum") is None and match.group("whole") is None:
        return (MASK, None) if kind else (None, None)
    number = _hundredths(match) if match.group("whole") else _number(match)
    if number is None:
        return None, None
    return (SHARE if number.is_share else NUMBER), number


def _hundredths(match: re.Match[str]) -> Number | None:
    """百分之九十五 as a share."""
    value = numeral_value(match.group("hundredths"))
    if value is None:
        return None
    return Number(value, "%", "exact", match.start(), match.end(), match.start(), match.group(), True)


def _number(match: re.Match[str]) -> Number | None:
    groups = match.groupdict()
    if groups["num"] is not None:
        value = float(groups["num"].replace(",", "").lstrip("+"))
        for scale in groups["mult"] or "":
            value *= lexicon().numbers["multipliers"][scale]
        unit, digits_start = groups["unit"], match.start("num")
    else:
        read = numeral_value(groups["cnum"])
        if read is None:
            return None
        value, unit, digits_start = read, groups["cunit"], match.start("cnum")
    if groups["share"]:
        return Number(value, "%", _qualifier(groups), match.start(), match.end(), digits_start, match.group(), True)
    return Number(_tidy(value), unit, _qualifier(groups), match.start(), match.end(), digits_start, match.group())


def _tidy(value: float) -> float:
    """22000.000000000004 → 22000: multiplying a printed decimal must not invent digits."""
    return round(value, 6)


def _qualifier(groups: dict[str, str | None]) -> str:
    quals = lexicon().qualifiers
    words = [groups[name] for name in ("qb", "qm", "qa", "qe", "cqa", "cqe") if groups[name]]
    if any(word in quals["at_least_before"] + quals["at_least_after"] for word in words):
        return "at_least"
    return "about" if words else "exact"


def _years(text: str) -> tuple[int, ...]:
    found = tuple(int(year) for year in re.findall(r"(?:19|20)\d\d", text))
    if found:
        return found
    match = re.match(r"[一二]\s?[〇○零OoО0九][〇○零OoО0一二三四五六七八九]{2}", text)
    if not match:
        return ()
    plain = re.sub(r"[OoО0]", "零", match.group().replace(" ", ""))
    value = numeral_value(plain)
    return (int(value),) if value and 1990 < value < 2100 else ()
