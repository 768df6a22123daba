"""Markup of these pages: site frames and table renderings that no other set of pages uses."""

from __future__ import annotations

import itertools
import random
import re
from html import escape
from typing import Any

from tests.golden.sample.maker.grids import Part, Table
from tests.golden.sample.maker.office import placed

COMMENT = "<!-- 本页为测试材料:数字、电话、地址门牌均为虚构 (figures are invented) -->"


def _span(p: Part) -> str:
    return (f' rowspan="{p.rowspan}"' if p.rowspan > 1 else "") + (f' colspan="{p.colspan}"' if p.colspan > 1 else "")


def _rows(t: Table, tag: str = "td", attrs: str = "") -> str:
    return "\n".join(
        "<tr>" + "".join(f"<{tag}{_span(p)}{attrs}>{escape(p.text)}</{tag}>" for p in row) + "</tr>" for row in t
    )


def _plain(t: Table, rng: random.Random) -> str:
    return f'<table border="1" cellspacing="0" cellpadding="4" class="tb{rng.randint(1, 9)}">\n{_rows(t)}\n</table>'


def _head(t: Table, rng: random.Random) -> str:
    return (
        f'<table class="table table-bordered"><thead>{_rows(t[:1], "th")}</thead><tbody>{_rows(t[1:])}</tbody></table>'
    )


def _word(t: Table, rng: random.Random) -> str:
    """As a word processor saves it: a paragraph and a span a cell, digits in a font of their own."""

    def cell(p: Part) -> str:
        inner = re.sub(r"(\d+)", r'<span lang=EN-US style="font-family:Calibri">\1</span>', escape(p.text))
        return (
            f'<td width={rng.randint(40, 140)} valign=top{_span(p)} style="border:solid black .75pt"><p class=MsoNormal '
            f'align=center><span style="font-size:10.5pt;font-family:宋体">{inner or "<o:p>&nbsp;</o:p>"}</span></p></td>'
        )

    rows = "".join("<tr style='height:14.2pt'>" + "".join(map(cell, row)) + "</tr>\n" for row in t)
    return f'<table class=MsoTableGrid border=1 style="border-collapse:collapse;border:none">{rows}</table>'


def _broken(t: Table, rng: random.Random) -> str:
    """Labels of many letters stand one or two letters a line; numbers have blanks around them."""

    def cell(p: Part) -> str:
        text = escape(p.text)
        if not p.label:
            return f"&nbsp;{text} "
        if p.rowspan > 2 and "&" not in text:
            return "<br/>".join(text[i : i + 2] for i in range(0, len(text), 2))
        if len(text) > 5 and "&" not in text:
            cut = rng.randint(2, len(text) - 2)
            return f"{text[:cut]}\n   {text[cut:]}"
        return text

    return (
        "<table>"
        + "".join("<tr>" + "".join(f"<td{_span(p)}>{cell(p)}</td>" for p in r) + "</tr>" for r in t)
        + "</table>"
    )


