"""Place names in English: the reading of the place, one word, the kind of unit."""

from __future__ import annotations

import pytest

from scrapers.catalogue.loading import load_csv
from scrapers.romanise import english_name


@pytest.mark.parametrize(
    ("name", "level", "wanted"),
    [
        ("景县", "county", "Jing County"),
        ("衡水市", "prefecture", "Hengshui"),
        ("正定县", "county", "Zhengding County"),
        ("西安市", "prefecture", "Xi'an"),
        ("吕梁市", "prefecture", "Lüliang"),
        # places that are not read by the book
        ("六安市", "prefecture", "Lu'an"),
        ("朝阳区", "county", "Chaoyang District"),
        ("长子县", "county", "Zhangzi County"),
        ("子长市", "county", "Zichang"),
        ("漯河市", "prefecture", "Luohe"),
        ("厦门市", "prefecture", "Xiamen"),
        # kinds of units; a district that ends like a zone is a district, a zone is not
        ("达茂旗", "county", "Damao Banner"),
        ("科尔沁左翼后旗", "county", "Ke'erqin Left Rear Banner"),
        ("海港区", "county", "Haigang District"),
        ("万柏林区", "county", "Wanbailin District"),
        ("滨海新区", "county", "Binhai New Area"),
        ("银川经济技术开发区", "functional_zone", "Yinchuan Economic and Technological Development Zone"),
        ("清水塘街道", "township", "Qingshuitang Subdistrict"),
        ("考勒乡", "township", "Kaole Township"),
        ("新开镇", "township", "Xinkai Town"),
        # peoples in the names
        ("临夏回族自治州", "prefecture", "Linxia Hui Autonomous Prefecture"),
        ("双江拉祜族佤族布朗族傣族自治县", "county", "Shuangjiang Lahu, Va, Blang and Dai Autonomous County"),
        ("东乡族自治县", "county", "Dongxiang Autonomous County"),
        ("鄂温克族自治旗", "county", "Ewenki Autonomous Banner"),
        # established names
        ("呼和浩特市", "prefecture", "Hohhot"),
        ("乌鲁木齐市", "prefecture", "Ürümqi"),
        # what is no name of a place, and what cannot be read
        ("天津未来科技城宁河片区", "township", None),
        ("东湖街道（武昌）", "township", None),
        ("ABC镇", "township", None),
    ],
)
def test_english_name(name: str, level: str, wanted: str | None) -> None:
    assert english_name(name, level) == wanted


def test_every_unit_of_the_list_has_an_english_name() -> None:
    units = {(row["name"], row["level"]) for row in load_csv("divisions/units.csv") if row["level"] != "province"}
    assert [unit for unit in units if not english_name(*unit)] == []
    towns = {row["name"] for row in load_csv("divisions/towns.csv") if row["name"].endswith(("镇", "乡", "街道"))}
    unknown = [name for name in towns if not english_name(name, "township")]
    assert len(unknown) < 40 and all(len(name) > 8 or "（" in name for name in unknown), unknown


def test_the_data_say_each_thing_once() -> None:
    characters = "".join(row["characters"] for row in load_csv("divisions/syllables.csv"))
    assert len(characters) == len(set(characters)) > 6_000
    for file, key in (("place_readings", "part"), ("english_kinds", "ending"), ("english_names", "name")):
        keys = [row[key] for row in load_csv(f"divisions/{file}.csv")]
        assert len(keys) == len(set(keys)), file
    for row in load_csv("divisions/place_readings.csv"):
        assert len(row["part"]) == len(row["syllables"].split()), row
    units = {row["name"] for row in load_csv("divisions/units.csv")}
    assert {row["name"] for row in load_csv("divisions/english_names.csv")} <= units


def test_provinces_and_units_that_do_not_publish_are_units_of_the_list() -> None:
    units = load_csv("divisions/units.csv")
    provinces = {row["code"] for row in units if row["level"] == "province"}
    assert {row["code"] for row in load_csv("divisions/provinces.csv")} == provinces
    assert {row["code"] for row in load_csv("divisions/not_publishing.csv")} <= {row["code"] for row in units}
