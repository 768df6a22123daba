"""Frames of sites around a report, and plain text files. None of them is a frame of the sample."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

MARK = '<meta name="description" content="测试页，数字均为虚构">'


@dataclass(frozen=True)
class Facts:
    """What a frame needs to know."""

    title: str | None  # in the frame's own place; None where the frame shows none
    head: str  # the <title>
    site: str
    when: str | None  # the line under the title, printed as it is
    meta: str | None  # PubDate
    charset: str
    extra: str = ""  # further markup of the head
    after: str = ""  # further markup behind the text


def _head(f: Facts) -> str:
    pub = f'<meta name="PubDate" content="{f.meta}">' if f.meta else ""
    return f"<head>{f.charset}<title>{escape(f.head)}</title>{MARK}{pub}{f.extra}</head>"


def bare(f: Facts, content: str) -> str:
    title = f"<h2>{escape(f.title)}</h2>" if f.title else ""
    when = f"<p>{escape(f.when)}</p>" if f.when else ""
    return f"<html>{_head(f)}<body>\n{title}{when}\n{content}\n{f.after}</body></html>"


def portal(f: Facts, content: str) -> str:
    title = f'<div class="arc-tit"><h3>{escape(f.title)}</h3></div>' if f.title else ""
    when = (
        f'<div class="arc-info"><em>{escape(f.when)}</em><em>浏览量：<b id="hits">1208</b></em></div>' if f.when else ""
    )
    return f"""<!doctype html><html>{_head(f)}<body>
<div class="topbar">今天是 欢迎访问 <a href="/">{escape(f.site)}</a> 无障碍 | 繁体 | 手机版</div>
<ul class="menu"><li>首页</li><li>要闻动态</li><li>政务公开</li><li>网上办事</li><li>政民互动</li></ul>
<div class="pos">您所在的位置：首页 &gt; 政务公开 &gt; 法定主动公开内容 &gt; 年报</div>
<div class="arc">{title}{when}
<div class="arc-body">
{content}
</div>
<div class="qr">扫一扫在手机打开当前页</div><div class="tools">【打印】【关闭】 分享：微信 微博 QQ空间</div></div>
{f.after}
<div class="footer">主办单位：{escape(f.site)}　备案号：示例ICP备00000000号-1　网站标识码：0000000000</div></body></html>"""


def column(f: Facts, content: str) -> str:
    title = f"<TD class=title align=middle>{escape(f.title)}</TD>" if f.title else "<TD></TD>"
    when = f"<TR><TD align=middle>{escape(f.when)}　阅读次数：663　[大] [中] [小]</TD></TR>" if f.when else ""
    return f"""<HTML>{_head(f)}<BODY><CENTER><TABLE width=900><TR><TD>{escape(f.site)}</TD></TR></TABLE>
<TABLE width=900><TR><TD width=180 valign=top>信息公开目录<BR>机构职能<BR>政策法规<BR>规划计划<BR>年度报告</TD><TD><TABLE><TR>{title}</TR>{when}<TR><TD>
{content}
</TD></TR></TABLE></TD></TR></TABLE>{f.after}<HR>版权所有 {escape(f.site)}</CENTER></BODY></HTML>"""


def card(f: Facts, content: str) -> str:
    title = f"<h1>{escape(f.title)}</h1>" if f.title else ""
    when = f"<dd>{escape(f.when)}</dd>" if f.when else "<dd></dd>"
    return f"""<!DOCTYPE html><html lang="zh">{_head(f)}<body><main>
<dl class="card"><dt>索 引 号</dt><dd>11000000000000000X/2000-00001</dd><dt>主题分类</dt><dd>其他</dd><dt>发文日期</dt>{when}<dt>名　　称</dt><dd>{escape(f.title or "")}</dd></dl>
{title}
<section>
{content}
</section></main>{f.after}<footer>网站地图 | 联系我们 | 隐私声明</footer></body></html>"""


FRAMES = {"bare": bare, "portal": portal, "column": column, "card": card}