def _split(t: Table, rng: random.Random) -> str:
    """A table that a page break of the original cut in two or three; spans are cut with it."""
    cells, _ = placed(t)
    size = len(t)
    cuts = [0, size] if size < 8 else [0, size // 2, size] if size < 20 else [0, size // 3 + 1, 2 * size // 3 + 1, size]
    out = []
    for a, b in itertools.pairwise(cuts):
        rows = []
        for r in range(a, b):
            row = []
            for top, _, p in cells:
                if top == r:
                    row.append(f'<td rowspan="{min(p.rowspan, b - r)}" colspan="{p.colspan}">{escape(p.text)}</td>')
                elif r == a and top < a < top + p.rowspan:
                    row.append(f'<td rowspan="{min(top + p.rowspan, b) - a}" colspan="{p.colspan}"></td>')
            rows.append("<tr>" + "".join(row) + "</tr>")
        out.append(f'<table width="690" border="1">{"".join(rows)}</table>')
    return "\n<p>&nbsp;</p>\n".join(out)


def _split_rows(t: Table, rng: random.Random) -> str:
    """A table a band: chapter two in tables of its own, the requests with their head over again."""
    if len(t) > 20:
        head, rest = t[:3], t[3:]
        return _plain([*head, *rest], rng)
    bands: list[Table] = []
    for row in t:
        if row[0].text.startswith("第二十条") or not bands:
            bands.append([])
        bands[-1].append(row)
    if len(bands) == 1:
        return _plain(t, rng)
    return "".join(f'<div class="sec"><table border="1">{_rows(band)}</table></div>\n' for band in bands)


def _nested(t: Table, rng: random.Random) -> str:
    inner = f'<table border="1" width="100%">{_rows(t)}</table>'
    return f'<table width="100%"><tr><td>&nbsp;</td><td><table><tr><td align="center">{inner}</td></tr></table></td><td></td></tr></table>'


def _para(t: Table, rng: random.Random) -> str:
    """Every row is a paragraph, its cells only blanks apart."""
    return "".join("<p>" + "&nbsp;&nbsp; ".join(escape(p.text) for p in row) + "</p>\n" for row in t)


def _line(t: Table, rng: random.Random) -> str:
    return "<br>\n".join(escape(p.text) for row in t for p in row) + "<br>"


def _pcell(t: Table, rng: random.Random) -> str:
    return "\n".join(f"<p>{escape(p.text)}</p>" for row in t for p in row)


def _pipe(t: Table, rng: random.Random) -> str:
    return "".join("<p>|" + "|".join(escape(p.text) for p in row) + "|</p>\n" for row in t)


def _pipe_br(t: Table, rng: random.Random) -> str:
    """Rows as a converter leaves them, a cell of several columns followed by empty ones."""
    return "<br/>".join("| " + " | ".join(escape(p.text) + " | " * (p.colspan - 1) for p in row) + " |" for row in t)


def _lost(t: Table, rng: random.Random) -> str:
    return "<p>" + "|" * rng.randint(20, 60) + "</p>\n<p>|</p>"


TABLES = {
    "plain": _plain, "head": _head, "word": _word, "broken": _broken, "split": _split, "bands": _split_rows,
    "nested": _nested, "para": _para, "line": _line, "pcell": _pcell, "pipe": _pipe, "pipebr": _pipe_br,
}  # fmt: skip


def body(lines: list[str], tables: dict[str, Table], style: str, look: str, rng: random.Random) -> str:
    out = []
    for line in lines:
        if line == "@lost":
            out.append(_lost([], rng))
        elif line.startswith("@"):
            out.append(TABLES[style](tables[line[1:]], rng))
        else:
            kind = "head" if line.startswith("== ") else "sign" if line.startswith("> ") else "text"
            out.append(LOOKS[look](escape(re.sub(r"^(== |> )", "", line), quote=False), kind, rng))
    if look == "one":
        return "<div>" + " ".join(out) + "</div>"
    return "\n".join(out)


def _look_plain(text: str, kind: str, rng: random.Random) -> str:
    if kind == "sign":
        return f'<p align="right">{text}</p>'
    return (
        f'<p style="text-indent:2em"><b>{text}</b></p>' if kind == "head" else f'<p style="text-indent:2em">{text}</p>'
    )


def _look_word(text: str, kind: str, rng: random.Random) -> str:
    text = re.sub(r"([0-9]+)", r'<span lang="EN-US">\1</span>', text)
    text = re.sub(r"([年月])", r'<span style="mso-hansi-font-family:仿宋">\1</span>', text)
    return f'<p class="MsoNormal" style="margin:0cm;text-indent:32.0pt;line-height:29.0pt"><span style="font-family:{"黑体" if kind == "head" else "仿宋_GB2312"}">{text}</span></p>'


def _look_br(text: str, kind: str, rng: random.Random) -> str:
    return f"　　{text}<br>" if kind != "sign" else f"{'&nbsp;' * 30}{text}<br>"


def _look_h(text: str, kind: str, rng: random.Random) -> str:
    return f"<h3>{text}</h3>" if kind == "head" else f'<p class="{kind}">{text}</p>'


def _look_hard(text: str, kind: str, rng: random.Random) -> str:
    """Lines of 34 letters, as text taken out of a fixed layout has them."""
    return (
        "".join(text[i : i + 34] + "<br />\n" for i in range(0, len(text), 34)) if "&" not in text else text + "<br />"
    )


def _look_div(text: str, kind: str, rng: random.Random) -> str:
    return f'<div style="font-size:18px;{"font-weight:bold;" if kind == "head" else ""}">&emsp;&emsp;{text}</div>'


def _look_font(text: str, kind: str, rng: random.Random) -> str:
    return f"<P><FONT face=宋体 size=3>&nbsp;&nbsp;&nbsp; {text}</FONT></P>"


LOOKS = {
    "plain": _look_plain, "word": _look_word, "br": _look_br, "h": _look_h, "hard": _look_hard, "div": _look_div,
    "font": _look_font, "one": lambda text, kind, rng: text,
}  # fmt: skip


def page(s: dict[str, Any], content: str, rng: random.Random) -> str:
    f = {
        "title": s["title"],
        "date": str(s["date"]) if s.get("show", True) and s.get("date") else "",
        "site": s.get("site", ""),
        "source": s.get("source", ""),
        "hits": rng.randint(120, 9800),
        "charset": s.get("charset", "utf-8"),
        "year": s.get("year") or 2020,
    }
    return FRAMES[s.get("frame", "gov")](f, content)


def _meta(f: dict[str, Any]) -> str:
    head = f'<meta charset="{f["charset"]}">' if f["charset"] else ""
    dated = f'<meta name="PubDate" content="{f["date"]} 09:40:00">' if f["date"] else ""
    return f'{head}<title>{f["title"]}_{f["site"]}</title><meta name="SiteName" content="{f["site"]}">{dated}<meta name="ColumnName" content="信息公开年报">'


def _gov(f: dict[str, Any], content: str) -> str:
    when = f"发布时间：{f['date']}" if f["date"] else ""
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head>{_meta(f)}</head><body>{COMMENT}
<div class="header"><ul><li><a href="/">首 页</a></li><li><a href="/zw/">政务公开</a></li><li><a href="/fw/">办事服务</a></li><li><a href="/hd/">互动交流</a></li></ul></div>
<div class="crumb">当前位置：首页&gt;政务公开&gt;政府信息公开年报</div>
<div class="article"><h1 class="tit">{f["title"]}</h1>
<div class="msg"><span>{when}</span> <span>信息来源：{f["source"]}</span> <span>浏览次数：{f["hits"]}</span> <span>字号：[大] [中] [小]</span></div>
<div id="zoom">
{content}
</div></div>
<div class="share">分享到： 微信 微博</div><div class="footer">{f["site"]} 版权所有　网站标识码：{f["hits"]}00{f["hits"]}　技术支持</div></body></html>"""


def _index(f: dict[str, Any], content: str) -> str:
    return f"""<html><head>{_meta(f)}</head><body>{COMMENT}
<h2>{f["site"]}</h2>
<table class="xxgk" border="0" width="960"><tr><td>索引号</td><td>0{f["hits"]}112/{f["year"] + 1}-{f["hits"] % 900:05d}</td><td>信息分类</td><td>年度报告</td></tr>
<tr><td>发布机构</td><td>{f["source"]}</td><td>发文日期</td><td>{f["date"]}</td></tr>
<tr><td>名称</td><td colspan="3">{f["title"]}</td></tr><tr><td>有效性</td><td></td><td>文号</td><td>无</td></tr></table>
<div class="TRS_Editor">
{content}
</div>
<p class="xg">相关信息：<a href="#">{f["year"] - 1}年度报告</a>　<a href="#">{f["year"] - 2}年度报告</a></p></body></html>"""


def _old(f: dict[str, Any], content: str) -> str:
    when = f"{f['date']} " if f["date"] else ""
    return f"""<HTML><HEAD>{_meta(f)}</HEAD><BODY bgColor=#ffffff>{COMMENT}
<TABLE width=780 align=center><TR><TD><IMG src="logo.gif"></TD></TR><TR><TD>首页 | 走进本地 | 政务大厅 | 招商引资 | 便民服务</TD></TR></TABLE>
<TABLE width=780 align=center><TR><TD width=170 vAlign=top>信息公开指南<BR>信息公开目录<BR>信息公开年报<BR>依申请公开<BR>监督投诉</TD>
<TD><CENTER><B>{f["title"]}</B></CENTER><CENTER>{when}阅读：{f["hits"]} 次</CENTER><HR>
{content}
</TD></TR></TABLE><TABLE width=780 align=center><TR><TD>主办：{f["source"]}　建议使用 1024×768 分辨率浏览</TD></TR></TABLE></BODY></HTML>"""


def _layers(f: dict[str, Any], content: str) -> str:
    gap = "<td></td>" * 45
    when = f"<td>时间：{f['date']}</td>" if f["date"] else ""
    return f"""<html><head>{_meta(f)}</head><body>{COMMENT}<form><table><tr>{gap}<td>欢迎访问{f["site"]}</td></tr><tr><td><table><tr><td>您现在的位置： 首页 -&gt; 年度报告</td>{gap}</tr>
<tr><td><table><tr><td>{f["title"]}</td>{gap}</tr><tr>{when}<td>点击数：{f["hits"]}</td></tr><tr><td colspan=3><table><tr><td>
{content}
</td>{gap}</tr></table></td></tr></table></td></tr></table></td></tr><tr><td>【关闭】 【打印】</td>{gap}</tr></table></form></body></html>"""


def _bare(f: dict[str, Any], content: str) -> str:
    when = f"<p>{f['date']}</p>" if f["date"] else ""
    return f"<html><head>{_meta(f)}</head><body>{COMMENT}<center><h2>{f['title']}</h2>{when}</center>{content}</body></html>"


def _mobile(f: dict[str, Any], content: str) -> str:
    return f"""<!doctype html><html><head><meta name="viewport" content="width=device-width,initial-scale=1">{_meta(f)}<style>p{{margin:0}}</style></head><body>{COMMENT}
<main><h1>{f["title"]}</h1><p class="meta"><time>{f["date"]}</time> {f["source"]}</p><div class="rich_media_content">
{content}
</div><p class="tool">阅读 {f["hits"]}　在看 {f["hits"] % 37}</p></main>
<aside><b>热门</b><ul><li>2024年公务员招录公告</li><li>12345热线周报（第31期）</li></ul></aside></body></html>"""


def _wiki(f: dict[str, Any], content: str) -> str:
    """A foreign host that copied the page."""
    return f"""<!DOCTYPE html><html><head>{_meta(f)}</head><body>{COMMENT}<div class="top"><a>首页</a> <a>公文范文</a> <a>工作总结</a> <a>会员登录</a></div>
<div class="left"><h1>{f["title"]}</h1><div class="info">更新：{f["date"]} | 人气：{f["hits"]} | 下载本文</div><div class="con">
{content}
</div><div class="next">上一篇：乡镇工作汇报范文3篇　下一篇：述职报告1500字</div></div></body></html>"""


FRAMES = {"gov": _gov, "index": _index, "old": _old, "layers": _layers, "bare": _bare, "mobile": _mobile, "wiki": _wiki}
