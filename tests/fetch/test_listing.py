"""Links of list pages and report pages."""

from __future__ import annotations

import time

import pytest

from scrapers.fetch.listing import LinkKind, read_links
from scrapers.sources.schema import Source

URL = "http://www.x.gov.cn/gk/nb/index.html"


def source(**changes: object) -> Source:
    values = {"source_id": "x", "publisher": "某县", "base_url": "http://www.x.gov.cn", "list_pages": ("/gk/nb/",)}
    return Source.model_validate({**values, **changes})


def a(target: str, words: str = "2018年年度报告") -> str:
    return f'<a href="{target}">{words}</a>'


def links(
    body: str, on_list: bool = True, url: str = URL, encoding: str = "utf-8", **changes: object
) -> list[tuple[str, str]]:
    found = read_links(body.encode(encoding), url, source(**changes), on_list)
    return [(link.kind.value, link.url.removeprefix("http://www.x.gov.cn")) for link in found]


def test_an_entry_of_a_list_with_its_title_and_date() -> None:
    body = """<ul><li><a href="../201903/t20190307_1.htm" 
      title="某县2018年政府信息公开工作年度报告">某县2018年政府信息...</a>
      <span>2019-03-07</span></li><li><a href="/x.html">机构职能</a><span>2019-01-01</span></li></ul>"""
    [link] = read_links(body.encode(), URL, source(), True)
    assert link.kind is LinkKind.report and link.url == "http://www.x.gov.cn/gk/201903/t20190307_1.htm"
    assert link.text == "某县2018年政府信息公开工作年度报告" and link.date_beside == "2019-03-07"


@pytest.mark.parametrize(
    "words",
    [
        "2018年政府信息公开年报",
        "某局2014年政府信息公开工作报告",
        "某縣2018年政府信息公開工作年度報告",
        "2018年度",
        "2018",
        "2018度报告",
    ],
)
def test_words_of_reports(words: str) -> None:
    assert links(f'<a href="t20190307_1.htm">{words}</a>') == [("report", "/gk/nb/t20190307_1.htm")]


@pytest.mark.parametrize("words", ["企业年报公示", "2018年政府工作报告", "2018年度财务报告", "通知公告", "某局"])
def test_words_of_other_things(words: str) -> None:
    assert links(f'<a href="t20190307_1.htm">{words}</a>') == []


def test_columns_and_year_folders_lead_to_lists() -> None:
    body = (
        a("/gk/nb/2018/", "2018年") + a("/gk/xz/index.html", "乡镇年度报告") + a("/gk/nb/2017/", "某县2017年年度报告")
    )
    assert links(body) == [
        ("list_page", "/gk/nb/2018/"),
        ("list_page", "/gk/xz/index.html"),
        ("report", "/gk/nb/2017/"),
    ]


@pytest.mark.parametrize(
    "target",
    ["javascript:void(0)", "JavaScript:open('a b')", "javascript:go(2)", "javascript:alert('/')", "mailto:a@b.cn", "tel:1", "#top", "", "data:text/html,x",
               "http://[", "vbscript:x", "java\nscript:x", "blob:x", "ftp://x.gov.cn/a.htm"],
)  # fmt: skip
def test_links_that_lead_nowhere(target: str) -> None:
    assert links(f'<a href="{target}">2018年年度报告</a>') == []


def test_pages_of_the_list() -> None:
    body = """<a href="index_2.html">2</a><a href="index_3.html">[3]</a><a href="index_2.html">下一页</a>
      <a href="?page=9">尾页</a>      <a href="/other/7.html">4</a>"""
    pages = ["/gk/nb/index_2.html", "/gk/nb/index_3.html", "/gk/nb/index.html?page=9"]
    assert links(body) == [("next_page", page) for page in pages]
    assert links(body, on_list=False) == []


