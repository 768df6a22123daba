"""Dates: every notation leads to its day; days that do not exist never come out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.clean.normalise import normalise
from scrapers.extract.dates import find_dates, parse_chinese_year, parse_date, read_period, years_in

FAST = settings(max_examples=200, deadline=None)
DAYS = st.dates(date(2000, 1, 1), date(2059, 12, 31))
SMALL = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]


def small(value: int) -> str:
    """1 to 31 in Chinese."""
    tens, ones = divmod(value, 10)
    return SMALL[value] if value <= 10 else ("" if tens == 1 else SMALL[tens]) + "十" + (SMALL[ones] if ones else "")


def year_in(zero: str, year: int) -> str:
    """A year in Chinese digits with this sign for zero."""
    return "".join(zero if digit == "0" else SMALL[int(digit)] for digit in str(year))


NOTATIONS = {
    "han": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "han, two digits": lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
    "han, spaces": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "han, full width": lambda d: f"{d.year}年{d.month}月{d.day}日".translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
    "hao": lambda d: f"{d.year}年{d.month}月{d.day}号",
    "iso": lambda d: d.isoformat(),
    "iso, short": lambda d: f"{d.year}-{d.month}-{d.day}",
    "iso, full width": lambda d: d.isoformat().translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "iso with time": lambda d: f"{d.isoformat()} 15:28:03",
    "iso with time glued": lambda d: f"{d.isoformat()}15:28",
    "compact": lambda d: f"{d:%Y%m%d}",
    "chinese": lambda d: f"{year_in('〇', d.year)}年{small(d.month)}月{small(d.day)}日",
    "chinese, circle": lambda d: f"{year_in('○', d.year)}年{small(d.month)}月{small(d.day)}日",
    "chinese, O": lambda d: f"{year_in('O', d.year)}年{small(d.month)}月{small(d.day)}日",
    "chinese, zero": lambda d: f"{year_in('零', d.year)}年{small(d.month)}月{small(d.day)}日",
    "chinese, 0": lambda d: f"{year_in('0', d.year)}年{small(d.month)}月{small(d.day)}日",
}


@pytest.mark.parametrize("name", NOTATIONS)
@given(day=DAYS)
@settings(max_examples=60, deadline=None)
def test_every_notation_leads_to_its_day(name: str, day: date) -> None:
    assert parse_date(normalise(NOTATIONS[name](day)).text) == day


@given(DAYS, st.sampled_from(sorted(set(NOTATIONS) - {"compact"})))
@FAST
def test_a_day_inside_a_sentence(day: date, name: str) -> None:
    text = normalise(f"本报告于{NOTATIONS[name](day)}发布，联系电话：0571-88881234。").text
    assert [found for _, _, found in find_dates(text)] == [day]


@given(st.integers(2000, 2059), st.integers(0, 19), st.integers(0, 45))
@settings(max_examples=400, deadline=None)
def test_days_that_do_not_exist_never_come_out(year: int, month: int, day: int) -> None:
    try:
        expected = date(year, month, day)
    except ValueError:
        expected = None
    texts = [
        f"{year}年{month}月{day}日",
        f"{year}-{month:02}-{day:02}",
        f"{year}/{month}/{day}",
        f"{year}{month:02}{day:02}",
    ]
    for text in texts:
        assert parse_date(text) == expected, text


@given(st.text("0123456789年月日号-/. 一二三十〇○O至起止到", max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    normal = normalise(text).text
    for start, end, day in find_dates(normal):
        assert 0 <= start < end <= len(normal) and 2000 <= day.year <= 2099
    assert all(2000 <= year <= 2099 for year in years_in(normal))


@given(st.integers(2008, 2040), st.sampled_from([
    "自{y}年1月1日起至{y}年12月31日止", "从{y}年1月1日至12月31日", "{y}年1月1日至{y}年12月31日", "{y}年1月1日到12月31日", "{y}.1.1-{y}.12.31",
    "{y}年1月1日—{y}年12月31日", "{y}年1月至12月", "自{y} 年 1 月 1 日起，至 {y} 年 12 月 31 日止", "{y}-01-01至{y}-12-31",
]))  # fmt: skip
@FAST
def test_every_notation_of_a_year_as_period(year: int, template: str) -> None:
    text = normalise(f"甲县政府信息公开工作年度报告\n本报告所列数据的统计期限{template.format(y=year)}。\n").text
    period = read_period(text, len(text))
    assert period is not None
    assert (period.start, period.end) == (date(year, 1, 1), date(year, 12, 31))


@given(DAYS, st.integers(0, 800))
@FAST
def test_a_period_ends_after_it_began(start: date, days: int) -> None:
    end = start + timedelta(days)
    text = f"统计期限为{NOTATIONS['han'](start)}至{NOTATIONS['han'](end)}。"
    period = read_period(text, len(text))
    if period is not None:
        assert (period.start, period.end) == (start, end)


@given(st.integers(2000, 2099), st.sampled_from("〇○零O0"))
def test_chinese_years(year: int, zero: str) -> None:
    assert parse_chinese_year(year_in(zero, year)) == year
