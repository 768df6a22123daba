"""Whether a page is the publisher's own, a copy, or taken over."""

from __future__ import annotations

import pytest

from scrapers.extract.jurisdiction import PlaceClues, resolve
from scrapers.extract.trust import TrustFinding, holds_brand, judge, odd_string

REPORT = "2016年政府信息公开工作年度报告"


def trust(
    title: str | None,
    body: str = "我县高度重视。",
    url: str | None = None,
    meta: dict[str, str] | None = None,
    issuer: str | None = None,
    official_hosts: tuple[str, ...] = (),
) -> TrustFinding:
    place = resolve(PlaceClues(title, issuer, None, None, body, report_year=2016))
    return judge(url, meta or {}, title, body, place, issuer=issuer, official_hosts=official_hosts)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.jingxian.gov.cn/a.html", "official"),
        ("https://www.hebei.gov.cn:8080/a.html", "official"),
        ("http://122.137.242.24:8080/pub/zfxxgk/a.html", "unknown"),
        ("http://www.beijing.gov.cn/gate/big5/www.beijing.gov.cn/a.html", "mirror"),
        ("http://cn.chinagate.cn/infocus/a.htm", "mirror"),
        ("http://www.example.com/zfxxgk/a.html", "mirror"),
        ("http://www.jx.gov.cn.example.com/a.html", "hijacked"),
        ("http://notgov.cn/a.html", "unknown"),
        ("http://gtj.jxgov.com/2013nb.html", "unknown"),
        ("http://xxgk.jingxian.com/a.html", "unknown"),
        ("http://www.gov-jx.cn/a.html", "unknown"),
        ("http://www.governance-news.com/a.html", "mirror"),
        ("http://xxgk.baidu.com/a.html", "mirror"),
        ("http://[bad", "unknown"),
        (None, "unknown"),
    ],
)
def test_addresses(url: str | None, expected: str) -> None:
    found = trust(f"景县{REPORT}", url=url)
    assert found.trust == expected
    assert found.reasons
    assert [issue.code for issue in found.issues] == ([expected] if expected in {"mirror", "hijacked"} else [])


def test_known_official_hosts() -> None:
    url = "http://www.example.com/a.html"
    assert trust(f"景县{REPORT}", url=url, official_hosts=("www.example.com",)).trust == "official"


@pytest.mark.parametrize(
    "brand",
    [
        "开云手机官网入口·(中国)官方网站",
        "allsport365bet",
        "华体会hth",
        "uedbet体育_uedbet官网@:",
        "威廉希尔体育",
        "欧洲杯线下买球",
        "澳门新葡京",
        "某某体育官网入口",
        "星辰娱乐平台",
        "puroview.com",
    ],
)
def test_brands_in_the_place_of_the_jurisdiction(brand: str) -> None:
    found = trust(f"{brand}{REPORT}", f"我县重视。{brand}高度重视。\n{brand}政府信息公开办公室")
    assert found.trust == "hijacked"
    assert [issue.code for issue in found.issues] == ["hijacked"]


def test_an_unknown_string_that_recurs_as_a_government_is_a_hijack() -> None:
    body = "星辰大海人民政府高度重视。全县重视。星辰大海政府网站。"
    assert trust(f"星辰大海{REPORT}", body).trust == "hijacked"
    assert odd_string(f"星辰大海{REPORT}", body) == "星辰大海"
    assert trust(f"星辰大海{REPORT}", "全县重视。").trust == "unknown"


def test_a_domain_before_a_town_keeps_the_place() -> None:
    body = "我乡在永嘉县政府网站公开。"
    title = f"puroview.com溪下乡{REPORT}"
    place = resolve(PlaceClues(title, None, None, None, body, report_year=2016))
    assert place.jurisdiction.code == "330324228"
    assert judge("http://puroview.com/a.html", {}, title, body, place).trust == "hijacked"


def test_a_brand_before_the_true_name() -> None:
    assert trust(f"乐鱼体育app景县{REPORT}").trust == "hijacked"


def test_advertising_around_an_intact_report() -> None:
    text = "真人百家乐在线 棋牌游戏\n" + "我县重视政府信息公开。\n" * 100
    assert trust(f"景县{REPORT}", text).trust == "hijacked"
    assert trust(f"景县{REPORT}", meta={"keywords": "bet365,体育投注"}).trust == "hijacked"
    assert trust(f"景县{REPORT}", "我县重视。\n" * 200 + "上一条:欧洲杯买球").trust == "hijacked"


def test_a_hijacked_page_on_an_official_host_is_hijacked() -> None:
    assert trust(f"华体会{REPORT}", "华体会政府", "http://www.jingxian.gov.cn/a.html").trust == "hijacked"


def test_a_government_path_on_a_foreign_host_without_a_place() -> None:
    found = trust("2016年政府信息公开工作年度报告", "有关单位", "http://www.example.com/zfxxgk/rmzf/a.html")
    assert found.trust == "hijacked"


@pytest.mark.parametrize(
    "title",
    [
        f"景县{REPORT}",
        f"衡山县开云镇{REPORT}",
        f"景县体育局{REPORT}",
        f"景县文化体育和旅游局{REPORT}",
        f"景县体育彩票管理中心{REPORT}",
        f"本级{REPORT}",
        f"县政府{REPORT}",
        f"国营某某农场{REPORT}",
        f"教育局{REPORT}",
        REPORT,
        None,
    ],
)
def test_ordinary_titles_are_no_hijack(title: str | None) -> None:
    body = "我县打击网络赌博。县政府办公室。本级政府办公室。国营某某农场办公室,国营某某农场办公室。县政府办公室。"
    filler = "政府信息公开工作。\n" * 120
    found = trust(title, filler + body + filler, "http://www.jingxian.gov.cn/a.html", {"title": "景县人民政府"})
    assert found.trust == "official"


def test_clones_in_another_script_are_mirrors() -> None:
    pinyin = "報(bào)告(gào)。政(zhèng)府(fǔ)。機(jī)構(gòu)。數(shù)量。" * 3
    found = trust(f"景县{REPORT}", pinyin, "http://www.example.com/a.html")
    assert found.trust == "mirror"
    assert any("pinyin" in reason for reason in found.reasons)
    assert any("Traditional" in reason for reason in found.reasons)


def test_an_undecided_place_on_a_foreign_host_is_unknown() -> None:
    assert trust(f"长安区{REPORT}", "全区", "http://www.example.com/a.html").trust == "unknown"


def test_brand_words_stand_alone() -> None:
    assert holds_brand("hth登录")
    assert not holds_brand("healthhthx")
    assert not holds_brand("开云镇")
    assert not holds_brand("体育局")
