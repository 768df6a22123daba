"""Site frames and markup of the third held-out set, shared with no other set of pages."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from tests.golden.sample.maker.grids import Part, Table

NOTICE = "<!-- 供程序测试之用的仿写页面，页内数字及联系方式皆为杜撰 figures are invented -->"


def span(p: Part) -> str:
    return (f' colspan="{p.colspan}"' if p.colspan > 1 else "") + (f' rowspan="{p.rowspan}"' if p.rowspan > 1 else "")


def cell_rows(t: Table, cell: Any) -> list[str]:
    return ["<tr>" + "".join(cell(p) for p in row) + "</tr>" for row in t]


def plain(t: Table) -> str:
    rows = cell_rows(t, lambda p: f"<td{span(p)}>{escape(p.text) or '&nbsp;'}</td>")
    return '<table class="nb-table" border="1" cellspacing="0">\n' + "\n".join(rows) + "\n</table>"


def heads(t: Table) -> str:
    rows = cell_rows(
        t,
        lambda p: (
            f'<{"th" if p.label else "td"} scope="col"{span(p)}><p>{escape(p.text)}</p></{"th" if p.label else "td"}>'
        ),
    )
    return (
        '<div class="table-wrap" style="overflow-x:auto"><table><colgroup></colgroup>'
        + "".join(rows)
        + "</table></div>"
    )


def office(t: Table) -> str:
    def cell(p: Part) -> str:
        text = escape(p.text)
        if p.label:
            text = re.sub(r"([（）、．.])", r"</span><span>\1", text)
        else:
            text = "</span><span>".join(text) if len(text) > 1 else text
        return f'<td{span(p)} valign="center" style="border:1px solid"><p align="center"><span>{text or "&#160;"}</span><o:p></o:p></p></td>'

    return '<table class="MsoTableGrid">' + "".join(cell_rows(t, cell)) + "</table>"


def flat(t: Table) -> str:
    return "\n".join(f"<p>{escape(p.text)}</p>" for row in t for p in row if p.text)


def lines(t: Table) -> str:
    return "<div>" + "<br/>\n".join(escape(p.text) for row in t for p in row if p.text) + "</div>"


def pipes(t: Table) -> str:
    return "\n".join("<p>|" + "|".join(escape(p.text) for p in row) + "|</p>" for row in t)


def spaced(t: Table) -> str:
    """One paragraph a row, cells parted by ideographic spaces, as a paste without its table leaves it."""
    return "\n".join("<p>" + "　".join(escape(p.text) for p in row if p.text) + "</p>" for row in t)


def split(t: Table) -> str:
    """A long table in two pieces, as it came over two sheets."""
    if len(t) < 12:
        return plain(t)
    open_spans: list[list[int]] = []
    cut = 0
    for i, row in enumerate(t):
        if i > len(t) // 2 and not any(r + h > i for r, h in open_spans):
            cut = i
            break
        open_spans += [[i, p.rowspan] for p in row if 1 < p.rowspan < 9]
    first = [[Part(p.text, min(p.rowspan, cut - i), p.colspan, p.label) for p in row] for i, row in enumerate(t[:cut])]
    rest = [list(row) for row in t[cut:]]
    big = [(i, p) for i, row in enumerate(t[:cut]) for p in row if i + p.rowspan > cut]
    rest[0] = [Part(p.text, i + p.rowspan - cut, p.colspan, p.label) for i, p in big] + rest[0]
    return plain(first) + '\n<p class="pg">—　6　—</p>\n' + plain(rest)


def nested(t: Table) -> str:
    gap = "<td width=3></td>" * 25
    return f"<table width=100%><tr>{gap}<td><table border=0 cellpadding=0><tr><td align=center>{plain(t)}</td></tr></table></td>{gap}</tr></table>"


STYLES = {
    "plain": plain, "heads": heads, "office": office, "flat": flat, "lines": lines, "pipes": pipes, "spaced": spaced,
    "split": split, "nested": nested,
}  # fmt: skip


def paragraph(line: str, look: str) -> str:
    head, signed = line.startswith("== "), line.startswith("> ")
    if line.startswith("%"):
        return line[1:]
    text = escape(line[3:] if head else line[2:] if signed else line, quote=False)
    if look == "p":
        side = ' style="text-align:right"' if signed else ""
        return f"<p{side}>{'<b>' if head else ''}{text}{'</b>' if head else ''}</p>"
    if look == "indent":
        return f"<p>　　{text}</p>"
    if look == "nbsp":
        return f"<div>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;{text}</div>"
    if look == "br":
        return f"　　{text}<br><br>"
    if look == "cut":  # every run of digits and every year in spans of their own
        text = re.sub(r"(\d+)", r"</span><span style='font-family:Times New Roman'>\1</span><span>", text)
        return f"<p><span>{text}</span></p>"
    if look == "hard":
        return "\n".join(text[i : i + 33] + "<br/>" for i in range(0, len(text), 33))
    if look == "row":
        return f"<tr><td class=zw>{text}</td></tr>"
    if look == "h":
        return f"<h4>{text}</h4>" if head else f'<div class="para"><span class="t">{text}</span></div>'
    raise ValueError(look)


def content(f: dict[str, Any], body: list[str], tables: dict[str, Table]) -> str:
    look, style = f.get("look", "p"), f.get("style", "plain")
    out = []
    if look == "one":
        return escape("　".join(re.sub(r"^(== |> )", "", x) for x in body if not x.startswith("@")), quote=False)
    for line in body:
        if line.startswith("@"):
            grid = STYLES[f.get("styles", {}).get(line[1:], style)](tables[line[1:]])
            out.append(f"<tr><td>{grid}</td></tr>" if look == "row" else grid)
        else:
            out.append(paragraph(line, look))
    text = "\n".join(out)
    return f"<table width=96% class=zwb>{text}</table>" if look == "row" else text


def page(f: dict[str, Any], body: list[str], tables: dict[str, Table]) -> str:
    for old, new in f.get("swap", {}).items():
        body = [x.replace(old, new) for x in body]
    return globals()[f"frame_{f['frame']}"](f, content(f, body, tables))


def meta(f: dict[str, Any]) -> str:
    charset = f.get("charset", "utf-8")
    head = f'<meta charset="{charset}">' if charset else ""
    when = f'<meta name="PubDate" content="{f["date"]} 10:41:00">' if f.get("meta_date") else ""
    return f"<head>{head}<title>{f.get('page_title', f['title'] + '_' + f.get('site', ''))}</title>{when}</head>"


def when(f: dict[str, Any]) -> str:
    """The line under the title, as the record words it; empty where the page gives no such line."""
    return str(f.get("when", ""))


def frame_portal(f: dict[str, Any], c: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="zh-CN">{meta(f)}
<body>{NOTICE}
<header class="site"><a href="/">{f.get("site", "")}</a><nav><ul><li><a href="/zwgk">政务公开</a></li><li><a href="/bsfw">办事服务</a></li><li><a href="/hdjl">互动交流</a></li><li><a href="/zjxx">走进本地</a></li></ul></nav>
<form><input placeholder="请输入关键字"><button>搜索</button></form></header>
<main><ol class="crumb"><li>首页</li><li>政府信息公开</li><li>政府信息公开年报</li><li>正文</li></ol>
<article><h1>{f["title"]}</h1><div class="article-info">{when(f)}<span class="fs">字体：<a>大</a><a>中</a><a>小</a></span><span>浏览次数：<em>{f.get("hits", 318)}</em></span></div>
<div id="zoom">
{c}
</div>
<p class="bdsharebuttonbox">分享到：微信 微博</p></article></main>
<footer>网站地图 | 联系我们 | 政府网站找错<br>建议使用1366*768分辨率浏览</footer></body></html>"""


