"""Dates: year, period and day of publication, whole and damaged."""

from __future__ import annotations

from datetime import date

import pytest
from builders import normalise
from hypothesis import given
from hypothesis import strategies as st

from scrapers.extract.dates import (
    parse_chinese_year,
    parse_date,
    read_period,
    read_year,
    years_in,
)
from scrapers.extract.published import choose_published, published_in_header, published_in_meta


def span(text: str, preface: bool = True) -> tuple[date, date] | None:
    text = normalise(text).text
    period = read_period(text, len(text) if preface else 0)
    return (period.start, period.end) if period else None


def year(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number, 12, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二O一五年三月十三日", date(2015, 3, 13)),
        ("二○一二年三月一日", date(2012, 3, 1)),
        ("二〇〇九年二月二十八日", date(2009, 2, 28)),
        ("二零一零年十月三十日", date(2010, 10, 30)),
        ("二00八年十二月三十一日", date(2008, 12, 31)),
        ("二О一四年一月五日", date(2014, 1, 5)),  # Cyrillic О
        ("2019年1月17日", date(2019, 1, 17)),
        ("2021年1 月15日", date(2021, 1, 15)),
        ("２０１９年０２月１４日", date(2019, 2, 14)),
        ("2021-03-2918:26", date(2021, 3, 29)),
        ("2020-01-20 09:15:33", date(2020, 1, 20)),
        ("2018/3/5", date(2018, 3, 5)),
        ("2016.03.21", date(2016, 3, 21)),
        ("20190117", date(2019, 1, 17)),
        ("2017年3月", None),
        ("二〇一七年三月", None),
        ("2019年2月30日", None),
        ("12019年1月1日", None),
        ("2010-2020年", None),
    ],
)
def test_single_date(text: str, day: date | None) -> None:
    assert parse_date(normalise(text).text) == day


