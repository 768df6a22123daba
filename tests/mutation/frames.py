"""The same report in another site: navigation, tools, footers and links to other reports around it."""

from __future__ import annotations

from random import Random

from bs4 import BeautifulSoup

from tests.mutation.tree import parse

_MENU = (
    "网站首页", "走进本地", "新闻中心", "政务公开", "政务服务", "政民互动", "专题专栏", "政府信息公开指南", "政府信息公开制度",
    "法定主动公开内容", "政府信息公开年报", "依申请公开", "繁體版", "无障碍浏览", "关怀版", "登录", "注册",
)  # fmt: skip
_OTHERS = ("永新县", "平果市", "大余县", "蓬溪县", "青龙满族自治县")


def _around(soup: BeautifulSoup, before: str = "", after: str = "") -> None:
    body = soup.body
    assert body is not None
    for place, html in ((0, before), (None, after)):
        inner = parse(f"<html><body>{html}</body></html>").body
        children = [child.extract() for child in list(inner.contents)] if inner else []
        for offset, child in enumerate(children):
            body.append(child) if place is None else body.insert(place + offset, child)


def navigation(soup: BeautifulSoup, random: Random) -> None:
    """Menus above the report."""
    names = random.sample(_MENU, 12)
    items = "".join(f'<li><a href="/{number}/index.html">{name}</a></li>' for number, name in enumerate(names))
    crumbs = '当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; <a href="/nb">政府信息公开年报</a>'
    _around(soup, f'<div class="nav"><ul>{items}</ul></div><div class="crumb">{crumbs}</div>')


def bare_navigation(soup: BeautifulSoup, random: Random) -> None:
    """Menus without links and without telling names of classes."""
    _around(soup, "<div><ul>" + "".join(f"<li>{name}</li>" for name in random.sample(_MENU, 10)) + "</ul></div>")


def footer(soup: BeautifulSoup, random: Random) -> None:
    """A footer with numbers: registrations, codes, visits, years."""
    lines = (
        "版权所有 © 2003-2031 未经许可不得转载", "网站标识码：9900000001　示例ICP备19000001号-2　示例公网安备 99010102000123号",
        "建议使用1024×768以上分辨率浏览　您是第 1234567 位访问者", "网站技术支持电话：010-60000001 网站邮箱：webmaster@example.invalid",
    )  # fmt: skip
    _around(soup, after='<div class="footer">' + "".join(f"<p>{line}</p>" for line in lines) + "</div>")


def related(soup: BeautifulSoup, random: Random) -> None:
    """Links to the reports of other places and years below the report."""
    items = "".join(
        f'<li><a href="/nb/{year}.html">{place}{year}年政府信息公开工作年度报告</a><span>[{year + 1}-03-1{random.randint(0, 9)}]</span></li>'
        for place, year in zip(random.sample(_OTHERS, 4), random.sample(range(2009, 2024), 4), strict=True)
    )
    _around(soup, after=f'<div class="xg"><h4>相关链接</h4><ul>{items}</ul></div>')


def neighbours(soup: BeautifulSoup, random: Random) -> None:
    """The article before and the one after."""
    place = random.choice(_OTHERS)
    after = (
        f'<div>上一篇：<a href="/1.html">{place}2015年政府信息公开工作年度报告</a></div>'
        '<div>下一篇：<a href="/2.html">关于做好节假日值班工作的通知</a></div>'
    )
    _around(soup, after=after)


def tools(soup: BeautifulSoup, random: Random) -> None:
    """Buttons, share tools and a form for searching."""
    before = (
        '<form><input name="q" value="请输入关键字 2012 条"><button>搜索</button><select><option>全部 500 条</option></select></form>'
        "<div>今天是：</div>"
    )
    after = "<div>分享到：<a>微信</a><a>微博</a></div><div><a>【打印本页】</a> <a>【关闭窗口】</a> <a>【收藏】</a></div><div>扫一扫在手机打开当前页</div>"
    _around(soup, before, after)


FRAMES = {
    "navigation": navigation,
    "navigation without links": bare_navigation,
    "footer": footer,
    "related links": related,
    "neighbours": neighbours,
    "tools": tools,
}
