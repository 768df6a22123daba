"""What a page is: reports in all sizes, annexes, and every look-alike with its reason."""

from __future__ import annotations

import pytest
from builders import SHARED, build, seed_documents

from scrapers.extract.kind import KindFinding, classify
from scrapers.extract.sections import read_sections
from scrapers.extract.titles import find_title

REPORT = (
    "临溪县2018年政府信息公开工作年度报告\n根据《中华人民共和国政府信息公开条例》,编制本年度报告。统计期限自2018年1月1日起至2018年12月31日止。\n"
    "一、概述\n2018年我县认真推进公开,举办培训2次。\n二、主动公开政府信息情况\n主动公开政府信息3021条。\n三、依申请公开政府信息情况\n收到申请12件,均已答复。\n"
    "四、收费及减免情况\n未收取费用。\n五、因政府信息公开申请行政复议、提起行政诉讼情况\n未发生。\n六、存在的主要问题及改进情况\n队伍不稳定。"
)
TABLE = "统计指标|单位|统计数\n一、主动公开情况|——|——\n(一)主动公开政府信息数|条|3021\n1.政府公报公开政府信息数|条|12"
EMPTY_TABLE = "统计指标|单位|统计数\n一、主动公开情况|——|——\n(一)主动公开政府信息数|条|\n1.政府公报公开政府信息数|条|"


def kind(
    text: str, table: str | None = None, meta: dict[str, str] | None = None, form_table: bool = True
) -> KindFinding:
    document = build(text, meta=meta, table=table)
    sections = read_sections(document)
    normal = document.normal.text
    preface_end = next(
        (i for i, start in enumerate(document.normal.starts) if sections and start >= sections[0].start), len(normal)
    )
    title = find_title(normal, preface_end, document.meta)
    return classify(document, sections, title.text if title else None, has_form_table=form_table and table is not None)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seeds stand in ../shared")
@pytest.mark.parametrize(("name", "gold"), seed_documents())
def test_seeds_are_reports(name: str, gold: dict) -> None:
    assert kind((SHARED / "seeds" / name).read_text(encoding="utf-8")).kind == "annual_report"


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        REPORT.split("\n", 1)[1],  # no title line
        REPORT.replace("\n", " "),
        "关于公布临溪县2018年政府信息公开工作年度报告的通知\n各乡镇人民政府,县直各部门:\n" + REPORT,
        "白马镇2020年政府信息公开工作年度报告\n2020年我镇主动公开政府信息15条。未收到依申请公开。未发生行政复议、行政诉讼。队伍力量不足,今后将加强培训。\n白马镇人民政府",
        "临溪县档案局2012年度信息公开年报\n我局2012年主动公开信息6条,没有收到公开申请。",
        "白马镇2016年政府信息公开工作总结\n一、主动公开情况\n公开8条。\n二、存在问题\n人手少。",
    ],
)
def test_reports_long_and_short(text: str) -> None:
    assert kind(text) == KindFinding("annual_report")


