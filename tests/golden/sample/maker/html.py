"""Markup of the sample pages: five families of site frames, tables in four styles, hostile and nested layouts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from .grids import Part, Table

NOTICE = "示例数据,数字均为虚构"
# the letters of the frame that differ in Traditional script
TRADITIONAL = str.maketrans(
    "务网时间来办报号关闭纲开进页闻搜链类发区览为与虚构数据备码术权东县岭动过",
    "務網時間來辦報號關閉綱開進頁聞搜鏈類發區覽為與虛構數據備碼術權東縣嶺動過",
)
NAVIGATION = ("首页", "走进本地", "新闻中心", "政务公开", "办事服务", "互动交流")


def table_html(table: Table, style: str) -> str:
    """A table in one style: plain, letters (labels broken over letters) or word (pasted from a word processor)."""
    rows = []
    for row in table:
        rows.append("<tr>" + "".join(_cell_html(part, style) for part in row) + "</tr>")
    opening = {
        "plain": '<table border="1" cellspacing="0" cellpadding="2" width="100%">',
        "letters": '<table class="sjb" style="border-collapse:collapse">',
        "word": '<table class="MsoTableGrid" border="1" style="mso-table-layout-alt:fixed;border:none">',
    }[style]
    return f"{opening}<tbody>\n" + "\n".join(rows) + "\n</tbody></table>"


def _cell_html(part: Part, style: str) -> str:
    spans = (f' rowspan="{part.rowspan}"' if part.rowspan > 1 else "") + (
        f' colspan="{part.colspan}"' if part.colspan > 1 else ""
    )
    if style == "word":
        inner = (
            f'<p class="MsoNormal" align="center" style="mso-pagination:widow-orphan">{_runs(part.text)}<o:p></o:p></p>'
        )
        return f'<td{spans} style="mso-border-alt:solid windowtext .5pt" valign="center">{inner}</td>'
    if style == "letters" and part.label:
        return f'<td{spans} align="center">{_broken_label(part)}</td>'
    text = escape(part.text) or "&nbsp;"
    return f"<td{spans}>{text}</td>"


def _broken_label(part: Part) -> str:
    """A label as narrow columns break it: every letter on a line, or one break in the middle."""
    if part.rowspan > 2:
        return "<br>".join(escape(letter) for letter in part.text)
    middle = len(part.text) // 2
    if len(part.text) > 6:
        return f"<p>{escape(part.text[:middle])}</p>\n  <p>{escape(part.text[middle:])}</p>"
    return f"{escape(part.text[:2])}<br/>\n    {escape(part.text[2:])}" if len(part.text) > 2 else escape(part.text)


def _runs(text: str) -> str:
    """Text cut into runs at odd places, digits in spans of their own and cut in the middle."""
    if not text:
        return "&nbsp;"
    out = []
    for number, piece in enumerate(_pieces(text)):
        if piece.isascii():
            out.append(
                f'<span lang="EN-US" style="font-family:仿宋_GB2312;mso-hansi-font-family:宋体">{escape(piece)}</span>'
            )
        elif number % 3 == 1:
            out.append(f'<span style="mso-spacerun:\'yes\'"><font face="仿宋">{escape(piece)}</font></span>')
        else:
            out.append(f'<span style="mso-bidi-font-size:16.0pt">{escape(piece)}</span>')
    return "".join(out)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for i in range(1, len(text) + 1):
        changed = i == len(text) or text[i].isdigit() != text[i - 1].isdigit()
        if changed or i - start == (2 if text[start].isdigit() else 5):
            yield text[start:i]
            start = i


def body_html(lines: list[str], tables: dict[str, Table], style: str, nested: bool) -> str:
    """The report's own text: `== ` headings, `> ` signatures, `raw ` markup, `@T3` tables, else paragraphs."""
    table_style = style if style in ("letters", "word") else "plain"
    blocks: list[str] = []
    for line in lines:
        if line.startswith("@"):
            blocks.append(table_html(tables[line[1:]], table_style))
        elif line.startswith("raw "):
            blocks.append(line[4:])
        elif nested:
            blocks.append(escape(line[3:]) + "&nbsp;" if line.startswith("== ") else escape(line) + "<br>\n")
        else:
            blocks.append(_block(line, style))
    return ("" if nested else "\n").join(blocks)


