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
    ["javascript:void(0)", "JavaScript:open('/a.htm')", "mailto:a@b.cn", "tel:1", "#top", "", "data:text/html,x",
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
