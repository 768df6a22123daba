"""Families of sites as data: what a report's address tells, and faults of the files themselves."""

from __future__ import annotations

import re

import pytest

from scrapers.catalogue.loading import CatalogueError, load_yaml
from scrapers.sources.family import BASE, Family, families_of, family_names, is_gateway, load_family, own_rules, path_of

HOST = "http://www.x.gov.cn"
HASH = "0123456789abcdef0123456789abcdef"
UUID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("report", "family", "expected"),
    [
        ("/art/2018/1/29/art_122_30728.html", "jcms", "/col/col122/index.html"),
        ("/xz/art/2018/11/2/art_122_30728.html", "jcms", "/xz/col/col122/index.html"),
        ("/gk/nb/201907/t20190715_39361.html", "trs", "/gk/nb/"),
        ("/gk/nb/201907/t20190715_39361.htm", "trs", "/gk/nb/"),
        ("/gk/nb/201907/t20190715_39361.shtml", "trs", "/gk/nb/"),
        ("/gk/nb/t_7158622.html", "trs", "/gk/nb/"),
        ("/zwgk/nb/content/post_67513.html", "kaipuyun_post", "/zwgk/nb/"),
        ("/bm/gkmlpt/content/0/963/post_963149.html", "kaipuyun_post", None),
        (f"/gk/nb/201802/{HASH}.shtml", "shtml_hash", None),
        ("/info/1082/1234.htm", "vsb", None),
        ("/content.jsp?urltype=news.NewsContentUrl&wbnewsid=12", "vsb", None),
        (f"/columns/{UUID}/202308/21/{UUID}.html", "columns_uuid", f"/columns/{UUID}/index.html"),
        (f"/nw12/20230331/{HASH}.html", "nw_column", "/nw12/index.html"),
        ("/D42Y/4714992.jhtml", "jeecms", "/D42Y/index.jhtml"),
        (f"/zwgk/nb/2023/art/2024/art_{HASH}.html", "jpaas_column", "/zwgk/nb/2023/index.html"),
        ("/module/xxgk/xxgkAnnualReport.jsp?area=001&fbtime=2024", "jcms_annual_report", None),
        ("/view.php?id=387", "number_in_query", None),
        ("/html/5973/610465.html", BASE, None),
        ("/gate/big5/www.x.gov.cn/gk/nb/201907/t20190715_39361.html", "trs", None),
    ],
)
def test_a_reports_address_tells_family_and_list(report: str, family: str, expected: str | None) -> None:
    found = families_of(HOST + report)
    assert found[0].family == family and found[-1].family == BASE
    assert found[0].list_address(HOST + report) == (expected and HOST + expected)
    if expected:
        assert found[0].is_list_address(HOST + expected) and found[0].is_report_address(HOST + report)


def test_a_list_tells_its_family_by_its_address_or_by_the_page() -> None:
    assert families_of(HOST + "/col/col12/index.html")[0].family == "jcms"
    assert families_of(HOST + "/gk/nb/")[0].family == BASE
    assert families_of(HOST + "/gk/nb/", "<link href='/TRS/x.css'>")[0].family == "trs"


def test_years_stand_in_the_query() -> None:
    family = load_family("jcms_annual_report")
    address = HOST + "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2015&area=0012015"
    years = family.addresses_of_years(address, 2010)
    assert [re.findall(r"fbtime=(\d+)&area=0012015$", year) for year in years] == [["2010"], ["2009"], ["2008"]]
    assert family.addresses_of_years(HOST + "/x.jsp?area=1&nofbtime=2015", 2010) == []
    assert load_family("trs").addresses_of_years(address, 2010) == []


def test_the_plain_rules_are_mixed_in() -> None:
    assert load_family("vsb").handlers == own_rules(BASE).handlers
    assert load_family("trs").pagers == (*own_rules("trs").pagers, *own_rules(BASE).pagers)
    assert is_gateway(HOST + "/gate/big5/www.x.gov.cn/") and not is_gateway(HOST + "/gk/gate/")


def test_every_family_says_how_a_list_is_found_or_why_not() -> None:
    for name in family_names():
        family = own_rules(name)
        assert family.list_of_report or family.no_list_reason or not family.report_addresses, name
        assert family.title and name == family.family
    with pytest.raises(CatalogueError, match=r"no family 'x'; there are .*trs"):
        load_family("x")


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("list_of_report: [{report: '^(?P<a>/x)', list: '{b}/'}]", "no group for b"),
        ("list_of_report: [{report: '^(?P<a>/x)', list: '{a}/{'}]", "braces only around names"),
        ("report_addresses: ['(']", "not a regular expression"),
        ("pagers: [{written: ['x'], pages: 'index_{n}.html'}]", "the group count"),
        ("pagers: [{written: ['(?P<count>x)'], pages: 'index_{m}.html'}]", "no group for m"),
        ("same_list: ['/x']", "needs the group stem"),
        ("handlers: [{written: 'x', address: '{address}'}]", "no group for address"),
        ("json_lists: [{items: data.list}]", "give address or address_made"),
        ("json_lists: [{items: 'data..list', address: [url]}]", "not a path of keys"),
        ("list_pages: []", "list_pages"),
    ],
)
def test_faults_of_a_family_name_the_line(fault: str, word: str) -> None:
    with pytest.raises(CatalogueError) as error:
        load_yaml("x.yaml", Family, text=f"family: x_x\ntitle: x\n{fault}\n")
    assert word in str(error.value) and "x.yaml, line 3" in str(error.value).replace("line 1: : ", "line 3: ")


@pytest.mark.parametrize("name", family_names())
def test_patterns_take_linear_time(name: str) -> None:
    """Hostile addresses and pages: long runs of the characters that the patterns repeat."""
    import time

    family = load_family(name)
    start = time.monotonic()
    for part in ("/a", "/20240101/", "t2", "-", "/art/", "a.html?", "&id=", "0", '"/', "col1/"):
        long = part * (20_000 // len(part))
        url = HOST + "/" + long
        family.is_report_address(url)
        family.is_list_address(url)
        family.list_address(url)
        family.stem_of(url)
        family.address_in("'" + long + '"')
        for pager in family.pagers:
            assert not all(re.search(pattern, "createPageHTML(" + long) for pattern in pager.written)
    assert time.monotonic() - start < 3 and path_of(HOST) == "/"
