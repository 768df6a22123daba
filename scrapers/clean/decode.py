"""Bytes → text, whatever the page declares: a strict decoding first, then detection, scored by common characters."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cache

from resiliparse.parse.encoding import detect_encoding

from scrapers.clean.repairs import common_characters
from scrapers.clean.sniff import wide_encoding
from scrapers.document import Issue, Unreadable

_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_FAMILIES = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "hz": "gb18030",
    "big5": "big5hkscs", "big5hkscs": "big5hkscs", "cp950": "big5hkscs",
}  # fmt: skip
_MAX_LOST_SHARE = 0.25  # of the characters, above which no decoding is trusted
_MIN_COMMON_SHARE = 0.3  # of the Chinese characters, below which the text was read as the wrong one
_CHINESE = re.compile("[\u4e00-\u9fff]")
_CHINESE_RUN = re.compile("[\u4e00-\u9fff]+")
_ASCII = bytes(range(0x80))
_SAMPLE = 200_000
_STEP = 2000  # characters looked at before asking whether they were enough
_MIXED = "gongkai.gbk_in_utf8"
_FOREIGN = re.compile(rb"[\x80-\xff]{1,400}")
# A latin-1 reading of multi-byte text is made of these characters.
_CP1252 = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(0x80, 0x100)}
_LATIN = {code: code for code in range(0x100)} | {ord(char): code for char, code in _CP1252.items()} | {0xFFFD: 0xFF}
_DAMAGE = re.compile("[" + "".join(re.escape(char) for char in _CP1252) + "\u0080-\u00ff\ufffd]")


@dataclass(slots=True)
class Decoded:
    """The text, the encoding it was read in, and whether its last character was cut off."""

    text: str
    encoding: str
    cut: bool = False
    issues: list[Issue] = field(default_factory=list)


def decode(content: bytes, content_type: str | None = None) -> Decoded:
    """The text of ``content``. The declared charset (header or meta tag) only decides between equals.

    Raises Unreadable(undecodable) where no encoding gives sensible text.
    """
    declared = _declared(content, content_type)
    decoded = _wide(content) or _strict_utf8(content) or _best_guess(content, declared)
    if declared and declared != decoded.encoding and _matters(declared, decoded):
        detail = f"the page declares {declared} and is written in {decoded.encoding}"
        decoded.issues.append(Issue("encoding_mismatch", "info", detail))
    foreign = _foreign(decoded.text)
    rare = _is_rare(foreign)
    if _recover_mojibake(decoded, foreign, rare):
        rare = _is_rare(_foreign(decoded.text))
    lost = decoded.text.count("\ufffd")
    if lost > max(len(decoded.text), 1) * _MAX_LOST_SHARE:
        raise Unreadable("undecodable", f"{lost} of {len(decoded.text)} characters fit no encoding")
    if rare and len(_CHINESE.findall(decoded.text[:_SAMPLE])) > 50:
        raise Unreadable("undecodable", "the characters make no Chinese text in any encoding")
    if lost:
        decoded.issues.append(Issue("undecodable_bytes", "warning", f"{lost} characters could not be decoded"))
    decoded.text = decoded.text.replace("\x00", "")
    return decoded


def _matters(declared: str, decoded: Decoded) -> bool:
    return not (decoded.text.isascii() or (declared == "big5" and decoded.encoding == "big5hkscs"))


def _declared(content: bytes, content_type: str | None) -> str | None:
    found = _META.search(content, 0, 4096)
    label = found.group(1).decode("ascii") if found else None
    if label is None and content_type and (header := _HEADER.search(content_type)):
        label = header.group(1)
    try:
        name = codecs.lookup(label).name if label else None
    except LookupError:
        return None
    return _FAMILIES.get(name, name) if name else None


def _wide(content: bytes) -> Decoded | None:
    encoding = wide_encoding(content)
    if encoding is None:
        return None
    text = content.decode(encoding, "replace").lstrip("\ufeff")
    cut = text.endswith("\ufffd")
    return Decoded(text[:-1] if cut else text, encoding, cut)


def _strict_utf8(content: bytes) -> Decoded | None:
    body = content[3:] if content.startswith(codecs.BOM_UTF8) else content
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(body) - 3 or error.reason != "unexpected end of data":
            return None
        return Decoded(body[: error.start].decode("utf-8"), "utf-8", cut=True)


def _best_guess(content: bytes, declared: str | None) -> Decoded:
    """The candidate whose text has the most common characters; the order decides between equals."""
    detected = detect_encoding(content, from_html_meta=False)
    names = [_FAMILIES.get(name, name) for name in (detected, declared, "gb18030", "utf-8", "big5hkscs") if name]
    best, best_score = "gb18030", -2.0
    for name in dict.fromkeys(names):
        try:
            score = sense(content[:_SAMPLE].decode(name, "replace"))
        except LookupError:
            continue
        if score > best_score + 0.01:
            best, best_score = name, score
    text = content.decode(best, _MIXED if best == "utf-8" else "replace")
    cut = text.endswith("\ufffd")
    return Decoded(text[:-1] if cut else text, best, cut)


def _decode_fragment(error: UnicodeError) -> tuple[str, int]:
    """What to read where UTF-8 breaks off: a fragment that was pasted in GBK, else one lost character."""
    assert isinstance(error, UnicodeDecodeError)
    fragment = _FOREIGN.match(error.object, error.start)
    if fragment and len(fragment.group()) > 1:
        text = fragment.group().decode("gb18030", "replace")
        if sense(text) > max(0.5, sense(fragment.group().decode("utf-8", "replace"))):
            return text, fragment.end()
    return "\ufffd", error.end


codecs.register_error(_MIXED, _decode_fragment)


def sense(text: str) -> float:
    """How much ``text`` looks like Chinese (or plain ASCII): from -1, all damage, to 1."""
    foreign = len(re.findall(r"[^\x00-\x7f]", text))
    if not foreign:
        return 0.5
    common = len(common_characters().findall(text))
    return (common - 3 * text.count("\ufffd")) / foreign


def _foreign(text: str) -> str:
    """The characters of the beginning of ``text`` that are no ASCII: few of a page, and all that tells its encoding."""
    return text[:_SAMPLE].encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


@cache
def _common_runs() -> re.Pattern[str]:
    return re.compile(f"{common_characters().pattern}+")


def _is_rare(foreign: str) -> bool:
    """Whether too few of the Chinese characters are common ones: the text was read as the wrong one."""
    least = sum(map(len, _CHINESE_RUN.findall(foreign))) * _MIN_COMMON_SHARE
    common = 0
    for start in range(0, len(foreign), _STEP):
        if common >= least:
            return False
        common += sum(map(len, _common_runs().findall(foreign, start, start + _STEP)))
    return common < least


def _recover_mojibake(decoded: Decoded, foreign: str, rare: bool) -> bool:
    """Undo a second encoding: text in UTF-8 or GBK that was read as latin-1 (or UTF-8 as GBK) and saved again.

    ``foreign``: see _foreign; ``rare``: see _is_rare. True where the text is another one now.
    """
    damaged = len(_DAMAGE.findall(foreign))
    if damaged <= 20 and not rare:
        return False
    sample = decoded.text[:_SAMPLE]
    before = len(common_characters().findall(sample))
    recover = _from_latin if damaged > max(before, 20) else _from_gbk if rare else None
    if recover is None:
        return False
    recovered = recover(sample)
    after = len(common_characters().findall(recovered))
    if after > max(20, 2 * before) and recovered.count("\ufffd") <= len(recovered) * _MAX_LOST_SHARE:
        decoded.text = recovered if len(decoded.text) <= _SAMPLE else recover(decoded.text)
        decoded.issues.append(Issue("mojibake_recovered", "warning", "the text had been encoded twice; it was undone"))
        return True
    return False


def _from_gbk(text: str) -> str:
    return text.replace("\ufffd", "?").encode("gb18030", "replace").decode("utf-8", "replace")


def _from_latin(text: str) -> str:
    return "\n".join(_recover_line(line) for line in text.split("\n"))


def _recover_line(line: str) -> str:
    """``line`` read as the bytes it stood for; characters that stand for no byte split it."""
    if line.isascii():
        return line
    return re.sub("[\x00-\x7f" + _DAMAGE.pattern[1:-1] + "]+", lambda found: _recover_run(found.group()), line)


def _recover_run(run: str) -> str:
    if run.isascii():
        return run
    raw = bytes(_LATIN[ord(char)] for char in run)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        candidates = [raw.decode("utf-8", "replace"), raw.decode("gb18030", "replace")]
    best = max(candidates, key=_worth)
    return best if _worth(best) > _worth(run) + 1 else run


def _worth(text: str) -> int:
    return len(common_characters().findall(text)) - text.count("\ufffd")
