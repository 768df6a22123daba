"""Damages of a golden page, each a small function of its bytes or its source; all are deterministic."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.mutation.pages import Golden

_TAG = re.compile(r"<[^<>]{1,300}>")
_ENTITIES = (
    "&nbsp;", "&#12288;", "&#x4E00;", "&amp;amp;", "&lt;td&gt;", "&#0;", "&#xD800;", "&#x110000;", "&#99999999999;", "&;", "&unknown;",
    "&#x202E;", "&NotExistsAtAllButLongName;", "&", "&#", "&#x",
)  # fmt: skip
_CONTROLS = "\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f\x85\u2028\u2029\ufffe\uffff"
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
_SOUP = (
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td colspan=3>", "<td rowspan=0>", "<p>", "</p>", "<div>", "</div>", "<span>",
    "<b>", "</b>", "<font", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script>", "<style>", "</style>", "<textarea>", "<title>",
    "</title>", "<select>", "<option>", "<form>", "<svg>", "<math>", "<template>", "<noscript>", "<frameset>", "<iframe>", "<body>", "</body>",
    "</html>", "<html>", "<pre>", "<li>", "<a href=", "<br/>", "<plaintext>", "<?xml version='1.0'?>", "<o:p>", "<![if gte mso 9]>",
)  # fmt: skip
_SPANS = ("0", "-1", "2", "7", "999999", "99999999999999", "1e9", "٣", "", "5;", " 3 ", "+4")

Damage = Callable[[str, Random], str | bytes]


def truncated(source: str, random: Random) -> bytes:
    """Cut at any byte."""
    content = source.encode(random.choice(("utf-8", "gb18030", "utf-16-le")), "xmlcharrefreplace")
    return content[: random.randrange(len(content))]


def headless(source: str, random: Random) -> bytes:
    """The beginning is gone."""
    content = source.encode(random.choice(("utf-8", "gb18030")), "xmlcharrefreplace")
    return content[random.randrange(len(content)) :]


def bytes_changed(source: str, random: Random) -> bytes:
    """Single bytes overwritten."""
    content = bytearray(source.encode("utf-8"))
    for _ in range(random.choice((1, 5, 50, 500))):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


def bytes_lost(source: str, random: Random) -> bytes:
    """Runs of bytes left out."""
    content = source.encode(random.choice(("utf-8", "gb18030", "utf-16-le")), "xmlcharrefreplace")
    for _ in range(random.randint(1, 8)):
        start = random.randrange(len(content))
        content = content[:start] + content[start + random.choice((1, 2, 3, 40, 400)) :]
    return content or b" "


def wrong_encoding(source: str, random: Random) -> bytes:
    """Two halves in two encodings."""
    cut = random.randrange(len(source))
    first, second = random.sample(("utf-8", "gb18030", "utf-16-le", "big5hkscs", "shift_jis"), 2)
    return source[:cut].encode(first, "replace") + source[cut:].encode(second, "replace")


def repeated(source: str, random: Random) -> str:
    """A piece that comes again and again."""
    start = random.randrange(len(source))
    piece = source[start : start + random.choice((20, 200, 2000))]
    return source[:start] + piece * random.choice((2, 5, 30)) + source[start:]


def shuffled(source: str, random: Random) -> str:
    """Pieces in another order."""
    cuts = sorted(random.randrange(len(source)) for _ in range(random.randint(1, 9)))
    pieces = [source[first:last] for first, last in zip([0, *cuts], [*cuts, len(source)], strict=True)]
    random.shuffle(pieces)
    return "".join(pieces)


def tag_soup(source: str, random: Random) -> str:
    """Tags where none belong."""
    for _ in range(random.choice((1, 4, 20, 100))):
        place = random.randrange(len(source))
        source = source[:place] + random.choice(_SOUP) + source[place:]
    return source


def tags_lost(source: str, random: Random) -> str:
    """Some tags left out."""
    share = random.choice((0.01, 0.1, 0.5, 1.0))
    return _TAG.sub(lambda match: "" if random.random() < share else match.group(), source)


def tags_swapped(source: str, random: Random) -> str:
    """Tags in the places of other tags."""
    tags = _TAG.findall(source)
    return _TAG.sub(lambda match: random.choice(tags) if random.random() < 0.1 else match.group(), source)


def attributes(source: str, random: Random) -> str:
    """Rubbish and absurd spans in tags."""

    def junk(match: re.Match[str]) -> str:
        if random.random() > 0.2 or match.group().startswith(("</", "<!")):
            return match.group()
        name = random.choice(("rowspan", "colspan", "class", "style", "id", "hidden", "onclick", '"', "='", "a" * 300))
        value = random.choice((*_SPANS, "footer", "display:none", "x" * 500, "'>", "政府"))
        return match.group()[:-1].rstrip("/") + f' {name}="{value}">'

    return _TAG.sub(junk, source)


def spans(source: str, random: Random) -> str:
    """Every cell with a span at random."""
    return re.sub(
        r"<(td|th)\b[^<>]{0,200}>",
        lambda match: f'<{match[1]} {random.choice(("rowspan", "colspan"))}="{random.choice(_SPANS)}">' if random.random() < 0.3 else match[0],
        source, flags=re.IGNORECASE,
    )  # fmt: skip


def entities(source: str, random: Random) -> str:
    """Character references, broken and bad ones too."""
    for _ in range(random.choice((3, 30, 300))):
        place = random.randrange(len(source))
        source = source[:place] + random.choice(_ENTITIES) + source[place:]
    return source


def letters(alphabet: str) -> Damage:
    def damage(source: str, random: Random) -> str:
        share = random.choice((0.002, 0.02, 0.1))
        return "".join(char + (random.choice(alphabet) if random.random() < share else "") for char in source)

    return damage


def any_letters(source: str, random: Random) -> str:
    """Characters of all of Unicode but surrogates."""
    share = random.choice((0.002, 0.02, 0.2))
    return "".join(
        char
        if random.random() > share
        else chr(random.choice((random.randrange(0xD800), random.randrange(0xE000, 0x110000))))
        for char in source
    )


def digits(source: str, random: Random) -> str:
    """Other numbers: very long ones, with marks, fractions and signs in odd places."""
    odd = (
        "9" * random.randint(13, 400),
        "1,2,3",
        "1.2.3",
        "-0",
        "+-5",
        "0x1F",
        "1e308",
        "٤٥",
        "½",
        "²",
        "十百千万亿",
        "〇" * 9,
        "∞",
        "NaN",
        "",
    )
    return re.sub(r"\d{1,9}", lambda match: random.choice(odd) if random.random() < 0.15 else match.group(), source)


def words_repeated(source: str, random: Random) -> str:
    """One short run of Chinese many times over, where it stands."""
    found = list(re.finditer("[\u4e00-\u9fff，、（）《》]{1,12}", source))
    if not found:
        return source
    chosen = random.choice(found)
    return source[: chosen.start()] + chosen.group() * random.choice((10, 200, 2000)) + source[chosen.end() :]


def unwrapped(source: str, random: Random) -> str:
    """Line ends and blanks gone or changed."""
    mark = random.choice(("", " ", "\r", "\n\n\n", "\u2028", "\t"))
    return re.sub(r"\s+", mark, source) if random.random() < 0.5 else source.replace("。", "").replace("，", mark)


DAMAGES: dict[str, Damage] = {
    "truncated": truncated, "headless": headless, "bytes changed": bytes_changed, "bytes lost": bytes_lost,
    "wrong encoding": wrong_encoding, "repeated": repeated, "shuffled": shuffled, "tag soup": tag_soup, "tags lost": tags_lost,
    "tags swapped": tags_swapped, "attributes": attributes, "spans": spans, "entities": entities, "controls": letters(_CONTROLS),
    "bidi": letters(_BIDI), "any letters": any_letters, "digits": digits, "words repeated": words_repeated, "unwrapped": unwrapped,
}  # fmt: skip
_LAST = ("truncated", "headless", "bytes changed", "bytes lost", "wrong encoding")


def spliced(pages: tuple[Golden, ...], random: Random) -> str:
    """Pieces of several pages after one another."""
    pieces = []
    for golden in random.sample(pages, random.randint(2, 4)):
        first, last = sorted(random.randrange(len(golden.source)) for _ in range(2))
        pieces.append(golden.source[first:last])
    return "".join(pieces) or " "


def damaged(pages: tuple[Golden, ...], random: Random) -> tuple[str, bytes]:
    """One page with up to three damages: (their names, the bytes)."""
    splice = random.random() < 0.1
    source: str | bytes = spliced(pages, random) if splice else random.choice(pages).source
    names = ["spliced"] if splice else []
    wanted = random.sample([name for name in DAMAGES if name not in _LAST], random.randint(0, 2))
    if not wanted or random.random() < 0.4:
        wanted.append(random.choice(_LAST))
    for name in wanted:
        assert isinstance(source, str)
        source = DAMAGES[name](source or " ", random)[:3_000_000]
        names.append(name)
    return ", ".join(names), source.encode("utf-8", "replace") if isinstance(source, str) else source