def frame_index(f: dict[str, Any], c: str) -> str:
    y = f.get("year", 2020)
    return f"""<html xmlns="http://www.w3.org/1999/xhtml">{meta(f)}<body class="xxgk">{NOTICE}
<dl class="xxlist"><dt>索 引 号</dt><dd>0{f.get("hits", 318)}7-{y}-00{f.get("hits", 318) % 80 + 11}</dd><dt>文　　号</dt><dd></dd><dt>发布机构</dt><dd>{f.get("source", f.get("site", ""))}</dd><dt>公开日期</dt><dd>{when(f)}</dd><dt>主 题 词</dt><dd>信息公开；年度报告</dd><dt>信息名称</dt><dd>{f["title"]}</dd></dl>
<div class="xxgk-tt">{f["title"]}</div>
<div class="xxgk-nr">
{c}
</div>
<ul class="same"><li>相关信息</li><li><a href="a.html">{y - 1}年度政府信息公开工作年度报告</a></li><li><a href="b.html">{y - 2}年度政府信息公开工作年度报告</a></li></ul>
</body></html>"""


def frame_fontold(f: dict[str, Any], c: str) -> str:
    return f"""<HTML>{meta(f)}<BODY bgColor=#ffffff leftMargin=0>{NOTICE}
<TABLE cellSpacing=0 width=778 align=center><TR><TD background=img/top.gif height=110>&nbsp;</TD></TR><TR><TD>　设为首页　加入收藏　</TD></TR></TABLE>
<CENTER><FONT color=red size=5><B>{f["title"]}</B></FONT></CENTER>
<DIV align=center><FONT size=2>{when(f)}　点击：{f.get("hits", 318)}</FONT></DIV><HR width=760>
<TABLE width=760 align=center><TR><TD><FONT size=3>
{c}
</FONT></TD></TR></TABLE>
<HR width=760><DIV align=center>【<A href="javascript:window.print()">打印此页</A>】【<A href="javascript:window.close()">关闭</A>】</DIV></BODY></HTML>"""


