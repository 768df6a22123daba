"""Site frames of this set, beside those of the fourth."""

from __future__ import annotations

from typing import Any

COMMENT = "<!-- 测试用页面,所列数字、电话、门牌均系虚构 (figures are invented) -->"


def _head(f: dict[str, Any]) -> str:
    return f'<meta charset="{f["charset"]}"><title>{f["title"]} - {f["site"]}</title><meta name="ArticleTitle" content="{f["title"]}">'


def _portal(f: dict[str, Any], content: str) -> str:
    when = f"<i>日期：{f['date']}</i>" if f["date"] else ""
    return f"""<!DOCTYPE html><html><head>{_head(f)}</head><body>{COMMENT}
<nav><a href="/">{f["site"]}</a> <a href="/zwgk">政府信息公开</a> <a href="/hdjl">互动交流</a> <a href="/zwfw">政务服务</a></nav>
<div class="weizhi">您所在的位置：首页 / 政府信息公开 / 政府信息公开年报 / 正文</div>
<section class="detail"><h2>{f["title"]}</h2><div class="sub">{when}<i>来源：{f["source"]}</i><i>点击：{f["hits"]}</i><a>打印</a><a>收藏</a></div>
<div class="neirong">
{content}
</div><div class="pn">上一篇：没有了　下一篇：{f["year"] - 1}年政府信息公开工作年度报告</div></section>
<footer>主办单位：{f["source"]}　政务服务便民热线12345　网站地图</footer></body></html>"""


def _dept(f: dict[str, Any], content: str) -> str:
    when = f"<td>公开日期</td><td>{f['date']}</td>" if f["date"] else ""
    return f"""<html><head>{_head(f)}</head><body>{COMMENT}
<div id="top">{f["site"]}</div><div id="left"><ul><li>公开指南</li><li>公开制度</li><li>法定主动公开内容</li><li class="on">公开年报</li><li>依申请公开</li></ul></div>
<div id="right"><table class="bt"><tr><td>信息来源</td><td>{f["source"]}</td>{when}</tr></table>
<h1 align="center">{f["title"]}</h1>
<div class="zw">
{content}
</div></div><div id="foot">Copyright {f["site"]} All Rights Reserved</div></body></html>"""


FRAMES = {"portal": _portal, "dept": _dept}
