"""The gazetteer: names by year, towns, mentions in running text, telephone and postcodes."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from scrapers.catalogue.loading import load_csv
from scrapers.extract.places import Gazetteer, gazetteer, town_name


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


@pytest.mark.parametrize(
    ("name", "year", "codes"),
    [
        ("景县", 2018, {"131127"}),
        ("景县", None, {"131127"}),
        ("广丰县", 2014, {"361122"}),
        ("广丰区", 2015, {"361103"}),
        ("广丰区", 2014, {"361122"}),  # already signs with the new name: the unit as it stood in the year
        ("广丰县", 2016, {"361103"}),
        ("宣武区", 2009, {"110104"}),
        ("宣武区", 2012, {"110104"}),  # gone: the last it was
        ("崇明县", 2015, {"310230"}),
        ("崇明区", 2016, {"310151"}),
        ("八道江区", 2009, {"220602"}),
        ("浑江区", 2010, {"220602"}),
        ("海安县", 2015, {"320621"}),
        ("海安市", 2024, {"320685"}),
        ("莱芜市", 2017, {"371200"}),
        ("莱芜区", 2019, {"370116"}),
        ("襄樊市", 2009, {"420600"}),
        ("襄阳市", 2012, {"420600"}),
        ("巢湖市", 2010, {"341400"}),
        ("巢湖市", 2012, {"340181"}),
        ("毕节地区", 2010, {"522400"}),
        ("毕节市", 2012, {"520500"}),
        ("儋州市", 2014, {"469003"}),
        ("儋州市", 2016, {"460400"}),
        ("长安区", 2020, {"130102", "610116"}),
        ("铁西区", 2020, {"210106", "210303", "220302"}),
        ("临夏州", 2020, {"622900"}),
        ("彭水县", 2020, {"500243"}),
        ("海安市", 2026, {"320685"}),  # years after the data: the last state
        ("无此县", 2020, set()),
    ],
)
def test_named(places: Gazetteer, name: str, year: int | None, codes: set[str]) -> None:
    assert {unit.code for unit in places.named(name, year)} == codes


def test_every_span_of_a_code_is_whole(places: Gazetteer) -> None:
    rows = load_csv("divisions/units.csv")
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        spans.setdefault(row["code"], []).append((int(row["valid_from"]), int(row["valid_to"])))
    for code, years in spans.items():
        years.sort()
        assert all(before[1] < after[0] for before, after in pairwise(years)), code


def test_counts_of_a_year(places: Gazetteer) -> None:
    """2024 as the civil affairs ministry counts it: 34 provinces, 333 prefectures, 2,846 counties."""
    rows = [row for row in load_csv("divisions/units.csv") if int(row["valid_from"]) <= 2024 <= int(row["valid_to"])]
    levels = [row["level"] for row in rows]
    assert (levels.count("province"), levels.count("prefecture"), levels.count("county")) == (34, 333, 2846)


@pytest.mark.parametrize(
    ("code", "year", "parents"),
    [
        ("131127", 2018, ["131100", "130000"]),
        ("110101", 2018, ["110000"]),  # 市辖区 is no unit
        ("419001", 2018, ["410000"]),  # run by the province
        ("500243", 2018, ["500000"]),
        ("340124", 2012, ["340100", "340000"]),
        ("341421", 2010, ["341400", "340000"]),
    ],
)
def test_parents(places: Gazetteer, code: str, year: int, parents: list[str]) -> None:
    unit = places.unit(code, year)
    assert unit is not None
    assert [parent.code for parent in places.parents(unit, year)] == parents


def test_children_are_those_of_the_year(places: Gazetteer) -> None:
    assert [unit.code for unit in places.children("210700", 2014) if unit.name.endswith("县")] == ["210726", "210727"]
    assert "110104" in {unit.code for unit in places.children("110000", 2009)}
    assert "110104" not in {unit.code for unit in places.children("110000", 2010)}
    assert len(places.below("460000", 2024)) > 20


def test_towns(places: Gazetteer) -> None:
    assert {town.code for town in places.towns("新开镇")} == {"211104104", "421127109", "430621112"}
    county = places.named("岳阳县", 2018)[0]
    assert [town.code for town in places.towns("新开镇", county)] == ["430621112"]
    gone = places.named("宣武区", 2009)[0]  # its towns stand under what it was merged into
    assert [town.code for town in places.towns("大栅栏街道办事处", gone)] == ["110102013"]
    assert [town.code for town in places.towns("坡头镇", places.named("济源市", 2018)[0])] == ["419001105"]


def test_town_names() -> None:
    assert town_name("东亭街道办事处") == "东亭街道"
    assert town_name("东亭街道") == "东亭街道"
    assert town_name("新开镇") == "新开镇"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("湖南省岳阳市岳阳县新开镇", ["湖南省", "岳阳市", "岳阳县"]),
        ("在吉安县和景县,义县", ["吉安县", "景县", "义县"]),
        ("公开县级信息,传达县委精神,办理县长信箱", []),  # 开县, 达县, 理县 are parts of other words
        ("吉林市场监督", []),
        ("白云区域发展", ["白云区"]),  # at the beginning a name is one
        ("全市白云区域发展", []),
        ("城区道路", ["城区"]),
        ("改造城区道路", []),
        ("长治市城区政府", ["长治市", "城区"]),
        ("内蒙古自治区赤峰市", ["内蒙古自治区", "赤峰市"]),
    ],
)
def test_mentions(places: Gazetteer, text: str, names: list[str]) -> None:
    assert [mention.name for mention in places.mentions(text) if mention.free] == names


@pytest.mark.parametrize(
    ("phone", "ids"),
    [
        ("0578-6508316", {"331100"}),
        ("(0730)7800425", {"430600"}),
        ("010-65127766", {"110000"}),
        ("电话:0791-88462886", {"360100"}),
        ("+86 578 6508316", set()),
        ("+86-0578-6508316", {"331100"}),
        ("052784368216", {"321300"}),
        ("6508316", set()),
        ("0558-5555555", {"341200", "341600"}),
        ("13800000000", set()),
    ],
)
def test_area_codes(places: Gazetteer, phone: str, ids: set[str]) -> None:
    assert places.area_code(phone) == ids


def test_area_codes_cover_every_prefecture(places: Gazetteer) -> None:
    rows = load_csv("divisions/units.csv")
    known = {row["unit_id"] for row in load_csv("divisions/area_codes.csv")}
    missing = {row["name"] for row in rows if row["level"] == "prefecture" and row["unit_id"] not in known}
    assert missing == set()


def test_postcodes(places: Gazetteer) -> None:
    assert [set(found) for found in places.postcode("323900")] == [{"331121"}, {"331100"}, {"330000"}]
    assert {"430000"} in [set(found) for found in places.postcode("414199")]
    assert places.postcode("12345") == ()


def test_successors_lead_from_old_to_new_units() -> None:
    codes = {row["code"] for row in load_csv("divisions/units.csv")}
    rows = load_csv("divisions/successors.csv")
    assert all(row["old_code"] in codes and row["new_code"] in codes for row in rows)
    assert {row["type"] for row in rows} == {"merged", "renamed", "upgraded", "recoded", "dissolved"}
    pairs = {(row["old_code"], row["new_code"], row["year"]) for row in rows}
    assert ("110104", "110102", "2010") in pairs
    assert ("361122", "361103", "2015") in pairs


def test_every_unit_that_ended_has_a_successor() -> None:
    rows = load_csv("divisions/units.csv")
    living = {row["code"] for row in rows if row["carried_forward"] == "True"}
    followed = {row["old_code"] for row in load_csv("divisions/successors.csv")}
    assert {row["code"] for row in rows} - living - followed == set()


def test_loads_fast_and_leaves_the_towns_for_later() -> None:
    """A process is ready in well under a second; measured in a fresh one, imports apart."""
    code = (
        "import time; from scrapers.extract import places; t = time.perf_counter(); g = places.gazetteer();"
        "assert '_towns' not in vars(g); print(time.perf_counter() - t)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 1.5