def test_pages_written_by_a_script() -> None:
    body = '<script>createPageHTML(3, 0, "index", "html");</script>'
    assert links(body) == [("next_page", "/gk/nb/index_1.html"), ("next_page", "/gk/nb/index_2.html")]
    assert len(links('<script>createPageHTML(9999, 0, "index", "html");</script>', max_list_pages=5)) == 5


def test_frames() -> None:
    body = '<iframe src="list.jsp?id=1"></iframe><iframe src="http://ads.example/x"></iframe>'
    assert links(body) == [("list_page", "/gk/nb/list.jsp?id=1")]
    page = '<iframe src="/pdfjs/viewer.html?file=/upload/a.pdf#page=1"></iframe><embed src="b.pdf">'
    page += '<object data="c.PDF"></object>'
    assert links(page, on_list=False) == [
        ("attachment", "/upload/a.pdf"),
        ("attachment", "/gk/nb/b.pdf"),
        ("attachment", "/gk/nb/c.PDF"),
    ]


def test_annexes_and_files_of_a_report() -> None:
    body = """<a href="P02019.doc">附件：统计表.doc</a><a href="t2.html">某县政府信息公开情况统计表</a>
      <a href="x.pdf">2018年报告全文</a>
      <a href="logo.png">附件</a><a href="/index.html">首页</a><a href="t20180307_1.htm">上一篇：2017年年度报告</a>"""
    assert links(body, on_list=False) == [
        ("attachment", "/gk/nb/P02019.doc"), ("attachment", "/gk/nb/t2.html"), ("attachment", "/gk/nb/x.pdf"),
        ("report", "/gk/nb/t20180307_1.htm"),
    ]  # fmt: skip


def test_foreign_hosts() -> None:
    body = a("http://other.gov.cn/a.htm") + a("http://files.example/a.pdf") + a("http://other.gov.cn/", "友情链接")
    assert links(body) == [("off_site", "http://other.gov.cn/a.htm"), ("off_site", "http://files.example/a.pdf")]
    assert links(body, attachment_hosts=["files.example"])[1] == ("report", "http://files.example/a.pdf")
    assert links(body, further_hosts=["other.gov.cn"])[0] == ("report", "http://other.gov.cn/a.htm")
    assert links(a("https://x.gov.cn/a.htm") + a("http://gk.x.gov.cn/a.htm") + a("http://ax.gov.cn/a")) == [
        ("report", "https://x.gov.cn/a.htm"), ("report", "http://gk.x.gov.cn/a.htm"), ("off_site", "http://ax.gov.cn/a"),
    ]  # fmt: skip


def test_a_gbk_list_without_declaration_and_a_base() -> None:
    body = '<html><head><base href="/gk/"></head><body><p>某县人民政府信息公开年报目录</p>' + a("a.htm")
    assert links(body, encoding="gb18030") == [("report", "/gk/a.htm")]


def test_a_session_id_and_a_fragment_do_not_make_an_address_new() -> None:
    body = '<a href="a.jsp;jsessionid=1A2B?id=1#x">2018年年度报告</a><a href="a.jsp?id=1">2018年年度报告</a>'
    assert links(body) == [("report", "/gk/nb/a.jsp?id=1")]


def test_a_monstrous_page_is_read_in_time() -> None:
    body = "<ul>" + '<li><a href="a.htm">2018年年度报告</a>' * 6_000 + "<div>" * 6_000 + "&lt;" * 6_000
    start = time.monotonic()
    assert links(body) == [("report", "/gk/nb/a.htm")]
    assert time.monotonic() - start < 4


# --- handlers, selects, refreshes: read, never run ---


