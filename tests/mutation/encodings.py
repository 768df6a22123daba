"""The same text in other bytes: encodings with a right, a wrong and no declaration."""

from __future__ import annotations

import re

_CHARSET = re.compile(r"""<meta[^>]*charset[^>]*>""", re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
Encoded = tuple[bytes, str | None]


def declared(source: str, charset: str | None) -> str:
    """The source with this charset in a meta tag, or with none."""
    source = _CHARSET.sub("", source)
    if charset is None:
        return source
    tag = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    return _HEAD.sub(lambda match: match.group() + tag, source, count=1) if _HEAD.search(source) else tag + source


def _in(encoding: str, charset: str | None, header: str | None = None, mark: bytes = b"") -> object:
    def encode(source: str) -> Encoded:
        content = mark + declared(source, charset).encode(encoding, "xmlcharrefreplace")
        return content, f"text/html; charset={header}" if header else None

    return encode


def mojibake(source: str) -> Encoded:
    """UTF-8 that a server took for latin-1 and encoded again."""
    return declared(source, "utf-8").encode().decode("latin-1").encode(), None


def references(source: str) -> Encoded:
    """ASCII: every other character is a numeric reference, decimal or hexadecimal."""
    out = []
    for char in declared(source, "us-ascii"):
        out.append(char if ord(char) < 128 else f"&#x{ord(char):X};" if ord(char) % 2 else f"&#{ord(char)};")
    return "".join(out).encode("ascii"), None


ENCODINGS = {
    "gb18030 declared": _in("gb18030", "gb18030"),
    "gb18030 without declaration": _in("gb18030", None),
    "gb18030 declared utf-8": _in("gb18030", "utf-8"),
    "gbk declared gb2312": _in("gbk", "gb2312"),
    "gbk in the header only": _in("gbk", None, "GBK"),
    "gbk, the header says utf-8": _in("gbk", None, "utf-8"),
    "utf-8 without declaration": _in("utf-8", None),
    "utf-8 declared gbk": _in("utf-8", "gbk"),
    "utf-8 declared latin-1": _in("utf-8", "iso-8859-1"),
    "utf-8 with mark, declared gb2312": _in("utf-8", "gb2312", None, b"\xef\xbb\xbf"),
    "utf-16 with mark": _in("utf-16-le", None, None, b"\xff\xfe"),
    "utf-16 big-endian with mark": _in("utf-16-be", "utf-8", None, b"\xfe\xff"),
    "utf-16 without mark": _in("utf-16-le", "gbk"),
    "encoded twice": mojibake,
    "numeric references": references,
}
BIG5 = {
    "big5 declared": _in("big5hkscs", "big5"),
    "big5 without declaration": _in("big5hkscs", None),
    "big5 declared utf-8": _in("big5hkscs", "utf-8"),
}
