"""What happens to a page's script: Traditional by machine, wrong converters, pinyin in brackets, doubled commas."""

from __future__ import annotations

from functools import cache

import zhconv_rs_opencc

# readings as such pages print them, after these characters only
TONES = {
    "报": "bào", "数": "shù", "机": "jī", "构": "gòu", "国": "guó", "务": "wù", "开": "kāi", "关": "guān", "县": "xiàn",
    "办": "bàn", "处": "chǔ", "条": "tiáo", "总": "zǒng", "电": "diàn", "话": "huà", "请": "qǐng", "诉": "sù", "讼": "sòng",
    "复": "fù", "议": "yì", "费": "fèi", "网": "wǎng", "发": "fā", "现": "xiàn", "没": "méi", "结": "jié", "时": "shí",
}  # fmt: skip
PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ", "aaaaeeeeiiiioooouuuuvvvv")
# what wrong converters make of Traditional text
WRONG = {"面": "麵", "复": "複", "历": "曆", "制": "製", "咨": "谘", "系": "係", "只": "隻", "后": "後", "征": "徵"}
TAIWAN = (("信息", "資訊"), ("文件", "檔案"), ("咨询", "諮詢"), ("网络", "網路"), ("视频", "影片"), ("数据", "資料"))


@cache
def _letter(char: str) -> str:
    return str(zhconv_rs_opencc.zhconv(char, "zh-hant"))


def traditional(text: str) -> str:
    """Letter by letter, as simple machines do it."""
    return "".join(_letter(char) for char in text)


def wrong(text: str) -> str:
    """Traditional by a converter that chooses the wrong letter where there are two."""
    return traditional("".join(WRONG.get(char, char) for char in text))


def taiwan(text: str) -> str:
    """Traditional with the words of Taiwan."""
    for old, new in TAIWAN:
        text = text.replace(old, new)
    return traditional(text)


def pinyin(text: str) -> str:
    """Readings with tones in brackets after some characters."""
    return "".join(f"{char}({TONES[char]})" if char in TONES else char for char in text)


def pinyin_plain(text: str) -> str:
    """Readings without tones, in full-width brackets."""
    return "".join(f"{char}（{TONES[char].translate(PLAIN)}）" if char in TONES else char for char in text)


def pinyin_traditional(text: str) -> str:
    """Traditional letters with their readings, as mirror sites print them."""
    return "".join(f"{_letter(char)}({TONES[char]})" if char in TONES else _letter(char) for char in text)


def pinyin_doubled(text: str) -> str:
    """Readings printed twice, commas too."""
    marks = (f"{char}" + 2 * f"({TONES[char].translate(PLAIN)})" if char in TONES else char for char in text)
    return "".join(marks).replace("，", ",,")


DAMAGES = {
    "traditional": traditional, "wrong": wrong, "taiwan": taiwan, "pinyin": pinyin, "pinyin_plain": pinyin_plain,
    "pinyin_doubled": pinyin_doubled, "pinyin_traditional": pinyin_traditional,
    "commas_doubled": lambda text: text.replace("，", "，，"),
}  # fmt: skip