@pytest.mark.parametrize(
    "element",
    [
        """<a href="javascript:window.open('/a.htm')">2018年年度报告</a>""",
        """<a href="JavaScript : void(0)" onclick='openDoc("../../a.htm", "x")'>2018年年度报告</a>""",
        """<a href="#" onclick="location.href='http://www.x.gov.cn/a.htm';return false">2018年年度报告</a>""",
        """<a onclick="show(12, '//www.x.gov.cn/a.htm')">2018年年度报告</a>""",
        """<tr onclick="go('/a.htm')"><td>2018年年度报告</td></tr>""",
        """<a href="java\nscript:open('/a.htm')">2018年年度报告</a>""",
    ],
)
def test_an_address_in_a_handler(element: str) -> None:
    assert links(f"<table>{element}</table>") == [("report", "/a.htm")]


def test_a_handler_is_bounded_and_leads_to_other_hosts_only_by_name() -> None:
    monster = "open(" + "\"'/".join(["a" * 50] * 20_000) + ")"
    start = time.monotonic()
    links(
        f"<a onclick='{monster}'>2018年年度报告</a>"
        + "<a href=\"javascript:x('//evil.example/a.htm')\">2018年年度报告</a>"
    )
    assert time.monotonic() - start < 2
    assert links("<a href=\"javascript:x('//evil.example/a.htm')\">2018年年度报告</a>") == [
        ("off_site", "http://evil.example/a.htm")
    ]


def test_years_to_choose_from_and_a_page_that_sends_on() -> None:
    body = """<meta http-equiv="Refresh" content="0; URL='main.html'"><meta name="x" content="0;url=/y.html">
      <select onchange="go()"><option>请选择</option><option value="/gk/2018/">2018年</option>
      <option value="7">2017年</option></select>"""
    assert links(body) == [("list_page", "/gk/nb/main.html"), ("list_page", "/gk/2018/")]
    assert links(body, on_list=False) == []


# --- lists whose pages or entries a script brings ---


def test_pages_written_by_a_script_that_counts_from_one() -> None:
    body = "<script>createPageHTML('page_div',3, 1,'nblist','shtml',41);</script>"
    pages = [("next_page", "/gk/nb/nblist_2.shtml"), ("next_page", "/gk/nb/nblist_3.shtml")]
    assert links(body, url="http://www.x.gov.cn/gk/nb/nblist.shtml") == pages


def test_pages_of_a_trs_list_follow_from_its_own_name() -> None:
    body = "<script>var currentPage = 0;//页\nvar countPage = 3//共</script>"
    pages = [("next_page", "/gk/nb/index_1.html"), ("next_page", "/gk/nb/index_2.html")]
    assert links(body, url="http://www.x.gov.cn/gk/nb/", family="trs") == pages
    assert links(body, url="http://www.x.gov.cn/gk/nb/index_1.html", family="trs") == []
    assert links(body) == []  # of another family


JCMS = """<div id="7"><script type="text/xml"><datastore>
  <nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;webid=1&amp;columnid=12&amp;unitid=7"></a>]]></nextgroup>
  <recordset><record><![CDATA[<li><a href='/art/2019/1/2/art_12_1.html' title='某县2018年政府信息公开工作年度报告'>某县2018…</a><span>2019-01-02</span></li>]]></record>
  <record><![CDATA[<li><a href='/art/2018/1/3/art_12_0.html'>某县2017年政府信息公开工作年度报告</a></li>]]></record></recordset>
</datastore></script></div>"""


def test_entries_that_are_data_of_the_page() -> None:
    found = read_links(JCMS.encode(), "http://www.x.gov.cn/col/col12/index.html", source(family="jcms"), True)
    assert [(link.kind.value, link.url.removeprefix("http://www.x.gov.cn"), link.date_beside) for link in found] == [
        ("report", "/art/2019/1/2/art_12_1.html", "2019-01-02"),
        ("report", "/art/2018/1/3/art_12_0.html", None),
        ("next_page", "/module/web/jpage/dataproxy.jsp?page=1&webid=1&columnid=12&unitid=7", None),
    ]
    assert links(JCMS.replace("]]>", ""), family="jcms") == []  # cut off