def test_report_that_is_title_and_table() -> None:
    assert kind("临溪县2020年政府信息公开工作年度报告\n二、主动公开政府信息情况", TABLE).kind == "annual_report"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "临溪县政府信息公开指南\n为方便公民获取信息,编制本《指南》。\n一、主动公开\n(一)公开范围\n本机关主动公开下列信息。\n(二)公开形式\n网站。\n"
            "二、依申请公开\n(一)受理机构\n办公时间:工作日8:00-12:00,法定节假日除外。\n(二)提出申请的方式\n申请人应当填写《临溪县政府信息公开申请表》。\n三、收费\n按规定。",
            "guide",
        ),
        (
            "白马镇政府信息依申请公开流程\n申请人填写申请表,到受理机构递交,十五个工作日内答复。未收到答复可申请行政复议、提起行政诉讼。",
            "guide",
        ),
        (
            "关于做好2018年政府信息公开工作年度报告编制和发布工作的通知\n各乡镇人民政府,县政府各部门:\n现就有关事项通知如下:\n"
            "一、报告内容\n年度报告应当包括下列内容:(一)主动公开政府信息情况;(二)依申请公开政府信息情况;(三)收费及减免情况。\n"
            "二、时间要求\n请各单位于2019年1月20日前报送至县政府办,逾期通报。联系人:王某,联系电话:85804301。",
            "notice",
        ),
        (
            "政府信息公开工作年度报告编制要求\n一、总体情况\n请简述工作。\n二、主动公开政府信息情况\n填写表格。\n三、收到和处理政府信息公开申请情况\n填写表格。\n"
            "请各单位按统一格式编写,报送至市政府办公厅,逾期不予受理。编写要求见附件。",
            "notice",
        ),
        (
            "关于2019年度政务公开工作考核结果的通报\n考核得分前五名:甲镇98分,乙镇97分。扣分项见评分标准。优秀单位三个。",
            "assessment",
        ),
        ("临溪市政府信息公开第三方评估报告\n评估指标共四类,评估结果显示,得分最高的是甲县,总分95分。", "assessment"),
        (
            "我县召开2018年政府信息公开工作会议\n本报讯(记者 李某)3月2日上午,会议强调要编好年度报告,主动公开更多信息。",
            "news_item",
        ),
        ("全市政府信息公开年报出炉\n记者从市政府办获悉,据介绍,去年全市主动公开信息2万条。来源:临溪日报", "news_item"),
        ("一图读懂临溪县2018年政府信息公开工作年度报告\n主动公开3021条,收到申请12件,未发生行政复议。", "explanation"),
        (
            "临溪县政府信息公开保密审查办法\n第一条 为规范审查,制定本办法。\n第二条 适用于全县。\n第三条 自公布之日起施行。",
            "rules",
        ),
        ("临溪县2019年政务公开工作要点\n一、主动公开\n加强主动公开。\n二、平台建设\n办好网站。", "rules"),
        ("临溪县2018年法治政府建设年度报告\n一、总体情况\n推进依法行政。\n二、存在问题\n人手不足。", "other_report"),
        ("临溪县政府网站2018年度工作报表\n网站名称 临溪县政府门户 信息发布数 3021条 依申请公开 12件", "other_report"),
        (
            "政府信息公开年报\n临溪县2018年政府信息公开工作年度报告 2019-01-17\n临溪县2017年政府信息公开工作年度报告 2018-02-06\n"
            "临溪县2016年政府信息公开工作年度报告 2017-03-01\n临溪县2015年政府信息公开工作年度报告 2016-03-04\n临溪县2014年政府信息公开工作年度报告 2015-03-02",
            "list_page",
        ),
        (
            "\n".join(
                f"{name}2018年政府信息公开年度报告" for name in ("甲镇", "乙镇", "丙镇", "丁乡", "戊乡", "己街道")
            ),
            "list_page",
        ),
        ("统一身份认证\n用户名\n密码\n忘记密码\n登录\n注册", "login_page"),
        ("用户登录\n手机号 验证码 密码\n注册账号", "login_page"),
        ("404 您访问的页面不存在或已被删除\n返回首页", "error_page"),
        ("提示信息\n该栏目不存在,5秒后自动跳转,返回首页", "error_page"),
        ("您的请求疑似攻击行为,已被拦截\n事件ID:8f3a 您的IP:1.2.3.4", "waf_page"),
        ("Just a moment...\nEnable JavaScript and cookies to continue", "waf_page"),
        ("某某体育官网入口\n立即注册送彩金,真人投注首存返水,客服QQ:123456789", "advert"),
        ("二手设备特价促销活动\n全场包邮,诚招加盟,客服微信:99887766", "advert"),
        (
            "政府信息公开年报\n临溪县2022年法治政府建设情况报告\n2022年,临溪县推进依法行政,现将有关情况报告如下。\n一、主要举措\n政府信息公开12条。\n二、存在问题\n人手少。",
            "other_report",
        ),
        (
            "信息公开年报\n关于政府信息公开申请的答复书\n某先生:\n你要求公开历年主动公开政府信息数量。现答复如下:可登录网站“信息公开年报”栏目查阅。如对本答复不服,可申请行政复议。",
            "reply",
        ),
        (
            "信息公开年报\n临溪县政府信息依申请公开办理规范(试行)\n第一条 为规范办理,制定本规范。\n第二条 受理申请后15个工作日内答复。\n第三条 自公布之日起施行。",
            "rules",
        ),
        ("系统提示\n年度报告内容正在维护,暂时无法访问,请稍后再试。\n错误代码:500", "error_page"),
        ("某某政府网\n栏目正在升级,请稍后访问。", "error_page"),
        ("信息公开专栏\n本站已迁移,您打开的地址无法显示。", "error_page"),
        ("年度报告报送系统\n用户名:\n密码:\n验证码:", "login_page"),
        ("信息公开年报填报平台\n账号\n口令", "login_page"),
        ("政务公开管理后台\n账号 密码 登录", "login_page"),
        ("政府信息公开年报\n共28条每页15条第1/2页下一页", "list_page"),
        ("信息公开年报\n首页 上一页 1 2 3 下一页 尾页 共57条", "list_page"),
        ("县直部门2021年度政府信息公开工作年度报告汇总\n各部门年度报告共42份,点击链接查看全文。", "list_page"),
        ("乡镇信息公开年报一览表\n甲镇 乙镇 丙乡", "list_page"),
        ("临溪县2018年政府信息公开工作年度报告", "no_body"),
        ("", "empty_page"),
        ("今日天气晴,最高气温二十度。", "no_report_found"),
    ],
)
def test_look_alikes_have_a_reason(text: str, code: str) -> None:
    found = kind(text)
    assert (found.kind, found.reason_code) == ("not_a_report", code)
    assert found.reason


