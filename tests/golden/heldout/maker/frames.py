"""Markup of the held-out pages: site frames and table renderings of their own, none shared with the sample site."""

from __future__ import annotations

import random
import re
from html import escape
from typing import Any

from tests.golden.sample.maker.grids import Part, Table

COMMENT = "<!-- 测试用页面,数字、联系方式均为虚构 -->"


def table(t: Table, style: str, rng: random.Random) -> str:
    return {"plain": _plain, "word": _word, "broken": _broken, "flat": _flat, "pipe": _pipe}[style](t, rng)


def _span(p: Part) -> str:
    return (f' rowspan="{p.rowspan}"' if p.rowspan > 1 else "") + (f' colspan="{p.colspan}"' if p.colspan > 1 else "")


def _plain(t: Table, rng: random.Random) -> str:
    rows = "".join(
        "<tr>" + "".join(f'<td align="center"{_span(p)}>{escape(p.text)}</td>' for p in row) + "</tr>\n" for row in t
    )
    return f'<table width="98%" border="1" bordercolor="#333" style="border-collapse: collapse; font-size:14px"><tbody>{rows}</tbody></table>'


def _word(t: Table, rng: random.Random) -> str:
    out = []
    for row in t:
        cells = []
        for p in row:
            digits = re.sub(
                r"(\d+(?:\.\d+)?)",
                r'<span lang="EN-US" style="mso-ascii-theme-font:minor-latin">\1</span>',
                escape(p.text),
            )
            cells.append(
                f'<td{_span(p)} style="width:{rng.randint(30, 120)}.{rng.randint(1, 9)}pt;border:solid windowtext 1.0pt;padding:0cm 5.4pt 0cm 5.4pt">'
                f'<p class="MsoNormal" style="margin:0cm"><font face="宋体">{digits or "&nbsp;"}</font></p></td>'
            )
        out.append(f'<tr style="mso-yfti-irow:{len(out)};height:20.0pt">' + "".join(cells) + "</tr>")
    return (
        '<div align="center"><table class="MsoNormalTable" cellspacing="0" cellpadding="0">'
        + "\n".join(out)
        + "</table></div>"
    )


def _broken(t: Table, rng: random.Random) -> str:
    def words(p: Part) -> str:
        text = escape(p.text)
        if p.label and len(p.text) > 7 and "&" not in text:
            cut = rng.randint(3, len(text) - 3)
            return f"<p>{text[:cut]}</p><p>{text[cut:]}</p>"
        if p.label and p.rowspan > 3 and "&" not in text:
            return "<br>".join(text)
        return f"<p>&nbsp;{text}</p>" if not p.label else text

    rows = "".join("<tr>\n" + "".join(f"<td{_span(p)}>{words(p)}</td>\n" for p in row) + "</tr>\n" for row in t)
    return f'<table class="ke-zeroborder table_data" cellpadding="2">{rows}</table>'


def _flat(t: Table, rng: random.Random) -> str:
    return "".join(f"<p>{escape(p.text)}</p>\n" for row in t for p in row)


def _pipe(t: Table, rng: random.Random) -> str:
    return "".join("<p>| " + " | ".join(escape(p.text) for p in row) + " |</p>\n" for row in t)


def body(lines: list[str], tables: dict[str, Table], style: str, look: str, rng: random.Random) -> str:
    out = []
    if look == "one":  # a whole report in one physical line, as some exports leave it
        lines, look = [" ".join(re.sub(r"^(== |> )", "", line) for line in lines)], "plain"
    for line in lines:
        if line.startswith("@"):
            out.append(table(tables[line[1:]], style, rng))
            continue
        head, signed = line.startswith("== "), line.startswith("> ")
        text = escape(line[3:] if head else line[2:] if signed else line)
        out.append(_line(text, head, signed, look, rng))
    return ("<br>\n" if look == "br" else "\n").join(out)


def _line(text: str, head: bool, signed: bool, look: str, rng: random.Random) -> str:
    if look == "word":
        text = re.sub(r"(\d+)", r'<span lang="EN-US">\1</span>', text)
        font = "黑体" if head else "仿宋_GB2312"
        side = ' align="right"' if signed else ""
        return f'<p class="MsoNormal"{side} style="text-indent:32pt;line-height:28pt"><span style="font-family:{font};font-size:16pt;">{text}</span></p>'
    if look == "br":
        return "　　" + text
    if look == "pdf":  # text taken out of a PDF: hard breaks at the line width
        return "<br/>\n".join(text[i : i + 38] for i in range(0, len(text), 38)) + "<br/>"
    if look == "nbsp":
        return f"<p>&nbsp;&nbsp;&nbsp; {text}</p>"
    if signed:
        return f'<p style="text-align: right;">{text}</p>'
    return f"<p><strong>{text}</strong></p>" if head else f'<p style="text-indent: 2em;">{text}</p>'


def page(frame: str, f: dict[str, Any], content: str) -> str:
    return {"wide": _wide, "card": _card, "old": _old, "bare": _bare, "layers": _layers, "mobile": _mobile}[frame](
        f, content
    )