def test_a_script_that_asks_for_the_entries() -> None:
    body = """<script>$('#7').jpage({totalRecord:45, proxyUrl:'/module/jpage/dataproxy.jsp', perPage:20,
      ajaxParam:{appid:'1', webid:3, columnid:12, unitid:'7'}});</script>"""
    found = links(body, url="http://www.x.gov.cn/col/col12/index.html", family="jcms")
    assert len(found) == 3 and {kind for kind, _ in found} == {"next_page"}
    assert found[2][1].startswith(
        "/module/jpage/dataproxy.jsp?startrecord=41&endrecord=60&perpage=20&columnid=12&unitid=7"
    )
    assert links(body.replace("totalRecord:45", "totalRecord:0"), family="jcms") == []


def test_the_pages_of_one_list_in_folders_of_its_name() -> None:
    body = '<a href="nb/2.htm">2</a><a href="/other/3.htm">3</a>'
    assert links(body, url="http://www.x.gov.cn/gk/nb.htm", family="vsb") == [("next_page", "/gk/nb/2.htm")]
    body = '<a href="../nb.htm">1</a><a href="1.htm">3</a>'
    assert links(body, url="http://www.x.gov.cn/gk/nb/2.htm", family="vsb") == [
        ("next_page", "/gk/nb.htm"), ("next_page", "/gk/nb/1.htm"),
    ]  # fmt: skip


# --- JSON ---


def test_a_list_in_json() -> None:
    answer = """{"data": {"total": 3, "results": [
      {"title": "<em>某县</em>2018年政府信息公开工作年度报告", "url": "//www.x.gov.cn/a/1.shtml", "publishedTimeStr": "2019-01-02 10:00:00"},
      {"title": "某县2017年政府信息公开工作年度报告", "url": "/a/0.shtml", "publishedTime": 1514908800000},
      {"title": "企业年报公示", "url": "/a/9.shtml"}, {"title": "2016年年度报告", "url": null}]}}"""
    url = "http://www.x.gov.cn/searchList/c1?_isJson=true&_pageSize=2&page=1"
    found = read_links(answer.encode(), url, source(family="shtml_hash"), True)
    assert [(link.kind.value, link.url, link.text, link.date_beside) for link in found] == [
        ("report", "http://www.x.gov.cn/a/1.shtml", "某县2018年政府信息公开工作年度报告", "2019-01-02"),
        ("report", "http://www.x.gov.cn/a/0.shtml", "某县2017年政府信息公开工作年度报告", "2018-01-03"),
        ("next_page", "http://www.x.gov.cn/searchList/c1?_isJson=true&_pageSize=2&page=2", "", None),
    ]


@pytest.mark.parametrize(
    ("answer", "family", "expected"),
    [
        ('cb({"data": {"list": [{"name": "2018年年报", "href": "/a.htm"}]}});', "json_list", ["/a.htm", "?pageNum=2"]),
        ('[{"title": "2018年年报", "url": "a.htm"}]', "json_list", ["/gk/nb/a.htm"]),
        ('{"data": {"html": "<li><a href=\\"/a.htm\\">2018年年报</a></li>", "pages": 2}}', "json_list", ["/a.htm", "?page=2"]),
        ('{"articles": [{"title": "2018年年报", "url": "/a.htm"}], "classify": {"post_count": 3}}', "kaipuyun_post",
            ["/a.htm", "?page=2", "?page=3"]),
        ('{"articles": [], "classify": {"post_count": 0}}', "kaipuyun_post", []),
        ('{"data": "x"}', "json_list", []),
        ('{"data": {"list": [{"title": "2018年年报", "url": "javascript:alert(1)"}]}}', "json_list", []),
        ('{"data": {"list": ["a", 1]}}', "json_list", []),
        ("{" * 20_000, "json_list", []),
        ("[" * 20_000, "json_list", []),
        ('{"data": {"list": [{"title": "2018年年报", "url": "/a.htm"}], "pages": 999999}}', "json_list", ["/a.htm"]),
    ],
)  # fmt: skip
def test_answers_in_json(answer: str, family: str, expected: list[str]) -> None:
    found = links(answer, family=family, max_list_pages=3)
    told = [
        address if address.startswith("/gk/nb/a") else address.replace("/gk/nb/index.html", "") for _, address in found
    ]
    assert told[: len(expected)] == expected and len(told) <= 4


