"""Identity as a whole: the seeds through the real cleaning against their gold, and pages of every kind of publisher."""

from __future__ import annotations

import time
from datetime import date

import pytest
from builders import SHARED, normalise, seed_documents

from scrapers.clean import clean
from scrapers.document import Identity, Issue, Page
from scrapers.extract.identity import read_identity
from scrapers.extract.kind import classify
from scrapers.extract.sections import read_sections

HEAD = "<html><head><meta charset='utf-8'><title>{title}</title>{meta}</head><body><div class='content'>{body}</div></body></html>"


def read(page: Page) -> tuple[Identity, tuple[Issue, ...]]:
    document = clean(page)
    return read_identity(page, document, read_sections(document))


def read_html(body: str, title: str = "", meta: str = "", url: str | None = None) -> tuple[Identity, tuple[Issue, ...]]:
    lines = "".join(f"<p>{line}</p>" for line in body.split("\n"))
    return read(Page(HEAD.format(title=title, meta=meta, body=lines).encode(), file_name="page.html", url=url))


def squeeze(text: str | None) -> str | None:
    return None if text is None else "".join(normalise(text).text.split())


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seeds stand in ../shared")
@pytest.mark.parametrize(("name", "gold"), seed_documents())
def test_seed_identity_equals_the_gold(name: str, gold: dict) -> None:
    identity, issues = read(Page((SHARED / "seeds" / name).read_bytes(), file_name=name))
    assert squeeze(identity.title) == squeeze(gold["title"])
    issuer = gold["issuer"].replace("(brand)", "")
    assert identity.issuer and (identity.issuer in issuer or issuer in identity.issuer)
    assert identity.report_year == gold["report_year"]
    assert identity.report_year_basis == ("title" if gold["title_in_file"] else "period")
    assert (str(identity.period_start), str(identity.period_end)) == (gold["period_start"], gold["period_end"])
    assert (str(identity.published_on) if identity.published_on else None) == gold["publication_date"]
    for field in ("phone", "fax", "email", "address", "postcode", "website"):
        assert getattr(identity, field) == gold["contact"][field], field
    assert identity.scope == gold["scope"]
    place = identity.jurisdiction
    assert place.level == gold["admin_level"]
    assert place.code == (gold.get("township_code") or gold["gb2260"])
    if gold["gb2260_certain"]:
        assert place.candidate_codes == ()
    else:
        assert set(place.candidate_codes) == {c["gb2260"] for c in gold["jurisdiction_candidates"]}
        assert {issue.code for issue in issues} >= {"jurisdiction_undecided"}
    assert (identity.trust == "hijacked") == ("brand_string" in gold)
    assert "year_conflict" not in {issue.code for issue in issues}


REPORT = (
    "青田县统计局2016年政府信息公开工作年度报告\n发布日期:2017-03-02 来源:县统计局 浏览次数:81\n"
    "根据《条例》要求编制本报告。统计期限自2016年1月1日起至2016年12月31日止。联系电话:0578－6821234,电子邮箱:qttjj@163.com。\n"
    "一、概述\n2016年我局主动公开信息40条。\n二、依申请公开情况\n收到申请1件。\n三、收费及减免情况\n未收费。\n四、存在的主要问题及改进措施\n2017年将加强公开。\n"
    "青田县统计局\n2017年2月20日\n下一篇:青田县统计局2017年政府信息公开工作年度报告"
)


def test_department_report() -> None:
    identity, issues = read_html(REPORT, title="青田县统计局2016年政府信息公开工作年度报告-青田县政府门户网站")
    assert (identity.title, identity.issuer) == ("青田县统计局2016年政府信息公开工作年度报告", "青田县统计局")
    assert (identity.report_year, identity.report_year_basis) == (2016, "title")
    assert (identity.period_start, identity.period_end) == (date(2016, 1, 1), date(2016, 12, 31))
    assert identity.published_on == date(2017, 3, 2)
    assert (identity.phone, identity.email, identity.fax) == ("0578-6821234", "qttjj@163.com", None)
    assert (identity.jurisdiction.code, identity.agency_name, identity.scope) == (
        "331121",
        "青田县统计局",
        "own_agency",
    )
    assert [issue.code for issue in issues if issue.severity == "error"] == []


def test_signature_when_no_line_under_the_title_and_meta_when_no_signature() -> None:
    body = REPORT.replace("发布日期:2017-03-02 来源:县统计局 浏览次数:81\n", "")
    meta = "<meta name='PubDate' content='2017-05-09 10:00'>"
    assert read_html(body, meta=meta)[0].published_on == date(2017, 2, 20)
    assert read_html(body.replace("2017年2月20日", "2017年2月"), meta=meta)[0].published_on == date(2017, 5, 9)
    url = "http://www.qingtian.gov.cn/art/2018/1/9/art_1_1.html"
    assert read_html(body.replace("2017年2月20日", "2017年2月"), url=url)[0].published_on is None


def test_migrated_page_keeps_the_date_of_its_signature() -> None:
    identity, issues = read_html(REPORT.replace("2017-03-02", "2023-08-18"))
    assert identity.published_on == date(2017, 2, 20)
    assert "published_date_conflict" in {issue.code for issue in issues}


def test_template_period_of_the_year_before_is_an_issue() -> None:
    identity, issues = read_html(REPORT.replace("自2016年1月1日起至2016年12月31日", "自2015年1月1日起至2015年12月31日"))
    assert identity.report_year == 2016
    assert "year_conflict" in {issue.code for issue in issues}


def test_no_period_stated_leaves_it_open() -> None:
    identity, _ = read_html(REPORT.replace("统计期限自2016年1月1日起至2016年12月31日止。", ""))
    assert (identity.report_year, identity.period_start, identity.period_end) == (2016, None, None)


def test_title_only_in_the_meta_data() -> None:
    body = REPORT.split("\n", 2)[2]
    identity, _ = read_html(
        body, meta="<meta name='ArticleTitle' content='青田县统计局2016年政府信息公开工作年度报告'>"
    )
    assert identity.title == "青田县统计局2016年政府信息公开工作年度报告"
    assert identity.report_year_basis == "period"


def test_nothing_known_stays_null() -> None:
    identity, _ = read_html("今天天气很好,大家都出门游玩。")
    assert (identity.title, identity.issuer, identity.report_year, identity.published_on) == (None, None, None, None)
    assert (identity.phone, identity.jurisdiction.code) == (None, None)


@pytest.mark.parametrize(
    "piece",
    [
        "一、(一)1.",
        "2018年",
        "20181231",
        "电话:0",
        "由由由",
        "《" * 5 + "》",
        "a.b@",
        "年报 ",
        "\n附件",
        "(传真",
        "自2018年1月1日至",
        "[",
        "统计期限截至",
    ],
)
def test_hostile_pages_are_read_in_linear_time(piece: str) -> None:
    text = "某县2018年政府信息公开年度报告\n" + piece * (200_000 // len(piece))
    started = time.process_time()
    page = Page(text.encode(), file_name="page.txt")
    document = clean(page)
    started = time.process_time()
    sections = read_sections(document)
    identity, _ = read_identity(page, document, sections)
    classify(document, sections, identity.title, False)
    assert time.process_time() - started < 5