def _block(line: str, style: str) -> str:
    heading, signed = line.startswith("== "), line.startswith("> ")
    text = line[3:] if heading else line[2:] if signed else line
    if style == "word":
        indent = "&nbsp;&nbsp;&nbsp;&nbsp;" if not heading else ""
        align = ' align="right"' if signed else ""
        return f'<p class="MsoNormal"{align} style="text-indent:32.0pt;mso-char-indent-count:2.0">{indent}{_runs(text)}<o:p></o:p></p>'
    if heading:
        return f"<p><strong>{escape(text)}</strong></p>"
    if signed:
        return f'<p style="text-align:right">{escape(text)}</p>'
    return f'<p style="text-indent:2em">\u3000\u3000{escape(text)}</p>'


def page_html(spec: dict[str, Any], answer: dict[str, Any], content: str) -> str:
    """The whole page in the frame of its site family."""
    frame = {"jcms": _jcms, "trs": _trs, "xxgk": _xxgk, "oldtable": _oldtable, "nested": _nested}[spec["frame"]]
    site = spec.get("site_name") or f"{answer['agency_name'] or answer['jurisdiction_name'] or '示例'}政务公开网"
    facts = {
        "title": answer["title"],
        "site": site,
        "date": f"{answer['published_on']}",
        "meta_date": f"{spec.get('meta_date', answer['published_on'])}",
        "line": spec.get("pub_line", True),
        "charset": {"none": ""}.get(spec.get("declare", "utf-8"), f'<meta charset="{spec.get("declare", "utf-8")}">'),
    }
    if spec.get("script") != "traditional":
        return frame(facts, content)
    page = frame({**facts, "site": site.translate(TRADITIONAL)}, "\x00").translate(TRADITIONAL)
    return page.replace(NOTICE.translate(TRADITIONAL), NOTICE).replace("\x00", content)


def _head(f: dict[str, Any], extra: str = "") -> str:
    return f"""<head>
{f["charset"]}
<title>{f["title"]}_{f["site"]}</title>
<meta name="SiteName" content="{f["site"]}">
<meta name="ArticleTitle" content="{f["title"]}">
<meta name="PubDate" content="{f["meta_date"]} 09:30">
<meta name="ColumnName" content="政府信息公开年报">{extra}
</head>"""


def _menu(tag: str) -> str:
    return "".join(f'<{tag}><a href="#">{name}</a></{tag}>' for name in NAVIGATION)


def _jcms(f: dict[str, Any], content: str) -> str:
    when = f"<span>发布日期：{f['date']}</span> " if f["line"] else ""
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
{_head(f)}
<body>
<div class="notice">{NOTICE}</div>
<div id="top"><h2>{f["site"]}</h2><ul>{_menu("li")}</ul><form><input type="text" value="请输入关键字"><button>搜索</button></form></div>
<div class="position">当前位置：<a href="#">首页</a> &gt; <a href="#">政务公开</a> &gt; <a href="#">政府信息公开年报</a></div>
<div class="main">
<h1 class="bt">{f["title"]}</h1>
<div class="xx">{when}<span>浏览次数：5716</span> <span>字体：[大 中 小]</span> <a href="javascript:window.print()">打印</a></div>
<div class="zoom" id="zoom">
{content}
</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div>
</div>
<div class="foot"><p>{NOTICE}</p><p>主办：{f["site"]}编辑部　网站标识码：0000000000　技术支持：示例中心</p></div>
</body>
</html>
"""


def _trs(f: dict[str, Any], content: str) -> str:
    when = f'<span class="time">时间：{f["date"]} 10:12</span>　<span>来源：办公室</span>　' if f["line"] else ""
    return f"""<!DOCTYPE html>