@given(st.dates(min_value=date(2008, 1, 1), max_value=date(2029, 12, 31)))
def test_every_day_is_read_in_every_spelling(day: date) -> None:
    han = f"{day.year}年{day.month}月{day.day}日"
    assert {
        parse_date(han),
        parse_date(day.isoformat()),
        parse_date(f"({han})"),
        parse_date(day.isoformat() + "18:26"),
    } == {day}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("报告中所列数据的统计期限自2018年1月1日起至2018年12月31日止。", year(2018)),
        ("本报告所列数据的统计期限从2013年1月1日到2013年12月31日止。", year(2013)),
        ("统计期限为2014年1月1日至12月31日。", year(2014)),
        ("数据统计时间为2016年1月1日—2016年12月31日", year(2016)),
        ("统计期限:2020-01-01至2020-12-31", year(2020)),
        ("统计周期为2022.1.1-2022.12.31。", year(2022)),
        ("报告期为2012年1月至12月。", year(2012)),
        ("统计期限自2017年1月1日起,至2017年12月31日止", year(2017)),
        ("统计期限为201711日至20171231日", year(2017)),
        ("统计期限自20161月1日起至201612月31日止", year(2016)),
        ("统计期限2015111231", year(2015)),
        ("统计期限自20191月1日起至2019年12月31日止", year(2019)),
        ("统计期限为2018年11日至2018年1231日", year(2018)),
        ("数据统计期限为2008年5月1日至2008年12月31日", (date(2008, 5, 1), date(2008, 12, 31))),
        ("统计期限为2008年1月1日至2008年12月31日", year(2008)),
        ("统计期限为2009年11月1日至2010年10月31日", (date(2009, 11, 1), date(2010, 10, 31))),
        ("其统计数据截至2017年12月31日,将对外公布。", year(2017)),
        ("统计期限为2013年元月1日至12月31日。", year(2013)),
        ("统计期限为二〇一二年一月一日至二〇一二年十二月三十一日。", year(2012)),
        ("统计期限自二○一三年一月一日起至十二月三十一日止。", year(2013)),
        ("统计期限为2016年1月1日0时至2016年12月31日24时。", year(2016)),
        (
            "根据条例要求编制本年度报告,全文由六个部分组成,所列数据的统计期限自2016年1月1日起至2016年12月3\n1日止。",
            year(2016),
        ),
        ("统计期限自2016年1月1日起,截至2016年12月31日。", year(2016)),
        ("本年报所列数据截止到2011年12月31日。", year(2011)),
        ("所列数据截至2008年12月31日。", (date(2008, 5, 1), date(2008, 12, 31))),
        ("所列数据起于2011年1月1日,止于2011年12月31日。", year(2011)),
        ("统计口径始于2018年1月1日,终于2018年12月31日。", year(2018)),
        ("数据从2019年1月1日算到12月31日。", year(2019)),
        ("数字自2024年1月1日始,2024年12月31日终。", year(2024)),
        ("本报告的数字均为2008年5月1日到12月31日八个月的数字。", (date(2008, 5, 1), date(2008, 12, 31))),
        ("公布某县2016年政府信息公开情况,时段为1月1日—12月31日。", year(2016)),
        ("数据截止日为2018年12月31日,起始日为2018年1月1日。", year(2018)),
        ("统计截止2023年12月31日,起算日2023年1月1日。", year(2023)),
        ("除特别注明外,文中数字截至2014年12月31日。", year(2014)),
        ("截至2017年12月31日,本街道政府信息公开工作情况如下。", year(2017)),
        ("截至2017年12月31日,共公开信息812条。", None),
        ("2018年1月1日起施行新办法,12月31日前清理旧文件。", None),
        ("自《条例》施行以来,2008年5月1日起至2012年12月31日累计公开3000条。", None),
        ("公开专栏开通于2016年2月1日至2016年10月31日。", None),
        ("查阅点建成于2016年3月1日,试用到2016年9月30日。", None),
        ("服务窗口成立于2016年4月1日,止于12月31日。", None),
        ("新办法实施自2016年,时段为1月1日-12月31日。", None),
        ("自《条例》施行当年,即从2008年5月1日算到2008年12月31日。", (date(2008, 5, 1), date(2008, 12, 31))),
        ("公开专栏开通以来运行平稳。本报告从2016年1月1日算到12月31日。", year(2016)),
        ("自2008年5月1日起施行,截至2017年12月31日累计公开812条。", None),
        ("《2018年1月1日至2020年12月31日行动计划》", None),
        ("2018年共公开信息30条。", None),
    ],
)
def test_period(text: str, expected: tuple[date, date] | None) -> None:
    assert span(text) == expected


def test_period_in_the_body_needs_its_cue() -> None:
    assert span("活动自2018年3月1日至2018年5月31日举行。", preface=False) is None
    assert span("活动自2018年1月1日至2018年12月31日举行。", preface=False) is None
    assert span("附注:本报告统计期限为2018年1月1日至2018年12月31日。", preface=False) == year(2018)


def test_period_prefers_the_cued_range_of_the_preface() -> None:
    assert span("行动自2015年1月1日至2015年12月31日开展。本报告统计期限自2016年1月1日至2016年12月31日。") == year(2016)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("某县2018度政府信息公开年报", [2018]),
        ("2019县,我县积极落实", [2019]),
        ("二〇一〇年度报告", [2010]),
        ("二00九年政府信息公开年报", [2009]),
        ("电话0578-20186508", []),
        ("1998年和2007年", []),
    ],
)
def test_years_named(text: str, years: list[int]) -> None:
    assert years_in(text) == years
    assert parse_chinese_year("二〇一八") == 2018


def test_order_of_the_sources_of_the_year() -> None:
    assert read_year("某县2018年政府信息公开工作年度报告", None, None, None, "").basis == "title"
    period = read_period("统计期限自2017年1月1日起至2017年12月31日止", 99)
    found = read_year("某县政府信息公开工作年度报告", period, None, "某局2016年年报", "2015年,2015年")
    assert (found.year, found.basis) == (2017, "period")
    assert (
        read_year(None, None, "根据要求,汇总2012年度某镇信息公开年度报告编制而成", None, "2013年").basis
        == "first_sentence"
    )
    assert read_year(None, None, "根据要求编制", "某局2011年度信息公开年报", "2013年").year == 2011
    assert read_year(None, None, None, None, "2014年收到1件,2014年公开5条,2015年将加强。").year == 2014
    assert read_year(None, None, None, None, "无年份。").year is None


