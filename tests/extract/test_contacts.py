"""Contacts of the preface and the end, in every way they are printed."""

from __future__ import annotations

import pytest
from builders import SHARED, normalise, seed_documents

from scrapers.extract.contacts import Contacts, read_contacts


def read(text: str, preface: bool = True) -> Contacts:
    text = normalise(text).text
    return read_contacts(text, len(text) if preface else 0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seeds stand in ../shared")
@pytest.mark.parametrize(("name", "gold"), seed_documents())
def test_seed_contacts_equal_the_gold(name: str, gold: dict) -> None:
    text = normalise((SHARED / "seeds" / name).read_text(encoding="utf-8")).text
    found = read_contacts(text, text.index("一、"))
    for field in ("phone", "fax", "email", "address", "postcode", "website"):
        assert getattr(found, field) == gold["contact"][field], field


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("联系电话:0527-84368216", "0527-84368216"),
        ("电话:0527—84368216", "0527-84368216"),
        ("电话：０５２７－８４３６８２１６", "0527-84368216"),
        ("联系电话 0527–84368216", "0527-84368216"),
        ("电话(0527)84368216", "0527-84368216"),
        ("电话:052784368216", "052784368216"),
        ("TEL:6402.1371", "6402.1371"),
        ("咨询电话:85804301", "85804301"),
        ("电话:2888468", "2888468"),
        ("联系电话为010 - 6519 2233。", "010-65192233"),
        ("电话:010-65192233-801", "010-65192233-801"),
        ("联系方式:13812345678", "13812345678"),
        ("电话:0730-7800425、7800426", "0730-7800425"),
        ("监督电话:0571-87054321;联系电话:0571-87051234", "0571-87051234"),
        ("可拨打12345热线", None),
        ("联系电话:12345", None),
        ("全年接听咨询电话85804301次", "85804301"),
    ],
)
def test_phone(text: str, phone: str | None) -> None:
    assert read(text).phone == phone


def test_all_numbers_are_kept_for_the_place() -> None:
    assert read("电话:0730-7800425、0730-7800426").phones == ("0730-7800425", "0730-7800426")


@pytest.mark.parametrize(
    ("text", "phone", "fax"),
    [
        ("联系电话:0791-88462886(传真)", "0791-88462886", "0791-88462886"),
        ("电话/传真:0791-88462886", "0791-88462886", "0791-88462886"),
        ("电话(传真):0791-88462886", "0791-88462886", "0791-88462886"),
        ("电话:0351-1234567,传真:0351-7654321", "0351-1234567", "0351-7654321"),
        ("传真:0351-7654321;电话:0351-1234567", "0351-1234567", "0351-7654321"),
        ("电话:0351-1234567 (兼传真)", "0351-1234567", "0351-1234567"),
        ("欢迎致电0574-65519802,或传真至0574-65519800。", "0574-65519802", "0574-65519800"),
        ("联系电话:0857.8222150。", "0857-8222150", None),
        ("热线:020-38622517。", "020-38622517", None),
        ("监督热线:020-38622517。", None, None),
        ("传真:0351-7654321", None, "0351-7654321"),
        ("电话:0351-1234567(传真0351-7654321)", "0351-1234567", "0351-7654321"),
        ("联系电话(兼传真):0351-1234567", "0351-1234567", "0351-1234567"),
        ("电话(同传真):0351-1234567", "0351-1234567", "0351-1234567"),
        ("传真(兼电话):0351-1234567", "0351-1234567", "0351-1234567"),
        ("联系电话(传真同号):0351-1234567", "0351-1234567", "0351-1234567"),
        ("电话暨传真:0351-1234567", "0351-1234567", "0351-1234567"),
        ("传真同电话:0351-1234567", "0351-1234567", "0351-1234567"),
        ("电话及传真号码:0351-1234567", "0351-1234567", "0351-1234567"),
        ("联系电话(办公室):2234567", "2234567", None),
        ("联系电话(工作日8:30-17:30):0351-1234567", "0351-1234567", None),
        ("电话(区号0351):2234567", "2234567", None),
        ("电话(0351)2234567", "0351-2234567", None),
        (
            "传真(办公室):0351-7654321;电话(值班室):0351-1234567;电话(秘书科):0351-1234568",
            "0351-1234568",
            "0351-7654321",
        ),
        ("电话(投诉举报):0351-1234567", None, None),
    ],
)
def test_fax(text: str, phone: str | None, fax: str | None) -> None:
    found = read(text)
    assert (found.phone, found.fax) == (phone, fax)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("电子邮箱:997408914@qq.com)。", "997408914@qq.com"),
        ("(E-mailwencheng2210@163.com", "wencheng2210@163.com"),
        ("EMAIL:xxgk_bgs@sx.gov.cn,邮编030000", "xxgk_bgs@sx.gov.cn"),
        ("邮箱：ab.c＠126.com。", "ab.c@126.com"),
        ("电子邮箱(abc@x.gov.cn;电话", "abc@x.gov.cn"),
        ("email12@x.com", "12@x.com"),
        ("微博@某县发布", None),
    ],
)
def test_email(text: str, email: str | None) -> None:
    assert read(text).email == email


