"""Traditional script as a machine makes it, and pinyin in brackets after single letters as copy sites put it."""

from __future__ import annotations

from zhconv_rs_opencc import zhconv

PINYIN = {
    "報": "bào", "數": "shù", "機": "jī", "務": "wù", "國": "guó", "開": "kāi", "縣": "xiàn", "條": "tiáo", "個": "gè",
    "請": "qǐng", "單": "dān", "員": "yuán", "訴": "sù", "復": "fù", "網": "wǎng", "費": "fèi", "會": "huì", "實": "shí",
}  # fmt: skip
DAMAGE = {"方面": "方麵", "編制": "編製", "諮詢": "谘詢", "咨詢": "谘詢"}


def traditional(text: str) -> str:
    return str(zhconv(text, "zh-hant"))


def with_pinyin(text: str) -> str:
    """Every third letter of those above gets its sound behind it."""
    text = traditional(text)
    for right, wrong in DAMAGE.items():
        text = text.replace(right, wrong)
    return "".join(f"{c}({PINYIN[c]})" if c in PINYIN else c for c in text)