def test_html_on_the_address_of_a_json_list_is_read_as_html() -> None:
    assert links(a("/a.htm"), family="json_list") == [("report", "/a.htm")]


# --- year and unit ---


@pytest.mark.parametrize(
    ("words", "year", "unit"),
    [
        ("某縣2018年政府信息公開工作年度報告", 2018, "某县"),
        ("关于公布某市教育局二〇一七年度政府信息公开工作年度报告的通知", 2017, "某市教育局"),
        ("2018年政府信息公开年报", 2018, None),
        ("某街道办事处政府信息公开年度报告", None, "某街道办事处"),
        ("2018-2020年年度报告", None, None),
        ("年度报告", None, None),
    ],
)
def test_year_and_unit_are_told_from_the_words(words: str, year: int | None, unit: str | None) -> None:
    [link] = read_links(a("/a.htm", words).encode(), URL, source(), True)
    assert (link.year, link.unit) == (year, unit)


def test_words_that_led_to_the_list_stand_in() -> None:
    body = a("/a.htm", "政府信息公开工作年度报告") + a("/b.htm", "2017年年报")
    found = read_links(body.encode(), URL, source(), True, within="2018年")
    assert [(link.year, link.unit) for link in found] == [(2018, None), (2017, None)]
    found = read_links(body.encode(), URL, source(), True, within="某镇人民政府")
    assert [(link.year, link.unit) for link in found] == [(None, "某镇人民政府"), (2017, "某镇人民政府")]


@pytest.mark.parametrize(
    "target",
    ["/x.html?" + "&".join(f"a{n}=1" for n in range(60)), "/view.html?file=http://[x.pdf", "/view.html?file=//["],
)
@pytest.mark.parametrize("on_list", [True, False])
def test_odd_queries_are_addresses_like_others(target: str, on_list: bool) -> None:
    assert [link.kind for link in read_links(a(target).encode(), URL, source(), on_list)] == [LinkKind.report]


def test_names_that_are_none_are_left_out() -> None:
    assert links(a("http://xn--/") + a("http://[/") + a("/b.html")) == [("report", "/b.html")]


@pytest.mark.parametrize("entry", ["<a href='/x'></a> ", "<a href='/x'></a>", "<a href='/x'></a><!-- - --> <b> </b>"])
def test_ten_thousand_links_in_one_paragraph_take_seconds_not_minutes(entry: str) -> None:
    start = time.monotonic()
    read_links(f"<div><p>{entry * 10_000}</p></div>".encode(), URL, source(), True)
    assert time.monotonic() - start < 15


def test_half_a_character_in_json_is_replaced() -> None:
    body = b'{"data": {"list": [{"title": "2018\\u5e74\\u5e74\\u5ea6\\u62a5\\u544a\\ud83d", "url": "/a.html"}]}}'
    link = read_links(body, URL, source(family="json_list"), True)[0]
    assert link.text == "2018年年度报告?"


def test_a_page_of_nothing_but_links_is_looked_at_within_bounds() -> None:
    pictures = a("/a.html") + f"<img src='data:image/png;base64,{'A' * 5_000_000}'>" + a("/b.html")
    assert links(pictures) == [("report", "/a.html"), ("report", "/b.html")]
    start = time.monotonic()
    assert links("<a href=/x.doc>y</a>" * 600_000, on_list=False) == [("attachment", "/x.doc")]
    assert time.monotonic() - start < 30