def _meta(f: dict[str, Any]) -> str:
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={f["charset"]}">' if f["charset"] else ""
    return f'{charset}\n<title>{f["page_title"]}</title>\n<meta name="SiteName" content="{f["site"]}"/>\n<meta name="ArticleTitle" content="{f["title"]}"/>\n<meta name="PubDate" content="{f["date"]} 16:05"/>'


def _wide(f: dict[str, Any], content: str) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>{_meta(f)}{COMMENT}
<style>.content{{font-size:16px}}</style></head><body>
<div class="top"><div class="w1200"><span>今天是 星期四</span><a href="#">繁體版</a> | <a href="#">无障碍阅读</a> | <a href="#">手机版</a></div></div>
<div class="nav w1200"><a>网站首页</a><a>政务公开</a><a>政务服务</a><a>政民互动</a><a>数据发布</a></div>
<div class="w1200 dqwz">您所在的位置：<a>首页</a> - <a>政务公开</a> - <a>信息公开年报</a> - <a>{f["Y"]}年</a></div>
<div class="w1200"><div class="bt">{f["title"]}</div>
<div class="ly">{f["when"]}来源：{f["source"]}&nbsp;&nbsp;访问量：<span id="hits">{f["hits"]}</span>&nbsp;&nbsp;字号：大 中 小</div>
<div class="content">
{content}
</div><div class="gn">【打印本页】【关闭窗口】</div></div>
<div class="footer"><p>主办单位：{f["source"]}</p><p>网站标识码：{f["hits"]}0000{f["hits"]}　工信部备案号：00000000号-1</p></div>
</body></html>"""


def _card(f: dict[str, Any], content: str) -> str:
    return f"""<!doctype html><html lang="zh"><head><meta name="viewport" content="width=device-width">{_meta(f)}</head><body>{COMMENT}
<div id="wrap"><h3>{f["site"]}</h3><div class="side"><ul><li>政府信息公开指南</li><li>政府信息公开制度</li><li class="on">政府信息公开年报</li><li>政策文件</li></ul></div>
<table class="headInfo" width="100%"><tbody><tr><td><b>索 引 号：</b>{f["hits"]}/{f["Y"] + 1}-000{f["hits"] % 90 + 10}</td><td><b>主题分类：</b>其他</td></tr>
<tr><td><b>发布机构：</b>{f["source"]}</td><td><b>生成日期：</b>{f["date"] if f["when"] else ""}</td></tr><tr><td colspan="2"><b>名&nbsp;&nbsp;&nbsp;&nbsp;称：</b>{f["title"]}</td></tr></tbody></table>
<div class="conTxt">
<h2 align="center">{f["title"]}</h2>
{content}
</div>
<div class="prev">上一篇：<a href="#">{f["Y"] - 1}年政府信息公开工作年度报告</a><br>下一篇：<a href="#">关于{f["Y"] + 1}年重大项目的公示</a></div></div>
</body></html>"""


def _old(f: dict[str, Any], content: str) -> str:
    return f"""<html><head>{_meta(f)}</head><body topmargin=0>{COMMENT}
<table width=1003 align=center><tr><td colspan=2><img src=banner.jpg></td></tr><tr><td>首页</td><td>政务公开</td></tr></table>
<table width=1003 align=center cellpadding=6><tr><td align=center class=bt><font size=4 color=#003366>{f["title"]}</font></td></tr>
<tr><td align=center>{f["when"]}阅读次数：{f["hits"]}</td></tr>
<tr><td class=nr>
{content}
</td></tr></table><table width=1003 align=center><tr><td align=center>Copyright 版权所有 {f["site"]}</td></tr></table></body></html>"""


def _bare(f: dict[str, Any], content: str) -> str:
    return f"<html><head>{_meta(f)}</head><body>{COMMENT}<h1>{f['title']}</h1>\n<div>{f['when']}</div>\n{content}\n</body></html>"


def _layers(f: dict[str, Any], content: str) -> str:
    gaps = "<td></td>" * 60
    return f"""<html><head>{_meta(f)}</head><body>{COMMENT}<table><tr><td>
<table><tr>{gaps}</tr><tr><td>当前位置 :首页 &gt; 公开年报</td>{gaps}</tr></table></td></tr><tr><td><table><tr><td><table><tr>{gaps}<td>
<table><tr><td>{f["title"]}</td></tr><tr><td>{f["when"]}</td></tr><tr><td>
{content}
</td></tr></table></td>{gaps}</tr></table></td></tr></table></td></tr><tr><td>打印 关闭 分享到</td></tr></table></body></html>"""


def _mobile(f: dict[str, Any], content: str) -> str:
    return f"""<!DOCTYPE html><html><head>{_meta(f)}<script>var hits={f["hits"]};</script></head><body>{COMMENT}<section class="art">
<header><h1>{f["title"]}</h1><div class="info"><i>{f["source"]}</i> <time>{f["date"] if f["when"] else ""}</time></div></header>
<div class="view TRS_UEDITOR trs_paper_default">{content}</div>
<p class="zan">点赞（{f["hits"] % 90}）　收藏　扫一扫在手机上查看</p></section><nav class="more"><h4>推荐阅读</h4><ul><li>{f["Y"] - 2}年政府信息公开年报</li><li>12345热线使用说明</li></ul></nav></body></html>"""
