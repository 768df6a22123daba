"""The same words in another dress: script, letters torn apart, digits, punctuation, qualifiers."""

from __future__ import annotations

import re
from random import Random

from bs4 import BeautifulSoup, NavigableString
from zhconv_rs_opencc import zhconv

from tests.mutation.tree import in_cell, joined_runs, markup, paragraphs, rewrite, texts

_HAN = r"[\u4e00-\u9fff]"
_BETWEEN = re.compile(f"(?<={_HAN})(?={_HAN})")
_UNITS = "条件次人篇份个项期部家户宗起"
_BIG = re.compile(rf"(?<![\d.,，\-—－/年〔\[（(+])(\d{{4,9}})(?=(?:\.\d+)?(?:[万余多]{{0,2}})(?:[{_UNITS}]|元))")
_WHOLE = re.compile(r"\s*(\d{4,9})\s*")
_NUMBER = re.compile(r"(?<![\d.,，\-—－/+:：〔\[A-Za-z@])(\d[\d,.]*\d|\d)(?![\d.,、\-—－/+:：A-Za-z@)）])")
_CUT = re.compile(rf"(?<={_HAN})([1-9]\d{{3,8}})(?=[{_UNITS}])")
_FULL = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}
_INVISIBLE = "\u200b\ufeff\u200c\u2060\u00ad\u200d"
_NARROW = str.maketrans(
    {"，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "！": "!", "？": "?", "％": "%", "。": "｡", "、": "､"}
)


def script(variant: str) -> object:
    """The whole page in another script, title and meta data too. The variant 昇 of 升 stays 升: no reader could know
    whether a name is meant."""
    return lambda source, _: zhconv(source, variant).replace("昇", "升" if "昇" not in source else "昇")


def letters_torn(blank: str) -> object:
    """Blanks between the letters of labels in cells and of headings, as forms justify them."""

    def change(soup: BeautifulSoup, random: Random) -> None:
        def torn(text: str) -> str:
            return _BETWEEN.sub(lambda _: blank * random.choice((0, 1, 1, 2)), text)

        rewrite(soup, torn, lambda node: in_cell(node) and len(node) <= 40 and not re.search(r"\d{2}", node))
        for tag in paragraphs(soup):
            if re.fullmatch(r"\s*[一二三四五六七八九十]、[^\s\d]{2,40}", tag.get_text()):  # no row of a flattened table
                for node in texts(tag):
                    head, mark, rest = str(node).partition("、")
                    node.replace_with(NavigableString(head + mark + torn(rest)))

    return change


def labels_broken(soup: BeautifulSoup, random: Random) -> None:
    """<br> inside the labels of cells, as narrow columns are typed."""
    for node in texts(soup):
        if in_cell(node) and len(node.strip()) >= 3 and not re.search(r"\d{2}", node):
            places = [match.start() for match in _BETWEEN.finditer(str(node))]
            cuts = sorted(random.sample(places, min(len(places), random.randint(1, 3)))) if places else []
            parts = [str(node)[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
            markup(soup, node, "<br>".join(_escaped(part) for part in parts))


def labels_upright(soup: BeautifulSoup, random: Random) -> None:
    """Short labels with one letter a line."""
    for node in texts(soup):
        if in_cell(node) and re.fullmatch(rf"\s*{_HAN}{{2,8}}\s*", str(node)):
            markup(soup, node, "<br/>".join(str(node).strip()))


def invisible(soup: BeautifulSoup, random: Random) -> None:
    """Characters without width anywhere in the text, numbers included."""

    def strewn(text: str) -> str:
        return "".join(char + (random.choice(_INVISIBLE) if random.random() < 0.15 else "") for char in text)

    rewrite(soup, strewn)


def confetti(soup: BeautifulSoup, random: Random) -> None:
    """Every text in spans of a few letters, as word processors paste them."""
    for node in texts(soup.body or soup):
        text, parts = str(node), []
        while text:
            size = random.randint(1, 5)
            parts.append(text[:size])
            text = text[size:]
        wraps = ('<span lang="EN-US" style="mso-bidi-font-size:12.0pt">', "<span>", '<font face="仿宋_GB2312">')
        html = ""
        for part in parts:
            opened = random.choice(wraps)
            closing = "</font>" if opened.startswith("<font") else "</span>"
            html += f"{opened}{_escaped(part)}{closing}" + ("<o:p></o:p>" if random.random() < 0.05 else "")
        markup(soup, node, html)


def source_wrapped(soup: BeautifulSoup, random: Random) -> None:
    """Line ends and indentation of the source inside Chinese text, which a browser shows as nothing or a blank."""
    rewrite(soup, lambda text: _BETWEEN.sub(lambda _: "\n      " if random.random() < 0.06 else "", text))


def full_width(soup: BeautifulSoup, random: Random) -> None:
    """All digits in full width."""
    rewrite(soup, lambda text: text.translate(_FULL))


def thousands(soup: BeautifulSoup, random: Random) -> None:
    """3456件 → 3,456件; a cell 3456 → 3,456."""

    joined_runs(soup)

    def marked(text: str) -> str:
        return _BIG.sub(lambda match: f"{int(match[1]):,}", text)

    rewrite(soup, marked, lambda node: not in_cell(node))
    for node in texts(soup):
        if in_cell(node) and (whole := _WHOLE.fullmatch(str(node))) and not 1990 < int(whole[1]) < 2040:
            node.replace_with(NavigableString(f"{int(whole[1]):,}"))


def thousands_wide(soup: BeautifulSoup, random: Random) -> None:
    """３，４５６件 in full width throughout."""
    thousands(soup, random)
    rewrite(soup, lambda text: re.sub(r"(?<=\d),(?=\d{3})", "，", text).translate(_FULL))


def thousands_apart(soup: BeautifulSoup, random: Random) -> None:
    """3456件 → 3 456件 in sentences."""
    joined_runs(soup)
    rewrite(
        soup,
        lambda text: _CUT.sub(lambda match: f"{int(match[1]):,}".replace(",", " "), text),
        lambda node: not in_cell(node),
    )


def digits_apart(blank: str) -> object:
    """Blanks on both sides of numbers, but in rows of flattened tables, where blanks part cells."""

    def change(soup: BeautifulSoup, random: Random) -> None:
        joined_runs(soup)
        rewrite(
            soup,
            lambda text: _NUMBER.sub(rf"{blank}\1{blank}", text),
            lambda node: in_cell(node) or "。" in node or bool(node.find_parent(["h1", "h2", "h3"])),
        )

    return change


def numerals(soup: BeautifulSoup, random: Random) -> None:
    """3件 → 三件, 12次 → 十二次: small numbers before a unit in sentences."""
    joined_runs(soup)
    digits = "零一二三四五六七八九"

    def written(match: re.Match[str]) -> str:
        tens, ones = divmod(int(match[1]), 10)
        ten = "" if not tens else ("" if tens == 1 else digits[tens]) + "十"
        return (ten + (digits[ones] if ones or not tens else "")) + match[2]

    pattern = re.compile(r"(?<=[收到理共开为生请议讼报访诉办出])([1-9]\d?)([件条次份起宗场期])(?![A-Za-z0-9])")
    rewrite(soup, lambda text: pattern.sub(written, text), lambda node: not in_cell(node))


def myriads(soup: BeautifulSoup, random: Random) -> None:
    """32000人次 → 3.2万人次 in sentences."""
    joined_runs(soup)
    pattern = re.compile(rf"(?<![\d.,，\-—－/〔+])([1-9]\d{{1,4}})(?:000|00)(?=[{_UNITS}])")

    def short(match: re.Match[str]) -> str:
        value = int(match[0])
        return f"{value / 10000:.4f}".rstrip("0").rstrip(".") + "万" if value >= 10_000 else match[0]

    rewrite(soup, lambda text: pattern.sub(short, text), lambda node: not in_cell(node))


def narrow_marks(soup: BeautifulSoup, random: Random) -> None:
    """Punctuation in half width, but no comma that would join two numbers."""
    rewrite(
        soup,
        lambda text: re.sub(
            r"[，：；（）！？％。、](?!\d)|(?<!\d)[，：；（）！？％。、]",
            lambda match: match[0].translate(_NARROW),
            text,
        ),
    )


def wide_marks(soup: BeautifulSoup, random: Random) -> None:
    """Punctuation in full width beside Chinese."""
    wide = str.maketrans({",": "，", ":": "：", ";": "；", "(": "（", ")": "）", "%": "％", "!": "！"})
    rewrite(
        soup,
        lambda text: re.sub(
            rf"(?<={_HAN})[,:;()!]|[,:;()!](?={_HAN})|(?<=\d)%", lambda match: match[0].translate(wide), text
        ),
    )


def other_quotes(soup: BeautifulSoup, random: Random) -> None:
    """Quotation marks and dashes of another keyboard."""
    rewrite(
        soup,
        lambda text: text.translate(str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "－"})),
        lambda node: "——" not in node,
    )


def qualifiers(soup: BeautifulSoup, random: Random) -> None:
    """约 → 近, 余 → 多, 超过 → 逾, 左右 → 上下: another word of the same class."""

    def swapped(text: str) -> str:
        text = re.sub(r"(?:大约|约)(?=[\d一二三四五六七八九])", "近", text)
        text = re.sub(r"(?<=[\d万千百])余(?=[万千百条件次人篇份个项期元])", "多", text)
        text = re.sub(r"超过(?=\d)", "逾", text)
        return re.sub(rf"(?<=[{_UNITS}])左右", "上下", text)

    rewrite(soup, swapped)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SCRIPTS = {
    "traditional": script("zh-hant"), "traditional of Taiwan": script("zh-tw"), "traditional of Hong Kong": script("zh-hk"),
}  # fmt: skip
WORDS = {
    "label letters apart by spaces": letters_torn(" "),
    "label letters apart by nbsp": letters_torn("\u00a0"),
    "label letters apart by wide blanks": letters_torn("\u3000"),
    "labels broken": labels_broken,
    "labels upright": labels_upright,
    "invisible characters": invisible,
    "confetti": confetti,
    "source wrapped": source_wrapped,
    "full-width digits": full_width,
    "thousands marks": thousands,
    "thousands marks in full width": thousands_wide,
    "thousands apart": thousands_apart,
    "numbers between spaces": digits_apart(" "),
    "numbers between nbsp": digits_apart("\u00a0"),
    "numerals": numerals,
    "myriads": myriads,
    "narrow punctuation": narrow_marks,
    "wide punctuation": wide_marks,
    "other quotes": other_quotes,
    "qualifiers": qualifiers,
}
