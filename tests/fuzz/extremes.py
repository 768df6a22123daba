"""Pages that are made to be slow: something short, again and again, in every place of a report."""

from __future__ import annotations

from random import Random

PIECES = (
    "其中", "其中1件，", "、", "，", "。", "；", "：", "（", "）", "(", ")", "((", "《", "》", "《1", "“", "〔", "〔2012〕", "〔2012〕1号", "【", "1", "12",
    "1,", "1,234", "1.", "1 ", "-", "—", "－", "%", "1%", "+1", ".", "..", "/", "|", "| ", "｜", "一", "十", "百", "一百二十", "万", "亿", "1万", "余", "多",
    "约", "近", "超过", "左右", "以上", "第", "第一", "第1条", "件", "条", "条次", "1件", "1条，", "收到", "未收到", "没有", "没有收到", "无", "不存在", "未发生", "全部",
    "均", "免收", "公开信息", "主动公开政府信息", "政府信息公开申请", "收到政府信息公开申请", "行政复议", "行政诉讼", "行政复议、行政诉讼", "举报", "微博", "网站",
    "较上年", "增长", "比2011年增加", "占", "截至", "历年", "累计", "2012", "2012年", "2012年1月", "2012年1月1日", "2012年1月1日至", "至", "2012-01-01",
    "二〇一二年", "二", "年", "月", "日", "1月1日", "自2012年", "电话", "电话：", "电话：0571-", "0571-", "010-1", "1381234567", "传真", "邮编", "邮编：", "@",
    "a@", "a.", "a@a.", "www.", "http://", "http://a/", "地址：", "甲路1号", "省", "市", "县", "区", "镇", "街道", "自治县", "人民政府", "北京市", "朝阳区",
    "新开镇", "内蒙古自治区", "局", "办公室", "教育局", "政府信息公开", "年度报告", "政府信息公开工作年度报告", "2012年政府信息公开", "一、", "（一）", "1．", "㈠",
    "①", "⒈", "附件", "附表", "总计", "其他", "自然人", "信息内容", "规章", "结果维持", "指标", "发布日期：", "来源：", "浏览", "首页 > ", "a", "A", "ab ", "ā",
    "(yī)", "（yi）", "信(xin)", "(x", " ", "  ", "\u00a0", "\u3000", "\t", "\n", "\r", "。\n", "一\n", "1\n", "条\n", "（\n", "\u200b", "\u202e", "\u0301",
    "e\u0301", "ﷺ", "㎏", "㈱", "ｶﾞ", "½", "²", "𠀀", "😀", "\ufffd", "\ue000", "&nbsp;", "&amp;", "&", "&#", "&#x", "&lt;", "<", ">", "<>", "</", "<!--", "<!",
    "<?", "<![CDATA[", "<br>", "<p>", "</p>", "<p>1", "<div>", "</div>", "<span>", "<b>", "<i><b>", "<a>", "<a href=1>", "<font>", "<table>", "<table><tr><td>",
    "<tr>", "<td>", "<td>1", "<tr><td>", "<tr><td>1<td>2", "<td rowspan=999>", "<td colspan=999>", "<tr><td colspan=1000>1", "<td rowspan=0>1", "<li>",
    "<ul><li>", "<form>", "<select>", "<option>", "<svg>", "<math>", "<script>", "<style>", "<title>", "<textarea>", "<pre>", "<sup>1", "<img>", "<meta name=a content=b>",
    "<p hidden>", "<frame>", "<a b=c ", "x=y ", "'", '"', "政府資訊公開", "麵", "複議", "閱", "國",
)  # fmt: skip
PLACES = (
    "body", "paragraph", "sentence", "heading", "title", "head title", "meta", "attribute", "cell", "cells", "before", "after", "alone", "text file",
)  # fmt: skip
_SIZES = (1_000, 10_000, 50_000, 200_000)
_MATRIX = "".join(
    f"<tr><td>{label}</td>" + "<td>0</td>" * 7 + "</tr>"
    for label in ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开")
)