@pytest.mark.parametrize(
    ("text", "address", "postcode"),
    [
        ("(地址:某县人民路8号,邮编:323900,电话:0578-1234567)", "某县人民路8号", "323900"),
        ("邮政编码:030001,联系地址:某市府东街1号楼502室。", "某市府东街1号楼502室", "030001"),
        ("通讯地址:某镇兴业大道18号 邮编 224000", "某镇兴业大道18号", "224000"),
        ("办公地址:某区政务大楼三层;邮编100031", "某区政务大楼三层", "100031"),
        ("或来函来电:某市夷陵路88号(邮编 443000),电话", "某市夷陵路88号", "443000"),
        ("社会公众可前往某市吴航街道郑和中路86号(邮政编码350200)索取", "某市吴航街道郑和中路86号", "350200"),
        ("按照国务院令第492号的规定编制。", None, None),
        ("网站地址:www.abc.gov.cn", None, None),
        ("邮箱地址:abc@abc.com", None, None),
        ("邮编:3239001", None, None),
        ("编号323900", None, None),
    ],
)
def test_address_and_postcode(text: str, address: str | None, postcode: str | None) -> None:
    found = read(text)
    assert (found.address, found.postcode) == (address, postcode)


@pytest.mark.parametrize(
    ("text", "website"),
    [
        ("可在“某县公众信息网”(www.moxian.gov.cn)下载", "www.moxian.gov.cn"),
        ("网址:http://www.moxian.gov.cn/zwgk/", "http://www.moxian.gov.cn/zwgk"),
        ("某市政府网(http://xxgk.mo.gov.cn:8080/list.html)", "http://xxgk.mo.gov.cn:8080/list.html"),
        ("电子邮箱:abc@moxian.gov.cn", None),
        ("在门户网站(具体网址)公布", None),
    ],
)
def test_website(text: str, website: str | None) -> None:
    assert read(text).website == website


def test_numbers_of_the_body_are_no_contacts() -> None:
    preface = "本报告根据条例编制。"
    body = "一、概述\n公布投诉电话0578-1111111,办理电话咨询30次。" + "公开各类信息。" * 120
    tail = "\n某局办公室\n联系电话:0578-2222222"
    text = preface + body + tail
    assert read_contacts(text, len(preface)).phone == "0578-2222222"
    assert read_contacts(preface + body, len(preface)).phone is None


def test_preface_comes_before_the_end() -> None:
    preface = "联系电话:0578-1111111。"
    text = preface + "一、概述\n正文。\n邮编:323900,电话:0578-2222222"
    found = read_contacts(text, len(preface))
    assert (found.phone, found.postcode) == ("0578-1111111", "323900")
