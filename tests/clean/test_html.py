"""HTML pages of every family: what is kept, what goes, and where it stands."""

from __future__ import annotations

import pytest

from tests.clean.pages import FORM, OVERVIEW, PREFACE, REPORT, TITLE, check_offsets, page, paragraphs, read, texts


def test_a_plain_page_keeps_every_paragraph_in_order() -> None:
    document = read(page(paragraphs()))
    assert document.text.split("\n") == list(REPORT)
    assert (document.media_type, document.encoding, document.script) == ("text/html", "utf-8", "simplified")
    assert document.issues == ()
    check_offsets(document)


def test_a_word_paste_keeps_numbers_whole() -> None:
    cut = (
        '<p class="MsoNormal">全年收到申请<span lang="EN-US">1</span><b><span>23</span></b>件<o:p></o:p>，'
        "其中<st1:chsdate>20</st1:chsdate><font>23</font>年新收<u>4</u><u>5</u>件。<o:p>&nbsp;</o:p></p>"
    )
    assert "全年收到申请123件，其中2023年新收45件。" in read(page(paragraphs(), cut)).text.split("\n")


def test_source_line_ends_are_no_spaces_between_characters() -> None:
    document = read(page(paragraphs(), "<p>全县共收到政府信息\n    公开申请 12\n件，均已办结。</p>"))
    assert "全县共收到政府信息公开申请 12 件，均已办结。" in document.text
    assert "全县共收到政府信息公开申请12件" in document.normal.text


def test_a_page_of_breaks_only() -> None:
    document = read(page("<div>" + "<br><br>　　".join(REPORT) + "</div>"))
    assert document.text.split("\n") == list(REPORT)


def test_a_page_of_spans_only() -> None:
    document = read(page("".join(f"<span>{line}</span><br/>" for line in REPORT)))
    assert document.text.split("\n") == list(REPORT)


def test_sibling_sections_are_one_report() -> None:
    parts = "".join(f'<div class="sec{number}"><div>{line}</div></div>' for number, line in enumerate(REPORT))
    assert read(page("<div>", parts, "</div>")).text.split("\n") == list(REPORT)


def test_preformatted_lines_stay_lines() -> None:
    document = read(page("<pre>" + "\r\n".join(REPORT) + "</pre>"))
    assert document.text.split("\n") == list(REPORT)


SITE = (
    '<div class="top"><a href="/">首页</a><a>政务公开</a><a>互动交流</a><span>无障碍浏览</span></div>'
    '<div class="position">您当前的位置：<a>首页</a> &gt; <a>年报</a> &gt; 正文</div>'
)
FOOT = (
    "<div>【打印本页】 【关闭窗口】</div><p>上一条：<a>桐川县2022年政府信息公开工作年度报告</a></p>"
    "<div>相关链接</div><ul><li><a>省人民政府</a></li></ul>"
    '<div id="footer">主办单位：桐川县人民政府 版权所有 ICP备00000000号 联系电话：0000-1234567</div>'
)


def test_the_site_around_a_report_goes() -> None:
    document = read(page(SITE, paragraphs(), "<p>桐川县人民政府</p><p>2024年1月20日</p>", FOOT))
    assert document.text.split("\n") == [*REPORT, "桐川县人民政府", "2024年1月20日"]


def test_the_line_under_the_title_stays_for_its_date() -> None:
    line = "<div>发布时间：2024-01-20 来源：县政府办 浏览次数：132 【字体：大 中 小】</div>"
    document = read(page(SITE, f"<h1>{TITLE}</h1>", line, paragraphs(REPORT[1:]), FOOT))
    assert document.text.split("\n")[:2] == [
        TITLE,
        "发布时间：2024-01-20 来源：县政府办 浏览次数：132 【字体：大 中 小】",
    ]


def test_the_record_of_a_page_leaves_its_date_and_issuer() -> None:
    record = (
        "<table><tr><td>索 引 号：</td><td>000014349/2024-00001</td><td>发布机构：</td><td>桐川县人民政府办公室</td></tr>"
        "<tr><td>主题分类：</td><td>综合政务</td><td>发布日期：</td><td>2024-01-20</td></tr></table>"
    )
    document = read(page(SITE, record, paragraphs(), FOOT))
    assert document.text.split("\n")[:2] == ["发布机构：桐川县人民政府办公室", "发布日期：2024-01-20"]
    assert "索引号" not in document.normal.text
    assert document.grids == ()