<html>
{_head(f, chr(10) + '<meta name="Keywords" content="年度报告,政务公开">')}
<body class="xl">
<header><p class="tip">{NOTICE}</p><a class="logo" href="/index.html">{f["site"]}</a><nav>{_menu("span")}</nav></header>
<section class="crumb"><a href="/index.html">首页</a>&nbsp;/&nbsp;<a href="#">信息公开</a>&nbsp;/&nbsp;<a href="#">年报</a></section>
<article>
<h1>{f["title"]}</h1>
<p class="source">{when}【字号：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】 <a href="javascript:void(0)">打印</a> <a href="javascript:window.close()">关闭</a></p>
<div class="TRS_Editor">
{content}
</div>
</article>
<aside><h3>相关链接</h3><ul><li><a href="#">2008年度报告</a></li><li><a href="#">政府信息公开制度</a></li></ul></aside>
<footer><p>{NOTICE}</p><p>版权所有：{f["site"]}　示例备00000000号　扫一扫在手机打开当前页</p></footer>
</body>
</html>
"""


def _xxgk(f: dict[str, Any], content: str) -> str:
    when = f["date"] if f["line"] else ""
    return f"""<!DOCTYPE html>
<html>
{_head(f)}
<body>
<div class="header"><div class="demo">{NOTICE}</div>{f["site"]}<div class="nav">{_menu("b")}</div></div>
<div class="left"><dl><dt>政府信息公开</dt><dd>公开指南</dd><dd>公开制度</dd><dd>法定主动公开内容</dd><dd>年度报告</dd><dd>依申请公开</dd></dl></div>
<div class="right">
<table class="index"><tr><td>索引号：</td><td>000014349/{f["meta_date"][:4]}-00031</td><td>信息分类：</td><td>年报</td></tr>
<tr><td>发布机构：</td><td>办公室</td><td>发布日期：</td><td>{when}</td></tr>
<tr><td>文号：</td><td></td><td>有效性：</td><td>有效</td></tr></table>
<h1 class="title">{f["title"]}</h1>
<div class="tools">打印本页 关闭窗口 收藏</div>
<div class="article">
{content}
</div>
<div class="pn"><p>上一条：<a href="#">2014年政府信息公开工作年度报告</a></p><p>下一条：没有了</p></div>
</div>
<div class="footer">{NOTICE}<br>{f["site"]}　地址、电话见公开指南</div>
</body>
</html>
"""


def _oldtable(f: dict[str, Any], content: str) -> str:
    when = f"发布时间：{f['date']}　" if f["line"] else ""
    return f"""<HTML>
{_head(f)}
<BODY bgcolor="#ffffff">
<TABLE width="980" align="center" border="0"><TR><TD height="24" align="right">{NOTICE}</TD></TR><TR><TD><B>{f["site"]}</B></TD></TR></TABLE>
<TABLE width="980" align="center" border="0"><TR>{_menu("TD")}</TR></TABLE>
<TABLE width="980" align="center" border="0"><TR><TD>您现在的位置：首页 &gt;&gt; 信息公开 &gt;&gt; 年报</TD></TR>
<TR><TD align="center"><FONT size="5"><B>{f["title"]}</B></FONT></TD></TR>
<TR><TD align="center">{when}点击数：872　作者：佚名　【<A href="javascript:self.close()">关闭窗口</A>】</TD></TR>
<TR><TD>
{content}
</TD></TR></TABLE>
<TABLE width="980" align="center" border="0"><TR><TD align="center">{NOTICE}<BR>{f["site"]} 维护</TD></TR></TABLE>
</BODY>
</HTML>
"""


def _nested(f: dict[str, Any], content: str) -> str:
    empty = "<tr>" + "<td></td>" * 320 + "</tr>"
    return f"""<html>
{_head(f)}
<body>
<table width="100%"><tr><td>{NOTICE}</td></tr></table>
<table width="1000"><tr><td><table><tr><td>当前位置 :首页 &gt; </td><td></td></tr><tr><td></td></tr></table></td></tr>
<tr><td><table>{empty}<tr><td>{f["site"]}</td>{"<td></td>" * 340}</tr>{empty}
<tr>{"<td></td>" * 12}<td colspan="300"><table><tr><td></td><td><table><tr><td>
<div id="Zoom"><b>{f["title"]}</b><br>
{content}
</div></td></tr></table></td><td></td></tr></table></td>{"<td></td>" * 20}</tr>{empty}
<tr><td>发布时间：{f["date"]}</td><td>打印</td><td>关闭</td>{"<td></td>" * 318}</tr></table></td></tr></table>
<table width="100%"><tr><td>{NOTICE}</td><td></td></tr></table>
</body>
</html>
"""
