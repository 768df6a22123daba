"""Numbers: every notation of a value leads back to it, in sentences and in cells; a number is never made of nothing."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scrapers.clean.normalise import normalise
from scrapers.extract.cells import read_cell
from scrapers.extract.numbers import Number, lexicon, make_template, numeral_value

FAST = settings(max_examples=150, deadline=None)
COUNTS = st.one_of(st.integers(0, 99), st.integers(0, 99_999), st.integers(0, 10**9))
WIDE = str.maketrans("0123456789,.%+-", "０１２３４５６７８９，．％＋－")
UNITS = st.sampled_from(["件", "条", "次", "人次", "份", "篇", "宗"])
NOTATIONS = {
    "plain": str,
    "thousands": lambda value: f"{value:,}",
    "full width": lambda value: str(value).translate(WIDE),
    "full-width thousands": lambda value: f"{value:,}".translate(WIDE),
    "spaces around": lambda value: f" {value} ",
    "wide blanks around": lambda value: f"\u3000{value}\u00a0",
    "invisible inside": lambda value: "\u200b".join(str(value)),
}


def numeral(value: int) -> str:
    """0 … 99,999,999 as it is written: 一百二十, 三千零五, 十二万."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        return numeral(high) + "万" + ("" if not low else ("零" if low < 1000 else "") + numeral(low))
    digits, out, gap = "零一二三四五六七八九", "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // scale % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + name
        gap = not digit
    out = out or "零"
    return out[1:] if out.startswith("一十") else out


def numbers_of(text: str) -> list[Number]:
    """The numbers of a sentence as published."""
    normal = normalise(text).text
    return [one for _, one in sorted(make_template(normal, 0, len(normal)).numbers.items())]


@cache
def _hotlines() -> frozenset[str]:
    return frozenset(lexicon().numbers["hotlines"])


@given(COUNTS, UNITS, st.sampled_from(sorted(NOTATIONS)))
@example(12345, "件", "plain")
@FAST
def test_every_notation_of_a_count_in_a_sentence(value: int, unit: str, name: str) -> None:
    [found] = numbers_of(f"全年主动公开政府信息{NOTATIONS[name](value)}{unit}。")
    assert (found.value, found.unit, found.qualifier, found.is_share) == (value, unit, "exact", False)


@given(COUNTS, st.sampled_from(sorted(NOTATIONS)))
@FAST
def test_every_notation_of_a_count_in_a_cell(value: int, name: str) -> None:
    cell = read_cell(normalise(NOTATIONS[name](value)).text)
    assert (cell.kind, cell.value) == ("number", value)


@given(st.integers(0, 99_999_999))
@example(10)
@example(110)
@example(1005)
@example(100_005)
def test_numerals_lead_back_to_their_value(value: int) -> None:
    assert numeral_value(numeral(value)) == value


@given(st.integers(1, 9999), st.sampled_from(lexicon().numbers["numeral_units"]))
@FAST
def test_numerals_in_a_sentence(value: int, unit: str) -> None:
    found = numbers_of(f"全年举办{numeral(value)}{unit}。")
    assume(len(numeral(value)) <= 8)
    assert [(one.value, one.unit) for one in found] == [(value, unit)]


@given(st.text("零一二三四五六七八九十百千万亿两〇○壹贰叁拾佰仟", max_size=12))
def test_a_numeral_is_a_number_or_nothing(text: str) -> None:
    value = numeral_value(text)
    assert value is None or (value >= 0 and math.isfinite(value) and value == int(value))


@given(st.integers(1, 999_999), st.integers(0, 4), st.sampled_from(["万", "亿"]), UNITS)
@FAST
def test_decimals_before_wan_and_yi(digits: int, places: int, scale: str, unit: str) -> None:
    printed = f"{digits / 10**places:.{places}f}"
    [found] = numbers_of(f"网站访问量{printed}{scale}{unit}。")
    factor = {"万": 10_000, "亿": 100_000_000}[scale]
    assert found.value == pytest.approx(digits * factor / 10**places, rel=1e-12)
    assert found.value == round(found.value, 6), "multiplying invents no digits"
    cell = read_cell(f"{printed}{scale}")
    assert cell.value == pytest.approx(found.value, rel=1e-12)


@given(COUNTS, UNITS, st.sampled_from([
    ("约{}{}", "about"), ("近{}{}", "about"), ("大约{}{}", "about"), ("{}{}左右", "about"), ("{}余{}", "at_least"), ("{}多{}", "at_least"),
    ("超过{}{}", "at_least"), ("逾{}{}", "at_least"), ("不少于{}{}", "at_least"), ("{}{}以上", "at_least"), ("{}{}", "exact"), ("共{}{}", "exact"),
]))  # fmt: skip
@FAST
def test_qualifiers_change_the_class_and_never_the_value(value: int, unit: str, case: tuple[str, str]) -> None:
    template, qualifier = case
    [found] = numbers_of(f"主动公开信息{template.format(value, unit)}。")
    assert (found.value, found.unit, found.qualifier) == (value, unit, qualifier)


@given(st.integers(1, 9999), st.sampled_from(["余", "多"]), UNITS, st.booleans())
@FAST
def test_yu_and_duo_on_either_side_of_wan(value: int, word: str, unit: str, before: bool) -> None:
    [found] = numbers_of(f"访问{value}{word + '万' if before else '万' + word}{unit}。")
    assert (found.value, found.qualifier) == (value * 10_000, "at_least")


@given(st.integers(0, 10**6), st.integers(0, 3))
@FAST
def test_a_share_is_no_count(value: int, places: int) -> None:
    printed = f"{value / 10**places:.{places}f}"
    for text in (f"同比增长{printed}%。", f"占{printed}％。", f"提高{printed}个百分点。"):
        assert all(one.is_share for one in numbers_of(text))


@given(st.integers(2000, 2040), st.integers(1, 12), st.integers(1, 28), st.integers(1, 999))
@FAST
def test_dates_and_document_numbers_are_no_values(year: int, month: int, day: int, number: int) -> None:
    for text in (
        f"截至{year}年{month}月{day}日，", f"国办发〔{year}〕{number}号文件，", f"（{year}-{month:02}-{day:02}）", f"电话：0571-8{number:07}，",
        f"第{number}条，", f"{year}年度，", f"{year}年至{year + 1}年，", "12345热线，",
    ):  # fmt: skip
        assert numbers_of(text) == [], text


@given(st.text("0123456789.,+-万亿千百余多约近%件条次人元（）()〔〕年月日第 、，", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_soup_of_digits_breaks_the_reader(text: str) -> None:
    normal = normalise(text).text
    template = make_template(normal, 0, len(normal))
    assert len(template.places) == len(template.text) + 1
    for one in template.numbers.values():
        assert math.isfinite(one.value) and normal[one.start : one.end] == one.printed
    cell = read_cell(normal)
    assert (cell.value is None) == (cell.kind not in ("number", "zero_word"))


@given(st.text("-－—–/\\|_.。 \u3000\u00a0…·*", max_size=6))
def test_no_mark_of_absence_is_a_zero(text: str) -> None:
    assert read_cell(normalise(text).text).value is None