def frame_layers(f: dict[str, Any], c: str) -> str:
    void = "<td>&nbsp;</td>" * 40
    return f"""<html>{meta(f)}<body>{NOTICE}<table id=a><tr><td><table id=b><tr>{void}</tr><tr><td>您现在的位置</td><td>：</td><td>公开年报</td></tr></table></td></tr>
<tr><td><table id=c><tr><td width=180 valign=top><table><tr><td>公开指南</td></tr><tr><td>公开目录</td></tr><tr><td>依申请公开</td></tr><tr><td>年度报告</td></tr></table></td><td><table id=d><tr>{void}<td>
<table id=e><tr><td class=t1>{f["title"]}</td></tr><tr><td class=t2>{when(f)}</td></tr><tr><td class=t3>
{c}
</td></tr></table>
</td>{void}</tr></table></td></tr></table></td></tr><tr><td>版权所有　{f.get("site", "")}</td></tr></table></body></html>"""


def frame_app(f: dict[str, Any], c: str) -> str:
    return f"""<!doctype html><html>{meta(f)}<body>{NOTICE}<div id="app" data-v-7ba5bd90=""><section class="detail" data-v-7ba5bd90=""><h2 class="detail__title">{f["title"]}</h2>
<p class="detail__meta"><i class="icon-clock"></i>{when(f)}</p><div class="detail__body rich-text">
{c}
</div><div class="detail__pager"><span>上一条：{f.get("prev", "没有了")}</span><span>下一条：{f.get("next", "没有了")}</span></div></section></div>
<script>window.__INITIAL_STATE__={{"id":{f.get("hits", 318)}}}</script></body></html>"""


def frame_bare(f: dict[str, Any], c: str) -> str:
    return f"<html>{meta(f)}<body>{NOTICE}\n<div class=TRS_Editor>\n<p align=center>{f['title']}</p>\n<p align=center>{when(f)}</p>\n{c}\n</div></body></html>"


def frame_blog(f: dict[str, Any], c: str) -> str:
    """A foreign site that carries the copy of an official page."""
    return f"""<html>{meta(f)}<body>{NOTICE}<div class="blog"><h1>{f["title"]}</h1><div class="by">{when(f)} 阅读 {f.get("hits", 318)} 收藏</div>
<div class="entry">
{c}
</div><div class="tags">标签：公文 年度报告 范文</div><div class="hotlist"><a>工作总结范文大全</a><a>2万字述职报告</a><a>下载本文需要5积分</a></div></div></body></html>"""