def page(piece: str, size: int, place: str) -> bytes:
    """A report with ``piece`` repeated to ``size`` characters in one of PLACES."""
    text = piece * (size // len(piece) + 1)
    if place in ("alone", "text file"):
        return text.encode("utf-8", "replace")
    at = {name: (text if name == place else "") for name in PLACES}
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>玉屏县2012年政府信息公开工作年度报告{at["head title"]}</title>
<meta name="description" content="{at["meta"]}"></head><body>{at["before"]}<div class="{at["attribute"]}">
<h1>玉屏县2012年政府信息公开工作年度报告{at["title"]}</h1>
<p>本报告根据《中华人民共和国政府信息公开条例》编制，统计期限为2012年1月1日至2012年12月31日。</p>
<p>一、主动公开政府信息情况{at["heading"]}</p>
<p>全县主动公开政府信息3521条，其中网站公开{at["sentence"]}1200条。</p><p>{at["paragraph"]}</p>
<p>二、依申请公开政府信息情况</p><p>收到政府信息公开申请12件，全部办结。</p>
{at["body"]}<table><tr><td>{at["cell"]}</td><td>自然人</td></tr>{_MATRIX}{at["cells"]}</table>
<p>三、行政复议和行政诉讼情况</p><p>未发生行政复议和行政诉讼。</p></div>{at["after"]}</body></html>""".encode(
        "utf-8", "replace"
    )


def page_of(body: str) -> bytes:
    """The report with this in its body."""
    return page(body, len(body) - 1, "body")


def _word(number: int) -> str:
    return "".join(chr(0x4E00 + number // 90**place % 90 * 37) for place in range(4))


def extreme(random: Random) -> tuple[str, bytes]:
    """One such page: (its name, the bytes). Now and then two pieces take turns."""
    piece, place, size = random.choice(PIECES), random.choice(PLACES), random.choice(_SIZES)
    if random.random() < 0.35:
        piece += random.choice(PIECES)
    return name(piece, size, place), page(piece, size, place)


def name(piece: str, size: int, place: str) -> str:
    """What to call such a page."""
    return f"{piece!r} to {size} in {place}"


def giants() -> list[tuple[str, bytes]]:
    """A few fixed pages that are large: long lines, numbers, nesting, tables, attributes, references."""
    table = "<table>" + "<tr>" + "<td>1</td>" * 150 + "</tr>"
    return [
        ("one line of 5 MB", page("公开政府信息", 1_700_000, "paragraph")),
        ("a sentence of 300,000 numbers", page("1件，", 900_000, "paragraph")),
        ("a number of 100,000 digits", page("7", 100_000, "sentence")),
        ("10,000 enumeration marks", page("、", 10_000, "sentence")),
        ("其中 5,000 times", page("其中", 10_000, "sentence")),
        ("divs 100,000 deep", page("<div>", 500_000, "body")),
        ("tables 5,000 deep", page("<table><tr><td>", 75_000, "body")),
        ("a table of 300,000 cells", page("<tr>" + "<td>1</td>" * 150 + "</tr>", 3_000_000, "cells")),
        ("tables without end", (table * 2000).encode()),
        ("spans without end", page("<tr><td rowspan=65534 colspan=1000>1</td></tr>", 200_000, "cells")),
        ("100,000 attributes", ("<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">").encode()),
        ("an attribute of 4 MB", page("x", 4_000_000, "attribute")),
        ("references to references", page("&amp;amp;", 1_000_000, "paragraph")),
        ("60,000 paragraphs of one letter", page("<p>一</p>", 420_000, "body")),
        ("20,000 cells, one a paragraph", page("<p>行政处罚</p><p>1</p>", 300_000, "body")),
        ("20,000 different lines", page_of("".join(f"<p>{_word(n)}</p>" for n in range(20_000)))),
        ("20,000 different rows", page_of("".join(f"<p>行政{_word(n)}数量  {n}</p>" for n in range(20_000)))),
        ("a table of 60,000 different words", page_of("<table>" + "".join("<tr>" + "".join(f"<td>行政{_word(60 * n + m)}</td>" for m in range(60)) + "</tr>" for n in range(1000)) + "</table>")),
        ("20,000 headings", page("<p>一、总体情况</p>", 300_000, "body")),
        ("200,000 brackets", page("（", 200_000, "sentence")),
        ("5 MB of random-looking bytes", bytes((n * n * 31 + n // 7) % 256 for n in range(1_000_000)) * 5),
        ("5 MB of UTF-16 blanks", b"\xff\xfe" + b" \x00" * 2_500_000),
    ]  # fmt: skip