def test_a_side_menu_between_title_and_text_goes() -> None:
    menu = "<ul>" + "".join(f"<li><a>栏目{number}</a></li>" for number in range(8)) + "</ul>"
    document = read(page(f"<h1>{TITLE}</h1>", menu, paragraphs(REPORT[1:])))
    assert document.text.split("\n") == list(REPORT)


def test_a_link_to_an_attachment_stays() -> None:
    document = read(page(paragraphs(), '<p><a href="x.xls">附件：政府信息公开情况统计表.xls</a></p>', FOOT))
    assert document.text.endswith("附件：政府信息公开情况统计表.xls")


def test_hidden_text_scripts_and_comments_go() -> None:
    hidden = (
        '<div style="DISPLAY : none">赌博网站</div><script>var a = "<p>脚本</p>"</script><!-- 注释 --><style>p{}</style>'
        "<noscript>请开启脚本</noscript><p hidden>暗文</p><select><option>选项</option></select>"
    )
    assert read(page(hidden, paragraphs())).text.split("\n") == list(REPORT)


def test_a_report_that_its_page_hides_at_first_is_read() -> None:
    document = read(page('<div id="zoom" style="display:none">', paragraphs(), "</div><p>加载中</p>"))
    assert OVERVIEW in document.text
    assert [issue.code for issue in document.issues] == ["hidden_text"]


def test_a_form_around_the_whole_page_is_no_search_box() -> None:
    document = read(page('<form id="aspnetForm"><input type="hidden" value="x">', paragraphs(), "</form>"))
    assert document.text.split("\n") == list(REPORT)


def test_meta_and_title() -> None:
    head = f'<title> {TITLE}_\n桐川 </title><meta name="PubDate" content="2024-01-20"><meta NAME="SiteName" content="桐川县">'
    meta = read(page(paragraphs(), head=head)).meta
    assert meta == {"title": f"{TITLE}_ 桐川", "pubdate": "2024-01-20", "sitename": "桐川县"}


def test_no_break_spaces_inside_a_line_stay_and_indents_go() -> None:
    document = read(page(paragraphs(), "<p>&nbsp;&nbsp;　　收到&nbsp;12&nbsp;件。</p>"))
    assert document.text.endswith("\n收到\u00a012\u00a0件。")
    assert document.normal.text.endswith("\n收到12件。")


def test_small_raised_digits_do_not_join_a_number() -> None:
    document = read(page(paragraphs(), "<p>面积1200m<sup>2</sup>，受理25<sup>1</sup>件。</p>"))
    assert document.normal.text.endswith("面积1200m²,受理25¹件。")


def test_a_truncated_page_is_read_and_said() -> None:
    whole = page(paragraphs((*REPORT, "末段内容。")))
    document = read(whole[: whole.index("末段") + 2] + "<a hr")
    assert document.text.endswith("无。\n末段")
    assert [(issue.code, issue.severity) for issue in document.issues] == [("truncated_page", "warning")]


def test_a_frameset_is_said() -> None:
    document = read("<html><frameset><frame src=a.htm><frame src=b.htm></frameset></html>")
    assert [issue.code for issue in document.issues] == ["frames"]


@pytest.mark.parametrize("depth", [1, 3, 12])
def test_nested_layout_tables_dissolve(depth: int) -> None:
    source = "<table><tr><td></td><td>" * depth + paragraphs() + FORM + "</td><td>&nbsp;</td></tr></table>" * depth
    document = read(page(source))
    assert document.text.split("\n")[: len(REPORT)] == list(REPORT)
    assert len(document.grids) == 1
    assert texts(document)[0][3] == ["行政规范性文件", "", "2", "14"]
    check_offsets(document)