def test_conflicting_sources_are_an_issue_and_the_title_decides() -> None:
    period = read_period("统计期限自2018年1月1日起至2018年12月31日止", 99)
    found = read_year("某镇2019年政府信息公开工作年度报告", period, None, None, "")
    assert found.year == 2019
    assert [issue.code for issue in found.issues] == ["year_conflict"]
    assert "period 2018" in found.issues[0].detail


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2018年某县2018年政府信息公开工作年度报告", 2018),
        ("某局关于2013年度政府信息公开工作情况的报告", 2013),
        ("某市政府信息公开工作2019年度报告", 2019),
        ("某县贯彻国办发〔2014〕12号2015年政府信息公开年度报告", 2015),
        ("某县二○一二年政府信息公开年度报告", 2012),
        ("某县政府信息公开年度报告(2012)", 2012),
        ("某县政府信息公开年度报告(2012年度)", 2012),
    ],
)
def test_year_of_a_title(title: str, expected: int) -> None:
    assert read_year(normalise(title).text, None, None, None, "2030年").year == expected


def test_documents_cited_do_not_vote() -> None:
    body = "依据《2015年要点》《2015年方案》(国办发〔2015〕22号、〔2015〕23号),2016年我局公开信息9条。"
    assert read_year(None, None, None, None, body).year == 2016


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("(2019年1月17日)", date(2019, 1, 17)),
        ("发布日期:2020-01-15 来源:某县政府办 浏览次数:57", date(2020, 1, 15)),
        ("发布时间:2021-03-2918:26", date(2021, 3, 29)),
        ("(2019年1月17日) 本年度报告根据条例编制。", date(2019, 1, 17)),
        ("索引号:AB2019-00012 生成日期:2018-02-06 发布日期:2018-02-08", date(2018, 2, 8)),
        ("信息来源:办公室 时间:2017年3月20日 字体:大中小", date(2017, 3, 20)),
        ("2016-03-1810:02", date(2016, 3, 18)),
        ("2019-01-25 阅读 318 数据采集时间:2018年1月1日至2018年12月31日", date(2019, 1, 25)),
        ("数据时间:2020年1月1日-12月31日", None),
        ("统计期限自2018年1月1日起至2018年12月31日止", None),
        ("文号:某政〔2019〕3号", None),
        ("2018年3月", None),
    ],
)
def test_published_under_the_title(header: str, day: date | None) -> None:
    assert published_in_header(normalise(header).text) == day


def test_published_in_meta_data() -> None:
    assert published_in_meta({"pubdate": "2019-03-05 15:20", "createdate": "2020-01-01"}) == date(2019, 3, 5)
    assert published_in_meta({"article:published_time": "2018-02-01T08:00:00+08:00"}) == date(2018, 2, 1)
    assert published_in_meta({"keywords": "2019-03-05"}) is None


def test_order_of_the_dates_of_publication() -> None:
    header, signature, meta = date(2019, 3, 1), date(2019, 2, 20), date(2020, 5, 5)
    assert choose_published(header, signature, meta, 2018)[0] == header
    assert choose_published(None, signature, meta, 2018)[0] == signature
    assert choose_published(None, None, meta, 2018)[0] == meta
    assert choose_published(None, None, None, 2018) == (None, ())


def test_date_of_a_migration_yields_to_the_signature() -> None:
    chosen, issues = choose_published(date(2020, 9, 23), date(2013, 3, 8), date(2020, 9, 23), 2012)
    assert chosen == date(2013, 3, 8)
    assert [issue.code for issue in issues] == ["published_date_conflict"]
    assert choose_published(date(2020, 9, 23), None, None, 2012)[0] == date(2020, 9, 23)
