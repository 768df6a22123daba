"""Encodings: declared rightly, wrongly or not at all, damaged, cut off and encoded twice."""

from __future__ import annotations

import pytest
import zhconv_rs_opencc

from scrapers.document import Unreadable
from tests.clean.pages import REPORT, page, paragraphs, read

TEXT = "\n".join((*REPORT, "存在的主要问题是公开的内容和目录要求有差距，下一步将继续加强培训和检查。"))
TRADITIONAL = zhconv_rs_opencc.zhconv(TEXT, "zh-hant")


def html(text: str, charset: str) -> str:
    return page(paragraphs(tuple(text.split("\n"))), head=f'<meta charset="{charset}">')


def codes(document: object) -> list[str]:
    return [issue.code for issue in document.issues]  # type: ignore[attr-defined]


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "iso-8859-1", "no-such-charset", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_bytes_decide_not_the_declaration(encoding: str, declared: str) -> None:
    assert read(html(TEXT, declared).encode(encoding)).text == TEXT


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs"])
def test_traditional_pages(encoding: str, declared: str) -> None:
    document = read(html(TRADITIONAL, declared).encode(encoding))
    assert (document.text, document.script) == (TRADITIONAL, "traditional")


def test_a_wrong_declaration_is_said() -> None:
    assert codes(read(html(TEXT, "utf-8").encode("gbk"))) == ["encoding_mismatch"]
    assert codes(read(html(TEXT, "gb2312").encode("gbk"))) == []
    assert codes(read(html(TEXT, "").encode("gbk"), content_type="text/html; charset=UTF-8")) == ["encoding_mismatch"]


def test_plain_text_in_gbk_without_any_declaration() -> None:
    document = read(TEXT.encode("gbk"), "a.txt")
    assert (document.text, document.encoding, document.issues) == (TEXT, "gb18030", ())


@pytest.mark.parametrize("missing", [1, 2])
def test_a_character_cut_off_at_the_end_loses_only_itself(missing: int) -> None:
    document = read(TEXT.encode()[:-missing], "a.txt")
    assert document.text == TEXT[:-1]
    assert codes(document) == ["truncated_page"]


def test_half_a_character_of_gbk_at_the_end() -> None:
    document = read(TEXT.encode("gbk")[:-1], "a.txt")
    assert document.text == TEXT[:-1]
    assert codes(document) == ["truncated_page"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_one_lost_byte_is_counted(encoding: str) -> None:
    before, after = TEXT.split("政府网站")
    document = read(before.encode(encoding) + b"\xff" + f"政府网站{after}".encode(encoding), "a.txt")
    assert "1000条" in document.text
    assert codes(document) == ["undecodable_bytes"]


def test_a_fragment_of_gbk_inside_utf_8() -> None:
    foot = "本页由县政府办公室编辑".encode("gbk")
    document = read(html(TEXT, "utf-8").encode().replace(b"</body>", b"<p>" + foot + b"</p></body>"))
    assert document.text == TEXT + "\n本页由县政府办公室编辑"


@pytest.mark.parametrize("inner", ["utf-8", "gbk"])
def test_text_encoded_twice(inner: str) -> None:
    document = read(html(TEXT, "utf-8").encode(inner).decode("latin-1").encode())
    assert document.text == TEXT
    assert codes(document) == ["mojibake_recovered"]


def test_text_encoded_twice_through_cp1252() -> None:
    twice = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in TEXT.encode())
    assert read(twice, "a.txt").text == TEXT


def test_latin_text_is_left_alone() -> None:
    document = read(
        "Größe, naïve café, señor: déjà vu in «El Niño» – über 20 Mönche, façade, São Paulo, Ångström.", "a.txt"
    )
    assert "Größe" in document.text
    assert document.issues == ()


def test_numeric_entities() -> None:
    source = "".join(f"&#{ord(char)};" if ord(char) > 127 else char for char in TEXT.replace("\n", "<br>"))
    assert read(f"<html><body>{source}</body></html>").text == TEXT


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode().decode("gbk", "replace").encode(),  # UTF-8 read as GBK, the odd bytes lost
        ("政府信息公开" * 20).encode("gbk").replace(b"\xb8", b"\xff").replace(b"\xd0", b"\xff"),
    ],
)
def test_what_makes_no_sense_is_undecodable(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content, "a.txt")
    assert caught.value.code == "undecodable"