def test_hundreds_of_empty_cells_dissolve() -> None:
    empty = "<tr>" + "<td></td>" * 350 + "</tr>"
    rows = "".join(f"<tr><td>{line}</td>{'<td></td>' * 349}</tr>" for line in REPORT)
    document = read(page("<table>", empty, rows, empty, "</table>"))
    assert document.text.split("\n") == list(REPORT)
    assert document.grids == ()


def test_a_form_outside_the_text_is_kept() -> None:
    document = read(page("<div>", paragraphs(), "</div><div><div>", FORM, "</div></div>", FOOT))
    assert texts(document) == [
        [
            ["第二十条第（一）项"] * 4,
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "0", "1", "3"],
            ["行政规范性文件", "", "2", "14"],
        ]
    ]
    rows = [item for item in document.paragraphs if item.grid == 1]
    assert document.text[rows[1].start : rows[1].end] == "信息内容\t本年制发件数\t本年废止件数\t现行有效件数"
    check_offsets(document)


def test_lines_inside_a_cell() -> None:
    table = "<table><tr><td><p>三</p><p>、</p><p>本</p></td><td>自然人<br>总数</td></tr><tr><td>本年新收</td><td>5</td></tr></table>"
    assert texts(read(page(paragraphs(), table)))[0][0] == ["三\n、\n本", "自然人\n总数"]


def test_one_cell_a_paragraph_stays_apart() -> None:
    cells = ("规章", "0", "1", "3", "行政规范性文件", "2", "14")
    document = read(page(paragraphs(), paragraphs(cells), "<p>特此报告。</p>"))
    assert document.text.split("\n")[-8:] == [*cells, "特此报告。"]
    assert document.normal.text.split("\n")[-8:] == [*cells, "特此报告。"]


def test_a_long_remark_does_not_dissolve_a_form() -> None:
    remark = f"<tr><td colspan=4>填报说明：{'本表按照规定填写，' * 60}</td></tr></table>"
    document = read(page(paragraphs(), FORM.replace("</table>", remark)))
    assert texts(document)[0][2] == ["规章", "0", "1", "3"]


def test_a_notice_without_a_report_keeps_its_text() -> None:
    document = read(page(SITE, "<p>关于召开会议的通知</p><p>各单位：</p><p>定于五月召开会议，请准时参加。</p>", FOOT))
    assert document.text.split("\n") == ["关于召开会议的通知", "各单位：", "定于五月召开会议，请准时参加。"]


def test_plain_text_far_from_the_report_is_not_lost() -> None:
    document = read(page("<p>编者的话，这里有一句。</p>", paragraphs(), "<p>另有说明如下，请予关注。</p>"))
    assert document.text.startswith("编者的话")
    assert document.text.endswith("请予关注。")
    assert PREFACE in document.text


@pytest.mark.parametrize(
    "line",
    [
        "我局委托专业公司提供技术支持。",
        "（三）加强网站管理",
        "要求各单位加强网站管理，未经许可不得转载。",
        "服务对象满意度达到95%",
        "公开方式和渠道",
        "——",
        "/",
        "-",
        "中",
    ],
)
def test_words_of_the_site_inside_a_report_stay(line: str) -> None:
    document = read(page(SITE, paragraphs((*REPORT[:4], line, *REPORT[4:])), FOOT))
    assert document.text.split("\n") == [*REPORT[:4], line, *REPORT[4:]]


def test_a_last_sentence_with_a_word_of_the_footer_stays() -> None:
    last = "下一步将继续加强网站管理，提高信息质量。"
    assert read(page(paragraphs(), f"<p>{last}</p>", FOOT)).text.split("\n")[-1] == last


def test_titles_of_other_years_after_the_report_go() -> None:
    others = "<p>上一篇：无</p><p>桐川县2021年政府信息公开工作年度报告</p><p>桐川县2020年政府信息公开工作年度报告</p>"
    assert read(page(paragraphs(), others)).text.split("\n") == list(REPORT)


def test_dates_of_a_list_of_news_are_not_near_the_report() -> None:
    news = "".join(f"<tr><td><a>某条新闻{day}</a></td><td>2024-03-{day}</td></tr>" for day in range(10, 30))
    document = read(page(f"<table>{news}</table>", "<div>栏目</div>" * 8, paragraphs()))
    assert "2024-03" not in document.text