def test_page_of_several_reports() -> None:
    page = "\n".join(REPORT.replace("临溪县", place) for place in ("甲县", "乙县", "丙县", "丁县"))
    assert kind(page).reason_code == "several_reports"


def test_links_to_other_reports_do_not_make_a_list() -> None:
    links = "\n".join(
        f"{name}2018年政府信息公开年度报告" for name in ("甲镇", "乙镇", "丙镇", "丁乡", "戊乡", "己街道")
    )
    assert kind(REPORT + "\n相关信息\n" + links).kind == "annual_report"
    assert kind(links + "\n" + REPORT).kind == "annual_report"


def test_a_path_of_links_is_no_headline() -> None:
    assert kind("首页>政府信息公开指南\n" + REPORT.split("\n", 1)[1]).kind == "annual_report"


@pytest.mark.parametrize(
    "title", ["临溪县2015年政府信息公开情况统计表", "附件:政府信息公开情况统计表(2016年度)", "附表"]
)
def test_table_of_its_own_is_an_annex(title: str) -> None:
    assert kind(title + "\n填报单位:临溪县政府办", TABLE).kind == "annex"


def test_table_without_any_title_is_an_annex() -> None:
    assert kind("填报单位:临溪县政府办", TABLE).kind == "annex"


def test_report_with_its_table_is_no_annex() -> None:
    assert kind(REPORT + "\n附件:2018年政府信息公开情况统计表", TABLE).kind == "annual_report"
    assert kind("附件\n" + REPORT, TABLE).kind == "annual_report"


def test_unfilled_forms() -> None:
    assert kind("政府信息公开情况统计表\n填报单位(盖章):", EMPTY_TABLE).reason_code == "blank_form"
    template = (
        REPORT.replace("2018", "20XX")
        .replace("3021条", "XX条")
        .replace("12件", "XX件")
        .replace("临溪县", "XX县")
        .replace("2次", "XX次")
    )
    assert kind(template).reason_code == "blank_form"


@pytest.mark.parametrize(
    "title", ["政府信息公开情况统计表(2015年度)", "临溪县政府信息公开统计报表", "信息公开申请情况表"]
)
def test_unfilled_form_of_which_no_cell_was_read(title: str) -> None:
    rows = EMPTY_TABLE + "\n2.政府网站公开政府信息数|条|\n3.政务微博公开政府信息数|条|"
    assert kind(title, rows, form_table=False).reason_code == "blank_form"
    assert kind(title, rows.replace("条|", "条|7"), form_table=False).reason_code != "blank_form"


def test_report_with_a_word_of_its_template_left_is_a_report() -> None:
    assert kind(REPORT.replace("3021条", "XX条")).kind == "annual_report"


def test_headline_may_stand_in_the_meta_data_only() -> None:
    text = "一、主动公开\n公开范围见目录。\n二、依申请公开\n受理机构为县政府办。"
    assert kind(text, meta={"title": "临溪县政府信息公开指南-临溪县政府网"}).reason_code == "guide"
